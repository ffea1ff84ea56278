from collections import defaultdict
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..generator import accounts
from ..generator.plan import build_plan
from ..generator.settings import Settings

TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestContracts(BaseCase):
    """The business of three months is planned so that one story can be told of it."""

    def _sales(self, plan):
        return accounts.plan_contract_sales(plan.settings, plan.products, plan.branches)

    def _result(self, plan):
        """{branch: margin of its contracts less its fixed costs}"""
        results = defaultdict(float)
        for sale in self._sales(plan):
            if sale.delivered.date() >= plan.settings.today.replace(day=1):
                continue
            for line in sale.lines:
                price = line.price * (1 - line.discount / 100)
                cost = plan.products[line.product].cost
                results[sale.branch] += line.quantity * (price - cost)
        for key, costs in accounts.OVERHEADS.items():
            share = accounts.SHARED_COSTS * accounts.SHARES[key] / 100
            results[key] -= 3 * (sum(costs.values()) + share)
        return results

    def test_the_story_is_the_same_at_any_size(self):
        for skus in (10, 60, 300, 3000):
            for seed in (19, 20, 21):
                plan = build_plan(Settings(skus=skus, seed=seed, today=TODAY))
                results = self._result(plan)
                ranked = sorted(results, key=results.get)
                self.assertEqual((ranked[0], ranked[-1]), ("south", "north"), skus)
                self.assertLess(results["south"], -10000)
                self.assertGreater(results["north"], 25000)

    def test_the_months_are_the_three_before_today(self):
        for today, first in (
            (date(2026, 3, 31), date(2025, 12, 1)),
            (date(2026, 1, 1), date(2025, 10, 1)),
            (date(2026, 11, 22), date(2026, 8, 1)),
        ):
            months = Settings(today=today).months
            self.assertEqual(months[0], first)
            self.assertEqual(len(months), 3)
            self.assertLess(months[-1], today.replace(day=1))

    def test_dates_are_in_order_on_any_day(self):
        base = build_plan(Settings(skus=60, today=TODAY))
        for number in range(0, 366, 3):
            settings = Settings(skus=60, today=TODAY + timedelta(days=number))
            sales = accounts.plan_contract_sales(settings, base.products, base.branches)
            for sale in sales:
                self.assertGreaterEqual(sale.ordered.date(), settings.months[0])
                self.assertLess(sale.ordered, sale.delivered)
                self.assertLess(sale.delivered.date(), settings.today)
            for purchase in accounts.plan_contract_purchases(
                settings, base.products, base.branches, sales
            ):
                self.assertGreaterEqual(purchase.ordered.date(), settings.months[0])
                if purchase.received:
                    self.assertLess(purchase.ordered, purchase.received)
                    self.assertLess(purchase.received.date(), settings.today)

    def test_what_is_called_off_is_bought(self):
        plan = build_plan(Settings(skus=60, today=TODAY))
        sales = self._sales(plan)
        needs, bought = defaultdict(int), defaultdict(int)
        for sale in sales:
            for line in sale.lines:
                needs[sale.branch, line.product] += line.quantity
        for purchase in accounts.plan_contract_purchases(
            plan.settings, plan.products, plan.branches, sales
        ):
            if purchase.stage == "billed":
                for line in purchase.lines:
                    bought[purchase.branch, line.product] += line.quantity
        self.assertEqual(needs, bought)

    def test_shares_are_the_whole(self):
        self.assertEqual(sum(accounts.SHARES.values()), 100.0)
        self.assertEqual(set(accounts.SHARES), set(accounts.OVERHEADS))
