from odoo import models


class AccountMove(models.Model):
    """An entry that is posted, or taken back, is looked at again; so is its customer."""

    _inherit = "account.move"

    # Of some customers: what was invoiced to them lately.
    _exception_customer_idx = models.Index(
        "(commercial_partner_id, date) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_receipt')"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            items = self.line_ids._without_branch()
            self.env["distribution.exception"]._recheck(items._name, items.ids)
            self.env["distribution.exception"]._recheck(self._name, self.ids)
            partners = self.commercial_partner_id
            self.env["distribution.exception"]._recheck(partners._name, partners.ids)
        return result
