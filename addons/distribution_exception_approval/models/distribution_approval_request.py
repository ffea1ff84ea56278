from odoo import models

# What changes who has to act, or until when.
WATCHED = {"state", "deadline", "asked_back", "user_ids"}


class DistributionApprovalRequest(models.Model):
    """A request that is decided, escalated or asked back is looked at again."""

    _inherit = "distribution.approval.request"

    _exception_pending_idx = models.Index("(id) WHERE state = 'pending'")

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result
