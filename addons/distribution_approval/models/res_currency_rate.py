from odoo import api, models


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    # The policies in memory know which currencies have no rate at all.

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        self.env.registry.clear_cache()
        return rates

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
