from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "branch_ids" in vals:
            self.env["distribution.approval.task"]._refresh_open()
        return result
