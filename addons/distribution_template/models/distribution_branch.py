from odoo import api, fields, models


class DistributionBranch(models.Model):
    _inherit = "distribution.branch"

    opening_ids = fields.One2many(
        "distribution.branch.opening",
        "branch_id",
        string="Openings",
        help="The templates that were applied to the branch.",
    )
    opening_id = fields.Many2one(
        "distribution.branch.opening",
        string="Last Opening",
        compute="_compute_opening_id",
        store=True,
        index="btree_not_null",
        help="The application of a template that holds today.",
    )
    template_id = fields.Many2one(
        "distribution.template",
        related="opening_id.template_id",
        store=True,
        index="btree_not_null",
        help="The template that was applied to the branch last.",
    )

    @api.depends("opening_ids.state", "opening_ids.branch_id")
    def _compute_opening_id(self):
        for branch in self:
            applied = branch.opening_ids.filtered(lambda o: o.state == "applied")
            branch.opening_id = applied.sorted(lambda o: o._rank())[-1:]
