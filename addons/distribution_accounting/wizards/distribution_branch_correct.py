from odoo import api, fields, models

from ..models.account_account import is_result
from ..models.account_move_line import SILENT


class DistributionBranchCorrect(models.TransientModel):
    """The branch that posted items should have had, and why."""

    _name = "distribution.branch.correct"
    _description = "Correct Branch"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        domain="[('parent_state', '=', 'posted'), ('company_id', '=', company_id)]",
        help="The posted items whose branch is wrong. Costs of goods follow their "
        "invoice line.",
    )
    is_shared = fields.Boolean(
        string="Share Among Branches",
        help="The items are borne by several branches. Items of the balance sheet cannot "
        "be shared.",
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        string="Right Branch",
        domain="[('company_id', '=', company_id)]",
        help="The branch that the items are of.",
    )
    share_ids = fields.One2many(
        "distribution.branch.correct.share",
        "wizard_id",
        string="Shares",
        help="What each branch bears, 100 % together.",
    )
    total = fields.Float(
        string="Total %",
        digits=(16, 2),
        compute="_compute_total",
        help="The sum of the shares; 100 when it is right.",
    )
    reason = fields.Text(help="Kept with the correction, and told in the entry.")

    @api.depends("share_ids.percent")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.share_ids.mapped("percent"))

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        model, ids = (
            self.env.context.get(key) for key in ("active_model", "active_ids")
        )
        if model not in ("account.move", "account.move.line") or not ids:
            return values
        records = self.env[model].browse(ids)
        lines = records if model == "account.move.line" else records._lines_to_correct()
        values["line_ids"] = [(6, 0, lines.ids)]
        values["company_id"] = records[:1].company_id.id or self.env.company.id
        return values

    def action_correct(self):
        """Correct the branch of the items.

        :raises AccessError: the user is no finance controller
        :raises UserError: an item cannot be corrected, or the shares do not add up
        """
        self.ensure_one()
        shares = {self.branch_id: 100.0} if self.branch_id else {}
        if self.is_shared:
            shares = {}
            for share in self.share_ids:
                shares[share.branch_id] = shares.get(share.branch_id, 0) + share.percent
        self.line_ids.correct_branches(shares, self.reason)
        return {"type": "ir.actions.act_window_close"}


class DistributionBranchCorrectShare(models.TransientModel):
    """What one branch bears of the items."""

    _name = "distribution.branch.correct.share"
    _description = "Share of a Branch"

    wizard_id = fields.Many2one(
        "distribution.branch.correct", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    branch_id = fields.Many2one(
        "distribution.branch",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id)]",
    )
    percent = fields.Float(
        string="Share %", digits=(16, 2), help="In percent of each item."
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _lines_to_correct(self):
        """The items of an entry that are proposed: those without branch, else all of
        sales and costs, else all."""
        lines = self.line_ids.filtered(lambda x: x.display_type not in SILENT)
        results = lines.filtered(lambda x: is_result(x.account_id))
        results -= lines.filtered("cogs_origin_id")
        return lines._without_branch() or results or lines
