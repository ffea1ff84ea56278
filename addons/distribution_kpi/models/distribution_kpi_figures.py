from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_decimalized_number

STATUSES = [
    ("good", "On target"),
    ("near", "Near"),
    ("bad", "Off target"),
    ("none", "No target"),
]
# The days that the list of KPIs shows: these many, up to yesterday.
DAYS_SHOWN = 30


class DistributionKpi(models.Model):
    """Figures of a period, from snapshots alone."""

    _inherit = "distribution.kpi"

    value = fields.Float(
        string="Figure as a Number",
        compute="_compute_figure",
        digits=(16, 2),
        help="Of the last 30 days, or at the end of the last day that was measured.",
    )
    shown_value = fields.Char(
        string="Figure",
        compute="_compute_figure",
        help="Of the last 30 days, or at the end of the last day that was measured, of the "
        "branches that you may see. Empty where nothing was measured.",
    )
    shown_target = fields.Char(
        string="Target",
        compute="_compute_figure",
        help="That of the company today; for who sees one branch only, that of the branch.",
    )
    shown_previous = fields.Char(
        string="Before",
        compute="_compute_figure",
        help="The same figure for the 30 days before.",
    )
    status = fields.Selection(
        STATUSES, compute="_compute_figure", help="The figure beside its target."
    )

    @api.depends("code")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_figure(self):
        figures = self._figures(self.mapped("code"), *self._current_days())
        for kpi in self:
            figure = figures[kpi.code]
            kpi.value = figure["value"] or 0.0
            kpi.shown_value = kpi._shown(figure["value"])
            kpi.shown_target = kpi._shown(figure["target"])
            kpi.shown_previous = kpi._shown(figure["previous"])
            kpi.status = figure["status"]

    @api.model
    def _current_days(self):
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        return yesterday - timedelta(days=DAYS_SHOWN - 1), yesterday

    def _shown(self, value):
        """A figure with its unit, as people read it."""
        if value is None:
            return False
        currency = self.env.company.currency_id
        if self.unit == "money":
            if abs(value) < 100000:
                return format_amount(self.env, value, currency)
            short = format_decimalized_number(value, 1)
            return f"{currency.symbol} {short}"
        number = self.env["ir.qweb.field.float"].value_to_html(
            value, {"precision": 0 if self.unit == "count" else 1}
        )
        units = {
            "percent": self.env._("%(number)s %%", number=number),
            "days": self.env._("%(number)s days", number=number),
            "hours": self.env._("%(number)s h", number=number),
            "per_hour": self.env._("%(number)s per hour", number=number),
        }
        return units.get(self.unit, number)

    # Figures for boards and reviews.

    @api.model
    def _figures(self, codes, day_from, day_to, branches=None):
        """What KPIs were in a period, of the branches that the user may see.

        :param codes: of KPIs; one that does not exist is left out
        :param day_from, day_to: days, included
        :param branches: only of these; a figure of one branch has the target of it
        :return: dictionary by code of `value`, `numerator`, `denominator`, `target`,
            `status` (`good`, `near`, `bad`, `none`), `trend` (list of `[day, value]`),
            `previous` (the value of as many days before), `unit`, `direction`, `name`,
            `formula`, `state` and `failure`. None where nothing was measured.
        """
        kpis, figures = self._collect(codes, day_from, day_to, branches)
        branch = self._only_branch(branches)
        return {kpi.code: figures(kpi, branch) for kpi in kpis}

    @api.model
    def _figures_by_branch(self, codes, day_from, day_to, branches=None):
        """As `_figures`, by branch: {code: {branch id or False: figure}}.

        A branch without anything measured in the period is left out.
        """
        kpis, figures = self._collect(codes, day_from, day_to, branches, by_branch=True)
        return {
            kpi.code: {
                branch: figures(kpi, branch, (branch,))
                for branch in figures.branches(kpi)
            }
            for kpi in kpis
        }

    @api.model
    def _collect(self, codes, day_from, day_to, branches, by_branch=False):
        """(KPIs, a function that gives their figures): in four queries."""
        self.check_access("read")
        day_from, day_to = map(fields.Date.to_date, (day_from, day_to))
        kpis = self.with_context(active_test=False).search(
            [("code", "in", list(codes))]
        )
        figures = _Figures(kpis, day_from, day_to)
        figures.rows = kpis._snapshot_rows(figures.before, day_to, branches, by_branch)
        figures.days = kpis._measured_days(figures.before, day_to)
        # What is judged today is judged by the target of today.
        today = fields.Date.context_today(self)
        judged = today if day_to == today - timedelta(days=1) else day_to
        figures.targets = self.env["distribution.kpi.target"]._in_force(kpis, judged)
        return kpis, figures

    @api.model
    def _only_branch(self, branches):
        """The id of the branch, where the figures are of one branch only."""
        user = self.env.user
        if branches is None and user.branch_restricted:
            branches = user.allowed_branch_ids
        return branches.id if branches is not None and len(branches) == 1 else False

    def _snapshot_rows(self, day_from, day_to, branches, by_branch):
        """{kpi id: {branch id: {day: (numerator, denominator)}}} that the user may see.

        Branches are added up under False unless `by_branch`.
        """
        domain = [
            ("kpi_id", "in", self.ids),
            ("dimension", "=", "branch"),
            ("day", ">=", day_from),
            ("day", "<=", day_to),
            ("company_id", "in", self.env.companies.ids),
        ]
        if branches is not None:
            domain.append(("branch_id", "in", branches.ids))
        Snapshot = self.env["distribution.kpi.snapshot"]
        query = Snapshot._search(domain)
        column = {
            name: Snapshot._field_to_sql(Snapshot._table, name, query)
            for name in ("kpi_id", "branch_id", "day", "numerator", "denominator")
        }
        branch = column["branch_id"] if by_branch else SQL("NULL::integer")
        query.groupby = SQL("1, 2, 3")
        found = defaultdict(lambda: defaultdict(dict))
        for kpi, branch_id, day, numerator, denominator in self.env.execute_query(
            query.select(
                column["kpi_id"],
                branch,
                column["day"],
                SQL("SUM(%s)", column["numerator"]),
                SQL("SUM(%s)", column["denominator"]),
            )
        ):
            amounts = (
                float(numerator),
                None if denominator is None else float(denominator),
            )
            found[kpi][branch_id or False][day] = amounts
        return found

    def _measured_days(self, day_from, day_to):
        """{kpi id: days that were measured}, in the companies of the user."""
        found = defaultdict(list)
        for kpi, day in self.env["distribution.kpi.run"]._read_group(
            [
                ("kpi_id", "in", self.ids),
                ("is_current", "=", True),
                ("day", ">=", day_from),
                ("day", "<=", day_to),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["kpi_id", "day:day"],
        ):
            found[kpi.id].append(day)
        return found

    def _status(self, value, target):
        """Whether a value is good, near or bad beside a target."""
        if value is None or target is None:
            return "none"
        missed = target - value if self.direction == "up" else value - target
        if missed <= 0:
            return "good"
        return "near" if missed <= abs(target) * self.near_percent / 100 else "bad"


class _Figures:
    """The figures of some KPIs in a period, worked out from what was read of them."""

    def __init__(self, kpis, day_from, day_to):
        self.known = kpis.env["distribution.kpi.facts"]._kpi_by_code()
        self.day_from, self.day_to = day_from, day_to
        self.before = day_from - (day_to - day_from) - timedelta(days=1)
        self.rows = self.days = self.targets = None

    def branches(self, kpi):
        """The branches that have anything in the period itself."""
        return [
            branch
            for branch, days in self.rows[kpi.id].items()
            if any(day >= self.day_from for day in days)
        ]

    def __call__(self, kpi, branch=False, only=(False,)):
        rows = self.rows[kpi.id][only[0]]
        days = sorted(self.days[kpi.id])
        now = [day for day in days if day >= self.day_from]
        value, numerator, denominator = self._value(kpi, rows, now)
        target = self.targets.get((kpi.id, branch)) or self.targets.get((kpi.id, False))
        target = target.value if target else None
        trend = [[day, self._value(kpi, rows, [day])[0]] for day in now]
        return {
            "name": kpi.name,
            "formula": kpi.formula,
            "unit": kpi.unit,
            "direction": kpi.direction,
            "state": kpi.state,
            "failure": kpi.failure or None,
            "value": value,
            "numerator": numerator,
            "denominator": denominator,
            "target": target,
            "status": kpi._status(value, target),
            "trend": [[day, point] for day, point in trend if point is not None],
            "previous": self._value(kpi, rows, [d for d in days if d < self.day_from])[
                0
            ],
        }

    def _value(self, kpi, rows, days):
        """(value, numerator, denominator) of days that were measured."""
        definition = self.known.get(kpi.code)
        if not days or not definition:
            return None, None, None
        if kpi.kind == "state":
            days = days[-1:]
        found = [rows[day] for day in days if day in rows]
        if not found:
            return (0.0, 0.0, None) if definition.is_sum else (None, None, None)
        numerator = sum(amount for amount, _ in found)
        parts = [part for _, part in found if part is not None]
        if not parts:
            return definition.scale * numerator, numerator, None
        denominator = sum(parts)
        value = definition.scale * numerator / denominator if denominator else None
        return value, numerator, denominator
