from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, *args, **kwargs):
        moves = super()._action_confirm(*args, **kwargs)
        # Only what comes in: goods are on the way.
        inside = moves.filtered(lambda move: move.location_dest_id.usage == "internal")
        inside._recheck_replenishment()
        return moves

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._recheck_replenishment()
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        self._recheck_replenishment()
        return result

    def _recheck_replenishment(self):
        """Have the replenishment rules of the products looked at again."""
        self.env["stock.warehouse.orderpoint"]._recheck_products(self.product_id.ids)
