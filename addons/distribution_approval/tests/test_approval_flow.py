from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalFlow(ApprovalCase):
    def test_without_a_policy_nothing_waits(self):
        order = self._order(self.olga, 5000)
        self.assertTrue(order.action_confirm())
        self.assertEqual(order.state, "done")
        self.assertFalse(self._request(order))

    def test_below_the_limit_it_goes_on(self):
        self._policy()
        order = self._order(self.olga, 999.99)
        order.action_confirm()
        self.assertEqual(order.state, "done")

    def test_at_the_limit_it_waits_and_says_why(self):
        self._policy()
        order = self._order(self.olga, 400, 600)
        answer = order.action_confirm()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual(order.state, "waiting")
        self.assertEqual(order.approval_state, "pending")
        request = self._request(order)
        self.assertEqual(request.user_ids, self.bea | self.bob | self.boss)
        self.assertIn("Amount is 1,000 USD, the limit is 1,000", request.explanation)
        self.assertIn("bea", request.explanation)
        self.assertIn("bea", order.approval_note)

    def test_approving_carries_out_what_was_asked_for(self):
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        request = self._decide(order, self.bea, reason="Good price")
        self.assertEqual(request.state, "approved")
        self.assertEqual(order.state, "done")
        self.assertTrue(request.used_date)
        decision = request.decision_ids
        self.assertEqual(decision.user_id, self.bea)
        self.assertEqual(decision.reason, "Good price")
        self.assertEqual(decision.fingerprint, request.fingerprint)

    def test_one_rejection_ends_it(self):
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        with self.assertRefused("Say why"):
            self._decide(order, self.bea, "reject")
        request = self._decide(order, self.bea, "reject", reason="Too dear")
        self.assertEqual(request.state, "rejected")
        self.assertEqual(order.state, "draft")
        self.assertIn(f"Rejected by {self.bea.name}: Too dear", order.approval_note)
        with self.assertRefused("rejected already, by bea"):
            self._decide(order, self.bob)

    def test_stages_are_asked_one_after_the_other(self):
        self._policy(
            (None, 1000),
            (1000, None, self._step(), self._step(group=self.controllers, stage=2)),
        )
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self.assertNotIn(self.carl, request.user_ids)
        with self.assertRaises(AccessError):
            self._decide(order, self.carl)
        self._decide(order, self.bea)
        self.assertEqual(order.state, "waiting")
        self.assertEqual(request.user_ids, self.carl | self.boss)
        self._decide(order, self.carl)
        self.assertEqual(order.state, "done")

    def test_two_must_be_two(self):
        self._policy((None, 1000), (1000, None, self._step(minimum=2)))
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self._decide(order, self.bea)
        self.assertEqual(order.state, "waiting")
        self.assertNotIn(self.bea, request.user_ids)
        with self.assertRaises(AccessError):
            self._decide(order, self.bea)
        self._decide(order, self.bob)
        self.assertEqual(order.state, "done")

    def test_all_of_a_group(self):
        self._policy((None, 1000), (1000, None, self._step(quorum="all")))
        order = self._order(self.olga, 1000)
        self._ask(order)
        for user in (self.bea, self.bob):
            self._decide(order, user)
            self.assertEqual(order.state, "waiting")
        self._decide(order, self.boss)
        self.assertEqual(order.state, "done")

    def test_asking_back_stops_the_clock_until_the_answer(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self.assertTrue(request.deadline)
        self._decide(order, self.bea, "ask_back", reason="For whom?")
        self.assertFalse(request.deadline)
        self.assertIn("answer of olga", request.explanation)
        with self.assertRaises(AccessError):
            request.with_user(self.otto).sudo(False).action_answer(reason="For me")
        request.with_user(self.olga).action_answer(reason="For Fjord Machines")
        self.assertTrue(request.deadline)
        self._decide(order, self.bea)
        self.assertEqual(order.state, "done")
        self.assertEqual(
            request.decision_ids.sorted("id").mapped("decision"),
            ["ask_back", "answer", "approve"],
        )

    def test_a_question_ends_where_a_colleague_approves(self):
        self._policy(
            (None, 1000),
            (1000, None, self._step(), self._step(group=self.controllers, stage=2)),
        )
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self._decide(order, self.bea, "ask_back", reason="For whom?")
        self._decide(order, self.bob)
        self.assertFalse(request.asked_back)
        self.assertTrue(request.deadline)
        self.assertIn("carl", request.explanation)

    def test_withdrawing_sets_the_document_free(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        with self.assertRefused("who alone can withdraw", AccessError):
            request.with_user(self.bea).action_withdraw()
        request.with_user(self.olga).action_withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.approval_state)

    def test_a_change_of_a_line_supersedes(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        order.line_ids.price = 2000
        self.assertEqual(request.state, "superseded")
        self.assertEqual(order.state, "draft")
        again = self._ask(order)
        self.assertNotEqual(again, request)
        self.assertEqual(again.state, "pending")

    def test_what_is_not_guarded_supersedes_nothing(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        order.note = "Ring twice"
        self.assertEqual(request.state, "pending")

    def test_the_version_a_request_started_with_holds(self):
        policy = self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        draft = self.Policy.browse(policy.action_new_version()["res_id"])
        draft.rule_ids.band_ids.sorted("lower")[1].step_ids.write(
            {"group_id": self.controllers.id}
        )
        draft.action_activate()
        self.assertEqual(policy.state, "retired")
        self.assertEqual((draft.version, draft.state), (2, "active"))
        self.assertEqual(request.policy_id, policy)
        self._decide(order, self.bea)
        self.assertEqual(order.state, "done")
        other = self._order(self.olga, 1000)
        self.assertEqual(self._ask(other).user_ids, self.carl | self.boss)

    def test_a_policy_may_approve_what_an_automation_made(self):
        self._policy(
            (None, 1000), (1000, 5000, self._step()), (5000, None, self._step())
        )
        policy = self.Policy.search(
            [("document_model", "=", "distribution.fake.order")]
        )
        draft = self.Policy.browse(policy.action_new_version()["res_id"])
        draft.rule_ids.band_ids.filtered(
            lambda band: band.lower == 1000
        ).automation_user_ids = self.env.ref("base.user_root")
        draft.action_activate()
        small = self._order(self.env.ref("base.user_root"), 1000)
        big = self._order(self.env.ref("base.user_root"), 5000)
        own = self._order(self.olga, 1000)
        edited = self._order(self.env.ref("base.user_root"), 1000)
        edited.with_user(self.olga).partner_id = self.olga.partner_id
        for order in (small, big, own, edited):
            order.with_user(self.olga).action_confirm()
        self.assertEqual(edited.state, "waiting")
        self.assertEqual(small.state, "done")
        decision = self._request(small).sudo().decision_ids
        self.assertEqual(decision.decision, "policy")
        self.assertEqual(big.state, "waiting")
        self.assertEqual(own.state, "waiting")

    def test_cancelling_closes_what_waits(self):
        """Otherwise an approval would bring a cancelled order back."""
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        order.state = "cancel"
        self.assertEqual(request.state, "superseded")
        self.assertEqual(order.state, "cancel")
        self.assertFalse(request.user_ids)
        with self.assertRefused("superseded already"):
            self._decide(order, self.bea)

    def test_deleting_closes_what_waits(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        order.unlink()
        self.assertEqual(request.state, "superseded")
        self.assertFalse(request.activity_ids)

    def test_what_is_deleted_behind_the_orm_does_not_wait_for_ever(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM distribution_fake_order WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        self.env["distribution.approval.task"]._cron_escalate()
        self.assertEqual(request.state, "superseded")

    def test_documents_by_the_state_of_their_approval(self):
        self._policy()
        Order = self.env["distribution.fake.order"]
        waiting, rejected, free = (
            self._order(self.olga, 1000),
            self._order(self.olga, 1000),
            self._order(self.olga, 1),
        )
        (waiting | rejected | free).action_confirm()
        self._decide(rejected, self.bea, "reject", reason="No")
        mine = [("id", "in", (waiting | rejected | free).ids)]
        for domain, expected in (
            ([("approval_state", "=", "pending")], waiting),
            ([("approval_state", "=", "rejected")], rejected),
            ([("approval_state", "!=", "pending")], rejected | free),
            ([("approval_state", "=", False)], free),
            ([("approval_state", "in", ["pending", False])], waiting | free),
        ):
            self.assertEqual(Order.search(mine + domain), expected, domain)

    def test_each_approver_gets_one_mail_for_all_and_the_requester_one_for_each(self):
        self._policy((None, 1000), (1000, None, self._step(self.bea)))
        orders = self.env["distribution.fake.order"].with_user(self.olga)
        orders = orders.union(*(self._order(self.olga, 1000) for _number in range(3)))
        before = self.env["mail.message"].search([])
        orders.action_confirm()
        told = self.env["mail.message"].search([]) - before
        mails = told.filtered("partner_ids")
        self.assertEqual(mails.partner_ids, self.bea.partner_id)
        self.assertEqual(len(mails), 1)
        self.assertIn("3 documents", mails.subject)
        for request in orders.sudo().approval_request_ids:
            self.assertIn(f"/odoo/approvals/{request.id}", mails.body)
            self.assertEqual(request.activity_ids.user_id, self.bea)
        before = self.env["mail.message"].search([])
        self._decide(orders[0], self.bea, "reject", reason="Too dear")
        mail = (self.env["mail.message"].search([]) - before).filtered("partner_ids")
        self.assertEqual(mail.partner_ids, self.olga.partner_id)
        self.assertIn("was rejected", mail.subject)
        self.assertIn("Too dear", mail.body)
        self.assertIn("Too dear", "".join(orders[0].message_ids.mapped("body")))
