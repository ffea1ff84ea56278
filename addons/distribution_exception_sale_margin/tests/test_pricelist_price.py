from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPricelistPrice(PriceCase):
    """The price of the pricelist is kept when the order is confirmed; nobody writes it."""

    def test_pricelist_of_that_day(self):
        """A price list that changes later makes no exception of old orders."""
        rule = self._rule("sale_price", threshold=10)
        line = self._sell(5)
        self.bolt.list_price = 100
        self.assertFalse(self._look(rule))
        self.assertEqual(line.pricelist_price, 10)

    def test_kept_at_once(self):
        """Not when it is next read, which may be after the price changed."""
        line = self._sell(5, confirm=False)
        self.assertEqual(line.pricelist_price, 0)
        line.order_id.with_context(tracking_disable=True).write({"state": "sale"})
        pending = self.env.records_to_compute(line._fields["pricelist_price"])
        self.assertNotIn(line, pending)
        self.bolt.list_price = 100
        self.assertEqual(line.pricelist_price, 10)

    def test_freight_has_no_list_price(self):
        """What a carrier's rule gives for nothing is no discount."""
        lines = type(self.env["sale.order.line"])
        with patch.object(lines, "_is_delivery", lambda line: bool(line.product_id)):
            freight = self._sell(1, price=0.0)
        self.assertEqual(freight.pricelist_price, 0)
        self.assertFalse(self._look(self._rule("sale_price", threshold=10)))

    def test_copy_starts_anew(self):
        line = self._sell(5)
        self.assertEqual(line.order_id.copy().order_line.pricelist_price, 0)

    def test_line_added_later(self):
        line = self._sell(5)
        self.bolt.list_price = 12
        added = Command.create({"product_id": self.bolt.id, "price_unit": 6.0})
        line.order_id.write({"order_line": [added]})
        self.assertEqual(line.order_id.order_line.mapped("pricelist_price"), [10, 12])

    def test_rules_are_read_once(self):
        """Confirming many lines reads the rules of the pricelist once."""
        products = self.bolt
        for number in range(8):
            products += self._product(f"Bolt {number}")
        counts = []
        for number in (2, 2, 8):  # the first one fills caches
            lines = [
                Command.create({"product_id": product.id, "price_unit": 5.0})
                for product in products[:number]
            ]
            lines = self._sell(
                confirm=False, pricelist_id=self.trade.id, order_line=lines
            )
            lines.order_id.state = "sale"
            self.env.flush_all()
            self.env.invalidate_all()
            lines = lines.browse(lines.ids)
            before = self.env.cr.sql_log_count
            with self.env.protecting([lines._fields["pricelist_price"]], lines):
                lines._compute_pricelist_price()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_nobody_writes_it(self):
        line = self._sell(5, price=8.0)
        forged = {"pricelist_price": 8.0}
        for user in (self.olga, self.env.ref("base.user_admin")):
            mine = line.with_user(user)
            with self.assertRaises(UserError):
                mine.write(forged)
            with self.assertRaises(UserError):
                mine.order_id.write({"order_line": [Command.update(line.id, forged)]})
            with self.assertRaises(UserError):
                mine.create(
                    {"order_id": line.order_id.id, "product_id": self.bolt.id, **forged}
                )

    def test_no_default_forges_it(self):
        self.env["ir.default"].with_user(self.olga).set(
            "sale.order.line", "pricelist_price", 8.0, user_id=self.olga.id
        )
        order = self._sell(5, price=8.0).order_id
        added = Command.create({"product_id": self.bolt.id})
        order.with_context(default_pricelist_price=8.0).write({"order_line": [added]})
        self.assertEqual(order.order_line.mapped("pricelist_price"), [10, 10])
