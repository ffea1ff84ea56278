from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sale":
            # Now, not when it is next read: the pricelist may have changed by then.
            self.order_line._recompute_recordset(["pricelist_price"])
        if "state" in vals:
            self.order_line._recheck_prices()
        return result
