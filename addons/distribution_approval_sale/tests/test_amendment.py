from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestAmendment(SaleApprovalMixin, TransactionCase):
    """What happens to an order that is confirmed already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy("sale_margin", 30, worse="lower")

    def setUp(self):
        super().setUp()
        self.order = self._order(self.sam, (self.hammer, 10))
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_a_lower_price_needs_approval(self):
        for values in ({"price_unit": 70}, {"discount": 30}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "new one"):
                self.order.order_line.write(values)

    def test_a_small_change_does_not(self):
        self.order.order_line.write({"price_unit": 95, "product_uom_qty": 12})
        self.assertEqual(self.order.order_line.price_unit, 95)

    def test_a_further_line_counts(self):
        with self.assertRaisesRegex(UserError, "new one"):
            self.order.write(
                {
                    "order_line": [
                        Command.create(
                            {"product_id": self.nail.id, "product_uom_qty": 500}
                        )
                    ]
                }
            )

    def test_superuser_code_is_refused_as_well(self):
        with self.assertRaisesRegex(UserError, "new one"):
            self.order.sudo().order_line.write({"price_unit": 1})

    def test_what_was_approved_may_stay_but_not_get_worse(self):
        order = self._order(self.sam, (self.hammer, 10, {"discount": 30}))
        self._ask(order)
        self._approve(order)
        self.assertEqual(order.state, "sale")
        order.order_line.discount = 29
        with self.assertRaisesRegex(UserError, "new one"):
            order.order_line.discount = 31
        with self.assertRaisesRegex(UserError, "new one"):
            order.payment_term_id = self.env["account.payment.term"].search([])[0]
