from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestCost(NetworkCase):
    """A product costs the same whoever moves it, and all receipts count."""

    def _new_valued_product(self, method):
        category = self.env["product.category"].create(
            {"name": method, "property_cost_method": method}
        )
        return self._new_product(method, categ_id=category.id, standard_price=0)

    def _receive(self, user, branch, quantity, price, product):
        order = self._buy(user, branch, quantity, product, confirm=False)
        order.order_line.price_unit = price
        order.button_confirm()
        self._do(order.picking_ids, user)
        self.env.flush_all()
        self.env.invalidate_all()

    def _ship(self, user, branch, quantity, product):
        delivery = self._sell(user, branch, quantity, product).picking_ids
        self._do(delivery, user)
        return delivery.move_ids

    def test_the_average_is_of_all_branches(self):
        product = self._new_valued_product("average")
        self._receive(self.boss, self.central, 10, 4, product)
        self._receive(self.bea, self.north, 10, 10, product)
        self.assertEqual(product.standard_price, 7)
        self.assertEqual(self._ship(self.olga, self.north, 5, product).value, 35)

    def test_the_first_in_is_that_of_all_branches(self):
        product = self._new_valued_product("fifo")
        self._receive(self.boss, self.central, 10, 4, product)
        self._receive(self.bea, self.north, 10, 10, product)
        self.assertEqual(self._ship(self.olga, self.north, 5, product).value, 20)
        self.assertEqual(self._ship(self.olga, self.north, 5, product).value, 20)
        self.env.invalidate_all()
        self.assertEqual(product.total_value, 100)

    def test_what_remains_of_a_receipt(self):
        product = self._new_valued_product("fifo")
        self._receive(self.boss, self.central, 10, 4, product)
        self._receive(self.bea, self.north, 10, 10, product)
        self._ship(self.olga, self.north, 5, product)
        received = self.env["stock.move"].search(
            [("product_id", "=", product.id), ("is_in", "=", True)], order="id"
        )
        self.env.invalidate_all()
        self.assertEqual(received.mapped("remaining_qty"), [5, 10])
        self.env.invalidate_all()
        self.assertEqual(received[1].with_user(self.bea).remaining_qty, 10)

    def test_the_last_price_is_that_of_all_branches(self):
        product = self._new_valued_product("fifo")
        self._receive(self.bea, self.north, 5, 10, product)
        self._receive(self.boss, self.central, 1, 4, product)
        self._ship(self.cora, self.central, 1, product)
        self.env.invalidate_all()
        self._ship(self.olga, self.north, 5, product)
        self.assertEqual(product.standard_price, 4)

    def test_moves_stay_hidden(self):
        product = self._new_valued_product("fifo")
        self._receive(self.boss, self.central, 10, 4, product)
        moves = self.env["stock.move"].with_user(self.olga)
        for forged in (True, 1, "object", {}):
            mine = moves.with_context(distribution_moves_of=forged)
            self.assertFalse(mine.search([("product_id", "=", product.id)]))
