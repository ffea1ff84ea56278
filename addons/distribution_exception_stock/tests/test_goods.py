from odoo.tests import tagged

from .common import StockExceptionCase


@tagged("post_install", "-at_install")
class TestAgedStock(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_aged")

    def test_opens_updates_closes_and_opens_again(self):
        quant = self._count(10)
        self.assertNotIn(quant, self._sweep(self.rule))
        self._back(quant, in_date=200)
        exception = self._sweep(self.rule)[quant]
        self.assertRecordValues(
            exception,
            [{"state": "open", "measure": 200, "amount": 40.0, "too_late_at": False}],
        )
        self.assertIn("Hex bolt", exception.name)
        self._do(self._deliver(4))
        self._recheck(self.rule, quant)
        self.assertEqual((exception.state, exception.amount), ("open", 24.0))
        self._do(self._deliver(6))
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")
        self._count(1)
        self._back(quant, in_date=200)
        self._sweep(self.rule)
        self.assertEqual((exception.state, exception.reopened_count), ("open", 1))

    def test_moving_goods_does_not_make_them_younger(self):
        quant = self._count(10)
        self._back(quant, in_date=200)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.yard.lot_stock_id.id}
        )
        self._do(self._move(10, self.yard.lot_stock_id, shelf))
        moved = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id", "=", shelf.id)]
        )
        self.assertEqual(self._sweep(self.rule)[moved].measure, 200)

    def test_goods_of_others_are_worth_nothing(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        quant = self.env["stock.quant"].create(
            {
                "product_id": self.product.id,
                "location_id": self.yard.lot_stock_id.id,
                "owner_id": owner.id,
                "quantity": 5,
            }
        )
        self._back(quant, in_date=200)
        self.assertEqual(self._sweep(self.rule)[quant].amount, 0)


@tagged("post_install", "-at_install")
class TestNegativeStock(StockExceptionCase):
    def test_opens_updates_closes_and_opens_again(self):
        rule = self._rule("stock_negative")
        quant = self._count(2)
        self._do(self._deliver(5))
        exception = self._sweep(rule)[quant]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 3,
                    "amount": 12.0,
                    "too_late_at": quant.in_date,
                }
            ],
        )
        self._do(self._deliver(1))
        self._recheck(rule, quant)
        self.assertEqual(exception.measure, 4)
        self._do(self._bring(4))
        self._recheck(rule, quant)
        self.assertEqual(exception.state, "closed")
        self._do(self._deliver(1))
        found = self._sweep(rule)
        self.assertTrue(found[quant].state == "open" or len(found) > 1)


@tagged("post_install", "-at_install")
class TestGoodsOnHold(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_hold")
        cls.hold = cls.yard.wh_qc_stock_loc_id
        cls.hold.active = True

    def test_opens_and_closes(self):
        quant = self._count(10, location=self.hold)
        self._back(quant, in_date=90)
        self.assertNotIn(quant, self._sweep(self.rule))
        self._back(quant, create_date=5)
        exception = self._sweep(self.rule)[quant]
        self.assertRecordValues(
            exception, [{"state": "open", "measure": 5, "amount": 40.0}]
        )
        self._do(self._move(10, self.hold, self.yard.lot_stock_id))
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")

    def test_places_within_count_and_others_do_not(self):
        cage = self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.hold.id}
        )
        inside, outside = self._count(1, location=cage), self._count(1)
        for quant in (inside, outside):
            self._back(quant, create_date=5)
        found = self._sweep(self.rule)
        self.assertIn(inside, found)
        self.assertNotIn(outside, found)
