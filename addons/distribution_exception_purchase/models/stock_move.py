from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        (self | moves).purchase_line_id._recheck_lines()
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        self.purchase_line_id._recheck_lines()
        return result
