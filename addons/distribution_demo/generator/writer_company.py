"""The company, and the books on the day the stock was counted."""

from datetime import timedelta

from .accounts import CONTRACTS, OLD_RECEIVABLES
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
    that the first goods sold came from nowhere. Needs the suite: each item says its branch.
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
        lines = self._balances()
        if not capital or not journal or not lines:
            return
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
        """Values of the items that say what the company starts with."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        stock = self.company.account_stock_valuation_id
        lines = [
            self._line(stock, "Opening stock", value, branch)
            for branch, value in self._stock_values().items()
        ]
        lines.append(
            self._line(bank.default_account_id, "Opening cash", OPENING_CASH, "central")
        )
        lines += self._receivables()
        return [line for line in lines if line["account_id"] and line["debit"]]

    def _line(self, account, name, amount, branch, **values):
        return {
            "account_id": account.id,
            "name": name,
            "debit": self.company.currency_id.round(amount),
            "own_branch_id": self.book.branches[branch].id,
            **values,
        }

    def _stock_values(self):
        """{key of a branch: value of what was counted there}"""
        values = {"central": self.book.opening_extra}
        for line in self.plan.stock:
            cost = self.plan.products[line.product].cost
            values[line.branch] = values.get(line.branch, 0.0) + line.quantity * cost
        return values

    def _receivables(self):
        """What customers owed already, and still do."""
        opened = opening_moment(self.plan.settings).date()
        lines = []
        for index, amount, overdue in OLD_RECEIVABLES:
            if index not in self.book.contract_customers or not self.plan.sales:
                continue
            partner = self.env["res.partner"].browse(
                self.book.contract_customers[index]
            )
            lines.append(
                self._line(
                    partner.property_account_receivable_id,
                    "Invoice of the old ledger",
                    amount,
                    CONTRACTS[index].branch,
                    partner_id=partner.id,
                    date_maturity=opened - timedelta(days=overdue),
                )
            )
        return lines
