from odoo.tests import freeze_time, tagged

from .common import StockExceptionCase


@tagged("post_install", "-at_install")
class TestCountVariance(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_variance")

    def test_opens_updates_closes_and_opens_again(self):
        quant = self._count(100)
        self.assertNotIn(quant, self._sweep(self.rule))
        self._enter(quant, 80)
        exception = self._sweep(self.rule)[quant]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 80,
                    "amount": 80.0,
                    "user_id": self.olga.id,
                    "detail": "80 Units counted, 100 expected",
                }
            ],
        )
        self._enter(quant, 70)
        self._recheck(self.rule, quant)
        self.assertEqual(exception.amount, 120.0)
        quant.action_clear_inventory_quantity()
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")
        self._enter(quant, 120)
        self._sweep(self.rule)
        self.assertEqual((exception.state, exception.reopened_count), ("open", 1))
        quant.action_apply_inventory()
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")

    def test_small_difference(self):
        quant = self._count(100)
        self._enter(quant, 90)
        self.assertNotIn(quant, self._sweep(self.rule))

    def test_what_moved_since_the_count_is_no_difference(self):
        quant = self._count(100)
        self._enter(quant, 70)
        self._do(self._deliver(30))
        exception = self._sweep(self.rule)[quant]
        self.assertEqual(exception.amount, 120.0)
        self.assertEqual(exception.detail, "70 Units counted, 100 expected")

    def _enter(self, quant, quantity):
        counting = quant.with_user(self.olga).with_context(inventory_mode=True)
        counting.write({"inventory_quantity": quantity, "user_id": self.olga.id})
        self.env.flush_all()  # as at the end of her request


@tagged("post_install", "-at_install")
class TestOverdueCounts(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_overdue")

    def test_opens_updates_and_closes(self):
        quant = self._count(10)
        quant.inventory_date = self._day(-4)
        exception = self._sweep(self.rule)[quant]
        self.assertRecordValues(
            exception,
            [{"state": "open", "measure": 4, "amount": self.rule.assumed_amount}],
        )
        quant.inventory_date = self._day(-6)
        self._recheck(self.rule, quant)
        self.assertEqual(exception.measure, 6)
        self._count(10)
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "America/New_York"
        quant = self._count(10)
        quant.inventory_date = "2026-01-14"
        with freeze_time("2026-01-15 04:30:00"):
            self.assertNotIn(quant, self._sweep(self.rule))
        with freeze_time("2026-01-15 05:30:00"):
            exception = self._sweep(self.rule)[quant]
        self.assertEqual(exception.measure, 1)
        self.assertEqual(str(exception.too_late_at), "2026-01-15 05:00:00")

    def test_nothing_to_count(self):
        quant, today = self._count(10), self._count(5, self.depot)
        self._do(self._deliver(10))
        quant.inventory_date = self._day(-4)
        today.inventory_date = self._day(0)
        found = self._sweep(self.rule)
        self.assertNotIn(quant, found)
        self.assertNotIn(today, found)
