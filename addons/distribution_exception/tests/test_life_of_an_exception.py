from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.distribution_exception.models import distribution_exception_rule_detect

from .common import ExceptionCase


class TestLifeOfAnException(ExceptionCase):
    def test_opens_for_each_record_found(self):
        found = self._sweep(self._rule())
        self.assertEqual(set(found), set(self.partners))
        first = found[self.partners[0]]
        self.assertRecordValues(
            first, [{"state": "open", "amount": 100.0, "name": "Customer 1"}]
        )
        self.assertEqual(first.event_ids.mapped("kind"), ["opened"])

    def test_a_second_look_changes_nothing(self):
        rule = self._rule()
        before = self._sweep(rule)
        after = self._sweep(rule)
        self.assertEqual(before, after)
        self.assertEqual(after[self.partners[0]].event_ids.mapped("kind"), ["opened"])

    def test_closes_by_itself_and_opens_again_with_its_history(self):
        rule = self._rule()
        one = self._sweep(rule)[self.partners[0]]
        self.partners[0].ref = False
        self._recheck(rule, self.partners[0])
        self.assertEqual(one.state, "closed")
        self.assertTrue(one.closed_at)
        self.partners[0].ref = "watched"
        self._sweep(rule)
        self.assertRecordValues(
            one, [{"state": "open", "reopened_count": 1, "closed_at": False}]
        )
        self.assertEqual(
            sorted(one.event_ids.mapped("kind")), ["closed", "opened", "reopened"]
        )

    def test_a_sweep_closes_what_is_gone(self):
        rule = self._rule()
        found = self._sweep(rule)
        self.partners[1].unlink()
        self._sweep(rule)
        closed = [one for one in found.values() if one.state == "closed"]
        self.assertEqual([one.name for one in closed], ["Customer 2"])

    def test_a_recheck_leaves_others_alone(self):
        rule = self._rule()
        found = self._sweep(rule)
        self.partners.write({"ref": False})
        self._recheck(rule, self.partners[:2])
        states = [found[partner].state for partner in self.partners]
        self.assertEqual(states, ["closed", "closed", "open", "open", "open"])

    def test_the_threshold_decides(self):
        rule = self._rule(measure_expression="color", threshold=4)
        self.assertEqual(set(self._sweep(rule)), set(self.partners[3:]))
        rule.threshold = 5
        self._sweep(rule)
        open_ones = [one for one in self._found(rule).values() if one.state == "open"]
        self.assertEqual(len(open_ones), 1)

    def test_windows_cover_everything(self):
        rule = self._rule()
        with self.subTest("two by two"):
            self._window_of(2)
            self.assertEqual(set(self._sweep(rule)), set(self.partners))
        with self.subTest("what is gone closes in its window"):
            self.partners[2].ref = False
            found = self._sweep(rule)
            self.assertEqual(
                [one.name for one in found.values() if one.state == "closed"],
                ["Customer 3"],
            )

    def test_windows_end_where_they_looked_not_where_they_found(self):
        """A window in which nothing reaches the threshold is not the last one."""
        rule = self._rule(measure_expression="color", threshold=4)
        self._window_of(2)
        self.assertEqual(set(self._sweep(rule)), set(self.partners[3:]))

    def _window_of(self, size):
        self.patch(distribution_exception_rule_detect, "WINDOW", size)

    def test_what_changes_is_kept_up(self):
        rule = self._rule()
        one = self._sweep(rule)[self.partners[0]]
        one.with_user(self.olga).action_take()
        self.partners[0].color = 9
        self._sweep(rule)
        self.assertRecordValues(one, [{"amount": 900.0, "user_id": self.olga.id}])

    def test_a_closed_one_takes_no_action(self):
        rule = self._rule()
        one = self._sweep(rule)[self.partners[0]]
        self.partners[0].ref = False
        self._sweep(rule)
        with self.assertRaisesRegex(UserError, "is closed"):
            one.with_user(self.olga).action_resolve()

    def test_acting_on_a_page_costs_what_acting_on_one_does(self):
        self.partners.create([{"name": x, "ref": "watched"} for x in range(75)])
        page = self.env["distribution.exception"].union(
            *self._sweep(self._rule()).values()
        )
        page = page.with_user(self.olga)
        self.assertEqual(len(page), 80)
        later = fields.Datetime.add(self.now, days=2)
        for action in (
            lambda some: some.action_take(),
            lambda some: some.action_snooze(later, "Stocktaking."),
            lambda some: some.action_wake(),
            lambda some: some.action_note("Storm.", "Called all of them."),
            lambda some: some.action_release(),
            lambda some: some.action_assign_to(self.olga.id),
        ):
            action(page[:1])
            counts = []
            for some in (page[1:2], page[2:]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                action(some)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts[0], counts[1])
        self.assertEqual(page.user_id, self.olga)
        self.assertEqual(len(page.event_ids), 80 * 7, "all is kept, of each")

    def test_due_date_and_escalation(self):
        rule = self._rule(
            hours_to_act=2, escalate_hours=1, escalate_user_id=self.fiona.id
        )
        rule.role_ids += self.controllers
        one = self._sweep(rule)[self.partners[0]]
        self.assertEqual(one.due_at, fields.Datetime.add(one.opened_at, hours=2))
        self.assertEqual(rule._escalate(), 0)
        self.env.cr.execute(
            "UPDATE distribution_exception SET escalate_at = %s WHERE id = %s",
            (fields.Datetime.subtract(self.now, minutes=1), one.id),
        )
        one.invalidate_recordset()
        self.assertEqual(rule._escalate(), 1)
        self.assertEqual(one.escalation_user_id, self.fiona)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.fiona.partner_id.ids)], limit=1
        )
        self.assertIn("Watched partners: Customer 1", told.body)
        self.assertIn("<br", told.body, "a line for each")
        self.assertEqual(rule._escalate(), 0, "once")
