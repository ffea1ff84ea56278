from odoo import api, models

# Dimensions that documents of the network have, by the field that leads there.
DIMENSIONS = {"branch": "branch_id", "lane": "lane_id"}


class DistributionApprovalMixin(models.AbstractModel):
    _inherit = "distribution.approval.mixin"

    @api.model
    def _approval_dimensions(self):
        """Documents of a branch, and those of a lane, can be limited to some of them."""
        paths = {
            name: path for name, path in DIMENSIONS.items() if path in self._fields
        }
        return {**super()._approval_dimensions(), **paths}

    def _approval_branch(self):
        """The branch whose people decide, and whose clock counts."""
        self.ensure_one()
        if "branch_id" in self._fields:
            return self.branch_id
        return self.env["distribution.branch"]

    def _approval_prepare_request_values(self):
        values = super()._approval_prepare_request_values()
        for document in self:
            values[document.id]["branch_id"] = document._approval_branch().id
        return values

    def _approval_calendar(self):
        """The opening hours of the branch, where it has any."""
        return self._approval_branch().calendar_id or super()._approval_calendar()
