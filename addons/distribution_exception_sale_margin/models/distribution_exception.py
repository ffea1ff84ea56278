from odoo import models


class DistributionException(models.Model):
    _inherit = "distribution.exception"

    def _resolve_sale_price(self):
        """Open the order, to correct the price or the cost, or to talk about it."""
        line = self.env["sale.order.line"].browse(self.res_id)
        return line.order_id.get_formview_action()
