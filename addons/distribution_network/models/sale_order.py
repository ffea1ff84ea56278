from odoo import fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "distribution.document.mixin"]
    _branch_fields = ("warehouse_id", "branch_id")

    branch_id = fields.Many2one(
        "distribution.branch",
        related="warehouse_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The branch that sells: that of the order's warehouse.",
    )

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["branch_id"] = self.branch_id.id
        return values


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="order_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
