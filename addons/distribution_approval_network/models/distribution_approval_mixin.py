from odoo import api, models

# Where documents of the network have what rules can be limited to: the first that is there.
PATHS = {
    "branch": ("branch_id", "warehouse_id.branch_id", "location_id.branch_id"),
    "lane": ("lane_id",),
}


class DistributionApprovalMixin(models.AbstractModel):
    _inherit = "distribution.approval.mixin"

    @api.model
    def _approval_dimensions(self):
        """Documents of a branch, and those of a lane, can be limited to some of them."""
        paths = super()._approval_dimensions()
        for dimension, candidates in PATHS.items():
            known = (path for path in candidates if self._approval_has_path(path))
            if path := next(known, None):
                paths[dimension] = path
        return paths

    @api.model
    def _approval_has_path(self, path):
        model = self
        for name in path.split("."):
            if name not in model._fields:
                return False
            model = model[name]
        return True

    def _approval_branch(self):
        """The branch whose people decide, and whose clock counts."""
        self.ensure_one()
        path = self._approval_dimensions().get("branch")
        return self.mapped(path) if path else self.env["distribution.branch"]

    def _approval_prepare_request_values(self):
        values = super()._approval_prepare_request_values()
        for document in self:
            values[document.id]["branch_id"] = document._approval_branch().id
        return values

    def _approval_calendar(self):
        """The opening hours of the branch, where it has any."""
        return self._approval_branch().calendar_id or super()._approval_calendar()
