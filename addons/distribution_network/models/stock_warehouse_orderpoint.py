from odoo import fields, models


class StockWarehouseOrderpoint(models.Model):
    _name = "stock.warehouse.orderpoint"
    _inherit = ["stock.warehouse.orderpoint", "distribution.document.mixin"]
    _branch_fields = ("warehouse_id", "location_id", "branch_id")

    branch_id = fields.Many2one(
        "distribution.branch",
        related="warehouse_id.branch_id",
        store=True,
        index="btree_not_null",
    )
