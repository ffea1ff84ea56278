from odoo import api, fields, models
from odoo.tools import format_date


class DistributionKpiRun(models.Model):
    """One measuring of a KPI for a day and a company.

    It stands also for a day on which there was nothing to measure. A restated day has
    several; the newest one counts.
    """

    _name = "distribution.kpi.run"
    _description = "Measuring of a KPI"
    _inherit = ["distribution.guarded.mixin"]
    _order = "day desc, id desc"
    _check_company_auto = True

    kpi_id = fields.Many2one(
        "distribution.kpi", string="KPI", required=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        "distribution.kpi.version", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    day = fields.Date(required=True, help="In the time zone of the company.")
    is_current = fields.Boolean(
        string="Counts",
        default=True,
        help="A day that was restated has older measurings, which no longer count.",
    )
    reason = fields.Char(help="Why the day was restated.")
    create_date = fields.Datetime(string="Measured At", readonly=True)
    create_uid = fields.Many2one("res.users", string="Measured By", readonly=True)

    _current = models.UniqueIndex("(kpi_id, company_id, day) WHERE is_current")
    _day_idx = models.Index("(day)")

    @api.depends("kpi_id", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.kpi_id.name}, {format_date(self.env, run.day)}"

    def action_open_snapshots(self):
        """The figures of this measuring, also if they no longer count."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_kpi.distribution_kpi_snapshot_action"
        )
        return {
            **action,
            "name": self.display_name,
            "display_name": self.display_name,
            "views": [(False, "list")],
            "domain": [("run_id", "=", self.id)],
            "context": {},
            "path": False,
        }
