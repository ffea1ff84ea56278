from datetime import date

from odoo.tests import BaseCase, tagged

from ..generator.documents import PURCHASE_STAGES, SALE_STAGES, TRANSFER_STAGES
from ..generator.plan import build_plan
from ..generator.settings import Settings
from ..generator.tools import ean13_check_digit

TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = build_plan(Settings(today=TODAY))

    def test_same_seed_and_date_give_the_same_plan(self):
        self.assertEqual(build_plan(Settings(today=TODAY)), self.plan)

    def test_another_seed_gives_another_plan(self):
        other = build_plan(Settings(today=TODAY, seed=20))
        self.assertNotEqual(other.products, self.plan.products)
        self.assertNotEqual(other.sales, self.plan.sales)

    def test_another_date_moves_the_documents_and_keeps_the_products(self):
        other = build_plan(Settings(today=date(2026, 4, 14)))
        self.assertEqual(other.products, self.plan.products)
        self.assertNotEqual(other.sales, self.plan.sales)

    def test_barcodes_are_valid_and_different(self):
        # The check digit of a published example.
        self.assertEqual(ean13_check_digit("400638133393"), "1")
        barcodes = [product.barcode for product in self.plan.products]
        self.assertEqual(len(set(barcodes)), len(barcodes))
        for barcode in barcodes:
            digits = [int(digit) for digit in barcode]
            self.assertEqual(len(digits), 13)
            self.assertEqual((sum(digits[::2]) + 3 * sum(digits[1::2])) % 10, 0)

    def test_products_differ_and_earn_money(self):
        for skus in (10, 300, 18000):
            products = build_plan(Settings(skus=skus, today=TODAY, orders=0)).products
            self.assertEqual(len(products), skus)
            self.assertEqual(len({product.name for product in products}), skus)
            self.assertEqual(len({product.code for product in products}), skus)
            self.assertTrue(all(0 < p.cost < p.price for p in products))

    def test_a_fifth_of_the_products_makes_most_of_the_demand(self):
        for skus in (300, 18000):
            products = build_plan(Settings(skus=skus, today=TODAY, orders=0)).products
            lines = sorted((p.demand / p.typical for p in products), reverse=True)
            self.assertGreater(sum(lines[: skus // 5]) / sum(lines), 0.6)

    def test_the_largest_catalogue_can_be_planned(self):
        plan = build_plan(Settings(skus=50000, today=TODAY))
        self.assertEqual(len(plan.products), 50000)
        self.assertEqual(len(plan.vendors), 60)

    def test_orders_do_not_grow_with_the_catalogue(self):
        plan = build_plan(Settings(skus=18000, today=TODAY))
        self.assertLessEqual(len(plan.sales), 2 * len(self.plan.sales))

    def test_every_branch_has_orders_at_every_stage(self):
        for branch in self.plan.branches:
            stages = {
                sale.stage for sale in self.plan.sales if sale.branch == branch.key
            }
            missing = set(SALE_STAGES) - stages - {"cancelled"}
            self.assertFalse(missing, branch.key)
        stages = {purchase.stage for purchase in self.plan.purchases}
        self.assertEqual(stages, set(PURCHASE_STAGES))

    def test_every_depot_has_transfers_at_every_stage(self):
        for branch in self.plan.branches[1:]:
            stages = {t.stage for t in self.plan.transfers if t.branch == branch.key}
            self.assertEqual(stages, set(TRANSFER_STAGES))

    def test_dates_fit_the_stages_on_any_day(self):
        for day in range(1, 29):
            plan = build_plan(Settings(today=date(2026, 2, day)))
            today = f"2026-02-{day:02d}"
            for sale in plan.sales:
                self.assertLess(str(sale.ordered), today)
                self.assertLess(sale.ordered, sale.promised)
                if sale.stage == "late":
                    self.assertLess(str(sale.promised), today)
                if sale.delivered:
                    self.assertLess(sale.ordered, sale.delivered)
                    self.assertLess(str(sale.delivered), today)
            for purchase in plan.purchases:
                if purchase.stage == "overdue":
                    self.assertLess(str(purchase.expected), today)
            for transfer in plan.transfers:
                if transfer.stage in ("done", "short", "transit_late"):
                    self.assertLess(str(transfer.arrival), today)
                if transfer.received:
                    self.assertLess(transfer.shipped, transfer.received)
                    self.assertLess(str(transfer.received), today)

    def test_a_network_of_any_size(self):
        for branches in (1, 2, 40):
            plan = build_plan(Settings(branches=branches, today=TODAY))
            codes = {branch.code for branch in plan.branches}
            self.assertEqual(len(codes), branches)
            served = {customer.branch for customer in plan.customers}
            self.assertEqual(served, {branch.key for branch in plan.branches})
