from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestLate(SaleExceptionCase):
    """Lines that will miss their first promise, by cause."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("sale_late")

    def test_nothing_on_the_way(self):
        far, near = self._sell(5, days=10), self._sell(4, days=2)
        found = self._look(self.rule)
        self.assertNotIn(far, found)
        one = found[near]
        self.assertEqual(one.detail, "Nothing is reserved and nothing is on the way.")
        self.assertEqual(one.amount, 40)
        self.assertEqual(one.measure, 0)
        self.assertEqual(one.too_late_at, near.first_promised_at)
        self.assertFalse(one.expected_at)
        self.assertEqual(one.user_id, self.env["res.users"])
        self.assertEqual(one.partner_id, self.customer)
        self.assertIn(near.order_id.name, one.name)
        self.assertIn("Bolt", one.name)

    def test_receipt_after_the_promise(self):
        line, receipt = self._sell(5, days=10), self._receive_later(5, days=12)
        one = self._look(self.rule)[line]
        self.assertEqual(one.detail, "It waits for a receipt.")
        self.assertEqual(one.expected_at, receipt.date)
        self.assertEqual(one.measure, 48)

    def test_receipt_before_the_promise(self):
        line = self._sell(5, days=10)
        self._receive_later(5, days=9)
        self.assertNotIn(line, self._look(self.rule))

    def test_first_come_first_served(self):
        """The receipt in time is for who comes first; the second waits for the next one."""
        first, second = self._sell(5, days=10), self._sell(5, days=11)
        self._receive_later(5, days=9)
        late = self._receive_later(5, days=15)
        found = self._look(self.rule)
        self.assertNotIn(first, found)
        self.assertEqual(found[second].expected_at, late.date)

    def test_transfer_after_the_promise(self):
        line = self._sell(5, days=10)
        transit = self.env["stock.location"].create(
            {"name": "Road", "usage": "transit"}
        )
        self._receive_later(5, days=12, source=transit)
        one = self._look(self.rule)[line]
        self.assertEqual(one.detail, "It waits for a transfer.")

    def test_what_was_ordered_for_somebody_else(self):
        line = self._sell(5, days=10)
        move = self._receive_later(5, days=12)
        other = self._sell(5, days=30).sudo().move_ids
        other.write({"procure_method": "make_to_order", "move_orig_ids": move.ids})
        self.assertNotIn(line, self._look(self.rule), "the receipt is not for it")

    def test_what_was_ordered_for_it(self):
        line = self._sell(5, days=10)
        self._receive_later(5, days=9)
        own = self._receive_later(5, days=14)
        line.sudo().move_ids.move_orig_ids = own
        self.assertEqual(self._look(self.rule)[line].expected_at, own.date)

    def test_overdue_receipt(self):
        line, receipt = self._sell(5, days=2), self._receive_later(5, days=1)
        self.assertNotIn(line, self._look(self.rule))
        receipt.date = self.now - timedelta(days=1)
        one = self._look(self.rule)[line]
        self.assertEqual(one.detail, "The receipt that it waits for is overdue.")
        self.assertFalse(one.expected_at, "a date of the past is no new date")

    def test_ready_but_not_shipped(self):
        self._count(20)
        line = self._sell(5, days=1)
        self.assertNotIn(line, self._look(self.rule), "a day is time enough")
        self.rule.hours_to_act = 25
        one = self._look(self.rule)[line]
        self.assertEqual(one.detail, "Ready, but not shipped.")

    def test_in_stock_but_not_reserved(self):
        self._count(20)
        line = self._sell(5, days=0)
        line.sudo().move_ids._do_unreserve()
        one = self._look(self.rule)[line]
        self.assertEqual(one.detail, "In stock, but not reserved.")

    def test_shipping_time(self):
        self.company.security_lead = 2
        line, receipt = self._sell(5, days=10), self._receive_later(5, days=9)
        one = self._look(self.rule)[line]
        self.assertEqual(one.too_late_at, line.first_promised_at - timedelta(days=2))
        self.assertEqual(one.expected_at, receipt.date + timedelta(days=2))
        self.assertEqual(one.measure, 24)

    def test_hours_late_go_on(self):
        line = self._sell(5, days=1)
        with freeze_time(self.now + timedelta(days=3)):
            self.assertEqual(self._look(self.rule)[line].measure, 48)

    def test_threshold(self):
        self.rule.threshold = 49
        line, receipt = self._sell(5, days=10), self._receive_later(5, days=12)
        self.assertNotIn(line, self._look(self.rule))
        receipt.date = self.now + timedelta(days=13)
        self.assertIn(line, self._look(self.rule))

    def test_life(self):
        """Opens, has a new date, closes by itself, and opens again with its history."""
        line, receipt = self._sell(5, days=10), self._receive_later(5, days=12)
        one = self._look(self.rule)[line]
        receipt.date = self.now + timedelta(days=14)
        self.assertEqual(self._look(self.rule)[line], one)
        self.assertEqual(one.expected_at, receipt.date)
        receipt.date = self.now + timedelta(days=5)
        self.assertFalse(self._look(self.rule, line))
        self.assertEqual(one.state, "closed")
        receipt.date = self.now + timedelta(days=14)
        self.assertEqual(self._look(self.rule, line), {line: one})
        self.assertEqual(one.reopened_count, 1)

    def test_delivered_or_cancelled(self):
        delivered, cancelled = self._sell(5, days=0), self._sell(5, days=0)
        self.assertEqual(len(self._look(self.rule)), 2)
        self._count(20)
        self._deliver(delivered, 5)
        cancelled.order_id._action_cancel()
        self.assertFalse(self._look(self.rule))

    def test_two_steps_out(self):
        """Goods that were picked are on their way out, not on their way in."""
        self.depot.delivery_steps = "pick_ship"
        self._count(5)
        line = self._sell(5, days=1)
        self.assertNotIn(line, self._look(self.rule))
        self._deliver(line, 5)
        self.assertTrue(line.qty_delivered < 5)
        self.assertNotIn(line, self._look(self.rule))
        other = self._sell(5, days=1)
        self.assertEqual(list(self._look(self.rule)), [other])

    def test_constant_queries(self):
        self._sell(5, days=1)
        self._receive_later(5, days=12)
        self.rule._try_detect()
        with self.assertQueryCount(4):
            self.rule._detect()
        for days in range(1, 5):
            self._sell(5, days=days)
        self.env.flush_all()
        with self.assertQueryCount(4):
            self.rule._detect()
