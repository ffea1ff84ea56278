from odoo import models


class DistributionException(models.Model):
    _inherit = "distribution.exception"

    def _resolve_purchase_ask(self):
        """Write to the vendor about what of the order is late or was moved."""
        return self.env[self.res_model].browse(self.res_id).order_id._ask_vendor()
