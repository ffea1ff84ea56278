from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import KpiCase
from .fake import FakeKpisMixin, Words, fake_kpi

LOGGER = "odoo.addons.distribution_kpi.models.distribution_kpi_measure"


class TestVersions(FakeKpisMixin, KpiCase):
    """A changed definition is a new version; old figures keep theirs until restated."""

    def setUp(self):
        super().setUp()
        self.kpi = self._define(
            fake_kpi("rate", parameters={"factor": 1}), fake_kpi("plain")
        )[0]
        for number in range(6):
            self._add_facts("rate", number, self.north, 1, 2)

    def _change(self, factor, number, user=None, **values):
        Change = self.env["distribution.kpi.change"].with_user(user or self.boss)
        with self._at(number):
            form = Form(Change.with_context(default_kpi_id=self.kpi.id))
            form.reason = "Agreed with the branches"
            for name, value in values.items():
                form[name] = value
            with form.line_ids.edit(0) as line:
                line.value = factor
            form.save().action_change()

    def _values(self, *numbers):
        return [self._rows("rate", number).value for number in numbers]

    def _restate(self, first, last, user=None, now=8, **values):
        Restate = self.env["distribution.kpi.restate"].with_user(user or self.boss)
        with self._at(now):
            wizard = Restate.with_context(
                active_model="distribution.kpi", active_ids=self.kpi.ids
            ).create(
                {
                    "day_from": self._day(first),
                    "day_to": self._day(last),
                    "reason": "Counted again",
                    **values,
                }
            )
            wizard.action_restate()
        return self.env["distribution.kpi.restatement"].search([], limit=1)

    def _work(self, number=8, batches=99):
        left = [batches]

        def progress(cron, processed=0, *, remaining=None, deactivate=False):
            left[0] -= processed
            return max(left[0], 0)

        with (
            self._at(number),
            patch.object(self.registry["ir.cron"], "_commit_progress", progress),
        ):
            self.env["distribution.kpi.restatement"]._go_on()

    def test_new_version_from_a_day_on(self):
        for number in range(3):
            self._take(number, "rate")
        self._change(2, 4)
        for number in range(3, 6):
            self._take(number, "rate")
        self.assertEqual(self._values(*range(6)), [50, 50, 50, 50, 100, 100])
        first, second = self.kpi.version_ids.sorted("number")
        self.assertEqual(self._rows("rate", 3).version_id, first)
        self.assertEqual(self._rows("rate", 4).version_id, second)
        self.assertEqual((second.number, second.user_id), (2, self.boss))
        self.assertEqual(second.reason, "Agreed with the branches")
        self.assertEqual(second.valid_from, self._day(4))
        # What is behind a figure is counted by the definition of each day.
        items = self._items("rate", 5, start=2).search([], order="day")
        self.assertEqual(items.mapped("value"), [50, 50, 100, 100])

    def test_version_is_evidence(self):
        version = self.kpi.version_ids
        with self.assertRaises(AccessError):
            version.with_user(self.boss).write({"reason": "Another"})
        with self.assertRaises(AccessError):
            version.with_user(self.boss).unlink()

    def test_change_that_is_none(self):
        with self.assertRaisesRegex(UserError, "Nothing of Rate has changed"):
            self._change(1, 4)

    def test_change_before_the_last_one(self):
        self._change(2, 4)
        with self.assertRaisesRegex(UserError, "cannot begin before"):
            self._change(3, 4, valid_from=self._day(2))

    def test_reason_is_asked_for(self):
        with self.assertRaises(AssertionError):
            self._change(2, 4, reason=False)

    def test_who_may_change(self):
        self._change(2, 4, user=self.fiona)
        for user in (self.bea, self.rita, self.paul):
            with self.assertRaises(AccessError):
                self._change(3, 4, user=user)
            with self.assertRaises(AccessError):
                self._restate(0, 1, user=user)

    def test_changed_code_is_a_new_version(self):
        """What the customer chose stays; a KPI that did not change has no new version."""
        self._change(2, 4)
        facts = self.registry["distribution.kpi.facts"]
        changed = fake_kpi(
            "rate",
            description=Words("Something else."),
            parameters={"factor": 1, "more": 5},
        )
        with patch.object(facts, "_kpis", lambda model: [changed, fake_kpi("plain")]):
            self.Kpi._sync_dictionary()
        last = self.kpi.version_ids.sorted("number")[-1]
        self.assertEqual(last.number, 3)
        self.assertEqual(last.parameters, {"factor": 2, "more": 5})
        self.assertIn("Something else.", last.definition)
        self.assertEqual(len(self._kpi("plain").version_ids), 1)
        # What no addon defines any more is kept, and says so.
        self.assertEqual(self._kpi("line_fill_rate").state, "unavailable")
        self.Kpi._sync_dictionary()
        self.assertEqual(self._kpi("line_fill_rate").state, "ok")

    def test_restatement_of_days_before_any_definition_is_refused(self):
        """Year 26 is a slip, and would keep the job at work for ever."""
        with self.assertRaisesRegex(UserError, "No definition is that old"):
            self._restate(0, 0, day_from="0026-09-07")

    def test_restate_is_about_what_is_selected(self):
        kpis = self.env["distribution.kpi"].search([], limit=2)
        wizard = Form(
            self.env["distribution.kpi.restate"]
            .with_user(self.boss)
            .with_context(active_model=kpis._name, active_ids=kpis.ids)
        )
        self.assertEqual(wizard.kpi_ids[:], kpis)

    def test_restatement_supersedes(self):
        self._take(0, "rate")
        old = self._rows("rate", 0)
        self._change(2, 4)
        restatement = self._restate(0, 0, by_current=True)
        self._work()
        self.assertEqual(restatement.state, "done")
        self.assertEqual(restatement.progress, 100)
        new = self._rows("rate", 0)
        self.assertEqual((old.value, new.value), (50, 100))
        self.assertEqual(new.version_id.number, 2)
        self.assertEqual(new.run_id.reason, "Counted again")
        self.assertFalse(old.run_id.is_current)
        self.assertEqual(self._figure("rate", 0)["value"], 100)
        # By the definition of the day, what the day was measured by comes back.
        self._restate(0, 0)
        self._work()
        self.assertEqual(self._rows("rate", 0).value, 50)
        self.assertEqual(len(self.kpi.run_ids), 3)
        superseded = self.Snapshot.search([("run_id", "in", self.kpi.run_ids.ids)])
        self.assertEqual(len(superseded), 3)

    def test_items_of_a_superseded_figure(self):
        self._take(0, "rate")
        old = self._rows("rate", 0)
        self._change(2, 4)
        self._restate(0, 0, by_current=True)
        self._work()
        for row in (old, self._rows("rate", 0)):
            action = row.action_open_items()
            Item = self.env[action["res_model"]].with_context(**action["context"])
            self.assertEqual(Item.search(action["domain"]).value, row.value)

    def test_restatement_goes_on_where_it_was_stopped(self):
        for number in range(5):
            self._take(number, "rate")
        restatement = self._restate(0, 4)
        self._work(batches=2)
        self.assertEqual(restatement.next_day, self._day(2))
        self.assertEqual((restatement.state, restatement.progress), ("waiting", 40))
        self._work()
        self.assertEqual(restatement.state, "done")
        counts = [len(self._runs(number)) for number in range(5)]
        self.assertEqual(counts, [2] * 5)

    def _runs(self, number):
        return self.kpi.run_ids.filtered(lambda run: run.day == self._day(number))

    def test_restatement_that_fails_keeps_the_figures(self):
        self._take(0, "rate")
        facts = self.registry["distribution.kpi.facts"]
        broken = self._query(fake_kpi("broken"))
        restatement = self._restate(0, 0)
        with patch.object(facts, "_facts_rate", broken):
            with mute_logger(LOGGER, "odoo.sql_db"):
                self._work()
        self.assertEqual(restatement.failed_kpi_ids, self.kpi)
        self.assertEqual(self._values(0), [50])
        self.assertEqual(self.kpi.state, "failed")

    def test_day_that_is_not_over(self):
        with self.assertRaisesRegex(UserError, "is not over yet"):
            self._restate(0, 8)
        with self.assertRaisesRegex(UserError, "after its last day"):
            self._restate(3, 2)

    def test_only_choices_can_be_written(self):
        kpi = self.kpi.with_user(self.boss)
        kpi.write({"owner_id": self.rita.id, "near_percent": 2})
        for vals in ({"state": "failed"}, {"code": "x"}, {"direction": "down"}):
            with self.assertRaises(AccessError):
                kpi.write(vals)
        with self.assertRaises(AccessError):
            kpi.create({"code": "own", "theme": "service"})
        with self.assertRaises(AccessError):
            kpi.unlink()
