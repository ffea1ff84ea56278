"""Accounts, sales channels, customer segments and cash of the branches. Needs the suite."""

from .accounts import ACCOUNTS, CHANNEL_NAMES, SEGMENTS
from .writer import Writer


class ChartWriter(Writer):
    """What the books of branches are made of, beside what the chart has."""

    theme = "accounts"

    def run(self):
        self._write_accounts()
        self._write_scrap_location()
        self._write_channels()
        self._write_segments()
        self._write_cash()

    def _write_accounts(self):
        Account = self.env["account.account"]
        for key, name, section, account_type in ACCOUNTS:
            self.book.accounts[key] = Account.create(
                {
                    "code": Account._search_new_account_code("650000"),
                    "name": name,
                    "account_type": account_type,
                    "branch_section": section,
                }
            )
        self._write_cost_of_sales()

    def _write_cost_of_sales(self):
        """What goods cost stands apart from what branches cost."""
        cost = self.book.accounts["goods"]
        categories = self.env["product.category"].browse(self.book.categories.values())
        categories.property_account_expense_categ_id = cost
        stock = self.company.account_stock_valuation_id
        stock.account_stock_variation_id.branch_section = "cost"

    def _write_scrap_location(self):
        """Scrap has an account of its own; what is counted has not."""
        self.book.scrap_location = self.env["stock.location"].create(
            {
                "name": "Scrap",
                "usage": "inventory",
                "company_id": self.company.id,
                "valuation_account_id": self.book.accounts["scrap"].id,
            }
        )

    def _write_channels(self):
        """Sales teams stand for the way in which customers order."""
        Team = self.env["crm.team"]
        self.book.teams = {
            key: Team.create({"name": name, "company_id": self.company.id})
            for key, name in CHANNEL_NAMES.items()
        }

    def _write_segments(self):
        """The industry of a customer, which his name tells."""
        Industry = self.env["res.partner.industry"]
        customers = self.env["res.partner"].browse(self.book.customers)
        for name, words in SEGMENTS:
            industry = Industry.create({"name": name, "full_name": name})
            customers.filtered(
                lambda x, words=words: x.name.endswith(words)
            ).industry_id = industry

    def _write_cash(self):
        """Each branch has a cash box."""
        self.env["account.journal"].create(
            [
                {
                    "name": f"Cash {branch.name}",
                    "code": f"C{branch.code}",
                    "type": "cash",
                    "branch_id": branch.id,
                }
                for branch in self.book.branches.values()
            ]
        )
