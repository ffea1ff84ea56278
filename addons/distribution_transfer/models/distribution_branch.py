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

    def _reasons_against_closing(self):
        """Transfers that are not ended keep a branch open, too."""
        reasons = super()._reasons_against_closing()
        # As superuser: what blocks closing counts also where one may not look.
        Transfer = self.env["distribution.transfer"].sudo()
        count = Transfer.search_count(
            [
                ("state", "not in", ("closed", "rejected", "cancelled")),
                "|",
                ("source_branch_id", "=", self.id),
                ("destination_branch_id", "=", self.id),
            ]
        )
        if count:
            text = self.env._("transfers between branches; close or cancel them")
            reasons.append(f"{count} {text}")
        return reasons
