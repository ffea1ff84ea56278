from odoo import models
from odoo.fields import Domain

# The companies a count keeps to, once it runs as superuser, whom no company rule holds.
# A client that sends this key gets less, never more: it only narrows what is found.
_COMPANIES = "distribution_companies"


class ProductProduct(models.Model):
    """What a user may see of documents never changes how much stock there is.

    Odoo counts moves with the reader's rules, so a forecast would leave out those of the
    branches whose documents the user cannot see.
    """

    _inherit = "product.product"

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Count every move of the user's companies."""
        products = self._of_every_branch()
        return super(ProductProduct, products)._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date=from_date, to_date=to_date
        )

    def _get_domain_locations(self):
        domains = super()._get_domain_locations()
        if _COMPANIES not in self.env.context:
            return domains
        ids = self.env.context[_COMPANIES]
        # As in Odoo's own rule: stock in a location of no company is everybody's.
        own = (
            Domain("company_id", "in", [*ids, False]),
            Domain("company_id", "in", ids),
            Domain("company_id", "in", ids),
        )
        return tuple(
            Domain(domain) & only for domain, only in zip(domains, own, strict=True)
        )

    def _compute_monthly_demand(self):
        """Count the demand of every branch of the user's companies."""
        return super(ProductProduct, self._of_every_branch())._compute_monthly_demand()

    def _get_monthly_demand_moves_location_domain(self):
        domain = Domain(super()._get_monthly_demand_moves_location_domain())
        if _COMPANIES not in self.env.context:
            return domain
        return domain & Domain("company_id", "in", self.env.context[_COMPANIES])

    def _of_every_branch(self):
        """These products as superuser, held to the companies of the user.

        Only quantities by product come of it, no documents.

        :raises AccessError: the context claims a company that is not the user's
        """
        if self.env.su:
            return self
        # Read first: the claim of the context is checked for a user, not for superuser.
        companies = self.env.companies.ids
        return self.sudo().with_context(**{_COMPANIES: companies})
