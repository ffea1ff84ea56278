from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionBranchOpeningPerson(models.Model):
    """Somebody who works in the branch, and the job there."""

    _name = "distribution.branch.opening.person"
    _description = "Person of a Branch Opening"
    _order = "opening_id, id"
    _rec_name = "user_id"
    _check_company_auto = True

    opening_id = fields.Many2one(
        "distribution.branch.opening", required=True, index=True, ondelete="cascade"
    )
    template_id = fields.Many2one(related="opening_id.template_id")
    company_id = fields.Many2one(
        related="opening_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    job_id = fields.Many2one(
        "distribution.template.job",
        required=True,
        ondelete="restrict",
        domain="[('template_id', '=', template_id)]",
        help="A job of the template. It gives the person a role.",
    )
    group_id = fields.Many2one(related="job_id.group_id", string="Role")

    _user_unique = models.Constraint(
        "UNIQUE (opening_id, user_id)", "A person can have one job in a branch."
    )

    @api.constrains("job_id", "opening_id")
    def _check_job(self):
        for person in self:
            template = person.opening_id.template_id
            if person.job_id.template_id != template:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot get the job %(job)s in %(branch)s: template "
                        "%(template)s has no such job. It has: %(jobs)s.",
                        person=person.user_id.name,
                        job=person.job_id.name,
                        branch=person.opening_id.name,
                        template=template.name,
                        jobs=", ".join(template.job_ids.mapped("name")) or "–",
                    )
                )

    @api.constrains("user_id")
    def _check_user(self):
        for person in self:
            person.opening_id._check_user(person.user_id)
