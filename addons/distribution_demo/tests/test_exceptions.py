from odoo import fields
from odoo.tests import tagged

from .common import ReferenceCase

# Nothing of this is wrong in the reference case: it works, and its trucks are counted right.
FREE_OF = {
    *("rule_failed", "job_failed", "mail_failed", "kpi_failed", "transfer_balance"),
    *("branch_without_manager", "branch_without_hours"),
}
FEWEST, MOST = 5, 45


@tagged("post_install", "-at_install")
class TestExceptions(ReferenceCase):
    """What to do first today, in each branch, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["distribution.exception.rule"].search([])
        cls.exceptions = cls.env["distribution.exception"].search(
            [("state", "=", "open")]
        )

    def test_each_detector_found_something(self):
        found = set(self.exceptions.rule_id.mapped("detector"))
        detectors = {one.code for one in self.rules._detectors()}
        self.assertFalse(detectors - FREE_OF - found)

    def test_nothing_is_wrong_with_the_rules(self):
        self.assertEqual(set(self.rules.mapped("state")), {"ok"})
        self.assertTrue(all(self.rules.mapped("swept_at")))
        self.assertFalse(FREE_OF & set(self.exceptions.rule_id.mapped("detector")))

    def test_a_branch_has_as_many_as_people_can_read(self):
        for branch in self.central | self.depots:
            mine = self.exceptions.filtered(lambda x, b=branch: x.branch_id == b)
            self.assertGreaterEqual(len(mine), FEWEST, branch.name)
            self.assertLessEqual(len(mine), MOST, branch.name)

    def test_the_manager_of_north_sees_what_is_first_in_north(self):
        seen = self._as("manager.north", "distribution.exception").search(
            [("state", "=", "open")]
        )
        self.assertEqual(seen.branch_id.mapped("code"), ["NOR"])
        ranks = seen.mapped("rank")
        self.assertEqual(ranks, sorted(ranks, reverse=True))
        first = seen[0]
        self.assertFalse(first.acknowledged_at, "nobody acts upon the first one yet")
        self.assertIn(str(int(first.amount))[:1], first.rank_reason)
        self.assertTrue(first.rule_note, "it says what to do")
        self.assertTrue(first.resolve_label)

    def test_causes_of_late_lines_differ(self):
        late = self.exceptions.filtered(lambda x: x.rule_id.detector == "sale_late")
        self.assertGreaterEqual(len(set(late.mapped("detail"))), 3)

    def test_some_are_taken_snoozed_escalated_and_closed(self):
        self.assertTrue(self.exceptions.filtered("acknowledged_at"))
        self.assertTrue(self.exceptions.filtered("is_snoozed"))
        self.assertTrue(self.exceptions.filtered("escalated_at"))
        self.assertLess(
            len(self.exceptions.filtered("escalated_at")), len(self.exceptions) / 2
        )
        closed = self.env["distribution.exception"].search([("state", "=", "closed")])
        self.assertGreater(len(closed.rule_id), 1)
        self.assertGreater(min(closed.mapped("close_hours")), 0)

    def test_history_tells_what_the_exceptions_say(self):
        now = fields.Datetime.now()
        every = self.env["distribution.exception"].search([])
        for one in every:
            events = one.event_ids.sorted(lambda event: (event.at, event.id))
            self.assertEqual(events[0].kind, "opened")
            self.assertEqual(events[0].at, one.opened_at)
            self.assertLessEqual(one.opened_at, now)
            if one.state == "closed":
                self.assertEqual(events[-1].kind, "closed")
                self.assertEqual(events[-1].at, one.closed_at)

    def test_another_look_finds_the_same(self):
        before = len(self.exceptions)
        self.rules.action_sweep()
        after = self.env["distribution.exception"].search_count(
            [("state", "=", "open")]
        )
        # Time goes on: a deadline may have come since.
        self.assertAlmostEqual(after, before, delta=max(8, before * 0.1))

    def test_customers_have_classes_and_one_wants_no_letters(self):
        customers = self.env["res.partner"].search([("customer_rank", ">", 0)])
        self.assertLessEqual({"a", "c"}, set(customers.mapped("service_class")))
        self.assertEqual(len(customers.filtered(lambda x: not x.late_notices)), 1)
