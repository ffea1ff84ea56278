from odoo import api, fields, models


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    transfer_line_ids = fields.One2many(
        "distribution.transfer.line", "orderpoint_id", readonly=True
    )

    @api.depends("transfer_line_ids.state", "transfer_line_ids.requested_qty")
    def _compute_qty(self):
        return super()._compute_qty()

    @api.depends("transfer_line_ids.state", "transfer_line_ids.requested_qty")
    def _compute_qty_to_order_computed(self):
        return super()._compute_qty_to_order_computed()

    def _quantity_in_progress(self):
        """Count what is asked for and not agreed to yet: it has no moves to count."""
        quantities = super()._quantity_in_progress()
        Line = self.env["distribution.transfer.line"].sudo()  # asked for by anybody
        groups = Line._read_group(
            [
                ("orderpoint_id", "in", self.ids),
                ("state", "in", ("draft", "requested")),
            ],
            ["orderpoint_id", "product_uom_id"],
            ["requested_qty:sum"],
        )
        for orderpoint, unit, quantity in groups:
            quantities[orderpoint.id] += unit._compute_quantity(
                quantity, orderpoint.product_uom, round=False
            )
        return quantities
