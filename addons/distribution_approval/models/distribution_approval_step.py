from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionApprovalStep(models.Model):
    """Who decides in a band, how many of them, and by when."""

    _name = "distribution.approval.step"
    _description = "Approval Step"
    _order = "band_id, stage, id"
    _check_company_auto = True

    band_id = fields.Many2one(
        "distribution.approval.band", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="band_id.company_id", store=True)
    stage = fields.Integer(
        string="Order",
        default=1,
        required=True,
        help="Steps with the same number are asked at the same time. The next number is "
        "asked once all of them have approved.",
    )
    authority = fields.Selection(
        selection="_selection_authority",
        string="Who Decides",
        required=True,
        default="group",
    )
    user_id = fields.Many2one(
        "res.users",
        string="User",
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    group_id = fields.Many2one("res.groups", string="Group", ondelete="restrict")
    quorum = fields.Selection(
        [("any", "Any of them"), ("all", "All of them")],
        required=True,
        default="any",
    )
    minimum = fields.Integer(
        string="At Least",
        default=1,
        required=True,
        help="How many different people must approve where any of them may.",
    )
    hours = fields.Float(
        string="Time Limit",
        default=8.0,
        help="Working hours, after which the next authority is asked as well. Nothing is "
        "ever approved by waiting. 0: no limit.",
    )
    escalation = fields.Selection(
        selection="_selection_escalation",
        default="administrators",
        required=True,
        help="Who is asked when the time limit has passed. After it has passed once more, "
        "the administrators are.",
    )
    escalation_user_id = fields.Many2one(
        "res.users", ondelete="restrict", domain="[('share', '=', False)]"
    )
    escalation_group_id = fields.Many2one("res.groups", ondelete="restrict")

    _minimum_positive = models.Constraint(
        "CHECK (minimum >= 1)", "At least one decision is needed in a step."
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "The time limit of a step cannot be negative."
    )

    @api.model
    def _selection_authority(self):
        """Kinds of authority. Extended by glue with roles of the document's branch."""
        return [
            ("group", self.env._("Members of a group")),
            ("user", self.env._("A named user")),
        ]

    @api.model
    def _selection_escalation(self):
        """Whom to ask when time is up."""
        return [
            ("administrators", self.env._("Administrators")),
            *self._selection_authority(),
        ]

    @api.depends("authority", "user_id", "group_id", "quorum", "minimum")
    def _compute_display_name(self):
        for step in self:
            who = step._authority_label(step.authority, step.user_id, step.group_id)
            if step.quorum == "all":
                who = self.env._("all of %(who)s", who=who)
            elif step.minimum > 1:
                who = self.env._("%(count)s of %(who)s", count=step.minimum, who=who)
            step.display_name = who

    @api.model
    def _authority_label(self, authority, user, group):
        """The authority as people call it."""
        if authority == "user":
            return user.name or ""
        if authority == "group":
            return group.name or ""
        return dict(self._selection_escalation()).get(authority, authority)

    @api.constrains("authority", "user_id", "group_id", "escalation")
    def _check_authority(self):
        for step in self:
            for kind, user, group in step._authorities():
                if (kind == "user" and not user) or (kind == "group" and not group):
                    raise ValidationError(
                        self.env._(
                            "Say which user or group decides in the band %(band)s of "
                            "%(rule)s.",
                            band=step.band_id.display_name,
                            rule=step.band_id.rule_id.name,
                        )
                    )

    def _authorities(self):
        """Who decides, then who is asked when time is up: (kind, user, group)."""
        self.ensure_one()
        return [
            (self.authority, self.user_id, self.group_id),
            (self.escalation, self.escalation_user_id, self.escalation_group_id),
        ]

    def _problems(self):
        """Sentences that say why nobody can decide in this step; [] where somebody can."""
        self.ensure_one()
        users = self._candidates(self.authority, self.user_id, self.group_id)
        place = {
            "rule": self.band_id.rule_id.name,
            "band": self.band_id.display_name,
            "who": self.display_name,
        }
        if self.authority == "user" and self.user_id and not self.user_id.active:
            return [
                self.env._(
                    "%(rule)s, %(band)s: %(who)s is archived and cannot decide.",
                    **place,
                )
            ]
        if not users:
            return [
                self.env._("%(rule)s, %(band)s: nobody is %(who)s.", **place),
            ]
        if self.quorum == "any" and len(users) < self.minimum:
            return [
                self.env._(
                    "%(rule)s, %(band)s: %(minimum)s must decide, but only %(names)s can.",
                    minimum=self.minimum,
                    names=", ".join(users.mapped("name")),
                    **place,
                )
            ]
        return []

    def _candidates(self, authority, user, group, request=None):
        """The users who hold an authority; of a request, where it depends on the branch.

        Active internal users of the company; extended by glue with the branch's roles.
        """
        if authority == "user":
            users = user
        elif authority == "group":
            users = group.sudo().all_user_ids  # members of groups are no secret here
        else:
            users = self.env["distribution.approval.task"]._administrators()
        return self._able(users, self.company_id)

    @api.model
    def _able(self, users, company):
        """Those of `users` who can decide in `company`: active, internal, members of it.

        OdooBot never decides, and an auditor changes nothing.
        """
        return users.sudo().filtered(  # whoever asks need not see the other users
            lambda user: user.active
            and not user.share
            and company in user.company_ids
            and user.id != api.SUPERUSER_ID
            and not user.has_group("distribution_base.group_auditor")
        )

    def _key(self):
        """What makes two steps of one request the same question."""
        return (
            self.stage,
            self.authority,
            self.user_id.id,
            self.group_id.id,
            self.quorum,
            self.escalation,
            self.escalation_user_id.id,
            self.escalation_group_id.id,
        )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.band_id.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        self.band_id.rule_id.policy_id._ensure_draft()
        result = super().write(vals)
        self.band_id.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.band_id.rule_id.policy_id._ensure_draft()
        self.env.registry.clear_cache()
