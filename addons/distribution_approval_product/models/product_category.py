from odoo import api, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    # The policies in memory hold the categories below those that a rule names.

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        self.env.registry.clear_cache()
        return categories

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env.registry.clear_cache()
        return result
