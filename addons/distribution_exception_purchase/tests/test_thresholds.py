from odoo.tests import tagged

from .common import PurchaseExceptionCase

THRESHOLD = "distribution.exception.threshold"


@tagged("post_install", "-at_install")
class TestThresholds(PurchaseExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("purchase_late")
        cls.cleo = cls._new_user("central_buyer", "cleo")

    def test_category(self):
        if THRESHOLD not in self.env:
            self.skipTest("Thresholds by category come with the network.")
        category = self.env["product.category"].create({"name": "Made to order"})
        special = self._new_product("Special bolt", categ_id=category.id)
        line, other = self._buy(5, due=-3), self._buy(5, due=-3, product=special)
        self._threshold(10, category_id=category.id)
        found = self._sweep(self.rule)
        self.assertIn(line, found)
        self.assertNotIn(other, found)

    def test_branch(self):
        if THRESHOLD not in self.env:
            self.skipTest("Branches come with the network.")
        north, west = self._open_branch("North"), self._open_branch("West")
        here, there = self._buy_for(north), self._buy_for(west)
        self._threshold(10, branch_id=west.id)
        found = self._sweep(self.rule)
        self.assertEqual(found[here].branch_id, north)
        self.assertNotIn(there, found)
        exceptions = self.env["distribution.exception"]
        for branch, sees in ((north, True), (west, False)):
            manager = self._new_user(
                "branch_manager", f"m{branch.id}", branch_ids=branch.ids
            )
            seen = exceptions.with_user(manager).search([])
            self.assertEqual(found[here].id in seen.ids, sees)

    def _buy_for(self, branch):
        operation = branch.warehouse_id.in_type_id
        order = {"picking_type_id": operation.id}
        return self._buy(5, due=-3, order=order, user=self.cleo).with_env(self.env)

    def _threshold(self, value, **scope):
        self.env[THRESHOLD].create({"rule_id": self.rule.id, "value": value, **scope})

    def _open_branch(self, name):
        region = self.env["distribution.region"].create({"name": name, "code": name})
        return self.env["distribution.branch"].create(
            {
                "name": name,
                "code": name[:3].upper(),
                "region_id": region.id,
                "branch_type": "depot",
            }
        )
