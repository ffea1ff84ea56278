from odoo import models

MANAGER = "distribution_base.group_branch_manager"


class DistributionBranch(models.Model):
    _inherit = "distribution.branch"

    def _managers(self):
        """The named managers of the branches, and the branch managers who work there."""
        return self.manager_id | self.user_ids.filtered(
            lambda user: user.has_group(MANAGER)
        )

    def _regional_managers(self):
        """The manager of each branch's region, or of the next region above that has one."""
        managers = self.env["res.users"]
        for region in self.region_id:
            while region and not region.manager_id:
                region = region.parent_id
            managers |= region.manager_id
        return managers

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"manager_id", "user_ids", "region_id"}):
            self.env["distribution.approval.task"]._refresh_open()
        return result


class DistributionRegion(models.Model):
    _inherit = "distribution.region"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"manager_id", "parent_id"}):
            self.env["distribution.approval.task"]._refresh_open()
        return result
