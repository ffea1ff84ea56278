from odoo import Command
from odoo.tests import tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestRechecks(PriceCase):
    """Lines are looked at again right after what was changed in them."""

    def _asked(self):
        """What was asked to be looked at since the last call."""
        data = self.env.cr.precommit.data.pop("distribution_exception_recheck", {})
        return data.get("sale.order.line", set())

    def test_looked_at_again(self):
        self._rule("sale_margin")
        line = self._sell(5, confirm=False)
        self._asked()
        line.price_unit = 9
        self.assertNotIn(line.id, self._asked(), "a quotation is nothing to them")
        for change in (
            lambda: line.order_id.action_confirm(),
            lambda: line.write({"price_unit": 3}),
            lambda: line.write({"discount": 3}),
            lambda: line.sudo().write({"purchase_price": 3}),
            lambda: line.order_id.sudo()._action_cancel(),
        ):
            self._asked()
            change()
            self.assertIn(line.id, self._asked())

    def test_line_added_later(self):
        self._rule("sale_margin")
        order = self._sell(5).order_id
        self._asked()
        order.write({"order_line": [Command.create({"product_id": self.bolt.id})]})
        self.assertIn(order.order_line[-1].id, self._asked())

    def test_invoices_posted_and_taken_back(self):
        self._rule("sale_margin")
        line = self._sell(5)
        invoice = line.order_id.with_env(self.env)._create_invoices()
        # Who sees no orders, as an accountant may not, still has them looked at.
        invoice = invoice.with_user(self._new_user("finance_controller", "xp_fiona"))
        for change in (invoice.action_post, invoice.button_draft):
            self._asked()
            change()
            self.assertIn(line.id, self._asked())
