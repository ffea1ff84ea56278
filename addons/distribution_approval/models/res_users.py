from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals or "company_ids" in vals:
            self.env["distribution.approval.task"]._refresh_open()
        return result

    @api.model
    def _log_role_changes(self, users, before):
        """Roles decide who is asked: what waits is asked of the right people at once."""
        result = super()._log_role_changes(users, before)
        self.env["distribution.approval.task"]._refresh_open()
        return result
