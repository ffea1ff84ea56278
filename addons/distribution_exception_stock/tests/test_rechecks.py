from odoo.tests import tagged

from .common import StockExceptionCase

POINTS, QUANTS = "stock.warehouse.orderpoint", "stock.quant"


@tagged("post_install", "-at_install")
class TestRechecks(StockExceptionCase):
    """What happens to goods has its exceptions looked at again after the commit."""

    def test_goods_come_and_go(self):
        quant = self._count(5)
        here, there = self._want(10, 20), self._want(15, 30, self.depot)
        coming = self._bring(3)
        self.assertLessEqual(
            {here.id, there.id}, self._asked(POINTS, coming._action_cancel)
        )
        coming, going = self._bring(3), self._deliver(1)
        self.assertIn(here.id, self._asked(POINTS, lambda: self._do(coming)))
        self.assertIn(quant.id, self._asked(QUANTS, lambda: self._do(going)))

    def test_goods_are_on_the_way(self):
        point = self._want(10, 20)
        self.assertIn(point.id, self._asked(POINTS, lambda: self._bring(3)))
        self.assertNotIn(point.id, self._asked(POINTS, lambda: self._deliver(3)))

    def test_counts_and_settings(self):
        quant, point = self._count(5), self._want(10, 20)
        counting = quant.with_context(inventory_mode=True)
        for change in (
            lambda: counting.write({"inventory_quantity": 4}),
            lambda: quant.write({"inventory_date": self._day(3)}),
            quant.sudo().unlink,
        ):
            self.assertIn(quant.id, self._asked(QUANTS, change))
        change = {"product_min_qty": 12}
        self.assertIn(point.id, self._asked(POINTS, lambda: point.write(change)))

    def test_one_query_whatever_is_moved(self):
        products = [self._new_product(f"Bolt {number}") for number in range(10)]
        for product in products:
            self._want(1, 2, product=product)
        orderpoints = self.env[POINTS]
        self.env.cr.precommit.run()
        for product in products:
            orderpoints._recheck_products(product.ids)
        with self.assertQueryCount(1):
            orderpoints._enlist_products()
