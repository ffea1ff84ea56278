from odoo import models


class StockMove(models.Model):
    """Order lines are looked at again when what they wait for moves."""

    _inherit = "stock.move"

    _open_product_idx = models.Index(
        "(product_id) WHERE state IN"
        " ('waiting', 'confirmed', 'partially_available', 'assigned')"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals or "date" in vals:
            # As superuser: only ids of order lines, whoever moves the goods. A receipt or
            # transfer concerns what was ordered with it.
            moves = self.sudo()
            (moves | moves.move_dest_ids).sale_line_id._recheck_exceptions()
        return result
