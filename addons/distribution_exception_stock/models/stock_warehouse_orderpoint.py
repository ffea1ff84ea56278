from odoo import api, models

# What a shortage or an excess is told from.
WATCHED = {"product_min_qty", "product_max_qty", "active", "location_id"}
PRODUCTS = "distribution_exception_stock_products"


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result

    @api.model
    def _recheck_products(self, product_ids):
        """Have the rules of products looked at again, as found at the transaction's end."""
        precommit = self.env.cr.precommit
        if PRODUCTS not in precommit.data:
            precommit.data[PRODUCTS] = set()
            precommit.add(self._enlist_products)
        precommit.data[PRODUCTS].update(product_ids)

    @api.model
    def _enlist_products(self):
        """One query for all products that the transaction moved."""
        product_ids = self.env.cr.precommit.data.pop(PRODUCTS, set())
        if product_ids:
            # As superuser: whoever moves goods need not see rules of other branches.
            found = self.sudo().search([("product_id", "in", list(product_ids))])
            self.env["distribution.exception"]._recheck(self._name, found.ids)
