from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestWaiting(SaleExceptionCase):
    """Lines reserved in part, and backorders."""

    def test_partly_reserved(self):
        rule = self._rule("sale_partial")
        self._count(3)
        line = self._sell(5, days=2)
        one = self._look(rule)[line]
        self.assertEqual((one.measure, one.amount), (2, 20))
        self.assertEqual(
            one.detail, "Reserved in part; nothing is on the way for the rest."
        )
        receipt = self._receive_later(5, days=1)
        self._look(rule)
        self.assertEqual(one.expected_at, receipt.date)
        self._count(9)
        line.sudo().move_ids._action_assign()
        self.assertFalse(self._look(rule))
        self.assertEqual(one.state, "closed")

    def test_reserved_in_full_or_not_at_all(self):
        rule = self._rule("sale_partial")
        self._count(5)
        self._sell(5, days=1)
        self._sell(5, days=1)
        self.assertFalse(self._look(rule))

    def test_partly_reserved_with_time_left(self):
        rule = self._rule("sale_partial")
        self._count(3)
        line = self._sell(5, days=9)
        self.assertFalse(self._look(rule))
        rule.look_ahead_days = 10
        self.assertIn(line, self._look(rule))

    def test_partly_reserved_threshold(self):
        rule = self._rule("sale_partial", threshold=3)
        self._count(3)
        two, four = self._sell(5, days=1), self._sell(4, days=1)
        self.assertEqual(list(self._look(rule)), [])
        four.sudo().move_ids._do_unreserve()
        two.sudo().move_ids._do_unreserve()
        self._count(1)
        two.sudo().move_ids._action_assign()
        self.assertEqual([*self._look(rule)], [two])

    def test_backorder(self):
        rule = self._rule("sale_backorder", threshold=3)
        self._count(3)
        line, untouched = self._sell(5, days=1), self._sell(5, days=1)
        self._deliver(line, 3)
        self.assertFalse(self._look(rule))
        with freeze_time(self.now + timedelta(days=3, hours=20)):
            self.assertFalse(self._look(rule), "two days after the promise")
        with freeze_time(self.now + timedelta(days=5)):
            found = self._look(rule)
            self.assertNotIn(untouched, found)
            one = found[line]
            self.assertEqual((one.measure, one.amount), (4, 20))
            self.assertEqual(one.too_late_at, line.first_promised_at)
            self._count(2)
            self._deliver(line, 2)
            self.assertFalse(self._look(rule, line))

    def test_units(self):
        """Short and at risk are told right for a line in dozens."""
        rule = self._rule("sale_partial")
        self._count(6)
        line = self._sell(1, days=1, confirm=False)
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        line.order_id.action_confirm()
        one = self._look(rule)[line]
        self.assertEqual((one.measure, one.amount), (6, 60))

    def test_company_currency(self):
        rule = self._rule("sale_late")
        currency = self.env["res.currency"].create(
            {
                "name": "XSX",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        line = self._sell(5, days=1, price=20.0, pricelist_id=pricelist.id)
        self.assertEqual(self._look(rule)[line].amount, 25)
