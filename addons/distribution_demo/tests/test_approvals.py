from odoo.tests import tagged

from .common import ReferenceCase

STATES = {"pending", "approved", "rejected", "withdrawn", "superseded"}
KINDS = {
    *("purchase.order", "sale.order", "stock.quant", "stock.scrap"),
    *("distribution.transfer", "distribution.transfer.discrepancy"),
}


@tagged("post_install", "-at_install")
class TestApprovals(ReferenceCase):
    """There is a request in every state, and somebody for each who can decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["distribution.approval.request"].search([])

    def test_every_state_and_every_kind(self):
        self.assertEqual(set(self.requests.mapped("state")), STATES)
        self.assertEqual(set(self.requests.mapped("res_model")), KINDS)
        waiting = self.requests.filtered(lambda request: request.state == "pending")
        self.assertEqual(set(waiting.mapped("res_model")), KINDS)

    def test_who_waits_is_asked_of_somebody_and_of_a_branch(self):
        for request in self.requests:
            self.assertIn(request.branch_id, self.central | self.depots)
            if request.state == "pending":
                self.assertTrue(request.user_ids, request.document)
                self.assertFalse(request.problem, request.document)
                self.assertEqual(len(request.facts), 3, request.document)

    def test_every_decision(self):
        decisions = self.requests.decision_ids
        self.assertLessEqual(
            {
                "approve",
                "reject",
                "ask_back",
                "delegate",
                "escalate",
                "withdraw",
                "supersede",
            },
            set(decisions.mapped("decision")),
        )
        verify = self.env["distribution.approval.decision"]._verify
        self.assertEqual(verify(self.env.company), (len(decisions), None))

    def test_what_was_approved_was_carried_out(self):
        approved = self.requests.filtered(lambda request: request.state == "approved")
        self.assertTrue(all(approved.mapped("used_date")))
        for request in approved.filtered(lambda r: r.res_model.endswith(".order")):
            order = self.env[request.res_model].browse(request.res_id)
            self.assertIn(order.state, ("purchase", "sale"))

    def test_the_managers_have_something_to_decide(self):
        for stem in ("manager.north", "manager.west", "regional.north"):
            queue = self._as(stem, "distribution.approval.request").search(
                [("can_decide", "=", True)]
            )
            self.assertTrue(queue, stem)
            self.assertTrue(all(queue.mapped("why_me")), stem)

    def test_a_manager_approves_from_the_queue(self):
        Request = self._as("manager.west", "distribution.approval.request")
        request = Request.search([("can_decide", "=", True)], limit=1)
        request.action_approve(reason="Fine")
        self.assertEqual(request.state, "approved")
        self.assertTrue(request.used_date)

    def test_a_holiday(self):
        delegation = self.env["distribution.approval.delegation"].search([])
        self.assertEqual(delegation.state, "running")
        asked = self.requests.filtered(lambda r: delegation.delegate_id in r.user_ids)
        self.assertTrue(asked)
