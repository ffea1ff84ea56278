from odoo.tests import tagged

from .common import TransferCase

KINDS = ("distribution.transfer", "distribution.transfer.discrepancy")


@tagged("post_install", "-at_install")
class TestTransferSetup(TransferCase):
    """The set-up of approvals proposes policies for transfers that can be put in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.west.manager_id = cls._new_user(
            "branch_manager", "wilma", branch_ids=cls.west.ids
        )
        for login in ("carl", "cara"):
            cls._new_user("finance_controller", login)

    def _set_up(self, **limits):
        setup = self.env["distribution.approval.setup"].with_user(self.boss).create({})
        for line in setup.line_ids:
            line.is_chosen = line.document_model in KINDS
        if limits:
            setup.line_ids.write(limits)
        setup.action_apply()
        return self.env["distribution.approval.policy"].search(
            [("document_model", "in", KINDS), ("state", "=", "active")]
        )

    def test_what_it_proposes_is_put_in_force(self):
        policies = self._set_up()
        self.assertEqual(set(policies.mapped("document_model")), set(KINDS))

    def test_below_the_limits_nobody_is_asked(self):
        self._set_up()
        self.assertEqual(self._request().state, "approved")

    def test_a_valuable_transfer_is_asked_for(self):
        self._set_up(first_limit=10.0, second_limit=1000.0)
        self.assertEqual(self._request().state, "requested")

    def test_who_would_have_nothing_left_is_asked(self):
        self._set_up()
        transfer = self._request(quantities={self.bolt: 100})
        self.assertEqual(transfer.state, "requested")
