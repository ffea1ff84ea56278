from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestReasons(SaleApprovalMixin, TransactionCase):
    """Whoever sells below the pricelist says why, where a policy is in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["sale.order"]._fields.get("approval_state"):
            cls.skipTest(cls, "orders have no gate")
        cls._set_up_people_and_goods()

    def _cheap(self, **line):
        values = {"discount": 5, "price_reason": False, **line}
        return self._order(self.sam, (self.nail, 1), (self.hammer, 1, values))

    def test_not_without_a_policy(self):
        order = self._cheap()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_refused_with_the_name_of_the_product_and_nobody_asked(self):
        self._policy("sale_amount", 50)
        order = self._cheap()
        with self.assertRaisesRegex(UserError, "Hammer"):
            order.action_confirm()
        self.assertFalse(self._request(order))
        order.order_line[1].price_reason = "Scratched"
        self.assertIn("Scratched", dict(self._ask(order).facts)["Largest discount"])

    def test_below_the_limit_as_well(self):
        self._policy("sale_amount", 5000)
        with self.assertRaisesRegex(UserError, "Hammer"):
            self._cheap().action_confirm()
        with self.assertRaisesRegex(UserError, "Hammer"):
            self._cheap().write({"state": "sale"})
        order = self._cheap(price_reason="Scratched")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_not_before_the_first_day_of_the_policy(self):
        policy = self._policy("sale_amount", 5000)
        draft = policy.browse(policy.action_new_version()["res_id"])
        draft.date_from = "2999-01-01"
        draft.action_activate()
        order = self._cheap()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_another_reason_is_another_question(self):
        self._policy("sale_amount", 50)
        order = self._cheap(price_reason="Scratched")
        request = self._ask(order)
        order.order_line[1].price_reason = "Because"
        self.assertEqual(request.state, "superseded")

    def test_the_price_of_the_pricelist_needs_none(self):
        self._policy("sale_amount", 5000)
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.list.id,
                "compute_price": "percentage",
                "percent_price": 33.333,
            }
        )
        order = self._order(self.sam, (self.hammer, 3, {"price_reason": False}))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_customers_are_not_asked(self):
        self._policy("sale_amount", 5000)
        order = self._cheap()
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        self.assertEqual(order.state, "sale")

    def test_a_copy_needs_its_own(self):
        self._policy("sale_amount", 5000)
        order = self._cheap(price_reason="Scratched")
        with self.assertRaisesRegex(UserError, "Hammer"):
            order.copy().action_confirm()
