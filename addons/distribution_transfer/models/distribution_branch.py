from odoo import models


class DistributionBranch(models.Model):
    _inherit = "distribution.branch"

    def _damaged_location(self):
        """Where damaged goods of the branch are put; made when it is first needed."""
        self.ensure_one()
        # As superuser: a storeman sets no locations up, and the truck must not wait.
        Location = self.env["stock.location"].sudo()
        found = Location.search(
            [("branch_id", "=", self.id), ("location_role", "=", "damaged")],
            order="id",
            limit=1,
        )
        warehouse = self.sudo().warehouse_id  # as above
        return found or Location.create(
            {
                "name": self.env._("Damaged"),
                "usage": "internal",
                "location_role": "damaged",
                "location_id": warehouse.view_location_id.id,
                "company_id": self.company_id.id,
            }
        )
