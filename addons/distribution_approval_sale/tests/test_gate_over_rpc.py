from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import SaleApprovalMixin

FORGED = {
    "distribution_approval_cleared": True,
    "distribution_approval_price_rules": {"known": {}, "templates": []},
    "distribution_evidence_writer": True,
}


@tagged("post_install", "-at_install")
class TestGateOverRpc(Json2Mixin, SaleApprovalMixin, HttpCase):
    """A seller tries to pass the gate over JSON-2, with every key he can think of."""

    _forged_context = FORGED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy("sale_amount", 1000)

    def setUp(self):
        super().setUp()
        self.order = self._order(self.sam, (self.hammer, 10))

    def _call(self, model, method, ids=(), **arguments):
        return self._json_2(self.sam, model, method, ids, **arguments)

    def test_the_button_asks(self):
        response = self._call("sale.order", "action_confirm", ids=self.order.ids)
        self.assertEqual(response.status_code, 200, response.text[:300])
        self.assertIn("bea", response.json()["params"]["message"])
        self.assertEqual(self.order.state, "draft")

    def test_the_state_cannot_be_written(self):
        response = self._call(
            "sale.order", "write", ids=self.order.ids, vals={"state": "sale"}
        )
        self.assertEqual(response.status_code, 422, response.text[:300])
        self.assertIn("needs approval first", response.text)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")

    def test_nor_given_to_a_new_order(self):
        values = self.order.copy_data()[0]
        line = {"product_id": self.hammer.id, "product_uom_qty": 10}
        values = {
            "partner_id": values["partner_id"],
            "state": "sale",
            "order_line": [[0, 0, line]],
        }
        response = self._call("sale.order", "create", vals_list=[values])
        self.assertEqual(response.status_code, 422, response.text[:300])
        self.assertIn("approval", response.text)

    def test_nor_can_the_amount_be_lied_about(self):
        response = self._call(
            "sale.order",
            "write",
            ids=self.order.ids,
            vals={
                "amount_untaxed": 1,
                "order_line": [
                    [1, self.order.order_line.id, {"price_subtotal": 1}],
                ],
                "state": "sale",
            },
        )
        self.assertEqual(response.status_code, 422, response.text[:300])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")
