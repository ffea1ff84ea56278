from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.plan import CREATE


class DistributionTemplateDrift(models.TransientModel):
    """How a branch differs from its template today."""

    _name = "distribution.template.drift"
    _description = "Drift Report"
    _rec_name = "branch_id"

    branch_id = fields.Many2one(
        "distribution.branch", required=True, readonly=True, ondelete="cascade"
    )
    template_id = fields.Many2one(
        "distribution.template", readonly=True, ondelete="cascade"
    )
    date = fields.Datetime(
        string="Compared On", readonly=True, help="When the two were compared."
    )
    line_ids = fields.One2many(
        "distribution.template.drift.line", "drift_id", readonly=True
    )
    is_as_template = fields.Boolean(compute="_compute_is_as_template")

    @api.depends("line_ids")
    def _compute_is_as_template(self):
        for report in self:
            report.is_as_template = not report.line_ids

    @api.model
    def _make_report(self, branch):
        """Compare with the user's own rights, and keep the result for the user."""
        branch.check_access("read")
        if not branch.opening_id:
            raise UserError(
                self.env._(
                    "No template was applied to branch %s, so there is nothing to "
                    "compare it with. Apply one first.",
                    branch.display_name,
                )
            )
        values = {
            "branch_id": branch.id,
            "template_id": branch.template_id.id,
            "date": fields.Datetime.now(),
            "line_ids": [
                fields.Command.create(line)
                for change in branch._template_drift()
                for line in self._prepare_lines(change)
            ],
        }
        # As superuser: an auditor writes nothing, and reads this report of his own.
        return self.browse(self.sudo().create(values).id)

    @api.model
    def _prepare_lines(self, change):
        base = {
            "key": change.item.key,
            "part": change.part._part_label(),
            "action": change.action,
            "name": change.item.label,
            "record_count": change.count,
        }
        if change.action == CREATE or not change.diffs:
            return [{**base, "value_template": change.summary}]
        return [
            {
                **base,
                "field_label": diff.label,
                "value_branch": diff.old_text,
                "value_template": diff.new_text,
            }
            for diff in change.diffs
        ]

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drift of %s", self.branch_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_reapply_all(self):
        """Repair every difference."""
        self.ensure_one()
        return self._reapply(self.line_ids)

    def action_refresh(self):
        """Compare anew."""
        self.ensure_one()
        return self.branch_id.action_view_drift()

    def _reapply(self, lines):
        self.branch_id.opening_id._reapply(lines.mapped("key"))
        return self.branch_id.action_view_drift()


class DistributionTemplateDriftLine(models.TransientModel):
    """One field that differs, or one record that is missing."""

    _name = "distribution.template.drift.line"
    _description = "Line of a Drift Report"

    drift_id = fields.Many2one(
        "distribution.template.drift",
        string="Report",
        required=True,
        index=True,
        ondelete="cascade",
    )
    key = fields.Char(readonly=True)
    part = fields.Char(readonly=True, help="The part of the template.")
    action = fields.Selection(
        [("create", "Missing"), ("change", "Different")],
        string="Drift",
        readonly=True,
        help="Missing: the template has it and the branch has not. Different: both "
        "have it, with other values.",
    )
    name = fields.Char(string="Record", readonly=True)
    field_label = fields.Char(string="Field", readonly=True)
    value_branch = fields.Char(
        string="Branch", readonly=True, help="The value in the branch today."
    )
    value_template = fields.Char(
        string="Template", readonly=True, help="The value in the template today."
    )
    record_count = fields.Integer(
        string="Records", readonly=True, help="How many records the line stands for."
    )

    def action_reapply(self):
        """Bring what the lines name to what the template says."""
        self.drift_id.ensure_one()
        return self.drift_id._reapply(self)
