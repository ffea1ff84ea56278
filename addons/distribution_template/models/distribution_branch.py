from odoo import api, fields, models
from odoo.exceptions import UserError

SEES_TEMPLATES = (
    "distribution_base.group_network_planner,"
    "distribution_base.group_auditor,"
    "distribution_base.group_administrator"
)


class DistributionBranch(models.Model):
    _inherit = "distribution.branch"

    opening_ids = fields.One2many(
        "distribution.branch.opening",
        "branch_id",
        string="Openings",
        groups=SEES_TEMPLATES,
        help="The templates that were applied to the branch.",
    )
    opening_id = fields.Many2one(
        "distribution.branch.opening",
        string="Last Opening",
        compute="_compute_opening_id",
        store=True,
        index="btree_not_null",
        groups=SEES_TEMPLATES,
        help="The application of a template that holds today.",
    )
    template_id = fields.Many2one(
        "distribution.template",
        related="opening_id.template_id",
        store=True,
        index="btree_not_null",
        groups=SEES_TEMPLATES,
        help="The template that was applied to the branch last.",
    )
    drift_count = fields.Integer(
        string="Drift",
        compute="_compute_drift_count",
        groups=SEES_TEMPLATES,
        help="Records of the branch that are not as its template says today.",
    )

    @api.depends("opening_ids.state", "opening_ids.branch_id")
    def _compute_opening_id(self):
        for branch in self:
            applied = branch.opening_ids.filtered(lambda o: o.state == "applied")
            branch.opening_id = applied.sorted(lambda o: o._rank())[-1:]

    @api.depends("opening_id")
    def _compute_drift_count(self):
        for branch in self:
            try:
                drift = branch._template_drift()
            except UserError:
                # The comparison itself fails, for example because a lane of the
                # template has no other end any more. The report says why.
                branch.drift_count = 1
            else:
                branch.drift_count = sum(change.count for change in drift)

    def _template_drift(self):
        """How the branch differs from its template today: a list of Change."""
        self.ensure_one()
        opening = self.opening_id
        if not opening or not self.active:
            return []
        plan = opening._plan(opening._target(for_drift=True), for_drift=True)
        return [change for change in plan if change.is_needed]

    def action_view_template(self):
        """Open the template of the branch."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "distribution.template",
            "res_id": self.template_id.id,
            "view_mode": "form",
        }

    def action_view_drift(self):
        """Compare the branch with its template and open the report."""
        self.ensure_one()
        report = self.env["distribution.template.drift"]._make_report(self)
        return report._open()

    def action_apply_template(self):
        """Open the form that brings a template to this branch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_template.distribution_branch_opening_action_new"
        )
        action["context"] = {"default_branch_id": self.id}
        return action
