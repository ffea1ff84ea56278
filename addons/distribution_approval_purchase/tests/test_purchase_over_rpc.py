from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import PurchaseCase

FORGED_CONTEXT = {
    "skip_approval": True,
    "distribution_approval_cleared": True,
    "distribution_evidence_writer": True,
    "active_test": False,
    "tracking_disable": True,
    "force_price_include": False,
    "import_file": True,
    "install_mode": True,
    "default_state": "purchase",
}


@tagged("post_install", "-at_install")
class TestPurchaseOverRpc(Json2Mixin, PurchaseCase, HttpCase):
    """What a client may try to confirm an order that needs approval."""

    _forged_context = FORGED_CONTEXT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._govern((None, 1000), (1000, None, cls._step()))

    def _call(self, user, method, ids=(), model="purchase.order", **arguments):
        return self._json_2(user, model, method, ids, **arguments)

    def test_nothing_confirms_it(self):
        order = self._buy(self.bert, 100)
        values = {
            "partner_id": self.vendor.id,
            "picking_type_id": self.warehouse.in_type_id.id,
            "state": "purchase",
            "order_line": [
                [
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_qty": 500,
                        "price_unit": 10,
                    },
                ]
            ],
        }
        attacks = [
            ("write", {"vals": {"state": "purchase"}}),
            ("write", {"vals": {"state": "purchase", "date_approve": "2000-01-01"}}),
            ("write", {"vals": {"state": "purchase", "approval_state": "approved"}}),
            ("button_approve", {"force": True}),
            ("button_approve", {}),
        ]
        for waits in (False, True):
            if waits:
                self._ask(order)
            before = self.env["purchase.order"].search([])
            for user in (self.bert, self.max):
                for method, arguments in attacks:
                    response = self._call(user, method, order.ids, **arguments)
                    self.assertEqual(response.status_code, 422, response.text[:300])
                    self.assertIn("approval", response.text)
                response = self._call(user, "create", vals_list=[values])
                self.assertEqual(response.status_code, 422, response.text[:300])
                for method in ("_approval_released", "_approval_complete"):
                    response = self._call(user, method, order.ids)
                    self.assertIn(response.status_code, (403, 404))
            self.env.invalidate_all()
            self.assertEqual(self.env["purchase.order"].search([]), before)
            self.assertNotEqual(order.state, "purchase")

    def test_the_requester_cannot_approve(self):
        order = self._buy(self.bert, 100)
        request = self._ask(order)
        model = "distribution.approval.request"
        for user in (self.bert, self.max):
            response = self._call(user, "action_approve", request.ids, model=model)
            self.assertIn(response.status_code, (403, 404, 422), response.text[:300])
        self.env.invalidate_all()
        self.assertEqual((request.state, order.state), ("pending", "to approve"))

    def test_stored_totals_cannot_be_forged(self):
        order = self._buy(self.bert, 100)
        self._call(self.bert, "write", order.ids, vals={"currency_rate": 99999})
        self._call(
            self.bert,
            "write",
            order.order_line.ids,
            model="purchase.order.line",
            vals={"price_subtotal": 1, "product_uom_qty": 1},
        )
        self._call(self.bert, "button_confirm", order.ids)
        self.env.invalidate_all()
        self.assertEqual(order.state, "to approve")
