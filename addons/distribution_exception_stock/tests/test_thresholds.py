from odoo.tests import tagged

from .common import StockExceptionCase

THRESHOLD = "distribution.exception.threshold"


@tagged("post_install", "-at_install")
class TestThresholds(StockExceptionCase):
    def test_rule(self):
        rule, point = self._rule("stock_shortage"), self._want(10, 20)
        exception = self._sweep(rule)[point]
        rule.threshold = 11
        self._sweep(rule)
        self.assertEqual(exception.state, "closed")

    def test_category(self):
        if THRESHOLD not in self.env:
            self.skipTest("Thresholds by category come with the network.")
        rule, quant = self._rule("stock_aged"), self._count(10)
        category = self.env["product.category"].create({"name": "Slow movers"})
        child = self.env["product.category"].create(
            {"name": "Spare parts", "parent_id": category.id}
        )
        spare = self._new_product("Spare part", categ_id=child.id)
        slow = self._count(5, product=spare)
        for one in (quant, slow):
            self._back(one, in_date=200, moves=200)
        self._threshold(rule, 365, category_id=category.id)
        found = self._sweep(rule)
        self.assertIn(quant, found)
        self.assertNotIn(slow, found)

    def test_branch(self):
        if THRESHOLD not in self.env:
            self.skipTest("Branches come with the network.")
        rule = self._rule("stock_shortage")
        north, west = self._open_branch("North"), self._open_branch("West")
        here = self._want(10, 20, north.warehouse_id)
        there = self._want(10, 20, west.warehouse_id)
        self._threshold(rule, 50, branch_id=west.id)
        found = self._sweep(rule)
        self.assertEqual(found[here].branch_id, north)
        self.assertNotIn(there, found)
        of_north = self._new_user("branch_manager", "nina", branch_ids=north.ids)
        of_west = self._new_user("branch_manager", "will", branch_ids=west.ids)
        exceptions = self.env["distribution.exception"]
        self.assertIn(found[here].id, exceptions.with_user(of_north).search([]).ids)
        self.assertNotIn(found[here].id, exceptions.with_user(of_west).search([]).ids)

    def test_branch_of_stock(self):
        if THRESHOLD not in self.env:
            self.skipTest("Branches come with the network.")
        north = self._open_branch("North")
        quant = self._count(10, north.warehouse_id)
        self._back(quant, in_date=200, moves=200)
        exception = self._sweep(self._rule("stock_aged"))[quant]
        self.assertEqual(exception.branch_id, north)

    def _threshold(self, rule, value, **scope):
        self.env[THRESHOLD].create({"rule_id": rule.id, "value": value, **scope})

    def _open_branch(self, name):
        return self.env["distribution.branch"].create(
            {
                "name": name,
                "code": name[:3].upper(),
                "region_id": self.env["distribution.region"]
                .create({"name": name, "code": name})
                .id,
                "branch_type": "depot",
            }
        )
