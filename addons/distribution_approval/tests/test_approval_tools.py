from odoo.tests import tagged

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalTools(ApprovalCase):
    """What kinds of document need not each write anew."""

    def test_set_back_by_hand_nobody_is_asked_any_more(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self.assertEqual(order.state, "waiting")
        order.state = "draft"
        self.assertEqual(request.state, "superseded")
        self.assertEqual(self._ask(order).state, "pending")

    def test_passing_the_waiting_state_does_not_say_to_use_the_button(self):
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        with self.assertRefused("waits for approval.*bea"):
            order.state = "done"

    def test_lines_stay_in_the_name_of_the_requester(self):
        """Or an approver would be taken for an author, and could not decide again."""
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        self._decide(order, self.bea)
        self.assertEqual((order | order).line_ids.write_uid, self.olga)

    def test_values_of_lines(self):
        order = self._order(self.olga, 10, 30, 20)
        lines = order.line_ids
        values = dict(zip(lines.ids[:2], (1, 2.5), strict=True))
        self.assertEqual(order._approval_total(lines, values), {order.id: 3.5})
        self.assertEqual(order._approval_worst(lines, values), {order.id: 2.5})
        self.assertEqual(order._approval_worst(lines, {}), {})
        table = order._approval_table([("Text", {lines[0].id: "a"}), ("No.", values)])
        self.assertEqual(
            table[order.id],
            {
                "columns": ["Text", "No."],
                "rows": [["a", "1"], ["", "2.50"], ["", ""]],
            },
        )
        self.assertIn("1,234.50", order._approval_money(1234.5))
