from odoo import fields, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "distribution.document.mixin"]
    _branch_fields = ("picking_type_id", "branch_id")

    branch_id = fields.Many2one(
        "distribution.branch",
        related="picking_type_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The branch that receives: that of the warehouse to deliver to.",
    )

    def _get_picking_type(self, company_id):
        """Deliver to the buyer's own branch, before the company's first warehouse."""
        company = self.env["res.company"].browse(company_id)
        own = self.env.user._own_warehouse(company).in_type_id
        return own or super()._get_picking_type(company_id)

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
