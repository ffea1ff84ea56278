from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="picking_type_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The branch that receives: that of the warehouse to deliver to.",
    )

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["branch_id"] = self.branch_id.id
        return values


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="order_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
