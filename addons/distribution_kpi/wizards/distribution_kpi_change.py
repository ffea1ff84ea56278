from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DistributionKpiChange(models.TransientModel):
    """Change the parameters of a KPI: a new version from a day on."""

    _name = "distribution.kpi.change"
    _description = "Change the Definition of a KPI"

    kpi_id = fields.Many2one("distribution.kpi", string="KPI", required=True)
    description = fields.Text(related="kpi_id.description", string="Definition")
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Days from here on are measured by the new definition. Figures that were "
        "taken already stay as they are until they are restated.",
    )
    reason = fields.Char(
        required=True, help="Why it is changed; kept with the version."
    )
    line_ids = fields.One2many("distribution.kpi.change.line", "change_id")

    @api.model
    def default_get(self, fields):
        """Each parameter of the KPI with its current value."""
        defaults = super().default_get(fields)
        kpi = self.env["distribution.kpi"].browse(defaults.get("kpi_id"))
        if kpi:
            defaults["line_ids"] = [
                Command.create(values) for values in self._prepare_lines(kpi)
            ]
        return defaults

    @api.model
    def _prepare_lines(self, kpi):
        names = kpi._definition(kpi.code).parameter_names
        return [
            {
                "parameter": key,
                "name": kpi._word(names[key]) if key in names else key,
                "old_value": value,
                "value": value,
            }
            for key, value in kpi._parameters(kpi.version_id).items()
        ]

    def action_change(self):
        """Record the new version; refused where nothing changes."""
        self.ensure_one()
        self.kpi_id.check_access("write")
        definition = self.kpi_id._definition(self.kpi_id.code)
        last = self.kpi_id.version_ids.sorted("number")[-1:]
        given = {line.parameter: line.value for line in self.line_ids}
        before = self.kpi_id._parameters(last)
        after = {key: given.get(key, value) for key, value in before.items()}
        self._check_change(before, after, last)
        Version = self.env["distribution.kpi.version"]
        Version._record_evidence(
            [
                {
                    "kpi_id": self.kpi_id.id,
                    "number": last.number + 1,
                    "definition": Version._definition_text(definition),
                    "parameters": after,
                    "valid_from": self.valid_from,
                    "user_id": self.env.uid,
                    "reason": self.reason,
                }
            ]
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_change(self, before, after, last):
        if before == after:
            raise UserError(
                self.env._("Nothing of %(kpi)s has changed.", kpi=self.kpi_id.name)
            )
        if self.valid_from < last.valid_from:
            raise UserError(
                self.env._(
                    "%(kpi)s has a later version, from %(day)s on. A new one cannot begin "
                    "before it.",
                    kpi=self.kpi_id.name,
                    day=format_date(self.env, last.valid_from),
                )
            )


class DistributionKpiChangeLine(models.TransientModel):
    _name = "distribution.kpi.change.line"
    _description = "Parameter of a KPI"

    change_id = fields.Many2one(
        "distribution.kpi.change", required=True, ondelete="cascade"
    )
    parameter = fields.Char(
        string="Technical Name", required=True, help="Its name in the code."
    )
    name = fields.Char(string="Parameter", readonly=True)
    old_value = fields.Float(string="Now", readonly=True)
    value = fields.Float(string="New", required=True)
