from odoo import Command
from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestPrices(SaleApprovalMixin, TransactionCase):
    """Discounts, as the policies of sales orders measure them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["sale.order"]._fields.get("approval_state"):
            cls.skipTest(cls, "orders have no gate")
        cls._set_up_people_and_goods()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def _rule(self, pricelist=None, **values):
        return self.env["product.pricelist.item"].create(
            {"pricelist_id": (pricelist or self.list).id, **values}
        )

    def _discount(self, *lines, **values):
        """The worst discount on the list price and on the pricelist."""
        if not hasattr(self, "both"):
            self.both = self._policy("sale_discount", 90)
            draft = self.env["distribution.approval.policy"].browse(
                self.both.action_new_version()["res_id"]
            )
            draft.rule_ids.copy(
                {
                    "measure": "sale_below_pricelist",
                    "policy_id": draft.id,
                    "sequence": 20,
                }
            )
            draft.action_activate()
        order = self._order(self.sam, *lines, **values)
        return self._evaluate(order)[order.id]

    def test_none(self):
        self.assertEqual(self._discount((self.hammer, 1)), [0, 0])

    def test_by_the_discount_and_by_hand(self):
        line = (self.hammer, 1, {"price_unit": 90, "discount": 10})
        self.assertEqual(self._discount(line), [19, 19])

    def test_the_worst_line(self):
        lines = (self.hammer, 9, {"discount": 5}), (self.nail, 1, {"discount": 30})
        self.assertEqual(self._discount(*lines), [30, 30])

    def test_dearer_than_the_list(self):
        self.assertLessEqual(
            self._discount((self.hammer, 1, {"price_unit": 120}))[0], 0
        )

    def test_by_the_pricelist(self):
        self._rule(compute_price="percentage", percent_price=25)
        self.assertEqual(self._discount((self.hammer, 1)), [25, 0])
        line = (self.hammer, 1, {"price_unit": 60, "discount": 0})
        self.assertEqual(self._discount(line), [40, 20])

    def test_by_the_most_special_rule(self):
        self._rule(compute_price="percentage", percent_price=10)
        self._rule(
            compute_price="fixed",
            fixed_price=80,
            applied_on="1_product",
            product_tmpl_id=self.hammer.product_tmpl_id.id,
        )
        self._rule(
            compute_price="fixed",
            fixed_price=70,
            min_quantity=24,
            applied_on="0_product_variant",
            product_id=self.hammer.id,
        )
        self._rule(
            compute_price="percentage",
            percent_price=50,
            applied_on="2_product_category",
            categ_id=self.env["product.category"].create({"name": "Other"}).id,
        )
        self.assertEqual(self._discount((self.nail, 1)), [10, 0])
        self.assertEqual(self._discount((self.hammer, 1)), [20, 0])
        dozens = (self.hammer, 2, {"product_uom_id": self.dozen.id})
        self.assertEqual(self._discount(dozens), [30, 0])

    def test_on_the_day_of_the_order(self):
        self._rule(
            compute_price="percentage",
            percent_price=25,
            date_start="2026-01-10 08:00:00",
            date_end="2026-01-20 08:00:00",
        )
        line = (self.hammer, 1, {"price_unit": 75, "discount": 0})
        for moment, below in (
            ("2026-01-10 07:00:00", 25),
            ("2026-01-10 09:00:00", 0),
            ("2026-01-20 07:00:00", 0),
            ("2026-01-20 09:00:00", 25),
        ):
            with self.subTest(moment):
                self.assertEqual(self._discount(line, date_order=moment), [25, below])

    def test_of_a_pricelist_on_another_one_in_another_currency(self):
        crown = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", "SEK")])
        )
        crown.active = True
        crown.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": crown.id, "name": "2020-01-01", "rate": 10.0}
        )
        self._rule(compute_price="percentage", percent_price=10)
        abroad = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": crown.id}
        )
        self._rule(
            abroad,
            base="pricelist",
            base_pricelist_id=self.list.id,
            compute_price="formula",
            price_discount=50,
        )
        found = self._discount((self.hammer, 1), pricelist_id=abroad.id)
        self.assertEqual(found, [55, 0])
        line = (self.hammer, 1, {"price_unit": 405, "discount": 0})
        self.assertEqual(self._discount(line, pricelist_id=abroad.id), [59.5, 10])

    def test_by_a_line_that_takes_something_off(self):
        off = self._product("Discount", 0, 0, type="service")
        lines = (self.hammer, 2), (off, 1, {"price_unit": -50})
        self.assertEqual(self._discount(*lines), [25, 25])

    def test_delivery_and_combos_have_no_list(self):
        drill = self._product("Drill", 200, 100)
        combo = self.env["product.combo"].create(
            {
                "name": "Set",
                "combo_item_ids": [Command.create({"product_id": drill.id})],
            }
        )
        product = self._product(
            "Box", 150, 0, type="combo", combo_ids=[Command.set(combo.ids)]
        )
        order = self._order(self.sam, (product, 1))
        order.order_line = [
            Command.create(
                {
                    "product_id": drill.id,
                    "product_uom_qty": 1,
                    "combo_item_id": combo.combo_item_ids.id,
                    "linked_line_id": order.order_line.id,
                }
            )
        ]
        self._rule(
            compute_price="fixed",
            fixed_price=120,
            applied_on="1_product",
            product_tmpl_id=product.product_tmpl_id.id,
        )
        self.env.invalidate_all()
        self._policy("sale_below_pricelist", 90)
        self.assertEqual(order.amount_untaxed, 150)
        self.assertEqual(self._value(order), -25)
        self.env["distribution.approval.policy"].search([]).action_retire()
        self._policy("sale_discount", 90)
        order.order_line[1].price_unit = 120
        self.assertEqual(self._value(order), 0)

    def test_a_client_cannot_bring_its_own_rules(self):
        self._policy("sale_discount", 20)
        order = self._order(self.sam, (self.hammer, 1, {"discount": 50}))
        forged = {"distribution_approval_price_rules": {"known": {}, "templates": []}}
        order.with_context(**forged).action_confirm()
        self.assertEqual(order.state, "draft")
