from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_account import is_result
from .distributions import branch_part, with_branches
from .keys import is_keeping

SILENT = ("line_section", "line_subsection", "line_note")
# What is said of a posted item, and stays.
FIXED = ("analytic_distribution", "own_branch_id")


class AccountMoveLine(models.Model):
    """An item of one branch, or spread over several by its analytic distribution.

    Items of the profit and loss name their branch in the analytic distribution, where
    every report on analytic accounts finds it. Those of the balance sheet do not: they
    would count as cost there. `branch_id` has the branch of both.
    """

    _inherit = "account.move.line"

    own_branch_id = fields.Many2one(
        "distribution.branch",
        string="Own Branch",
        check_company=True,
        index="btree_not_null",
        help="The branch of this item, where it is another than that of its document: of "
        "the goods that moved, of the invoice that is settled.",
    )
    branch_split = fields.Boolean(
        compute="_compute_branch_id",
        store=True,
        string="Shared by Branches",
        help="The item is spread over several branches by its analytic distribution.",
    )
    category_id = fields.Many2one(
        "product.category",
        string="Category of Goods",
        compute="_compute_category_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The category that the product had when the item was made.",
    )

    # The branch P&L reads this index alone: a join that it drops needs its column too.
    _branch_period = models.Index(
        "(company_id, date, account_id, branch_id) "
        "INCLUDE (balance, branch_split, move_id, partner_id) "
        "WHERE parent_state = 'posted'"
    )
    _branch_shared = models.Index("(date) WHERE branch_split")

    @api.depends("product_id")
    def _compute_category_id(self):
        for line in self:
            line.category_id = line.product_id.categ_id or line.category_id

    @api.depends(
        "analytic_distribution", "own_branch_id", "cogs_origin_id", "account_id"
    )
    def _compute_branch_id(self):
        """The branch that an item names, else that of what it comes from.

        What is posted keeps its branch, whatever becomes of the order behind it.
        """
        for line in self:
            if line.parent_state == "posted" and (line.branch_id or line.branch_split):
                line.branch_id, line.branch_split = line.branch_id, line.branch_split
            else:
                line.branch_id, line.branch_split = line._find_branch()

    def _find_branch(self):
        """(the one branch, whether there are several)."""
        self.ensure_one()
        named = self._named_branches()
        if len(named) > 1:
            return named.browse(), True
        return named or self._source_branch(), False

    def _named_branches(self):
        """The branches of the analytic distribution."""
        self.ensure_one()
        Branch = self.env["distribution.branch"]
        branches = Branch._analytic_map()
        part = branch_part(self.analytic_distribution, branches)
        return Branch.browse([branches[account][0] for account in part])

    def _order_branch(self):
        """The branch of the orders behind the item, or of the item it is the cost of."""
        self.ensure_one()
        orders = self.sale_line_ids.branch_id or self.purchase_line_id.branch_id
        return orders[:1] or self.cogs_origin_id.branch_id

    def _source_branch(self):
        self.ensure_one()
        if self.move_id.interbranch_kind:
            # What names no branch takes back what has none.
            return self.own_branch_id
        return self.own_branch_id or self._order_branch() or self.move_id.branch_id

    def _named_elsewhere(self):
        """Whether something other than its document says the branch."""
        self.ensure_one()
        named = self._named_branches() or self.own_branch_id or self._order_branch()
        return bool(named - self.move_id.branch_id) or len(named) > 1

    def _compute_analytic_distribution(self):
        result = super()._compute_analytic_distribution()
        for line in self:
            if is_result(line.account_id) and not line._named_branches():
                line._name_branch(line._source_branch())
        return result

    def _name_branch(self, branch):
        """Name `branch` in the analytic distribution; other plans stay as they are."""
        self.ensure_one()
        account = self.env["distribution.branch"]._analytic_ids().get(branch.id)
        self._spread_over({account: 100.0} if account else {})

    def _spread_over(self, part):
        """Name branches by shares: {id of the analytic account of a branch: percent}."""
        self.ensure_one()
        branches = self.env["distribution.branch"]._analytic_map()
        now = self.analytic_distribution or False
        new = with_branches(now, part, branches)
        if new != now:
            self.analytic_distribution = new

    def _complete_branches(self):
        """Give items their branches before they are posted.

        Those of the profit and loss name it in the analytic distribution; those of the
        balance sheet do not, but keep what was named there as their own.
        """
        # Taxes that follow the branches are made anew when their lines are spread.
        first = self.filtered(lambda line: line.display_type == "product")
        first._complete_branches_of()
        (self.move_id.line_ids - first)._complete_branches_of()

    def _complete_branches_of(self):
        Branch = self.env["distribution.branch"]
        branches = Branch._analytic_map()
        for line in self:
            if line.display_type in SILENT or line.parent_state == "posted":
                continue
            part = branch_part(line.analytic_distribution, branches)
            if is_result(line.account_id):
                if not part:
                    line._name_branch(line._source_branch())
            elif len(part) == 1 and abs(sum(part.values()) - 100) < 0.005:
                line.own_branch_id = Branch.browse([branches[x][0] for x in part])
                line._spread_over({})

    def _without_branch(self):
        """Those of the profit and loss that name no branch."""
        return self.filtered(
            lambda line: (
                line.display_type not in SILENT
                and is_result(line.account_id)
                and not line.branch_id
                and not line.branch_split
            )
        )

    def write(self, vals):
        if is_keeping(self):
            return super().write(vals)
        if {"branch_id", "branch_split"} & set(vals):
            raise self._fixed_branch_error()
        posted = self.browse()
        if not vals.keys().isdisjoint(FIXED):
            posted = self.filtered(lambda line: line.parent_state == "posted")
        before = {line: line._branch_state() for line in posted}
        result = super().write(vals)
        for line, state in before.items():
            if line._branch_state() != state:
                raise line._fixed_branch_error()
        return result

    def _branch_state(self):
        branches = self.env["distribution.branch"]._analytic_map()
        part = branch_part(self.analytic_distribution, branches)
        return part, self.own_branch_id

    def _fixed_branch_error(self):
        return UserError(
            self.env._(
                "%s is posted, so its branch stays. A controller corrects it with a reason "
                "under Correct Branch.",
                self[:1].display_name,
            )
        )

    def _prepare_exchange_difference_move_vals(
        self, amounts_list, company=None, exchange_date=None, **kwargs
    ):
        """Gains and losses on exchange are of the branch whose invoice is settled."""
        values = super()._prepare_exchange_difference_move_vals(
            amounts_list, company=company, exchange_date=exchange_date, **kwargs
        )
        for line, sequence in values["to_reconcile"] if values else []:
            for command in values["move_values"]["line_ids"][sequence : sequence + 2]:
                command[2]["own_branch_id"] = line.branch_id.id
        return values
