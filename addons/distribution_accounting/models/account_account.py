from odoo import api, fields, models

SECTIONS = [
    ("sales", "Sales"),
    ("cost", "Cost of sales"),
    ("interbranch", "Inter-branch"),
    ("freight", "Freight"),
    ("loss", "Write-offs and discrepancies"),
    ("overhead", "Overheads"),
    ("other", "Other income and expenses"),
]
# Where an account stands in the profit and loss of a branch, as long as nobody says
# otherwise.
BY_TYPE = {
    "income": "sales",
    "income_other": "other",
    "expense": "overhead",
    "expense_depreciation": "overhead",
    "expense_direct_cost": "cost",
    "expense_other": "other",
}


def is_result(account):
    """Whether what is posted to the account is of the profit and loss."""
    return (account.account_type or "").startswith(("income", "expense"))


class AccountAccount(models.Model):
    _inherit = "account.account"

    branch_section = fields.Selection(
        SECTIONS,
        string="Section of Branch P&L",
        compute="_compute_branch_section",
        store=True,
        readonly=False,
        tracking=True,
        help="Where the account stands in the profit and loss of the branches. It follows "
        "the type of the account until somebody chooses; accounts of the balance sheet "
        "have none.",
    )

    @api.depends("account_type")
    def _compute_branch_section(self):
        for account in self:
            default = BY_TYPE.get(account.account_type, False)
            if not default or not account.branch_section:
                account.branch_section = default
