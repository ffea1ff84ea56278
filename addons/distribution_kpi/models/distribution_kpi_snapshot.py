from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .kpi import DIMENSIONS

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
    def _compute_display_name(self):
        for row in self:
            names = (
                row.kpi_id.name,
                row.branch_id.name,
                fields.Date.to_string(row.day),
            )
            row.display_name = ", ".join(filter(None, names))

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(self._of_one_dimension(domain), *args, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), *args, **kwargs):
        domain = self._of_one_dimension(domain, groupby)
        return super()._read_group(domain, groupby, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, *args, **kwargs):
        specs = [spec for groupby in grouping_sets for spec in groupby]
        domain = self._of_one_dimension(domain, specs)
        return super()._read_grouping_sets(domain, grouping_sets, *args, **kwargs)

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
