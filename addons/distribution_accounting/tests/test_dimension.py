from odoo.tests import tagged

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestDimension(AccountingCase):
    """Every item of sales and costs has a branch, and nobody types it."""

    def _named(self, line):
        return line._named_branches()

    def test_branch_has_an_account(self):
        account = self.north.analytic_account_id
        plan = self.env.ref("distribution_accounting.analytic_plan_branch")
        self.assertEqual((account.name, account.code), ("North", "NOR"))
        self.assertEqual((account.plan_id, account.company_id), (plan, self.company))
        self.north.name = "North Cape"
        self.assertEqual(account.name, "North Cape")

    def test_sale(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)
        for line in invoice.line_ids:
            self.assertEqual(line.branch_id, self.north, line.account_id.name)
        costs = invoice.line_ids.filtered(lambda x: x.display_type == "cogs")
        self.assertEqual(sorted(costs.mapped("balance")), [-40, 40])
        named = invoice.line_ids.filtered("analytic_distribution")
        self.assertEqual(
            set(named.mapped("account_id.internal_group")), {"income", "expense"}
        )

    def test_purchase_of_stock_is_no_cost(self):
        bill = self._purchase(self.north, 100)
        self.assertEqual(bill.line_ids.branch_id, self.north)
        self.assertFalse(bill.line_ids.analytic_line_ids)
        self.assertEqual(self._balances(self.stock_account), {self.north: 400})

    def test_closing(self):
        self._purchase(self.north, 100, product=self.tape)
        self._purchase(self.central, 50, product=self.tape)
        self._sale(self.north, 30, product=self.tape)
        self._carry(self.lane_north, 20, product=self.tape)
        entry = self._close()
        worth = {self.north: 360, self.central: 120}
        stock = entry.line_ids.account_id & self.stock_account
        self.assertEqual(self._balances(stock), worth)
        # What each has sold: purchases, and what came from Central, less what is left.
        cost = entry.line_ids.account_id - stock
        cost |= self.company.expense_account_id
        cost |= self.company.interbranch_goods_account_id
        self.assertEqual(self._balances(cost), {self.north: 120})

    def test_closing_with_variation_over_the_period(self):
        """A chart that posts purchases of the year as a variation does so by branch."""
        variation = self._account("Variation", "expense")
        bought = self._account("Purchases", "expense")
        self.stock_account.write(
            {
                "account_stock_variation_id": variation.id,
                "account_stock_expense_id": bought.id,
            }
        )
        self._purchase(self.north, 100)
        self._purchase(self.central, 50)
        self._sale(self.north, 30)
        entry = self._close()
        self.assertFalse(entry.line_ids._without_branch())
        self.assertEqual(
            self._balances(bought | variation), {}, "nil for each branch together"
        )
        self.assertEqual(self._balances(bought), {self.north: 280, self.central: 200})
