from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionTemplateJob(models.Model):
    """A job in the branch, and the role of the Distribution privilege it gives."""

    _name = "distribution.template.job"
    _description = "Job of a Branch Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "distribution.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Job", required=True, help="What people call it, such as Counter clerk."
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        required=True,
        ondelete="restrict",
        domain=lambda self: [("id", "in", self._get_roles().ids)],
        help="The role of the Distribution privilege that people with this job get.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (template_id, name)",
        "Two jobs of a template cannot have the same name.",
    )

    @api.model
    def _get_roles(self):
        return self.env["res.users"]._get_all_distribution_roles()

    @api.constrains("group_id")
    def _check_role_is_known(self):
        roles = self._get_roles()
        for job in self:
            if job.group_id not in roles:
                raise ValidationError(
                    self.env._(
                        "Job %(job)s of template %(template)s cannot give "
                        "%(group)s: that is not a role of the Distribution privilege. "
                        "Choose one of %(roles)s.",
                        job=job.name,
                        template=job.template_id.name,
                        group=job.group_id.sudo().name,  # the name alone
                        roles=", ".join(roles.mapped("name")),
                    )
                )
