from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .formula import literal

CUSTOM = "domain"
SEVERITIES = [("0", "Notice"), ("1", "Low"), ("2", "High"), ("3", "Critical")]
# Who may read these depends on exceptions, so an exception about one would on itself.
OWN = {
    "distribution.exception",
    "distribution.exception.event",
    "distribution.exception.notice",
}
# What a change of which alters what clients may see, or which records are watched.
CACHED = {"active", "detector", "model_id", "role_ids"}


class DistributionExceptionRule(models.Model):
    """When a record is an exception, how bad it is, and who is to act.

    A rule takes its condition from a detector in code, or, without code, from a domain and
    formulas. How it finds is in `distribution_exception_rule_detect.py`, when in
    `distribution_exception_rule_sweep.py`.
    """

    _name = "distribution.exception.rule"
    _description = "Exception Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="What is wrong, in words.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Only records of this company. Empty: of all of them.",
    )
    detector = fields.Selection(
        selection="_selection_detector",
        string="Condition",
        required=True,
        default=CUSTOM,
        help="What is looked for. A rule of your own has a filter and formulas instead.",
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Records",
        compute="_compute_model_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('transient', '=', False), ('abstract', '=', False)]",
        help="The kind of records in which exceptions are found.",
    )
    model = fields.Char(related="model_id.model", string="Model", store=True)
    measure = fields.Char(
        compute="_compute_detector_words",
        help="What is measured of each record. The threshold is in this unit.",
    )
    resolve_label = fields.Char(
        string="One Click",
        compute="_compute_detector_words",
        help="What the button of its exceptions does.",
    )
    threshold = fields.Float(
        help="Less than this is no exception. In the unit of what is measured."
    )
    severity = fields.Selection(
        SEVERITIES, required=True, default="1", help="How bad it is, for filters."
    )
    assumed_amount = fields.Float(
        string="Money Assumed",
        help="Money at risk, in company currency, of records that name none.",
    )
    role_ids = fields.Many2many(
        "res.groups",
        "distribution_exception_rule_group_rel",
        "rule_id",
        "group_id",
        string="Roles",
        required=True,
        help="Who sees its exceptions. Auditors and administrators see all of them.",
    )
    owner = fields.Selection(
        selection="_selection_owner",
        required=True,
        default="nobody",
        help="Who has to act when one opens. Anybody of the roles may take it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Named Owner",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="The user who has to act.",
    )
    hours_to_act = fields.Float(
        string="Hours to Act",
        default=8.0,
        help="Opening hours from the opening of an exception until somebody should have "
        "acted.",
    )
    escalate_hours = fields.Float(
        string="Escalate After",
        help="Opening hours after that until the next level is told. 0: never.",
    )
    escalate_user_id = fields.Many2one(
        "res.users",
        string="Escalate To",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Who is told where there is nobody nearer.",
    )
    domain = fields.Char(
        string="Filter",
        default="[]",
        help="Only records that match. It is the whole condition of a rule of your own.",
    )
    note = fields.Text(string="What To Do", help="Shown with each exception.")
    state = fields.Selection(
        [("ok", "Works"), ("failed", "Failed")],
        default="ok",
        readonly=True,
        copy=False,
        help="A rule that failed keeps its exceptions as they were.",
    )
    failure = fields.Char(readonly=True, copy=False, help="Why it failed.")
    failed_at = fields.Datetime(string="Failed Since", readonly=True, copy=False)
    swept_at = fields.Datetime(
        string="Last Look",
        readonly=True,
        copy=False,
        help="When it last saw everything.",
    )
    seconds = fields.Float(
        readonly=True, copy=False, help="How long the last look took."
    )
    open_count = fields.Integer(
        string="Open", compute="_compute_open", help="Open exceptions that you may see."
    )
    open_amount = fields.Float(
        string="Money at Risk",
        compute="_compute_open",
        help="Of the open exceptions that you may see, in company currency.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours_to_act >= 0 AND escalate_hours >= 0 AND threshold >= 0"
        " AND assumed_amount >= 0)",
        "Hours, thresholds and money of a rule cannot be negative.",
    )

    @api.model
    def _detectors(self):
        """The registry: a list of `Detector`. Addons add theirs to that of super."""
        return []

    @api.model
    def _detectors_by_code(self):
        return {detector.code: detector for detector in self._detectors()}

    def _detector(self):
        """The detector of the rule; None of a rule without code."""
        return self._detectors_by_code().get(self.detector)

    @api.model
    def _selection_detector(self):
        choices = [(CUSTOM, self.env._("A filter and formulas"))]
        # A loop: words that are translated lazily take the language of the `self` beside.
        for found in self._detectors():
            choices.append((found.code, str(found.name)))  # noqa: PERF401
        return choices

    @api.model
    def _selection_owner(self):
        return [
            ("nobody", self.env._("Nobody, until somebody takes it")),
            ("responsible", self.env._("Who is responsible on the document")),
            ("user", self.env._("A named user")),
        ]

    @api.depends("detector")
    def _compute_model_id(self):
        known = self._detectors_by_code()
        for rule in self:
            if rule.detector in known:
                model = known[rule.detector].model
                rule.model_id = self.env["ir.model"]._get_id(model)

    @api.depends("detector")
    @api.depends_context("lang")
    def _compute_detector_words(self):
        known = self._detectors_by_code()
        for rule in self:
            detector = known.get(rule.detector)
            rule.measure = (
                str(detector.measure) if detector else self.env._("(formula)")
            )
            label = str(detector.resolve_label) if detector else False
            rule.resolve_label = label or self.env._("Open it")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open(self):
        groups = self.env["distribution.exception"]._read_group(
            [("rule_id", "in", self.ids), ("state", "=", "open")],
            ["rule_id"],
            ["__count", "amount:sum"],
        )
        found = {rule: (count, amount) for rule, count, amount in groups}
        for rule in self:
            rule.open_count, rule.open_amount = found.get(rule, (0, 0.0))

    @api.constrains("owner", "user_id")
    def _check_owner(self):
        for rule in self:
            if rule.owner == "user" and not rule.user_id:
                raise ValidationError(
                    self.env._("Rule %s says a named user: name one.", rule.name)
                )

    @api.constrains("detector", "model_id", "role_ids")
    def _check_records(self):
        for rule in self:
            if not rule.model_id:
                raise ValidationError(
                    self.env._("Say in which records rule %s looks.", rule.name)
                )
            if not rule._is_findable():
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s cannot look in %(kind)s: these are no records, not "
                        "those of its condition, or follow from exceptions themselves.",
                        rule=rule.name,
                        kind=rule.model_id.name,
                    )
                )
            if not rule.role_ids:
                raise ValidationError(
                    self.env._("Say which roles see what rule %s finds.", rule.name)
                )

    def _is_findable(self):
        """Whether the records are in a table, and are read without reading exceptions.

        Those of a detector are its own: whoever may read them sees what it finds.
        """
        model, detector = self.env.get(self.model), self._detector()
        if detector and detector.model != self.model:
            return False
        if model is None or model._abstract or model._transient:
            return False
        return self.model not in OWN and model._table_query is None

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for rule in self.filtered("model_id"):
            try:
                rule._filter_query()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The filter of rule %(rule)s cannot be used: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if CACHED & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        found = self.env[
            "distribution.exception"
        ].sudo()  # also those of other branches
        if found.search_count([("rule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "These rules have found exceptions, whose history is kept. Archive "
                    "them instead."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for rule, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", rule.name)
        return vals_list

    def _filter_query(self):
        """The records that match the filter, as a query; None without a filter.

        :raise Exception: whatever makes a filter unusable
        """
        self.ensure_one()
        model = self.env[self.model]
        domain = self._parsed_filter()
        domain.validate(model)
        if domain.is_true():
            return None
        # As superuser: a rule finds what there is, and its readers see what they may.
        return model.sudo()._search(domain, active_test=False)

    def _parsed_filter(self):
        return Domain(literal(self.domain or "[]", self._filter_names()))

    @api.model
    def _filter_names(self):
        """What a filter may name beside literals."""
        today = fields.Date.context_today(self)
        return {
            "uid": self.env.uid,
            "today": fields.Date.to_string(today),
            "now": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    @tools.ormcache()
    def _watched(self):
        """The models in which an active rule looks."""
        # As superuser: rules are looked up for whoever changes a document, who is told
        # nothing of them.
        groups = self.sudo()._read_group([], ["model"])
        return frozenset(model for (model,) in groups)

    @api.model
    @tools.ormcache()
    def _found_in(self):
        """What readers must be allowed to read: ({model}, ids of rules seen by role)."""
        by_role = [one.code for one in self._detectors() if one.by_role]
        # As superuser, and archived rules too: their exceptions are still read.
        rules = self.sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all
        told = rules.filtered(lambda rule: rule.detector in by_role)
        return frozenset((rules - told).mapped("model")), tuple(told.ids)

    def action_view_exceptions(self):
        """Open the exceptions of the rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_exception.distribution_exception_action_all"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        action["context"] = {"search_default_open": True}
        return action
