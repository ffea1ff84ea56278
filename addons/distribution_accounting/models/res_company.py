from odoo import fields, models
from odoo.exceptions import UserError

# The accounts of entries between branches: type, and section of the branch P&L.
ACCOUNTS = {
    "interbranch_clearing_account_id": ("asset_current", False),
    "interbranch_goods_account_id": ("expense_direct_cost", "cost"),
    "interbranch_margin_account_id": ("expense_direct_cost", "interbranch"),
    "interbranch_deferred_account_id": ("asset_current", False),
    "transfer_freight_account_id": ("expense_direct_cost", "freight"),
    "transfer_accrual_account_id": ("liability_current", False),
}
# Those that are nil for the company, whatever happens, and so those that nobody else uses.
NIL = (
    "interbranch_clearing_account_id",
    "interbranch_goods_account_id",
    "interbranch_margin_account_id",
    "interbranch_deferred_account_id",
)


def _account_field(help_text):
    return fields.Many2one(
        "account.account", check_company=True, ondelete="restrict", help=help_text
    )


class ResCompany(models.Model):
    """The accounts and the journal of entries between branches.

    They are made when they are first needed, and can be chosen in the settings before.
    """

    _inherit = "res.company"

    branch_required = fields.Boolean(
        string="Refuse Items Without Branch",
        help="Entries whose sales or costs name no branch cannot be posted. Without it they "
        "are, and the finance controller sees them.",
    )
    interbranch_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        ondelete="restrict",
        help="Where transfer prices, freight of transfers and mark-ups in stock are posted.",
    )
    interbranch_clearing_account_id = _account_field(
        "What branches owe each other for goods. Nil for the company."
    )
    interbranch_goods_account_id = _account_field(
        "The cost of goods that went from branch to branch and are valued at the closing. "
        "Nil for the company."
    )
    interbranch_margin_account_id = _account_field(
        "What the sending branch earns on a transfer, and the receiving one pays above "
        "cost. Nil for the company."
    )
    interbranch_deferred_account_id = _account_field(
        "The part of that which waits until the goods are sold. Nil for the company."
    )
    transfer_freight_account_id = _account_field(
        "What the transport of transfers costs the branches that bear it."
    )
    transfer_accrual_account_id = _account_field(
        "Freight of transfers that were shipped, until the carrier's bill comes."
    )

    def _interbranch_accounts(self):
        """The accounts that the system alone posts to, as far as they are made."""
        self.ensure_one()
        company = self.sudo()  # what is reserved is so for everybody
        accounts = company.env["account.account"]
        for field in (*NIL, "transfer_accrual_account_id"):
            accounts |= company[field]
        return accounts

    def _interbranch_account(self, field):
        """The account of one of `ACCOUNTS`; made when it is first needed.

        :raises UserError: the account that was chosen is archived
        """
        self.ensure_one()
        # As superuser: goods are received by people who keep no accounts.
        company = self.sudo()
        if not company[field]:
            company[field] = company._create_interbranch_account(field)
        account = company[field].with_company(self)
        if not account.active:
            raise UserError(
                self.env._(
                    "Account %(account)s is archived, but needed for entries between "
                    "branches of %(company)s. Restore it, or choose another one in the "
                    "settings of Branch Accounting.",
                    account=account.display_name,
                    company=self.name,
                )
            )
        return account

    def _create_interbranch_account(self, field):
        account_type, section = ACCOUNTS[field]
        Account = self.env["account.account"].with_company(self)
        sample = Account.search(
            [("account_type", "=", account_type), ("company_ids", "in", self.id)],
            order="code desc",
            limit=1,
        )
        return Account.create(
            {
                "name": self._interbranch_names()[field],
                "code": Account._search_new_account_code(sample.code or "101000"),
                "account_type": account_type,
                "branch_section": section,
                "company_ids": [(4, self.id)],
            }
        )

    def _interbranch_names(self):
        """What the accounts are called that the system makes."""
        env = self.env
        return {
            "interbranch_clearing_account_id": env._("Inter-Branch Clearing"),
            "interbranch_goods_account_id": env._("Inter-Branch Goods"),
            "interbranch_margin_account_id": env._("Inter-Branch Margin"),
            "interbranch_deferred_account_id": env._("Inter-Branch Mark-up in Stock"),
            "transfer_freight_account_id": env._("Freight of Transfers"),
            "transfer_accrual_account_id": env._("Freight of Transfers, not Billed"),
        }

    def _interbranch_journal(self):
        """The journal of entries between branches; made when it is first needed."""
        self.ensure_one()
        company = self.sudo()  # as for the accounts
        if not company.interbranch_journal_id:
            company.interbranch_journal_id = company.env["account.journal"].create(
                {
                    "name": self.env._("Inter-Branch"),
                    "code": "IBR",
                    "type": "general",
                    "company_id": self.id,
                    "show_on_dashboard": False,
                }
            )
        return company.interbranch_journal_id

    def _set_cost_sections(self):
        """What goods are expensed to is cost of sales, whatever type the chart gives it."""
        for company in self.sudo():  # charts are loaded by whoever installs
            category = company.env["product.category"].with_company(company)
            field = category._fields["property_account_expense_categ_id"]
            default = field.get_company_dependent_fallback(category)
            stock = company.account_stock_valuation_id
            accounts = company.expense_account_id | default
            accounts |= (
                stock.account_stock_variation_id | stock.account_stock_expense_id
            )
            accounts.filtered(
                lambda account: account.account_type.startswith("expense")
            ).branch_section = "cost"


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _load(self, template_code, company, install_demo, force_create=True):
        result = super()._load(template_code, company, install_demo, force_create)
        company._set_cost_sections()
        return result
