from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class DistributionKeyDistribute(models.TransientModel):
    """What the branches bear of a month, now and if it is distributed again."""

    _name = "distribution.key.distribute"
    _description = "Distribute Again"
    _check_company_auto = True

    key_id = fields.Many2one(
        "distribution.key",
        required=True,
        check_company=True,
        help="The key whose items are spread again.",
    )
    company_id = fields.Many2one(related="key_id.company_id", help="That of the key.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "month"
        ),
        help="Any day of the month.",
    )
    item_count = fields.Integer(
        string="Items", compute="_compute_lines", help="Posted items of the month."
    )
    amount = fields.Monetary(
        compute="_compute_lines",
        help="Costs less income of these items, in company currency.",
    )
    problem = fields.Char(
        compute="_compute_lines", help="Why the month cannot be distributed again."
    )
    line_ids = fields.One2many(
        "distribution.key.distribute.line",
        "wizard_id",
        string="Shares",
        compute="_compute_lines",
        help="What each branch bears.",
    )

    @api.depends("key_id", "month")
    def _compute_lines(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()]
            wizard.item_count = wizard.amount = 0
            wizard.problem = False
            if wizard.key_id and wizard.month:
                wizard._compute_preview()

    def _compute_preview(self):
        self.ensure_one()
        key = self.key_id._origin or self.key_id
        start = fields.Date.start_of(self.month, "month")
        items = key._items_of(start)
        self.item_count, self.amount = len(items), sum(items.mapped("balance"))
        try:
            key._ensure_open(start)
        except UserError as error:
            self.problem = str(error)
        shares = key._shares_from(start)
        if not shares:
            self.problem = self.problem or str(key._no_shares_error(start))
        now, would = self._borne_now(items), self._borne_by(shares)
        branches = self.env["distribution.branch"].union(
            *(branch.sudo(False) for branch in shares), *now
        )
        self.line_ids = [
            Command.create(
                {
                    "branch_id": branch.id,
                    "currency_id": self.currency_id.id,
                    "percent": shares.get(branch, (0.0, 0.0))[0],
                    "basis_value": shares.get(branch, (0.0, 0.0))[1],
                    "amount_now": now.get(branch, 0.0),
                    "amount": would.get(branch, 0.0),
                }
            )
            for branch in branches.sorted()
        ]

    def _borne_now(self, items):
        """{branch: what it bears of the items as they are posted}"""
        column = self.env["account.analytic.plan"]._branch_column()
        Branch = self.env["distribution.branch"]
        branches = Branch._analytic_map()
        # As superuser: the preview is of all branches.
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("move_line_id", "in", items.ids), (column, "!=", False)],
                [column],
                ["amount:sum"],
            )
        )
        return {
            Branch.browse(branches[account.id][0]): -amount
            for account, amount in groups
            if account.id in branches
        }

    def _borne_by(self, shares):
        """{branch: what it bears by its share}, in cents that add up."""
        cents = self.currency_id.round
        amounts = {b: cents(self.amount * p / 100.0) for b, (p, _v) in shares.items()}
        if amounts:
            largest = max(amounts, key=lambda branch: shares[branch][0])
            rest = self.amount - sum(amounts.values())
            amounts[largest] = cents(amounts[largest] + rest)
        return amounts

    def action_distribute(self):
        """Spread the posted items of the month by its shares.

        :raises UserError: the month is closed, or no branch has a share
        """
        self.ensure_one()
        run = self.env["distribution.key.run"].browse(
            self.key_id.distribute_again(self.month) or ()
        )
        message = self.env._("Everything is spread by these shares already.")
        if run:
            message = self.env._(
                "%(count)s items are spread by %(version)s.",
                count=run.item_count,
                version=run.version_id.display_name,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if run else "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class DistributionKeyDistributeLine(models.TransientModel):
    """What one branch bears."""

    _name = "distribution.key.distribute.line"
    _description = "Share in a Month"

    wizard_id = fields.Many2one(
        "distribution.key.distribute", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", help="That of the company.")
    branch_id = fields.Many2one("distribution.branch", help="Who bears it.")
    percent = fields.Float(
        string="Share %",
        digits="Percentage Analytic",
        help="The share if the month is distributed again.",
    )
    basis_value = fields.Float(
        string="Basis",
        digits=(16, 2),
        help="Revenue in company currency, people or square metres. Nil for fixed "
        "percentages.",
    )
    amount_now = fields.Monetary(
        string="Bears Now", help="As the items are posted, in company currency."
    )
    amount = fields.Monetary(
        string="Would Bear", help="By the share, in company currency."
    )


class DistributionKeyAssign(models.TransientModel):
    """The choice of the key for items that were selected."""

    _name = "distribution.key.assign"
    _description = "Distribute by Key"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._selected()[:1].company_id or self.env.company,
        help="That of the items.",
    )
    key_id = fields.Many2one(
        "distribution.key",
        required=True,
        check_company=True,
        help="The shares that are valid on the date of each item are used.",
    )
    line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        default=lambda self: self._selected(),
        help="Items of income and expenses that have no branch, or a key already.",
    )

    @api.model
    def _selected(self):
        items = self.env["account.move.line"]
        if self.env.context.get("active_model") == items._name:
            items = items.browse(self.env.context.get("active_ids") or ())
        return items

    def action_assign(self):
        """Spread the items by the key.

        :raises UserError: as `distribute_by_key` does
        """
        self.ensure_one()
        self.line_ids.distribute_by_key(self.key_id.id)
        return {"type": "ir.actions.act_window_close"}
