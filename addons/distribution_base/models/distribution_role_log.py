from odoo import api, fields, models


class DistributionRoleLog(models.Model):
    """Who was given or lost a role of the Distribution privilege, when and by whom."""

    _name = "distribution.role.log"
    _description = "Role Change"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        help="The user whose roles changed.",
    )
    user_login = fields.Char(
        string="Login",
        required=True,
        help="The user's login at the time of the change.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        ondelete="set null",
        help="The role, as long as it exists.",
    )
    role = fields.Char(
        string="Role Name",
        required=True,
        help="The name of the role at the time of the change.",
    )
    change = fields.Selection(
        [("granted", "Granted"), ("revoked", "Revoked")], required=True
    )
    changed_by_id = fields.Many2one(
        "res.users",
        string="Changed By",
        required=True,
        ondelete="restrict",
        help="Who made the change; the system user where a data file or a job did.",
    )
    date = fields.Datetime(required=True, help="When the change was made.")

    @api.depends("user_login", "role", "change")
    def _compute_display_name(self):
        labels = dict(self._fields["change"]._description_selection(self.env))
        for log in self:
            log.display_name = f"{log.user_login}: {log.role} ({labels[log.change]})"

    @api.model
    def _prepare_role_log_values(self, user, group, change):
        return {
            "user_id": user.id,
            "user_login": user.login,
            "group_id": group.id,
            "role": group.name,
            "change": change,
            "changed_by_id": self.env.uid,
            "date": fields.Datetime.now(),
        }
