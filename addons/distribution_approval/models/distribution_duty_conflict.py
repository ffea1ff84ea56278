from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

READERS = (
    "distribution_base.group_auditor,"
    "distribution_base.group_finance_controller,"
    "distribution_base.group_administrator"
)


class DistributionDutyConflict(models.Model):
    """One pair of the matrix of segregated duties: what one person must not do both of.

    A pair of *actions* is enforced: `distribution.duty.log` refuses the second action on a
    document to whoever did the first on it. A pair of *roles* is reported: users who hold
    both are in `distribution.duty.breach`.
    """

    _name = "distribution.duty.conflict"
    _description = "Segregated Duties"
    _inherit = ["mail.thread"]
    _order = "kind, name, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    kind = fields.Selection(
        [("actions", "Actions"), ("roles", "Roles")],
        required=True,
        default="actions",
        tracking=True,
        help="Actions: nobody may do both on the same document. Roles: no user should "
        "hold both; who does is listed in the report of role conflicts.",
    )
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="Only active pairs are enforced and reported. What was done on a document "
        "before its pair became active was not recorded and is not held against anybody.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        tracking=True,
        help="The company of the documents or users the pair is about. Empty: every "
        "company, and documents of no company.",
    )
    risk = fields.Text(
        translate=True,
        help="What could go wrong if one person did both. Shown to whoever is refused.",
    )
    duty = fields.Selection(selection="_selection_duty", string="Action", tracking=True)
    other_duty = fields.Selection(
        selection="_selection_duty", string="Other Action", tracking=True
    )
    res_model = fields.Char(
        string="Document Model",
        tracking=True,
        help="Technical name of the kind of document the pair is about, such as "
        "purchase.order. Empty: every document.",
    )
    document_type = fields.Char(
        string="Document",
        compute="_compute_document_type",
        help="The kind of document the pair is about.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
    )
    other_group_id = fields.Many2one(
        "res.groups",
        string="Other Role",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
    )
    breach_count = fields.Integer(
        string="Users in Conflict",
        compute="_compute_breach_count",
        groups=READERS,
        help="Active internal users who hold both roles.",
    )

    _fields_of_kind = models.Constraint(
        """CHECK(
            (kind = 'actions' AND duty IS NOT NULL AND other_duty IS NOT NULL
                AND group_id IS NULL AND other_group_id IS NULL)
            OR (kind = 'roles' AND group_id IS NOT NULL AND other_group_id IS NOT NULL
                AND duty IS NULL AND other_duty IS NULL AND res_model IS NULL)
        )""",
        "A pair of segregated duties is either two actions or two roles, and both are "
        "needed.",
    )
    _two_sides = models.Constraint(
        "CHECK(duty IS DISTINCT FROM other_duty"
        " OR group_id IS DISTINCT FROM other_group_id)",
        "The two sides of a pair must differ.",
    )
    _actions_unique = models.UniqueIndex(
        """(
            LEAST(duty, other_duty), GREATEST(duty, other_duty),
            COALESCE(res_model, ''), COALESCE(company_id, 0)
        ) WHERE kind = 'actions'""",
        "These two actions are already a pair for the same documents and company. It may "
        "be archived: activate it instead.",
    )
    _roles_unique = models.UniqueIndex(
        """(
            LEAST(group_id, other_group_id), GREATEST(group_id, other_group_id),
            COALESCE(company_id, 0)
        ) WHERE kind = 'roles'""",
        "These two roles are already a pair for the same company. It may be archived: "
        "activate it instead.",
    )

    @api.model
    def _selection_duty(self):
        """The actions that can be kept apart; an addon that adds one extends this."""
        return [
            ("request", self.env._("Request")),
            ("approve", self.env._("Approve")),
            ("receive", self.env._("Receive")),
            ("bill", self.env._("Post the bill")),
            ("pay", self.env._("Pay")),
        ]

    @api.model
    def _get_duty_label(self, duty):
        return dict(self._selection_duty()).get(duty, duty)

    @api.depends("kind", "duty", "other_duty", "group_id", "other_group_id")
    def _compute_name(self):
        for conflict in self:
            if conflict.kind == "roles":
                sides = (conflict.group_id.name, conflict.other_group_id.name)
            else:
                sides = map(self._get_duty_label, (conflict.duty, conflict.other_duty))
            conflict.name = " – ".join(side or "…" for side in sides)

    @api.depends("kind", "res_model")
    def _compute_document_type(self):
        for conflict in self:
            if conflict.kind == "actions" and not conflict.res_model:
                conflict.document_type = self.env._("Every document")
            else:
                conflict.document_type = self._get_document_type(conflict.res_model)

    @api.model
    def _get_document_type(self, res_model):
        """The name of a kind of document, its technical name where its addon is gone."""
        return self.env["ir.model"]._get(res_model or False).name or res_model

    @api.depends("kind", "group_id", "other_group_id", "active", "company_id")
    def _compute_breach_count(self):
        counts = dict(
            self.env["distribution.duty.breach"]._read_group(
                [("conflict_id", "in", self.ids)], ["conflict_id"], ["__count"]
            )
        )
        for conflict in self:
            conflict.breach_count = counts.get(conflict._origin, 0)

    @api.onchange("kind")
    def _onchange_kind(self):
        """What the other kind needs is not shown any more, so it must not stay."""
        if self.kind == "roles":
            self.duty = self.other_duty = self.res_model = False
        else:
            self.group_id = self.other_group_id = False

    @api.constrains("res_model")
    def _check_res_model(self):
        for conflict in self.filtered("res_model"):
            model = self.env.get(conflict.res_model)
            if model is None or model._abstract or model._transient:
                raise ValidationError(
                    self.env._(
                        "There is no kind of document with the technical name "
                        "“%(model)s”. Correct it, or leave it empty for every document.",
                        model=conflict.res_model,
                    )
                )

    @api.constrains("group_id", "other_group_id")
    def _check_roles_are_separable(self):
        """A role that includes the other would put everybody who has it in conflict."""
        for conflict in self:
            # Which role includes which is no secret, and not everybody may read it.
            one, other = conflict.sudo().group_id, conflict.sudo().other_group_id
            if one in other.all_implied_ids or other in one.all_implied_ids:
                raise ValidationError(
                    self.env._(
                        "%(role)s and %(other)s cannot be kept apart, because one "
                        "includes the other. Choose roles that are given separately.",
                        role=one.name,
                        other=other.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        conflicts = super().create(vals_list)
        self.env.registry.clear_cache()  # _get_pairs
        return conflicts

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()  # _get_pairs
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()  # _get_pairs
        return result

    def action_view_breaches(self):
        """The users who hold both roles."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_approval.distribution_duty_breach_action"
        )
        return {**action, "domain": [("conflict_id", "in", self.ids)]}

    def action_view_refusals(self):
        """The attempts that were refused for one of the two actions."""
        self.ensure_one()
        domain = [("duty", "in", (self.duty, self.other_duty))]
        if self.res_model:
            domain += [("res_model", "=", self.res_model)]
        if self.company_id:
            domain += [("company_id", "=", self.company_id.id)]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_approval.distribution_duty_log_action"
        )
        return {
            **action,
            "domain": domain,
            "context": {"search_default_refused": True},
        }

    @api.model
    @tools.ormcache("duty", "res_model")
    def _get_pairs(self, duty, res_model):
        """Active pairs of actions with `duty` on documents of `res_model`.

        As (id of the pair, the other duty, id of the company or False) of each. Cached, so
        that a company without a matrix pays nothing for it.
        """
        # Pairs hold for those, too, who cannot read them; archived ones never do.
        conflicts = self.sudo().with_context(active_test=True)
        pairs = conflicts.search(
            [
                ("kind", "=", "actions"),
                "|",
                ("duty", "=", duty),
                ("other_duty", "=", duty),
                ("res_model", "in", (False, res_model)),
            ]
        )
        return tuple(
            (
                pair.id,
                pair.other_duty if pair.duty == duty else pair.duty,
                pair.company_id.id,
            )
            for pair in pairs
        )
