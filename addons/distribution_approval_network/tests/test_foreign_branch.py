from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.distribution_approval.tests.common import ApprovalCase
from odoo.addons.distribution_network.tests.common import NetworkCase


@tagged("post_install", "-at_install")
class TestForeignBranch(NetworkCase):
    """Stock is seen in every branch. A count of another branch is still not one's own."""

    def _govern_counts(self):
        """Bea decides on differences from 10 on, where counts have a gate."""
        Policy = self.env["distribution.approval.policy"]
        if "stock.quant" not in dict(Policy._selection_document_model()):
            self.skipTest("counts have no gate here")
        step = {"authority": "user", "user_id": self.bea.id}
        rule = {
            "name": "Value",
            "measure": "stock_variance_value",
            "band_ids": ApprovalCase._bands((None, 10), (10, None, step)),
        }
        Policy.create(
            {
                "name": "Counts",
                "document_model": "stock.quant",
                "rule_ids": [Command.create(rule)],
            }
        ).action_activate()

    def test_a_count_of_another_branch_cannot_be_asked_for(self):
        self._count(self.product, self.north, 100)
        self._govern_counts()
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id", "=", self.north.warehouse_id.lot_stock_id.id),
            ]
        )
        mine = quant.with_user(self.olga).with_context(inventory_mode=True)
        mine.inventory_quantity = 50
        self.env.flush_all()
        with self.assertRaises(AccessError):
            quant.with_user(self.wim).action_apply_inventory()
        Request = self.env["distribution.approval.request"]
        self.assertFalse(Request.search([("res_model", "=", "stock.quant")]))
        mine.action_apply_inventory()
        request = Request.search([("res_model", "=", "stock.quant")])
        self.assertEqual(request.requester_id, self.olga)
        self.assertEqual(quant.quantity, 100)
