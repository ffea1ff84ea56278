from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .compiled import Policy

# What a policy that decides may still change: nothing that changes a decision.
OPEN_FIELDS = frozenset({"name", "description"})


class DistributionApprovalPolicy(models.Model):
    """Which documents need approval, and from whom. One record is one version.

    A policy is made as a draft. Once active it does not change any more: *New Version*
    copies it to a draft, and activating that one retires this one. A request keeps the
    version it started with.
    """

    _name = "distribution.approval.policy"
    _description = "Approval Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, name, version desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(
        translate=True, help="What the policy is for, in words for those it concerns."
    )
    sequence = fields.Integer(
        string="Priority",
        default=10,
        help="A document follows the first policy that fits it, lowest number first. Give "
        "exceptions a lower number than the policy they are an exception of.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    document_model = fields.Selection(
        selection="_selection_document_model",
        string="Document",
        required=True,
        tracking=True,
        help="What the policy governs.",
    )
    domain = fields.Char(
        string="Applies To",
        default="[]",
        required=True,
        help="Only documents that fit this filter. Empty: every one.",
    )
    date_from = fields.Date(
        string="From", tracking=True, help="First day the policy holds. Empty: at once."
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day the policy holds. Empty: no end."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    origin_id = fields.Many2one(
        "distribution.approval.policy",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rule_ids = fields.One2many(
        "distribution.approval.rule", "policy_id", string="Rules", copy=True
    )
    request_count = fields.Integer(
        compute="_compute_request_count",
        help="Requests that were made under this version.",
    )
    activated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    activated_date = fields.Datetime(readonly=True, copy=False)

    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The last day of a policy must not be before its first day.",
    )
    _one_active_version = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'active'",
        "One version of a policy can be active at a time.",
    )

    @api.model
    def _selection_document_model(self):
        """The kinds of document: every model that has the gate."""
        kinds = [
            (name, self.env[name]._approval_kind_name())
            for name in self._gated_models()
        ]
        return sorted(kinds, key=lambda kind: kind[1])

    @tools.ormcache()
    def _gated_models(self):
        return tuple(
            name
            for name, model in self.env.registry.items()
            if getattr(model, "_approval_gate", False) and not model._abstract
        )

    @api.depends("name", "version", "state")
    def _compute_display_name(self):
        for policy in self:
            name = policy.name or self.env._("New policy")
            policy.display_name = (
                f"{name} (v{policy.version})" if policy.version > 1 else name
            )

    def _compute_request_count(self):
        groups = self.env["distribution.approval.request"]._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
        )
        counts = {policy.id: count for policy, count in groups}
        for policy in self:
            policy.request_count = counts.get(policy.id, 0)

    @api.constrains("domain", "document_model")
    def _check_domain(self):
        for policy in self:
            try:
                Domain(policy._parsed_domain()).validate(
                    self.env[policy.document_model]
                )
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The filter of policy %(name)s cannot be used: %(error)s",
                        name=policy.name,
                        error=error,
                    )
                ) from error

    def _parsed_domain(self):
        """The filter as a list. Literals only: no code is run."""
        return list(literal_eval(self.domain or "[]"))

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        decided = self.filtered(lambda policy: policy.state != "draft")
        if decided:
            raise UserError(
                self.env._(
                    "%(names)s was in force and stays as it was. Retire it instead.",
                    names=", ".join(decided.mapped("display_name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        # A policy comes into force through its button alone, where it is checked.
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("A new policy is a draft. Activate it."))
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        self.check_access("write")
        if "state" in vals or "version" in vals or "origin_id" in vals:
            raise UserError(
                self.env._("Use the buttons to activate or retire a policy.")
            )
        if not vals.keys() <= OPEN_FIELDS:
            self._ensure_draft()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def _ensure_draft(self):
        """Refuse to change what is or was in force."""
        fixed = self.filtered(lambda policy: policy.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%(names)s is in force or was: requests rely on it. Make a new "
                    "version and change that.",
                    names=", ".join(fixed.mapped("display_name")),
                )
            )

    def _set_state(self, **values):
        """Change what `write` refuses to change."""
        result = super().write(values)
        self.env.registry.clear_cache()
        return result

    def action_activate(self):
        """Put draft policies in force; the version before is retired.

        :raise ValidationError: where nobody could decide, bands have holes, and so on
        """
        self.check_access("write")
        self._ensure_draft()
        for policy in self:
            problems = policy._activation_problems()
            if problems:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be activated:\n%(problems)s",
                        name=policy.display_name,
                        problems="\n".join(f"- {problem}" for problem in problems),
                    )
                )
        self._other_versions().filtered(lambda p: p.state == "active").action_retire()
        # The index of one active version must not meet both.
        self.flush_model()
        self._set_state(
            state="active",
            activated_by_id=self.env.uid,
            activated_date=fields.Datetime.now(),
        )
        return True

    def _activation_problems(self):
        """Sentences that say why the policy cannot be put in force; [] where it can."""
        self.ensure_one()
        if not self.rule_ids:
            return [self.env._("It has no rule.")]
        return [problem for rule in self.rule_ids for problem in rule._problems()]

    def _other_versions(self):
        """The other versions of these policies."""
        origins = self.mapped(lambda policy: policy.origin_id or policy)
        return (
            self.search(
                ["|", ("id", "in", origins.ids), ("origin_id", "in", origins.ids)]
            )
            - self
        )

    def action_retire(self):
        """Take active policies out of force. What was asked under them goes on."""
        self.check_access("write")
        if any(policy.state != "active" for policy in self):
            raise UserError(self.env._("Only an active policy can be retired."))
        self._set_state(state="retired")
        return True

    def action_new_version(self):
        """Copy the policy to a draft that will replace it; returns its form."""
        self.ensure_one()
        self.check_access("write")
        origin = self.origin_id or self
        draft = self._other_versions().filtered(lambda p: p.state == "draft")[:1]
        if not draft and self.state != "draft":
            versions = self | self._other_versions()
            draft = self.copy({"name": self.name})
            draft._set_state(
                origin_id=origin.id, version=max(versions.mapped("version")) + 1
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": (draft or self).id,
            "views": [(False, "form")],
        }

    def action_simulate(self):
        """What the policy would have asked for lately. Changes nothing."""
        self.ensure_one()
        simulation = self.env["distribution.approval.simulation"]
        return simulation.create({"policy_id": self.id})._action_open()

    def action_view_requests(self):
        """The requests made under this version."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_approval.distribution_approval_request_action"
        )
        action["domain"] = [("policy_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _conditions(self):
        """What documents must have, as {dimension: ids}. Extended by glue."""
        return {}

    def _compile(self):
        """These policies as plain values, in order of priority."""
        return tuple(
            Policy(
                id=policy.id,
                domain=tuple(policy._parsed_domain()),
                rules=tuple(rule._compile() for rule in policy.rule_ids),
                date_from=policy.date_from or None,
                date_to=policy.date_to or None,
                conditions=_frozen(policy._conditions()),
            )
            for policy in self.sorted(lambda policy: (policy.sequence, policy.id))
        )


def _frozen(conditions):
    return tuple(
        (name, frozenset(ids)) for name, ids in sorted(conditions.items()) if ids
    )
