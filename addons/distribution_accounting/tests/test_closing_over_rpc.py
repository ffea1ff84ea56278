from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .closing_common import ClosingCase


@tagged("post_install", "-at_install")
class TestClosingOverRpc(Json2Mixin, ClosingCase, HttpCase):
    """What a client of a controller sends changes no branch and closes no month."""

    # What a client may put into its context, hoping that somebody trusts it.
    _forged_context = {
        "skip_analytic_sync": True,
        "distribution_accounting_owner": True,
        "distribution_accounting_following": True,
        "distribution_evidence_writer": True,
        "su": True,
    }

    def setUp(self):
        super().setUp()
        self.bill = self._charge(300, self.north)
        self.bill.action_post()
        self.cost = self.bill.invoice_line_ids
        self.closing = self._month(self.last)
        self.env.flush_all()

    def _world(self):
        self.env.invalidate_all()
        return (
            self.cost.read(["analytic_distribution", "branch_id", "own_branch_id"]),
            self.cost.analytic_line_ids.read(["amount", "account_id"]),
            self.closing.sudo().read(["state", "valuation_on"]),
            self.closing.item_ids.sudo().read(["state", "count", "amount"]),
            self.env["distribution.branch.correction"].search_count([]),
            self.company.fiscalyear_lock_date,
        )

    def test_side_doors(self):
        before = self._world()
        west = {"analytic_distribution": {str(self.west.analytic_account_id.id): 100}}
        items = self.closing.item_ids
        for records, method, arguments in (
            (self.cost, "write", {"vals": west}),
            (self.cost, "write", {"vals": {"branch_id": self.west.id}}),
            (self.cost, "correct_branches", {"shares": {}, "reason": "Mine"}),
            (self.cost.analytic_line_ids, "unlink", {}),
            (self.cost.analytic_line_ids, "write", {"vals": {"amount": 0}}),
            (self.bill, "write", {"vals": {"branch_id": self.west.id}}),
            (self.closing, "write", {"vals": {"state": "closed"}}),
            (self.closing, "write", {"vals": {"state": "reopened"}}),
            (self.closing, "action_close", {}),
            (self.closing, "action_reopen", {}),
            (items, "write", {"vals": {"state": "ok"}}),
            (items, "write", {"vals": {"count": 0}}),
            (items, "unlink", {}),
            (self.company, "write", {"vals": {"fiscalyear_lock_date": str(self.end)}}),
        ):
            response = self._json_2(
                self.fiona, records._name, method, records.ids, **arguments
            )
            self.assertIn(
                response.status_code,
                (403, 422),
                (method, arguments, response.text[:200]),
            )
        self.assertEqual(self._world(), before)

    def test_a_branch_is_no_company(self):
        """The manager of another branch reads and writes no item of this one."""
        west = self._item(self.closing, "received", self.west)
        for method, arguments in (
            ("read", {"fields": ["count"]}),
            ("write", {"vals": {"note": "Mine"}}),
            ("action_explain", {}),
            ("action_open_evidence", {}),
            ("export_data", {"fields_to_export": ["display_name"]}),
        ):
            response = self._json_2(self.bea, west._name, method, west.ids, **arguments)
            self.assertIn(
                response.status_code, (403, 422), (method, response.text[:200])
            )
