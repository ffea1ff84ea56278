from odoo import api, fields, models

from . import distribution_branch_balance_sql as sql

KINDS = [
    ("receivable", "Receivable"),
    ("payable", "Payable"),
    ("delivered", "Delivered, not invoiced"),
    ("ordered", "Ordered, not delivered"),
    ("stock", "Stock in the books"),
]
AGES = [
    ("current", "Not due"),
    ("d30", "1-30 days"),
    ("d60", "31-60 days"),
    ("d90", "61-90 days"),
    ("over", "Over 90 days"),
]


class DistributionBranchBalanceItem(models.Model):
    """What each branch is owed and owes at the end of a day: item by item.

    The day is that of the context (`balance_date`), today without it. An item that several
    branches share has a row for each, with its part.
    """

    _name = "distribution.branch.balance.item"
    _description = "Open Item of a Branch"
    _auto = False
    _order = "due_date, date, id"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type"],
        "account.move": [
            "state",
            "move_type",
            "invoice_currency_rate",
            "commercial_partner_id",
        ],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "analytic_distribution",
            "balance",
            "branch_id",
            "branch_split",
            "date",
            "date_maturity",
            "display_type",
            "parent_state",
            "price_total",
        ],
        "account.partial.reconcile": ["amount", "max_date"],
        "distribution.branch": ["analytic_account_id", "region_id"],
        "sale.order": ["currency_rate", "date_order", "partner_invoice_id"],
        "sale.order.line": [
            "branch_id",
            "discount",
            "invoice_lines",
            "price_total",
            "price_unit",
            "product_uom_qty",
            "qty_delivered",
            "qty_invoiced",
            "state",
        ],
    }

    kind = fields.Selection(KINDS, readonly=True, help="What is open.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "distribution.branch",
        readonly=True,
        help="The branch of the journal item or of the order; none if it names none.",
    )
    region_id = fields.Many2one("distribution.region", readonly=True)
    date = fields.Date(
        readonly=True, help="Accounting date of the item, or date of the order."
    )
    due_date = fields.Date(
        readonly=True,
        help="When it is to be paid; the accounting date where nothing else was agreed.",
    )
    days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        aggregator="max",
        help="Days from the due date to the day of the report; 0 where it is not due.",
    )
    age = fields.Selection(
        AGES, readonly=True, help="How long the due date has passed, in days."
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice or Entry",
        readonly=True,
        help="None for what is only ordered or delivered.",
    )
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="What is open at the end of the day, in company currency, with taxes: owed to "
        "the branch, or, of payables, by it. Payments and credit notes that are not "
        "matched yet are negative. Orders are at their prices; stock is as posted.",
    )

    @property
    def _table_query(self):
        return sql.rows(
            self._balance_day(), self._stock_accounts().ids, self._balance_today()
        )

    @api.model
    def _balance_today(self):
        return fields.Date.context_today(self)

    @api.model
    def _balance_day(self):
        """The day that is asked for."""
        day = self.env.context.get("balance_date")
        return fields.Date.to_date(day) if day else self._balance_today()

    @api.model
    def _stock_accounts(self):
        """The accounts that stock is valued on, in the companies of the user."""
        # As superuser: which accounts these are is no secret, and who runs a branch keeps
        # no accounts.
        companies = self.env.companies.sudo()
        accounts = companies.account_stock_valuation_id
        # Categories are tens, and each has an account in each company.
        categories = self.env["product.category"].sudo().search([])  # pylint: disable=no-search-all
        for company in companies:
            mine = categories.with_company(company)
            accounts |= mine.property_stock_valuation_account_id
        return accounts

    def action_open_document(self):
        """Open the invoice, entry or order behind the row."""
        self.ensure_one()
        record = self.move_id or self.order_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was paid after a day is added to what is open now.
    _branch_balance_idx = models.Index("(max_date)")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _branch_open_idx = models.Index(
        "(company_id, account_id) WHERE amount_residual <> 0 AND parent_state = 'posted'"
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    _branch_draft_idx = models.Index("(company_id, move_type) WHERE state = 'draft'")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Of the orders of years, those that are still open.
    _branch_undelivered_idx = models.Index(
        "(branch_id) WHERE state = 'sale' AND product_uom_qty > qty_delivered "
        "AND product_uom_qty > qty_invoiced"
    )
    _branch_uninvoiced_idx = models.Index(
        "(branch_id) WHERE state = 'sale' AND qty_delivered > qty_invoiced"
    )
    _branch_down_payment_idx = models.Index(
        "(order_id) WHERE state = 'sale' AND is_downpayment"
    )
