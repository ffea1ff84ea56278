from odoo import models
from odoo.fields import Domain


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

    def _compute_monthly_demand(self):
        """Count the demand of every branch."""
        # As superuser: demand of which some is left out is wrong, as above.
        return super(ProductProduct, self.sudo())._compute_monthly_demand()

    def _get_monthly_demand_moves_location_domain(self):
        """Keep to the user's companies, which superuser would not."""
        domain = Domain(super()._get_monthly_demand_moves_location_domain())
        return domain & Domain("company_id", "in", self.env.companies.ids)
