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
        self._back(quant, in_date=200, moves=200)
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
        self._back(quant, in_date=200, moves=200)
        self._sweep(self.rule)
        self.assertEqual((exception.state, exception.reopened_count), ("open", 1))

    def test_moving_goods_does_not_make_them_younger(self):
        quant = self._count(10)
        self._back(quant, in_date=200, moves=200)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.yard.lot_stock_id.id}
        )
        self._do(self._move(10, self.yard.lot_stock_id, shelf))
        moved = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id", "=", shelf.id)]
        )
        self.assertEqual(self._sweep(self.rule)[moved].measure, 200)

    def test_what_sells_and_is_bought_is_not_old(self):
        """The place was never empty, so Odoo's date is that of the first goods."""
        quant = self._count(10)
        self._back(quant, in_date=200, moves=200)
        self._do(self._bring(30))
        self._do(self._deliver(25))
        self.assertEqual(quant.in_date.date(), self._day(-200).date())
        self.assertNotIn(quant, self._sweep(self.rule))
        self._back(quant, moves=190)
        exception = self._sweep(self.rule)[quant]
        self.assertEqual(exception.measure, 190)
        self.assertIn(str(self._day(-190).date()), exception.detail)

    def test_what_nobody_wants_here_is_old_although_others_sell_it(self):
        quant = self._count(10, self.depot)
        self._count(50)
        self._back(quant, in_date=200, moves=200)
        self._do(self._bring(100))
        self._do(self._deliver(60))
        self.assertEqual(self._sweep(self.rule)[quant].measure, 200)

    def test_a_transfer_does_not_make_goods_younger(self):
        quant = self._count(10)
        self._back(quant, in_date=200, moves=200)
        there = self.depot.lot_stock_id
        self._do(self._move(10, self.yard.lot_stock_id, there))
        moved = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id", "=", there.id)]
        )
        self.assertEqual(self._sweep(self.rule)[moved].measure, 200)

    def test_a_lower_threshold_counts_too(self):
        if "threshold_ids" not in self.rule:
            self.skipTest("Thresholds by category come with the network.")
        category = self.env["product.category"].create({"name": "Fresh"})
        self.product.categ_id = category
        values = {"rule_id": self.rule.id, "category_id": category.id, "value": 30}
        self.env["distribution.exception.threshold"].create(values)
        quant = self._count(10)
        self._back(quant, in_date=40, moves=40)
        self.assertEqual(self._sweep(self.rule)[quant].measure, 40)

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
        self._back(quant, in_date=90, moves=90)
        delivery = self._do(self._deliver(5))
        exception = self._sweep(rule)[quant]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 3,
                    "amount": 12.0,
                    "too_late_at": max(delivery.move_line_ids.mapped("date")),
                }
            ],
        )
        self.assertIn(str(delivery.date.date()), exception.detail)
        self._do(self._deliver(1))
        self._recheck(rule, quant)
        self.assertEqual(exception.measure, 4)
        self._do(self._bring(4))
        self._recheck(rule, quant)
        self.assertEqual(exception.state, "closed")
        self._do(self._deliver(1))
        found = self._sweep(rule)
        self.assertTrue(found[quant].state == "open" or len(found) > 1)

    def test_it_is_not_as_old_as_the_goods_that_lay_there(self):
        """One line takes more than there is: Odoo keeps the date of the goods."""
        rule, quant = self._rule("stock_negative"), self._count(2)
        self._back(quant, in_date=90, moves=90)
        delivery = self._deliver(5)
        delivery._do_unreserve()
        values = {**delivery._prepare_move_line_vals(), "quantity": 5, "picked": True}
        line = self.env["stock.move.line"].create(values)
        delivery._action_done()
        self.assertEqual(quant.in_date.date(), self._day(-90).date())
        self.assertEqual(self._sweep(rule)[quant].too_late_at, line.date)


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
        self._back(quant, moves=5)
        exception = self._sweep(self.rule)[quant]
        self.assertRecordValues(
            exception, [{"state": "open", "measure": 5, "amount": 40.0}]
        )
        self._do(self._move(10, self.hold, self.yard.lot_stock_id))
        self._recheck(self.rule, quant)
        self.assertEqual(exception.state, "closed")

    def test_goods_that_came_again_have_not_waited_since_the_first_ones(self):
        quant = self._count(10, location=self.hold)
        self._do(self._move(10, self.hold, self.yard.lot_stock_id))
        self._back(quant, in_date=90, create_date=90, moves=90)
        self._do(self._move(4, self.yard.lot_stock_id, self.hold))
        self.assertEqual(quant.quantity, 4)
        self.assertNotIn(quant, self._sweep(self.rule))

    def test_places_within_count_and_others_do_not(self):
        cage = self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.hold.id}
        )
        inside, outside = self._count(1, location=cage), self._count(1)
        self._back(inside, moves=5)
        found = self._sweep(self.rule)
        self.assertIn(inside, found)
        self.assertNotIn(outside, found)
