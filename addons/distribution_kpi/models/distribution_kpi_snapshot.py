from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .kpi import DIMENSIONS

# By what days are grouped, and how long that is.
LENGTHS = {
    "day": "1 day",
    "week": "1 week",
    "month": "1 month",
    "quarter": "3 months",
    "year": "1 year",
}
BY_COLUMN = {column: dimension for dimension, column in DIMENSIONS.items()}


class DistributionKpiSnapshot(models.Model):
    """What a KPI was on a day: by branch, and by branch with each other dimension.

    Evidence, added by the query that measures. The rows of one dimension add up to the
    same as those of another, so only one of them is ever added: unless a domain says which,
    it is the one that is grouped or searched by, else the branch. Figures that a
    restatement replaced are left out unless a domain asks for them or for their run.
    """

    _name = "distribution.kpi.snapshot"
    _description = "Daily Figure of a KPI"
    _inherit = ["distribution.evidence.mixin", "distribution.kpi.ratio.mixin"]
    _order = "day desc, kpi_id, company_id, branch_id, id"
    _log_access = False
    _check_company_auto = True

    run_id = fields.Many2one(
        "distribution.kpi.run", required=True, readonly=True, ondelete="restrict"
    )
    is_current = fields.Boolean(related="run_id.is_current", string="Counts")
    kpi_id = fields.Many2one(required=True, ondelete="restrict")
    version_id = fields.Many2one(
        "distribution.kpi.version", required=True, readonly=True, ondelete="restrict"
    )
    theme = fields.Selection(related="kpi_id.theme")
    unit = fields.Selection(related="kpi_id.unit")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        readonly=True,
        ondelete="restrict",
        help="None for what belongs to no branch.",
    )
    region_id = fields.Many2one(
        "distribution.region",
        readonly=True,
        ondelete="restrict",
        help="The region of the branch when it was measured.",
    )
    day = fields.Date(required=True)
    dimension = fields.Selection(
        [
            ("branch", "Branch"),
            ("category", "Product category"),
            ("segment", "Customer segment"),
            ("channel", "Sales channel"),
        ],
        string="Split By",
        required=True,
        readonly=True,
        help="The rows of each of them add up to the whole.",
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        readonly=True,
        ondelete="restrict",
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        string="Customer Segment",
        readonly=True,
        ondelete="restrict",
        help="The industry of the customer.",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Channel", readonly=True, ondelete="restrict"
    )

    _once = models.UniqueIndex(
        "(run_id, dimension, COALESCE(branch_id, 0), COALESCE(category_id, 0), "
        "COALESCE(industry_id, 0), COALESCE(team_id, 0))"
    )
    _figures_idx = models.Index("(kpi_id, dimension, day)")

    @api.depends("kpi_id", "branch_id", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            names = (
                row.kpi_id.name,
                row.branch_id.name,
                format_date(self.env, row.day),
            )
            row.display_name = ", ".join(filter(None, names))

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(self._of_one_dimension(domain), *args, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), *args, **kwargs):
        model = self._for_days(domain, groupby)
        domain = self._of_one_dimension(domain, groupby)
        return super(DistributionKpiSnapshot, model)._read_group(
            domain, groupby, *args, **kwargs
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """As `_read_group` for each; those with days of another length are read apart."""
        specs = [spec for groupby in grouping_sets for spec in groupby]
        narrowed = self._of_one_dimension(domain, specs)
        lengths = [_length_of_days(groupby) for groupby in grouping_sets]
        result = [[] for _ in grouping_sets]
        for length in set(lengths):
            places = [place for place, other in enumerate(lengths) if other == length]
            sets = [grouping_sets[place] for place in places]
            model = self._for_days(domain, sets[0])
            found = super(DistributionKpiSnapshot, model)._read_grouping_sets(
                narrowed, sets, aggregates, _order_of(order, sets, aggregates)
            )
            for place, groups in zip(places, found, strict=True):
                result[place] = groups
        return result

    @api.model
    def _for_days(self, domain, groupby):
        """Self, knowing the last day that groups can be of: see `_last_day_of_group`."""
        conditions = Domain(domain).optimize(self).iter_conditions()
        ends = [day for condition in conditions for day in _last_days_of(condition)]
        last = max(ends, default=None)
        days = (last and fields.Date.to_string(last), _length_of_days(groupby))
        return self.with_context(kpi_days=days)

    def _last_day_of_group(self, column, query):
        """The last day that was measured, also if nothing was found on it."""
        last, length = self.env.context.get("kpi_days") or (None, None)
        until = [SQL("run.day <= %s::date", last)] if last else []
        if length:
            # When its period begins: a week, for one, by the language of the user.
            begin = self._read_group_groupby(self._table, f"day:{length}", query)
            until.append(
                SQL("run.day < MAX(%s) + %s::interval", begin, LENGTHS[length])
            )
        return SQL(
            """SELECT MAX(run.day) FROM distribution_kpi_run run
                WHERE run.is_current AND run.kpi_id = MIN(%(kpi)s)
                  AND run.company_id = ANY(ARRAY_AGG(%(company)s)) AND %(until)s""",
            kpi=column["kpi_id"],
            company=SQL.identifier(self._table, "company_id"),
            until=SQL(" AND ").join(until) if until else SQL("TRUE"),
        )

    @api.model
    def _of_one_dimension(self, domain, groupby=()):
        """`domain` narrowed to rows that may be added up."""
        domain = Domain(domain)
        mentioned = {
            condition.field_expr.partition(".")[0]
            for condition in domain.iter_conditions()
        }
        if mentioned & {"id", "run_id", "is_current"}:
            current = Domain.TRUE
        else:
            current = Domain("is_current", "=", True)
        if mentioned & {"id", "dimension"}:
            return domain & current
        groups = {spec.partition(":")[0].partition(".")[0] for spec in groupby}
        names = mentioned | groups
        wanted = [dimension for name, dimension in BY_COLUMN.items() if name in names]
        if len(wanted) > 1 or "dimension" in groups:
            raise UserError(
                self.env._(
                    "Figures are kept by branch with one of product category, customer "
                    "segment and sales channel, not with several of them together. Open "
                    "the records behind a figure to group them as you like."
                )
            )
        dimension = wanted[0] if wanted else "branch"
        return domain & current & Domain("dimension", "=", dimension)

    def action_open_items(self):
        """The records behind the figure."""
        self.ensure_one()
        column = DIMENSIONS.get(self.dimension)
        domain = [("branch_id", "=", self.branch_id.id)]
        if column:
            domain.append((column, "=", self[column].id))
        domain.append(("company_id", "=", self.company_id.id))
        action = self.kpi_id.action_open_items(self.day, self.day, domain=domain)
        action["context"]["kpi_version"] = self.version_id.id
        return action


def _length_of_days(groupby):
    """The shortest length by which `groupby` groups the day; None if it does not."""
    lengths = [spec.partition(":")[2] or "month" for spec in groupby if _is_day(spec)]
    return next((length for length in LENGTHS if length in lengths), None)


def _last_days_of(condition):
    """Where the days that a condition finds end, if they do."""
    if condition.field_expr != "day":
        return []
    if condition.operator == "in":
        return [day for day in condition.value if isinstance(day, date)]
    if not isinstance(condition.value, date):
        return []
    back = {"<=": 0, "<": 1}.get(condition.operator)
    return [] if back is None else [condition.value - timedelta(days=back)]


def _is_day(spec):
    return spec.partition(":")[0] == "day"


def _order_of(order, grouping_sets, aggregates):
    """Those parts of an order that are of these sets; None without any."""
    known = {spec for groupby in grouping_sets for spec in groupby} | set(aggregates)
    parts = [part.strip() for part in (order or "").split(",")]
    return ", ".join(part for part in parts if part.split(" ")[0] in known) or None
