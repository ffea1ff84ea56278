from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import BranchApprovalCase

REQUEST = "distribution.approval.request"


@tagged("post_install", "-at_install")
class TestBranchApprovalOverRpc(Json2Mixin, BranchApprovalCase, HttpCase):
    """Somebody of another branch tries to see and decide, over JSON-2."""

    _forged_context = {"branch_restricted": False, "allowed_branch_ids": [1, 2, 3]}

    def test_another_branch(self):
        self._policy({"authority": "branch_manager"})
        order = self._order(self.olga, self.north)
        request = self._ask(order)
        for user in (self.will, self.wim):
            found = self._json_2(user, REQUEST, "search", domain=[])
            self.assertEqual((found.status_code, found.json()), (200, []))
            for method, arguments in (
                ("read", {"fields": ["document"]}),
                ("action_approve", {}),
                ("action_reject", {"reason": "No"}),
                ("action_delegate", {"user_id": self.will.id}),
            ):
                answer = self._json_2(user, REQUEST, method, request.ids, **arguments)
                self.assertEqual(answer.status_code, 403, (user.login, method))
        self.env.invalidate_all()
        self.assertEqual(request.state, "pending")
        answer = self._json_2(self.bea, REQUEST, "action_approve", request.ids)
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.env.invalidate_all()
        self.assertEqual(order.state, "done")
