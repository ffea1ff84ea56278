from odoo import fields, models

# States between which goods begin, or cease, to be asked for without having moves.
ASKING = ("draft", "requested", "rejected", "cancelled")


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    transfer_line_ids = fields.One2many(
        "distribution.transfer.line", "orderpoint_id", readonly=True
    )

    def _quantity_in_progress(self):
        """Count what is asked for and not agreed to yet: it has no moves to count.

        Whatever asked for it, since it all comes to the main warehouse of the branch.
        """
        quantities = super()._quantity_in_progress()
        mine = self.filtered(
            lambda x: x.warehouse_id and x.warehouse_id == x.branch_id.warehouse_id
        )
        if not mine:
            return quantities
        Line = self.env["distribution.transfer.line"].sudo()  # asked for by anybody
        groups = Line._read_group(
            [
                ("product_id", "in", mine.product_id.ids),
                ("destination_branch_id", "in", mine.branch_id.ids),
                ("state", "=", "requested"),
            ],
            ["destination_branch_id", "product_id", "product_uom_id"],
            ["requested_qty:sum"],
        )
        waiting = {}
        for branch, product, unit, quantity in groups:
            found = unit._compute_quantity(quantity, product.uom_id, round=False)
            key = (branch.id, product.id)
            waiting[key] = waiting.get(key, 0.0) + found
        for rule in mine:
            key = (rule.branch_id.id, rule.product_id.id)
            quantities[rule.id] += waiting.get(key, 0.0)
        return quantities


class DistributionTransfer(models.Model):
    _inherit = "distribution.transfer"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ASKING:
            self._recount_needs()
        return result

    def _recount_needs(self):
        """What the reordering rules of the receivers still need has changed."""
        Orderpoint = self.env["stock.warehouse.orderpoint"].sudo()  # of the receivers
        rules = Orderpoint.search(
            [
                ("product_id", "in", self.line_ids.product_id.ids),
                ("branch_id", "in", self.destination_branch_id.ids),
            ]
        )
        rules.invalidate_recordset(["qty_to_order", "qty_forecast"])
        self.env.add_to_compute(rules._fields["qty_to_order_computed"], rules)
