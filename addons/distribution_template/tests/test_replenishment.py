from odoo import Command
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestReplenishment(TemplateCase):
    """Reordering rules by category, for many products at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.bolts = Category.create({"name": "Bolts"})
        cls.steel = Category.create({"name": "Steel", "parent_id": cls.bolts.id})
        cls.fast = cls.env["product.tag"].create({"name": "Fast mover"})
        cls.m6 = cls._new_product("M6", categ_id=cls.bolts.id)
        cls.m8 = cls._new_product("M8", categ_id=cls.bolts.id)
        cls.s8 = cls._new_product("S8", categ_id=cls.steel.id)
        cls.service = cls._new_product(
            "Cutting", categ_id=cls.bolts.id, is_storable=False
        )
        cls.line = cls._add_line(categ_id=cls.bolts.id, min_qty=5, max_qty=20)

    @classmethod
    def _add_line(cls, **values):
        return cls.env["distribution.template.replenishment"].create(
            {"template_id": cls.template.id, **values}
        )

    def _rules(self, branch):
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("branch_id", "=", branch.id)]
        )
        return {rule.product_id: rule for rule in rules}

    def _lines(self, opening):
        return opening.line_ids.filtered(
            lambda line: line.model == "stock.warehouse.orderpoint"
        )

    def test_one_line_in_the_preview(self):
        opening = self._prepare()
        opening.action_preview()
        line = self._lines(opening)
        self.assertEqual(line.record_count, 3)
        self.assertEqual(line.name, "Reordering rules of Bolts")
        self.assertEqual(
            line.value_to,
            "3 rules: min 5, max 20, Auto, supplied by: Inbound lane",
        )

    def test_rules_of_storable_products(self):
        branch = self._open().branch_id
        rules = self._rules(branch)
        self.assertEqual(set(rules), {self.m6, self.m8, self.s8})
        rule = rules[self.m6]
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (5, 20))
        self.assertEqual(rule.route_id, branch.lane_in_ids.route_id)
        self.assertEqual(rule.location_id, branch.warehouse_id.lot_stock_id)
        self.assertEqual(rule.qty_to_order, 20)

    def test_the_scheduler_orders_along_the_lane(self):
        branch = self._open().branch_id
        self._count(self.m6, self.central, 100)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        picking = self.env["stock.picking"].search(
            [("lane_id", "=", branch.lane_in_ids.id), ("branch_id", "=", branch.id)]
        )
        move = picking.move_ids.filtered(lambda m: m.product_id == self.m6)
        self.assertEqual(move.product_uom_qty, 20)

    def test_the_closest_category_wins_and_in_it_a_tag(self):
        self._add_line(
            categ_id=self.bolts.id, product_tag_id=self.fast.id, min_qty=50, max_qty=99
        )
        self._add_line(categ_id=self.steel.id, min_qty=1, max_qty=2, trigger="manual")
        self.m8.product_tag_ids = self.fast
        self.s8.product_tag_ids = self.fast
        rules = self._rules(self._open().branch_id)
        self.assertEqual(rules[self.m6].product_min_qty, 5)
        self.assertEqual(rules[self.m8].product_min_qty, 50)
        self.assertEqual(rules[self.s8].product_min_qty, 1)
        self.assertEqual(rules[self.s8].trigger, "manual")

    def test_buying(self):
        self.line.supply = "buy"
        branch = self._open().branch_id
        route = self._rules(branch)[self.m6].route_id
        self.assertEqual(route, branch.warehouse_id.buy_pull_id.route_id)

    def test_a_new_product_is_drift(self):
        branch = self._open().branch_id
        self._new_product("M10", categ_id=self.bolts.id)
        line = self._drift(branch)
        self.assertEqual((line.action, line.record_count), ("create", 1))
        self.assertEqual(branch.with_user(self.boss).drift_count, 1)
        line.action_reapply()
        self.assertEqual(len(self._rules(branch)), 4)

    def test_what_a_planner_tuned_is_left_alone(self):
        branch = self._open().branch_id
        rule = self._rules(branch)[self.m6]
        rule.with_user(self.paul).product_max_qty = 40
        self.assertFalse(self._drift(branch))

    def test_unless_the_template_insists(self):
        opening = self._open()
        branch = opening.branch_id
        rules = self._rules(branch)
        rules[self.m6].product_max_qty = 40
        rules[self.m8].action_archive()
        self.line.enforce = True
        line = self._drift(branch)
        self.assertEqual((line.action, line.record_count), ("change", 2))
        line.action_reapply()
        self.assertEqual(rules[self.m6].product_max_qty, 20)
        self.assertTrue(rules[self.m8].active)

    def test_undo_restores_corrected_rules(self):
        self.line.enforce = True
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.m6.id,
                "warehouse_id": self.north.warehouse_id.id,
                "product_min_qty": 1,
                "product_max_qty": 2,
                "trigger": "manual",
            }
        )
        opening = self._open(branch_id=self.north.id)
        self.assertEqual((rule.product_max_qty, rule.trigger), (20, "auto"))
        opening.action_undo()
        self.assertEqual((rule.product_max_qty, rule.trigger), (2, "manual"))
        self.assertEqual(set(self._rules(self.north)), {self.m6})

    def test_undo_is_refused_once_a_rule_ordered(self):
        opening = self._open()
        self._count(self.m6, self.central, 100)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        with self.assertRaisesRegex(Exception, "Stock Move"):
            opening.action_undo()

    def test_a_category_without_products(self):
        empty = self.env["product.category"].create({"name": "Empty"})
        self.template.replenishment_ids = [
            Command.create({"categ_id": empty.id, "min_qty": 1, "max_qty": 1})
        ]
        opening = self._prepare()
        opening.action_preview()
        line = self._lines(opening).filtered(lambda x: "Empty" in x.name)
        self.assertEqual((line.action, line.record_count), ("keep", 0))
