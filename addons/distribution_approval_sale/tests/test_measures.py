from odoo import Command
from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestMeasures(SaleApprovalMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.euro = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", "SEK")])
        )
        cls.euro.active = True
        cls.euro.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.euro.id, "name": "2020-01-01", "rate": 2.0}
        )
        cls.foreign = cls.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": cls.euro.id}
        )

    def test_amount_is_untaxed_and_in_company_currency(self):
        self._policy("sale_amount", 1000)
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20, "price_include_override": "tax_included"}
        )
        order = self._order(
            self.sam, (self.hammer, 1, {"price_unit": 120, "tax_ids": tax.ids})
        )
        self.assertEqual(self._value(order), 100)
        order = self._order(self.sam, (self.hammer, 1), pricelist_id=self.foreign.id)
        self.assertEqual(order.amount_untaxed, 200)
        self.assertEqual(self._value(order), 100)

    def test_stored_totals_are_not_believed(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10), pricelist_id=self.foreign.id)
        order.order_line.write({"price_subtotal": 1, "price_total": 1})
        order.write({"amount_untaxed": 1, "currency_rate": 1000})
        self.assertEqual(self._value(order), 1000)

    def test_margin_of_all_lines_together(self):
        self._policy("sale_margin", 10, worse="lower")
        order = self._order(self.sam, (self.hammer, 1), (self.nail, 10))
        self.assertEqual(self._value(order), 25)

    def test_margin_in_another_unit_and_currency(self):
        self._policy("sale_margin", 10, worse="lower")
        order = self._order(
            self.sam,
            (self.hammer, 2, {"product_uom_id": self.dozen.id, "price_unit": 1920}),
            pricelist_id=self.foreign.id,
        )
        self.assertEqual(self._value(order), 25)

    def test_a_cost_that_the_seller_wrote_does_not_help(self):
        self._policy("sale_margin", 10, worse="lower")
        order = self._order(self.sam, (self.hammer, 1))
        order.order_line.purchase_price = 1
        self.assertEqual(self._value(order), 40)
        order.order_line.purchase_price = 80
        self.assertEqual(self._value(order), 20)

    def test_a_discount_on_the_order_lowers_the_margin_of_all(self):
        self._policy("sale_margin", 10, worse="lower")
        discount = self._product("Discount", 0, 0, type="service")
        order = self._order(
            self.sam, (self.hammer, 2), (discount, 1, {"price_unit": -80})
        )
        self.assertEqual(self._value(order), 0)
        facts = dict(self._ask(order).facts)
        self.assertEqual(facts["Margin"], "0 %")

    def test_what_is_given_away_has_lost_all(self):
        self._policy("sale_margin", 10, worse="lower")
        order = self._order(self.sam, (self.hammer, 2, {"price_unit": 0}))
        self.assertEqual(self._value(order), -100)

    def test_sections_and_notes_do_not_count(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 2))
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Hello"})
        ]
        self.assertEqual(self._value(order), 200)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_down_payment_flag_hides_no_goods(self):
        self._policy("sale_amount", 1000)
        order = self._order(
            self.sam, (self.hammer, 20, {"is_downpayment": True, "price_unit": 100})
        )
        self.assertEqual(self._value(order), 2000)
