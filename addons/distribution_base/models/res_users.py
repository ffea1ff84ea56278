from odoo import api, models

PRIVILEGE = "distribution_base.privilege_distribution"


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self._log_role_changes(users, {})
        return users

    def write(self, vals):
        # The user form sends groups through several virtual fields; all end here.
        if not any("group" in key or key == "role" for key in vals):
            return super().write(vals)
        before = self._get_distribution_roles()
        result = super().write(vals)
        self._log_role_changes(self, before)
        return result

    def _get_distribution_roles(self):
        """The roles each user was given, as {user id: groups}. Implied ones are left out."""
        roles = self._get_all_distribution_roles()
        # Read as superuser: a user manager need not have the right to read all groups.
        return {user.id: user.group_ids & roles for user in self.sudo()}

    @api.model
    def _get_all_distribution_roles(self):
        privilege = self.env.ref(PRIVILEGE, raise_if_not_found=False)
        # As superuser, because portal and sign-up code creates users too.
        return privilege.sudo().group_ids if privilege else self.env["res.groups"]

    @api.model
    def _log_role_changes(self, users, before):
        """Record as evidence how the roles of `users` differ from `before`."""
        Log = self.env["distribution.role.log"]
        none = self.env["res.groups"]
        values = []
        for user_id, roles in users._get_distribution_roles().items():
            user = users.browse(user_id).sudo()  # its login, for the log
            old = before.get(user_id, none)
            values += [
                Log._prepare_role_log_values(user, group, change)
                for change, groups in (
                    ("granted", roles - old),
                    ("revoked", old - roles),
                )
                for group in groups
            ]
        if values:
            Log._record_evidence(values)
