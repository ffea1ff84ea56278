from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import PurchaseExceptionCase


@tagged("post_install", "-at_install")
class TestOverdueReceipts(PurchaseExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("purchase_late")

    def test_opens_updates_closes_and_opens_again(self):
        line = self._buy(10, due=-3, price=5.0)
        exception = self._sweep(self.rule)[line]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 3,
                    "amount": 50.0,
                    "partner_id": self.vendor.id,
                    "user_id": self.bert.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertIn(line.order_id.name, exception.name)
        self.assertIn("10 of 10", exception.detail)
        self._receive(line, 4)
        self._recheck(self.rule, line)
        self.assertEqual((exception.state, exception.amount), ("open", 30.0))
        self.assertIn("6 of 10", exception.detail)
        self._receive(line, 6)
        self._recheck(self.rule, line)
        self.assertEqual(exception.state, "closed")
        # With the date, which Odoo works out anew for another quantity.
        line.write({"product_qty": 12, "date_planned": line.date_planned})
        self._sweep(self.rule)
        self.assertRecordValues(
            exception, [{"state": "open", "reopened_count": 1, "amount": 10.0}]
        )

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        line = self._buy(10, date_planned="2026-03-11 20:00:00")
        self.assertIn("2026-03-12", self._sweep(self.rule)[line].detail)

    def test_what_is_not_overdue(self):
        received, later = self._buy(5, due=-3), self._buy(5, due=3)
        draft = self._buy(5, due=-3, confirm=False)
        short, cancelled = self._buy(5, due=-3), self._buy(5, due=-3)
        today = self._buy(5, due=-0.5)
        self._receive(received, 5)
        self._receive(short, 3, backorder=False)
        cancelled.order_id.button_cancel()
        found = self._sweep(self.rule)
        for line in received | later | draft | short | cancelled | today:
            self.assertNotIn(line, found)

    def test_date_moved_into_the_future(self):
        line = self._buy(5, due=-3)
        exception = self._sweep(self.rule)[line]
        line.order_id.date_planned = self._day(2)
        line.date_planned = self._day(2)
        self._recheck(self.rule, line)
        self.assertEqual(exception.state, "closed")

    def test_receipt_planned_anew(self):
        line = self._buy(5, due=-3)
        line.move_ids.picking_id.scheduled_date = self._day(2)
        exception = self._sweep(self.rule)[line]
        self.assertEqual(exception.expected_at, line.move_ids.date)
        self.assertGreater(exception.expected_at, self._day(1))

    def test_unit_and_currency_of_the_order(self):
        currency = self._currency(rate=2.0)  # two of them are one of the company's
        line = self._buy(
            10,
            due=-3,
            price=60.0,
            order={"currency_id": currency.id},
            product_uom_id=self.dozen.id,
        )
        self._receive(line, 24)
        self.assertEqual(line.qty_received, 2)
        exception = self._sweep(self.rule)[line]
        self.assertEqual(exception.amount, 240.0)  # eight dozen at 60, of two to one
        self.assertIn("8 of 10", exception.detail)

    def test_too_late_when_customers_wait(self):
        line = self._buy(5, due=-3)
        exception = self._sweep(self.rule)[line]
        today = self._day(0).replace(hour=0, minute=0, second=0)
        self.assertEqual(exception.too_late_at, today)
        delivery = self._deliver(3, due=2)
        self._recheck(self.rule, line)
        self.assertEqual(exception.too_late_at, delivery.date)
        elsewhere = self._new_warehouse("Elsewhere", "ELS")
        self._deliver(3, due=1, warehouse=elsewhere)
        self._recheck(self.rule, line)
        self.assertEqual(exception.too_late_at, delivery.date)

    def test_too_late_when_the_stock_is_short(self):
        line = self._buy(5, due=-3)
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 1,
                "product_max_qty": 5,
            }
        )
        exception = self._sweep(self.rule)[line]
        self.assertEqual(exception.too_late_at, line.date_planned)

    def test_threshold_and_filter(self):
        line, other = self._buy(5, due=-3), self._buy(5, due=-8)
        self.rule.threshold = 5
        found = self._sweep(self.rule)
        self.assertNotIn(line, found)
        self.assertIn(other, found)
        self.rule.domain = [("order_id.priority", "=", "1")]
        self._sweep(self.rule)
        self.assertEqual(found[other].state, "closed")

    def test_moved_at_once(self):
        line = self._buy(5, due=-3)
        more = [Command.update(line.id, {"product_qty": 9})]
        for change in (
            lambda: line.write({"date_planned": self._day(1)}),
            lambda: self._receive(line, 2),
            lambda: line.order_id.write({"order_line": more}),
        ):
            self.assertIn(line.id, self._asked("purchase.order.line", change))
        self.assertFalse(
            self._asked("purchase.order.line", lambda: line.write({"name": "Bolts"}))
        )


@tagged("post_install", "-at_install")
class TestMovedDates(PurchaseExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("purchase_moved")

    def test_opens_updates_and_closes(self):
        line = self._buy(10, due=3, price=5.0)
        self.assertNotIn(line, self._sweep(self.rule))
        self._move(line, days=2)
        self.assertNotIn(line, self._sweep(self.rule))
        self._move(line, days=4)
        exception = self._sweep(self.rule)[line]
        self.assertRecordValues(
            exception,
            [
                {
                    "measure": 4,
                    "amount": 50.0,
                    "expected_at": line.date_planned,
                    "too_late_at": line.first_confirmed_date,
                }
            ],
        )
        self._move(line, days=9)
        self._recheck(self.rule, line)
        self.assertEqual((exception.state, exception.measure), ("open", 9))
        self._move(line, days=0)
        self._recheck(self.rule, line)
        self.assertEqual(exception.state, "closed")

    def test_overdue_is_no_longer_moved(self):
        line = self._buy(10, due=-9)
        self._move(line, days=5)
        self.assertNotIn(line, self._sweep(self.rule))
        self.assertIn(line, self._sweep(self._rule("purchase_late")))

    def test_received_is_no_longer_moved(self):
        line = self._buy(10, due=1)
        self._move(line, days=5)
        exception = self._sweep(self.rule)[line]
        self._receive(line, 10)
        self._recheck(self.rule, line)
        self.assertEqual(exception.state, "closed")

    def _move(self, line, days):
        line.date_planned = line.first_confirmed_date + timedelta(days=days)
