from odoo import models


class DistributionBranch(models.Model):
    _inherit = "distribution.branch"

    def write(self, vals):
        result = super().write(vals)
        if "calendar_id" in vals:  # opening hours of branches are cached for due dates
            self.env.registry.clear_cache()
        if {"manager_id", "calendar_id", "active"} & vals.keys():
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result
