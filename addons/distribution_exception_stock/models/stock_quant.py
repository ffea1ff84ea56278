from odoo import api, models

# What exceptions of stock are told from.
WATCHED = {"quantity", "inventory_quantity", "inventory_quantity_set", "inventory_date"}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        quants._recheck_stock()
        return quants

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._recheck_stock()
        return result

    def unlink(self):
        self._recheck_stock()
        return super().unlink()

    def _recheck_stock(self):
        self.env["distribution.exception"]._recheck(self._name, self.ids)
