from odoo import models

from odoo.addons.distribution_accounting.models.distribution_closing_checks import Check


class DistributionClosing(models.Model):
    """What transfers leave to do before a month is closed."""

    _inherit = "distribution.closing"

    def _closing_checks(self):
        """Who received the goods saw the difference, and takes care of it."""
        held, seen = "distribution.transit.balance", "distribution.transfer.discrepancy"
        transit = Check("transit", self.env._("Transit ties out"), "controller")
        found = Check("differences", self.env._("Open differences"), "branch", True)
        return [
            *super()._closing_checks(),
            transit._replace(strict=True, model=held, amount="difference_value"),
            found._replace(
                model=seen, amount="value", branch_field="destination_branch_id"
            ),
        ]

    def _transit_domain(self):
        """Transit locations that do not hold what transfers say, as things are now."""
        return [("company_id", "=", self.company_id.id), ("is_different", "=", True)]

    def _differences_domain(self):
        """Seen in the month, or before, and not settled."""
        company, until = self.company_id.id, self._last_moment()
        states = ("open", "waiting", "requested")
        domain = [("company_id", "=", company), ("state", "in", states)]
        return [*domain, ("create_date", "<=", until)]
