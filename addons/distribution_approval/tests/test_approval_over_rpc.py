"""The same attacks from outside, over JSON-2, with the key of the user."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import ApprovalCase
from .test_approval_attacks import KEYS

REQUEST = "distribution.approval.request"
ORDER = "distribution.fake.order"


@tagged("post_install", "-at_install")
class TestApprovalOverRpc(Json2Mixin, ApprovalCase, HttpCase):
    _forged_context = KEYS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.order = self._order(self.olga, 1000)
        self.request = self._ask(self.order)

    def _call(self, user, model, method, ids=(), **arguments):
        """The status and the answer."""
        response = self._json_2(user, model, method, ids, **arguments)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def assertStill(self, state="pending"):
        self.assertEqual(self.request.state, state)
        self.assertEqual(self.order.state, "waiting")

    def test_the_honest_way(self):
        order = self._order(self.olga, 1000)
        status, answer = self._call(self.olga, ORDER, "action_confirm", order.ids)
        self.assertEqual((status, answer["tag"]), (200, "display_notification"))
        request = self._request(order)
        status, _answer = self._call(
            self.bea, REQUEST, "action_approve", request.ids, reason="Fine"
        )
        self.assertEqual((status, order.state), (200, "done"))

    def test_ones_own_request(self):
        self.olga.group_ids += self.managers
        self.env.flush_all()
        status, answer = self._call(
            self.olga, REQUEST, "action_approve", self.request.ids
        )
        self.assertEqual(status, 403)
        self.assertIn("made, edited or asked for it", answer["message"])
        self.assertStill()

    def test_somebody_who_is_not_asked(self):
        for user in (self.otto, self.carl, self.anna):
            for method in ("action_approve", "action_reject", "action_ask_back"):
                status, _answer = self._call(
                    user, REQUEST, method, self.request.ids, reason="x"
                )
                self.assertEqual(status, 403, (user.login, method))
        self.assertStill()

    def test_writing_the_state_of_the_order(self):
        status, answer = self._call(
            self.olga, ORDER, "write", self.order.ids, vals={"state": "done"}
        )
        self.assertEqual(status, 422)
        self.assertIn("approval", answer["message"])
        self.assertStill()

    def test_making_and_copying_one_in_the_state(self):
        values = {
            "name": "Born done",
            "state": "done",
            "line_ids": [Command.create({"price": 5000})],
        }
        status, _answer = self._call(self.olga, ORDER, "create", vals_list=[values])
        self.assertEqual(status, 422)
        status, _answer = self._call(
            self.olga, ORDER, "copy", self.order.ids, default={"state": "done"}
        )
        self.assertEqual(status, 422)

    def test_writing_evidence(self):
        self.request.with_user(self.bea).action_ask_back(reason="Why?")
        for record in (
            self.request,
            self.request.task_ids,
            self.request.decision_ids,
        ):
            for user in (self.olga, self.bea, self.boss):
                for method, arguments in (
                    ("write", {"vals": {"state": "approved"}}),
                    ("write", {"vals": {"fingerprint": "0"}}),
                    ("unlink", {}),
                    ("copy", {}),
                    ("create", {"vals_list": [{"request_id": self.request.id}]}),
                ):
                    status, _answer = self._call(
                        user, record._name, method, record.ids, **arguments
                    )
                    self.assertIn(status, (403, 422), (record, user.login, method))
        self.assertStill()

    def test_calling_what_is_private(self):
        for method in ("_decide", "_close", "_carry_on", "_record", "_supersede"):
            for model, ids in (
                (REQUEST, self.request.ids),
                ("distribution.approval.decision", []),
            ):
                status, _answer = self._call(self.boss, model, method, ids)
                self.assertIn(status, (403, 404), method)
        for method in ("_clear", "_submit", "_enter"):
            status, _answer = self._call(
                self.boss, "distribution.approval.engine", method
            )
            self.assertIn(status, (403, 404), method)
        self.assertStill()

    def test_changing_a_line_after_the_approval(self):
        self.patch(self.registry[ORDER], "_approval_complete", lambda order: None)
        self._call(self.bea, REQUEST, "action_approve", self.request.ids)
        self.assertStill("approved")
        status, _answer = self._call(
            self.olga,
            "distribution.fake.order.line",
            "write",
            self.order.line_ids.ids,
            vals={"price": 9999},
        )
        self.assertEqual((status, self.request.state), (200, "superseded"))
        status, _answer = self._call(
            self.olga, ORDER, "write", self.order.ids, vals={"state": "done"}
        )
        self.assertEqual(status, 422)

    def test_a_delegation_of_somebody_elses_authority(self):
        status, _answer = self._call(
            self.otto,
            "distribution.approval.delegation",
            "create",
            vals_list=[
                {
                    "user_id": self.bea.id,
                    "delegate_id": self.otto.id,
                    "date_to": "2999-01-01",
                }
            ],
        )
        self.assertEqual(status, 403)

    def test_ending_the_policy(self):
        policy = self.request.policy_id
        for user in (self.olga, self.bea, self.carl):
            for method, arguments in (
                ("action_retire", {}),
                ("write", {"vals": {"date_to": "2000-01-01"}}),
                ("unlink", {}),
            ):
                status, _answer = self._call(
                    user, policy._name, method, policy.ids, **arguments
                )
                self.assertEqual(status, 403, (user.login, method))
        self.assertEqual(policy.state, "active")

    def test_every_refusal_is_logged(self):
        before = self.env["distribution.duty.log"].search([])
        self._call(self.bob, REQUEST, "action_approve", self.request.ids)
        self.order.approval_request_ids.invalidate_recordset()
        other = self._order(self.bob, 1000)
        request = self._ask(other)
        self.env.flush_all()
        self._call(self.bob, REQUEST, "action_approve", request.ids)
        logged = self.env["distribution.duty.log"].search([]) - before
        refused = logged.filtered(lambda log: log.outcome == "refused")
        self.assertEqual(refused.user_id, self.bob)
        self.assertEqual(refused.res_id, other.id)
        self.assertIn("made, edited or asked for it", refused.conflict)

    def test_copying_an_approved_order_and_confirming_the_copy(self):
        self._call(self.bea, REQUEST, "action_approve", self.request.ids)
        self.assertEqual(self.order.state, "done")
        status, copies = self._call(self.olga, ORDER, "copy", self.order.ids)
        self.assertEqual(status, 200)
        self._call(self.olga, ORDER, "action_confirm", copies)
        copy = self.env[ORDER].browse(copies)
        self.assertEqual(copy.state, "waiting")
        status, _answer = self._call(
            self.olga, ORDER, "write", copies, vals={"state": "done"}
        )
        self.assertEqual((status, copy.state), (422, "waiting"))

    def test_a_delegation_one_gave_oneself(self):
        order = self._order(self.bea, 1000)
        request = self._ask(order)
        status, _answer = self._call(
            self.bea,
            "distribution.approval.delegation",
            "create",
            vals_list=[
                {
                    "user_id": self.bea.id,
                    "delegate_id": self.otto.id,
                    "date_to": "2999-01-01",
                }
            ],
        )
        self.assertEqual(status, 200)
        status, _answer = self._call(self.otto, REQUEST, "action_approve", request.ids)
        self.assertEqual((status, request.state), (403, "pending"))
        # On what somebody else asked for he may.
        status, _answer = self._call(
            self.otto, REQUEST, "action_approve", self.request.ids
        )
        self.assertEqual((status, self.request.state), (200, "approved"))

    def test_confirming_after_the_policy_has_ended(self):
        status, _answer = self._call(
            self.boss,
            self.request.policy_id._name,
            "action_retire",
            self.request.policy_id.ids,
        )
        self.assertEqual(status, 200)
        status, _answer = self._call(
            self.olga, ORDER, "write", self.order.ids, vals={"state": "done"}
        )
        self.assertEqual(status, 422)
        self.assertStill()

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        far = self._new_user(
            "administrator",
            "far",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env.flush_all()
        for method in ("action_approve", "action_reject", "read"):
            arguments = {"fields": ["state"]} if method == "read" else {"reason": "x"}
            status, _answer = self._call(
                far, REQUEST, method, self.request.ids, **arguments
            )
            self.assertEqual(status, 403, method)
        self.assertStill()
