from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPrice(PriceCase):
    """Lines sold below the pricelist."""

    def test_price_below_the_pricelist(self):
        rule = self._rule("sale_price", threshold=10)
        line, fair = self._sell(5, price=8.0), self._sell(5, price=9.5)
        found = self._look(rule)
        self.assertNotIn(fair, found)
        one = found[line]
        self.assertEqual((one.measure, one.amount), (20, 10))
        self.assertEqual(one.detail, "Sold at USD 8.00; the pricelist says USD 10.00.")
        self.assertEqual(one.too_late_at, self.promised)
        self.assertEqual(one.partner_id, self.customer)
        self.assertIn("Bolt", one.name)
        line.price_unit = 10
        self.assertFalse(self._look(rule, line))

    def test_without_a_delivery_date(self):
        """It is too late after the lead time then, as it is with the promise."""
        rule = self._rule("sale_price", threshold=10)
        line = self._sell(5, price=8.0, confirm=False, commitment_date=False)
        line.customer_lead = 3
        line.order_id.action_confirm()
        one = self._look(rule)[line]
        self.assertEqual(one.too_late_at, line.order_id.date_order + timedelta(days=3))

    def test_discount_of_the_pricelist_is_none(self):
        rule = self._rule("sale_price", threshold=1)
        given = self._sell(20, price=8.0, pricelist_id=self.trade.id)
        own = self._sell(5, price=8.0, pricelist_id=self.trade.id)
        self.assertEqual(given.pricelist_price, 8)
        self.assertEqual([*self._look(rule)], [own])

    def test_discount_by_hand(self):
        rule = self._rule("sale_price", threshold=10)
        line = self._sell(5)
        self.assertFalse(self._look(rule))
        line.discount = 15
        self.assertEqual(self._look(rule)[line].measure, 15)

    def test_company_currency(self):
        rule = self._rule("sale_price", threshold=10)
        rate = {"name": "2020-01-01", "rate": 4.0}
        currency = self.env["res.currency"].create(
            {"name": "XPX", "symbol": "X", "rate_ids": [(0, 0, rate)]}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        line = self._sell(5, price=20.0, pricelist_id=pricelist.id)
        self.assertEqual(line.pricelist_price, 40)
        one = self._look(rule)[line]
        self.assertEqual((one.measure, one.amount), (50, 25))

    def test_quotations_and_invoiced_lines(self):
        rule = self._rule("sale_price", threshold=10)
        self._sell(5, price=8.0, confirm=False)
        line = self._sell(5, price=8.0)
        self.assertEqual([*self._look(rule)], [line])
        line.order_id.sudo()._create_invoices().action_post()
        self.assertFalse(self._look(rule))

    def test_open_the_order(self):
        line = self._sell(5, price=5.0)
        rule = self._rule("sale_price", threshold=10)
        action = self._look(rule)[line].with_user(self.olga).action_resolve()
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(action["res_id"], line.order_id.id)

    def test_other_role(self):
        """Whoever is not meant to know does not learn at which price something was sold."""
        rule = self._rule("sale_price", threshold=10)
        rule.role_ids = self.env.ref("distribution_base.group_finance_controller")
        self._sell(5, price=5.0)
        [one] = self._look(rule).values()
        self.assertFalse(one.with_user(self.olga).search([("id", "=", one.id)]))
        with self.assertRaises(AccessError):
            one.with_user(self.olga).read(["detail"])
