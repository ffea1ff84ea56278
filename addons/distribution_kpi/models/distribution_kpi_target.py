from odoo import api, fields, models


class DistributionKpiTarget(models.Model):
    """What a KPI should be from a day on, in a branch or in the company."""

    _name = "distribution.kpi.target"
    _description = "Target of a KPI"
    _order = "kpi_id, branch_id, date_from desc, id desc"
    _check_company_auto = True

    kpi_id = fields.Many2one(
        "distribution.kpi", string="KPI", required=True, index=True, ondelete="cascade"
    )
    unit = fields.Selection(related="kpi_id.unit")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: of the company, and of each branch without a target of its own.",
    )
    value = fields.Float(
        string="Target",
        required=True,
        digits=(16, 2),
        help="In the unit of the KPI: 97.5 is 97.5 percent.",
    )
    owner_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Who answers for the figure there.",
    )
    date_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Applies from this day on, until a later target begins.",
    )

    _once = models.UniqueIndex(
        "(kpi_id, company_id, COALESCE(branch_id, 0), date_from)",
        "There is already a target of this KPI from this day on.",
    )

    @api.depends("kpi_id", "branch_id", "company_id")
    def _compute_display_name(self):
        for target in self:
            where = target.branch_id.display_name or target.company_id.display_name
            target.display_name = f"{target.kpi_id.name}, {where}"

    @api.model
    def _in_force(self, kpis, day):
        """{(kpi id, branch id or False): target} on a day, of the company of the user."""
        found = {}
        for target in self.search(
            [
                ("kpi_id", "in", kpis.ids),
                ("company_id", "=", self.env.company.id),
                ("date_from", "<=", day),
            ],
            order="date_from desc, id desc",
        ):
            found.setdefault((target.kpi_id.id, target.branch_id.id), target)
        return found
