from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_received_orders(self):
        """The purchase orders whose goods come in when these moves are done.

        As superuser: whoever receives need not see the orders.
        """
        received = self.sudo().filtered(
            lambda move: move.purchase_line_id
            and move.state not in ("done", "cancel")
            and move.picked
            and move.quantity > 0
            and not move._is_purchase_return()
        )
        return received.purchase_line_id.order_id

    def _action_done(self, cancel_backorder=False):
        self.env["distribution.duty.log"]._perform(
            "receive", self._get_received_orders()
        )
        return super()._action_done(cancel_backorder)
