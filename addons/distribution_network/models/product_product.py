from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Count every move, also those of branches whose documents the user cannot see.

        As superuser, because a forecast that leaves out some moves is wrong, and what is
        returned are quantities by product, no documents. The companies stay the user's.
        """
        return super(ProductProduct, self.sudo())._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date=from_date, to_date=to_date
        )
