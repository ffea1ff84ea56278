from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, formatLang

from .detector import SERVICE_CLASSES, WEIGHTS, closeness, closeness_sql
from .distribution_exception_rule import SEVERITIES
from .wording import for_reader

SEES_ALL = ("distribution_base.group_auditor", "distribution_base.group_administrator")


class DistributionException(models.Model):
    """A condition on a record that somebody must act on while there is still time.

    One row for a rule and a record. Rules write it (`distribution_exception_rule_detect`),
    and its buttons (`distribution_exception_actions`); nobody else does.
    """

    _name = "distribution.exception"
    _description = "Exception"
    _inherit = ["distribution.guarded.mixin"]
    _order = "rank desc, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "distribution.exception.rule",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="What is wrong.",
    )
    res_model = fields.Char(string="Kind of Record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_ref = fields.Reference(
        selection="_selection_record",
        string="Record",
        compute="_compute_record_ref",
        help="The record that the exception is about.",
    )
    name = fields.Char(string="About", readonly=True, help="The record by its name.")
    detail = fields.Char(
        string="Cause as Found", readonly=True, help="As the rule wrote it."
    )
    detail_text = fields.Char(
        string="Cause Found",
        compute="_compute_detail_text",
        help="What the rule found to be the cause.",
    )
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", help="That of the company."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer or Vendor",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    severity = fields.Selection(SEVERITIES, readonly=True, help="How bad it is.")
    measure = fields.Float(
        readonly=True,
        aggregator="avg",
        help="In the unit of the rule, such as days late.",
    )
    measure_text = fields.Char(
        string="Measured", compute="_compute_measure_text", help="With its unit."
    )
    amount = fields.Monetary(
        string="Money at Risk",
        readonly=True,
        help="What is lost, or late, if nobody acts; in company currency.",
    )
    service_class = fields.Selection(
        SERVICE_CLASSES, readonly=True, help="Of the customer or vendor."
    )
    stake = fields.Float(
        readonly=True,
        help="Money at risk times the weight of the service class.",
    )
    too_late_at = fields.Datetime(
        string="Too Late",
        readonly=True,
        help="After this moment acting no longer helps, or helps less.",
    )
    expected_at = fields.Datetime(
        string="Now Expected", readonly=True, help="The new date, where one is known."
    )
    rank = fields.Float(
        compute="_compute_rank",
        search="_search_rank",
        help="Stake times closeness of the moment at which it is too late.",
    )
    rank_reason = fields.Char(
        string="Why Here", compute="_compute_rank", help="How the rank came about."
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        help="An exception closes when its condition is gone.",
    )
    opened_at = fields.Datetime(string="Since", readonly=True)
    reopened_count = fields.Integer(
        string="Opened Again", readonly=True, help="How often it came back."
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    close_hours = fields.Float(
        string="Hours Open",
        readonly=True,
        aggregator="avg",
        help="From opening to closing, by the clock.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        help="Who has to act.",
    )
    acknowledged_at = fields.Datetime(
        string="Taken On", readonly=True, help="When somebody said: I act on it."
    )
    due_at = fields.Datetime(
        string="Act By", readonly=True, help="When somebody should have acted."
    )
    is_overdue = fields.Boolean(
        string="Act-by Passed",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="Open, and the moment by which somebody should have acted has passed.",
    )
    snoozed_until = fields.Datetime(
        readonly=True, help="Out of the list until then; it comes back by itself."
    )
    snooze_reason = fields.Char(readonly=True)
    is_snoozed = fields.Boolean(
        string="Snoozed", compute="_compute_is_snoozed", search="_search_is_snoozed"
    )
    escalate_at = fields.Datetime(string="Escalates", readonly=True)
    escalated_at = fields.Datetime(string="Escalated On", readonly=True)
    escalation_user_id = fields.Many2one(
        "res.users", string="Escalated To", readonly=True, ondelete="set null"
    )
    cause = fields.Char(readonly=True, help="The cause, as somebody noted it.")
    action_taken = fields.Char(
        string="Done", readonly=True, help="What was done about it last."
    )
    resolve_label = fields.Char(related="rule_id.resolve_label")
    rule_note = fields.Text(related="rule_id.note", string="What To Do")
    event_ids = fields.One2many(
        "distribution.exception.event", "exception_id", string="History", readonly=True
    )

    _record_unique = models.UniqueIndex(
        "(rule_id, res_id)", "A rule has one exception for a record."
    )
    _open_idx = models.Index("(rule_id, res_id) WHERE state = 'open'")
    _record_idx = models.Index("(res_model, res_id) WHERE state = 'open'")
    _escalate_idx = models.Index(
        "(escalate_at) WHERE state = 'open' AND escalated_at IS NULL"
    )
    _closed_idx = models.Index("(closed_at) WHERE state = 'closed'")

    @api.model
    def _selection_record(self):
        # As superuser: only their names.
        kinds = self.env["ir.model"].sudo().search([("transient", "=", False)])
        return [(kind.model, kind.name) for kind in kinds]

    @api.depends("res_model", "res_id")
    def _compute_record_ref(self):
        for exception in self:
            known = exception.res_model in self.env and exception.res_id
            exception.record_ref = (
                f"{exception.res_model},{exception.res_id}" if known else False
            )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for exception in self:
            company = exception.company_id or self.env.company
            exception.currency_id = company.currency_id

    @api.depends("detail")
    @api.depends_context("lang")
    def _compute_detail_text(self):
        for exception in self:
            exception.detail_text = for_reader(self.env, exception.detail)

    @api.depends("measure", "rule_id")
    @api.depends_context("lang")
    def _compute_measure_text(self):
        for exception in self:
            measure, rule = exception.measure, exception.rule_id
            text = formatLang(self.env, measure, 0 if measure % 1 == 0 else 2)
            if rule.measure and rule.detector != "domain":
                text = self.env._(
                    "%(unit)s: %(number)s",  # reads well of one, too
                    unit=rule.measure,
                    number=text,
                )
            exception.measure_text = text

    @api.depends("stake", "too_late_at", "amount", "service_class")
    @api.depends_context("lang", "tz")
    def _compute_rank(self):
        now = fields.Datetime.now()
        for exception in self:
            near = closeness(exception.too_late_at, now)
            exception.rank = exception.stake * near
            exception.rank_reason = exception._rank_in_words(near, now)

    def _rank_in_words(self, near, now):
        """How the rank came about: the money, the class, the time left."""
        money = format_amount(self.env, self.amount, self.currency_id)
        parts = [self.env._("%s at risk", money)]
        if self.service_class and WEIGHTS[self.service_class] != 1:
            parts.append(
                self.env._(
                    "service class %(letter)s counts %(weight)s",
                    letter=self.service_class.upper(),
                    weight=WEIGHTS[self.service_class],
                )
            )
        parts.append(
            self.env._(
                "%(left)s counts %(near).2f", left=self._time_left(now), near=near
            )
        )
        return " × ".join(parts)

    def _time_left(self, now):
        """The time until it is too late, in words."""
        if not self.too_late_at:
            return self.env._("no deadline")
        hours = (self.too_late_at - now).total_seconds() / 3600
        if -1.5 < hours < 1.5:
            soon, late = self.env._("about an hour left"), self.env._("just too late")
            return soon if hours >= 0 else late
        if 0 <= hours < 48:
            return self.env._("%d hours left", round(hours))
        if hours >= 48:
            return self.env._("%d days left", round(hours / 24))
        if hours > -48:
            return self.env._("%d hours too late", round(-hours))
        return self.env._("%d days too late", round(-hours / 24))

    def _search_rank(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                f"%s {operator} %s",  # one of the four above  # pylint: disable=sql-injection
                model._rank_sql(alias, query),
                value,
            )
        )

    def _rank_sql(self, alias, query):
        """The rank at this moment, see `closeness`."""
        return SQL(
            "(%s * (%s))",
            self._field_to_sql(alias, "stake", query),
            closeness_sql(
                self._field_to_sql(alias, "too_late_at", query),
                SQL("%s::timestamp", fields.Datetime.now()),
            ),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """The currency is worked out, not stored; totals of money ask for it."""
        if field_expr != "currency_id":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "(SELECT c.currency_id FROM res_company c WHERE c.id = COALESCE(%s, %s))",
            super()._field_to_sql(alias, "company_id", query),
            self.env.company.id,
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """The rank depends on the time left, so it is worked out, not stored."""
        if field_name != "rank":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        return SQL("%s %s %s", self._rank_sql(alias, query), direction, nulls)

    @api.depends("state", "due_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for exception in self:
            passed = exception.due_at and exception.due_at < now
            exception.is_overdue = exception.state == "open" and bool(passed)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain(
            "due_at", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    @api.depends("snoozed_until")
    def _compute_is_snoozed(self):
        now = fields.Datetime.now()
        for exception in self:
            until = exception.snoozed_until
            exception.is_snoozed = bool(until and until > now)

    def _search_is_snoozed(self, operator, value):
        if operator != "in":
            return NotImplemented
        asleep = Domain("snoozed_until", ">", fields.Datetime.now())
        return asleep if True in value else ~asleep

    @api.depends("name", "rule_id.name")
    def _compute_display_name(self):
        for exception in self:
            exception.display_name = self.env._(
                "%(rule)s: %(record)s",
                rule=exception.rule_id.name,
                record=exception.name or "",
            )

    # Rights: those of the record belong to those of the exception.

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Search among exceptions whose record the user may read."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _readable_domain(self):
        """Exceptions about records that the user may read: a subquery for each kind."""
        found_in, by_role = self.env["distribution.exception.rule"]._found_in()
        readable = [Domain("rule_id", "in", by_role)]
        for name in sorted(found_in):
            if name in self.env and self.env[name].has_access("read"):
                readable.append(self._readable_of(name))
        return Domain.OR(readable)

    @api.model
    def _readable_of(self, name):
        domain = Domain("res_model", "=", name)
        query = self.env[name]._search([], active_test=False)
        if not query.where_clause:  # no record rule, so nothing to ask of each record
            return domain
        return domain & Domain.custom(
            to_sql=lambda model, alias, outer: SQL(
                "%s IN %s",
                model._field_to_sql(alias, "res_id", outer),
                query.subselect(),
            )
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self or (result and result[0] == self):
            return result
        hidden = self._unreadable()
        if result:
            hidden |= result[0]
        return (hidden, self._hidden_error) if hidden else None

    def _unreadable(self):
        """Those whose record the user may not read."""
        _models, by_role = self.env["distribution.exception.rule"]._found_in()
        by_model = {}
        # As superuser: only to learn which records they are about.
        for exception in self.sudo():
            if exception.rule_id.id not in by_role:
                by_model.setdefault(exception.res_model, []).append(exception)
        hidden = self.browse()
        for name, exceptions in by_model.items():
            seen = set()
            if name in self.env and self.env[name].has_access("read"):
                ids = [exception.res_id for exception in exceptions]
                records = self.env[name].with_context(active_test=False)
                seen = set(records.search([("id", "in", ids)]).ids)
            hidden += self.browse(
                one.id for one in exceptions if one.res_id not in seen
            )
        return hidden

    @api.model
    def _hidden_error(self):
        return AccessError(
            self.env._(
                "This exception is about a record that you may not read, or that is gone."
            )
        )

    @api.model
    def _recheck(self, model, ids):
        """Have the rules look at these records again, right after the commit.

        Costs the transaction one statement at its end, whatever the number of records.

        :param str model: the model a detector finds records of
        """
        if model in self.env["distribution.exception.rule"]._watched():
            self.env["distribution.exception.recheck"]._ask(model, filter(None, ids))
