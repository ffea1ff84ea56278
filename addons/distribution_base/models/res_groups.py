from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        if "user_ids" not in vals:
            return super().write(vals)
        # Whoever is in the groups before or after may gain or lose a role.
        Users = self.env["res.users"]
        members = self.sudo().user_ids  # the log must see every member, whoever edits
        before = members._get_distribution_roles()
        result = super().write(vals)
        everybody = members | members.browse(self.sudo().user_ids.ids)  # as above
        Users._log_role_changes(everybody, before)
        return result
