from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import KpiCase
from .fake import FakeKpisMixin, fake_kpi


class TestFigures(FakeKpisMixin, KpiCase):
    """What boards and reviews are told: figures of a period with targets and trend."""

    def setUp(self):
        super().setUp()
        self.kpi = self._define(fake_kpi("rate"), fake_kpi("late", direction="down"))[0]
        # North: 1 of 2 and 3 of 4; west: 0 of 2 and 1 of 1.
        for number, branch, top, bottom in (
            (0, self.north, 1, 2),
            (1, self.north, 3, 4),
            (0, self.west, 0, 2),
            (1, self.west, 1, 1),
        ):
            self._add_facts("rate", number, branch, top, bottom)
        for number in range(3):
            self._take(number, "rate")

    def _target(self, value, branch=None, code="rate", number=0, **values):
        return self.env["distribution.kpi.target"].create(
            {
                "kpi_id": self._kpi(code).id,
                "branch_id": branch and branch.id,
                "value": value,
                "date_from": self._day(number),
                **values,
            }
        )

    def test_figure_of_a_period(self):
        figure = self._figure("rate", 1, 0)
        self.assertAlmostEqual(figure["value"], 500 / 9)
        self.assertEqual((figure["numerator"], figure["denominator"]), (5, 9))
        self.assertEqual(figure["trend"], [[self._day(0), 25.0], [self._day(1), 80.0]])
        self.assertEqual(figure["status"], "none")
        for key in ("unit", "direction", "name", "formula", "state"):
            self.assertTrue(figure[key], key)
        self.assertEqual(self._figure("rate", 1)["previous"], 25)
        self.assertEqual(self._figure("rate", 0, branches=self.north)["value"], 50)
        self.assertFalse(self.Kpi._figures(["nothing"], self._day(0), self._day(1)))

    def test_figures_by_branch(self):
        figures = self.Kpi._figures_by_branch(["rate"], self._day(0), self._day(1))
        values = {branch: figure["value"] for branch, figure in figures["rate"].items()}
        self.assertAlmostEqual(values[self.north.id], 400 / 6)
        self.assertAlmostEqual(values[self.west.id], 100 / 3)

    def test_target_of_a_branch_before_that_of_the_company(self):
        self._target(90)
        self._target(60, self.north)
        self._target(99, self.north, number=5)
        figures = self.Kpi._figures_by_branch(["rate"], self._day(0), self._day(1))
        north, west = (figures["rate"][b.id] for b in (self.north, self.west))
        self.assertEqual((north["target"], north["status"]), (60, "good"))
        self.assertEqual((west["target"], west["status"]), (90, "bad"))
        self.assertEqual(self._figure("rate", 1, 0)["target"], 90)
        one = self._figure("rate", 1, 0, branches=self.north)
        self.assertEqual(one["target"], 60)
        self.assertEqual(self._figure("rate", 1, 0, user=self.bea)["target"], 60)

    def test_status(self):
        late = self._kpi("late")
        for kpi, value, target, status in (
            (self.kpi, 95, 95, "good"),
            (self.kpi, 94, 95, "near"),
            (self.kpi, 80, 95, "bad"),
            (late, 3, 4, "good"),
            (late, 4.1, 4, "near"),
            (late, 5, 4, "bad"),
            (late, 1, 0, "bad"),
            (late, None, 4, "none"),
            (late, 4, None, "none"),
        ):
            self.assertEqual(kpi._status(value, target), status, (value, target))

    def test_one_target_a_day(self):
        self._target(90)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._target(80)

    def test_restricted_user_has_figures_of_own_branches(self):
        figure = self._figure("rate", 1, 0, user=self.bea)
        self.assertAlmostEqual(figure["value"], 400 / 6)
        figure = self._figure("rate", 1, 0, user=self.bea, branches=self.west)
        self.assertIsNone(figure["value"])
        with self.assertRaises(AccessError):
            self._figure("rate", 1, 0, user=self.olga)

    def test_records_behind_a_figure(self):
        action = self.kpi.action_open_items(self._day(0), self._day(1), self.north.ids)
        items = self.env[action["res_model"]].with_context(**action["context"])
        found = items.search(action["domain"])
        self.assertEqual(sum(found.mapped("numerator")), 4)
        self.assertEqual(found.branch_id, self.north)
        opened = found[0].action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]),
            ("distribution.branch", self.north.id),
        )
        [(value,)] = items._read_group(action["domain"], [], ["value:avg"])
        self.assertAlmostEqual(value, 400 / 6)
        self.assertFalse(self.env["distribution.kpi.item"].search([]))
        own = self._items("rate", 1, start=0, user=self.bea)
        self.assertEqual(own.search([]).branch_id, self.north)

    def test_records_of_days_that_were_not_measured_are_not_behind_a_figure(self):
        self._add_facts("rate", 9, self.north, 1, 4)
        action = self.kpi.action_open_items(self._day(0), self._day(9))
        self.assertEqual(action["context"]["kpi_from"], str(self._day(0)))
        items = self.env[action["res_model"]].with_context(**action["context"])
        self.assertNotIn(self._day(9), items.search([]).mapped("day"))

    def test_what_spoils_a_figure_comes_first(self):
        rows = self._items("rate", 1, start=0).search([])
        self.assertEqual(rows.ids, rows.sorted("value").ids)
        self.assertGreater(rows[-1].value, rows[0].value)
        self._define(fake_kpi("debt", unit="money", scale=1, direction="down"))
        for value in (3, 9, 1):
            self._add_facts("debt", 0, self.north, value)
        debts = self._items("debt", 0).search([])
        self.assertEqual(debts.mapped("value"), [9, 3, 1])
        self.assertEqual(set(debts.mapped("unit")), {"money"})

    def test_state_opens_the_last_day_that_was_measured(self):
        self._define(fake_kpi("level", kind="state"))
        self._take(1, "level")
        action = self._kpi("level").action_open_items(self._day(0), self._day(9))
        self.assertEqual(action["context"]["kpi_from"], str(self._day(1)))
        self.assertEqual(action["context"]["kpi_to"], str(self._day(1)))

    def test_list_and_form(self):
        """The dictionary as the administrator sees it, with a target set in the form."""
        with self._at(3):
            kpi = self.kpi.with_user(self.boss)
            self.assertIn("55.6", kpi.shown_value)
            with Form(kpi) as form:
                form.owner_id = self.rita
                with form.target_ids.new() as line:
                    line.branch_id = self.north
                    line.value = 75
                    line.owner_id = self.bea
            self.assertEqual(kpi.status, "none")
            self.assertFalse(kpi.shown_target)
            mine = self.kpi.with_user(self.bea)
            self.assertIn("75", mine.shown_target)
            self.assertEqual(mine.status, "bad")
            found = self.Kpi.with_user(self.bea).name_search("rat")
            self.assertIn(self.kpi.id, [kpi_id for kpi_id, _name in found])

    def test_branch_manager_changes_no_target(self):
        target = self._target(90, self.north)
        other = self._target(80, self.west)
        self.assertTrue(target.with_user(self.bea).has_access("read"))
        self.assertFalse(other.with_user(self.bea).has_access("read"))
        for record in (target, other):
            for user in (self.bea, self.rita):
                with self.assertRaises(AccessError):
                    record.with_user(user).value = 1
        target.with_user(self.fiona).value = 91
