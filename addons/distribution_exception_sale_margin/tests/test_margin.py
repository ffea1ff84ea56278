from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestMargin(PriceCase):
    """Lines whose margin is under the floor."""

    def test_margin(self):
        rule = self._rule("sale_margin", margin_floor=20)
        thin, fine = self._sell(5, price=4.5), self._sell(5, price=5.0)
        loss, gift = self._sell(5, price=2.0), self._sell(5, price=0.0)
        found = self._look(rule)
        self.assertNotIn(fine, found)
        self.assertEqual(found[thin].measure, 8.89)
        self.assertEqual(found[thin].amount, 2)
        self.assertEqual((found[loss].measure, found[loss].amount), (120, 12))
        self.assertEqual((found[gift].measure, found[gift].amount), (120, 20))
        self.assertEqual(
            found[loss].detail,
            "The margin is -100.0 percent; the floor is 20.0 percent.",
        )
        rule.threshold = 100
        self.assertEqual({*self._look(rule)}, {loss, gift})

    def test_cost_of_the_line(self):
        """The cost on the line counts, whatever the product costs; without one, nothing."""
        rule = self._rule("sale_margin", margin_floor=20)
        line = self._sell(5, price=10.0)
        self.assertFalse(self._look(rule))
        line.sudo().purchase_price = 9
        self.assertEqual(self._look(rule, line)[line].measure, 10)
        line.sudo().purchase_price = 0
        self.assertFalse(self._look(rule, line))

    def test_closed_short_and_invoiced(self):
        """What was delivered is invoiced, and no more comes: nobody can act any more."""
        if "stock.warehouse" not in self.env:
            self.skipTest("Without stock nothing is closed short.")
        self.bolt.invoice_policy = "delivery"
        rule = self._rule("sale_margin", margin_floor=20)
        line = self._sell(5, price=4.5).sudo()
        self.assertIn(line, self._look(rule))
        line.move_ids.write({"quantity": 3, "picked": True})
        line.move_ids._action_done()
        self.assertIn(line, self._look(rule))
        line.order_id._create_invoices()
        self.assertIn(line, self._look(rule), "the rest comes and is invoiced")
        line.move_ids.filtered(lambda move: move.state != "done")._action_cancel()
        self.assertFalse(self._look(rule))

    def test_losses_only(self):
        rule = self._rule("sale_margin")
        self._sell(5, price=4.0)
        loss = self._sell(5, price=3.0)
        self.assertEqual([*self._look(rule)], [loss])
