from datetime import date, datetime, timedelta
from pathlib import Path

import pytz
from hypothesis import given, settings
from hypothesis.strategies import dates, sampled_from

from odoo.tools import SQL

from odoo.addons.distribution_base.tests.common import DistributionCase

from ..models import kpi as definitions
from ..models.kpi_document import page, section

PAGE = Path(__file__).parents[3] / "docs" / "kpis.md"


class TestDictionary(DistributionCase):
    """What stands in the dictionary, and on the page that is made from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["distribution.kpi.facts"]
        cls.kpis = cls.facts._kpis()

    def test_definitions_are_whole(self):
        codes = [kpi.code for kpi in self.kpis]
        self.assertEqual(len(codes), len(set(codes)), "each code once")
        for kpi in self.kpis:
            with self.subTest(kpi.code):
                self.assertIn(kpi.theme, definitions.THEMES)
                self.assertIn(kpi.unit, definitions.UNITS)
                self.assertIn(kpi.direction, ("up", "down"))
                self.assertIn(kpi.kind, ("flow", "state"))
                self.assertEqual(set(kpi.parameters), set(kpi.parameter_names))
                self.assertLessEqual(set(kpi.dimensions), set(definitions.DIMENSIONS))
                missing = [name for name in kpi.needs if name not in self.env]
                if not missing:
                    self.assertIn(kpi.model, self.env)
                    self.assertTrue(hasattr(self.facts, kpi.facts))

    def test_every_theme_of_the_suite_is_measured(self):
        self.assertEqual({kpi.theme for kpi in self.kpis}, set(definitions.THEMES))

    def test_records_follow_the_definitions(self):
        records = self.env["distribution.kpi"].search([])
        self.assertEqual(
            {record.code for record in records}, {kpi.code for kpi in self.kpis}
        )
        for record in records:
            self.assertTrue(record.version_id, record.code)
            self.assertTrue(record.description and record.formula, record.code)
            if record.state == "unavailable":
                self.assertTrue(record.failure)

    def test_claims_wait_for_their_addon(self):
        kpi = self.env["distribution.kpi"].search([("code", "=", "claim_cycle_time")])
        if "distribution.claim" not in self.env:
            self.assertEqual(kpi.state, "unavailable")
            self.assertIn("not installed: claim.", kpi.failure)

    def test_days_where_clocks_change_at_midnight(self):
        """A day begins with its first moment, and the day before ends there."""
        for zone, day, hour in (
            ("Atlantic/Azores", date(2026, 10, 25), 0),  # midnight comes twice
            ("America/Santiago", date(2026, 9, 6), 4),  # and here never
            ("Europe/Oslo", date(2026, 10, 25), -2),
            ("Asia/Kolkata", date(2026, 10, 25), -5.5),
        ):
            begin = datetime(day.year, day.month, day.day) + timedelta(hours=hour)
            self._check_begin(zone, day, begin)

    def _check_begin(self, zone, day, begin=None):
        """All that a period says of where a day begins is the same; in SQL."""
        before = day - timedelta(days=1)
        period = definitions.Period(day, day, zone, (), {})
        first = period.begin_utc
        begins, ends, ends_too, *days = self.env.execute_query(
            SQL(
                "SELECT %s, %s, %s, %s, %s",
                first,
                definitions.Period(before, before, zone, (), {}).end_utc,
                period.end_of(SQL("%s::date", before)),
                period.day_of(first),
                period.day_of(SQL("(%s - INTERVAL '1 second')", first)),
            )
        )[0]
        self.assertEqual(begins, begin or begins, zone)
        self.assertEqual((ends, ends_too), (begins, begins), zone)
        self.assertEqual(days, [day, before], zone)

    @settings(max_examples=100, deadline=None)
    @given(
        sampled_from(sorted(pytz.common_timezones)),
        dates(date(2020, 1, 1), date(2035, 1, 1)),
    )
    def test_no_moment_is_lost_between_two_days(self, zone, day):
        self._check_begin(zone, day)

    def test_page_is_current(self):
        if not PAGE.exists():
            self.skipTest("the addon stands without the documentation of the suite")
        text = PAGE.read_text()
        for kpi in self.kpis:
            self.assertIn(section(kpi), text, f"{kpi.code}: run `make kpis`")
        self.assertLessEqual(page(self.kpis).count("### "), text.count("### "))
