from datetime import timedelta

from odoo import Command, api, fields, models


class DistributionKpiRestate(models.TransientModel):
    """Ask for days to be measured once more."""

    _name = "distribution.kpi.restate"
    _description = "Restate KPIs"

    kpi_ids = fields.Many2many("distribution.kpi", string="KPIs", required=True)
    day_from = fields.Date(string="From", required=True)
    day_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=1),
    )
    by_current = fields.Boolean(
        string="By Today's Definition",
        help="Otherwise each day is measured by the definition that was in force on it.",
    )
    reason = fields.Char(required=True, help="Shown with each figure that it replaces.")

    @api.model
    def default_get(self, fields):
        """The KPIs that are selected."""
        defaults = super().default_get(fields)
        if self.env.context.get("active_model") == "distribution.kpi":
            selected = self.env.context.get("active_ids") or []
            defaults["kpi_ids"] = [Command.set(selected)]
        return defaults

    def action_restate(self):
        """Hand the days to the job, and show how far it is."""
        self.ensure_one()
        self.kpi_ids.check_access("write")
        self.kpi_ids._restate(self.day_from, self.day_to, self.reason, self.by_current)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_kpi.distribution_kpi_restatement_action"
        )
