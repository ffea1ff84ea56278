from odoo import api, fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "distribution.document.mixin"]
    _branch_fields = ("branch_id",)

    branch_id = fields.Many2one(
        "distribution.branch",
        compute="_compute_branch_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="The branch of the orders behind the document; without orders, the branch of "
        "the user who made it, where that user works in one only.",
    )

    @api.depends(
        "line_ids.sale_line_ids.branch_id", "line_ids.purchase_line_id.branch_id"
    )
    def _compute_branch_id(self):
        for move in self:
            lines = move.line_ids
            orders = lines.sale_line_ids.branch_id | lines.purchase_line_id.branch_id
            if len(orders) == 1:
                move.branch_id = orders
            elif not move.branch_id and move.company_id:
                move.branch_id = self.env.user._sole_branch(move.company_id)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    branch_id = fields.Many2one(
        "distribution.branch",
        compute="_compute_branch_id",
        store=True,
        index="btree_not_null",
        help="The branch of the order line behind it, else that of the document.",
    )

    @api.depends(
        "move_id.branch_id", "sale_line_ids.branch_id", "purchase_line_id.branch_id"
    )
    def _compute_branch_id(self):
        for line in self:
            orders = line.sale_line_ids.branch_id or line.purchase_line_id.branch_id
            line.branch_id = orders[:1] or line.move_id.branch_id
