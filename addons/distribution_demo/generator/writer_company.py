"""The company, and the books on the day the stock was counted. Plain Odoo."""

from .network import COMPANY
from .writer import Writer
from .writer_stock import opening_moment

HORIZON_DAYS = 7
OPENING_CASH = 250000


class CompanyWriter(Writer):
    """Names the company and switches on what a distributor with depots works with."""

    theme = "company"

    def run(self):
        self.company.name = COMPANY
        # Odoo looks a year ahead by default, and would buy a year's demand.
        self.company.horizon_days = HORIZON_DAYS
        self.env["res.config.settings"].create(
            {
                "group_stock_multi_locations": True,
                "group_stock_adv_location": True,
                "group_uom": True,
            }
        ).set_values()
        # Odoo would look up each invented customer at a service outside.
        self.env["ir.config_parameter"].set_param(
            "crm.iap.lead.enrich.setting", "manual"
        )


class OpeningEntryWriter(Writer):
    """Books the opening stock and cash against capital, as a new ledger does.

    Counting stock posts nothing by itself; without this entry the ledger would say
    that the first goods sold came from nowhere.
    """

    theme = "opening entry"

    def run(self):
        capital = self.env["account.account"].search(
            [
                ("account_type", "=", "equity"),
                ("company_ids", "in", self.company.id),
            ],
            limit=1,
        )
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        balances = self._balances()
        if not capital or not journal or not balances:
            return
        lines = [
            {"account_id": account, "name": name, "debit": amount}
            for account, name, amount in balances
        ]
        lines.append(
            {
                "account_id": capital.id,
                "name": "Opening balance",
                "credit": sum(line["debit"] for line in lines),
            }
        )
        self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": opening_moment(self.plan.settings).date(),
                "ref": "Opening balance",
                "line_ids": [(0, 0, line) for line in lines],
            }
        ).action_post()

    def _balances(self):
        """(account, label, amount) of what the company starts with."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        stock = self.book.opening_extra + sum(
            line.quantity * self.plan.products[line.product].cost
            for line in self.plan.stock
        )
        candidates = (
            (self.company.account_stock_valuation_id, "Opening stock", stock),
            (bank.default_account_id, "Opening cash", OPENING_CASH),
        )
        currency = self.company.currency_id
        return [
            (account.id, name, currency.round(amount))
            for account, name, amount in candidates
            if account and amount
        ]
