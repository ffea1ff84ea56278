from odoo import fields, models


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="warehouse_id.branch_id",
        store=True,
        index="btree_not_null",
    )
