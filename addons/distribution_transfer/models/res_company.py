from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    transfer_loss_location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        help="Where goods go that were lost on a transfer and are written off.",
    )
    transfer_claim_location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        help="Where goods go that are claimed from the carrier.",
    )

    def _transfer_loss_location(self):
        """The location of transfer losses; made when it is first needed."""
        return self._transfer_location(
            "transfer_loss_location_id", self.env._("Transfer Losses")
        )

    def _transfer_claim_location(self):
        """The location of carrier claims; made when it is first needed."""
        return self._transfer_location(
            "transfer_claim_location_id", self.env._("Carrier Claims")
        )

    def _transfer_location(self, field, name):
        self.ensure_one()
        if not self[field]:
            # As superuser: whoever settles a difference need not set up locations.
            company = self.sudo()
            company[field] = company.env["stock.location"].create(
                {"name": name, "usage": "inventory", "company_id": self.id}
            )
        return self[field]
