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
        if "date" in vals and "state" not in vals:
            # A receipt or transfer has a new date: look at what was ordered with it.
            (self | self.move_dest_ids)._recheck_order_lines()
        return result

    def _action_assign(self, force_qty=False):
        result = super()._action_assign(force_qty=force_qty)
        self._recheck_order_lines()
        return result

    def _do_unreserve(self):
        result = super()._do_unreserve()
        self._recheck_order_lines()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._recheck_order_lines()
        return result

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder=cancel_backorder)
        (self | done).exists()._recheck_order_lines()
        return done

    def _recheck_order_lines(self):
        """Have the rules look at the order lines of these moves again."""
        # As superuser: only their ids, whoever moves the goods.
        self.sudo().sale_line_id._recheck_exceptions()
