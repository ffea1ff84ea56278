from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestCustomer(SaleApprovalMixin, TransactionCase):
    """Customers confirm orders by signing and paying, with the rights of the website."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy("sale_amount", 1000)
        cls.visitor = cls.env.ref("base.public_user")

    def _sign(self, order):
        order = order.with_user(self.visitor).sudo()
        order.write({"signed_by": "Nils", "signed_on": "2026-01-01"})
        order._validate_order()

    def test_a_signed_order_waits_in_the_name_of_its_seller(self):
        order = self._order(self.sam, (self.hammer, 10), user_id=self.sam.id)
        order.action_quotation_sent()
        self._sign(order)
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._request(order).requester_id, self.sam)
        self._approve(order)
        self.assertEqual(order.state, "sale")

    def test_an_order_below_the_limit_is_confirmed(self):
        order = self._order(self.sam, (self.hammer, 1), user_id=self.sam.id)
        self._sign(order)
        self.assertEqual(order.state, "sale")

    def test_no_confirmation_before_the_approval(self):
        order = self._order(self.sam, (self.hammer, 10), user_id=self.sam.id)
        sent = []
        self.patch(
            self.env.registry["sale.order"],
            "message_post_with_source",
            lambda order, *args, **kwargs: sent.append(order.state),
        )
        order._send_order_notification_mail(order._get_confirmation_template())
        self._sign(order)
        self.assertFalse(sent)
        self._approve(order)
        self.assertEqual(sent, ["sale"])
