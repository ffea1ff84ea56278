from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import StockApprovalMixin

FORGED = {
    "distribution_approval_stock_passing": True,
    "distribution_approval_cleared": True,
    "distribution_evidence_writer": True,
    "is_scrap": True,
    "inventory_mode": True,
}


@tagged("post_install", "-at_install")
class TestStockOverRpc(Json2Mixin, StockApprovalMixin, HttpCase):
    """A manager of the warehouse tries it over JSON-2, with every key he can think of."""

    _forged_context = FORGED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy(100)
        cls._policy(100, "scrap_value", "stock.scrap")

    def _call(self, model, method, ids=(), **arguments):
        return self._json_2(self.mia, model, method, ids, **arguments)

    def assertRefused(self, response, message):
        self.assertEqual(response.status_code, 422, response.text[:300])
        self.assertIn(message, response.text)
        self.env.invalidate_all()
        self.assertEqual(self.quant.quantity, 100)

    def test_a_count(self):
        values = {"inventory_quantity": 50, "inventory_quantity_set": True}
        ids = self.quant.ids
        self.assertTrue(self._call("stock.quant", "write", ids=ids, vals=values).ok)
        response = self._call("stock.quant", "action_apply_inventory", ids=ids)
        self.assertIn("bea", response.json()["params"]["message"])
        self.assertWaits(self.quant, 50)

    def test_a_count_in_one_call(self):
        values = {
            "product_id": self.bolt.id,
            "location_id": self.stock.id,
            "inventory_quantity_auto_apply": 50,
        }
        self.assertTrue(self._call("stock.quant", "create", vals_list=[values]).ok)
        self.assertWaits(self.quant, 50)
        values = {"inventory_quantity_auto_apply": 40}
        self._call("stock.quant", "write", ids=self.quant.ids, vals=values)
        self.assertWaits(self.quant, 40)

    def test_a_quantity(self):
        for context in (FORGED, {}):
            response = self._call(
                "stock.quant",
                "write",
                ids=self.quant.ids,
                vals={"quantity": 500},
                context=context,
            )
            self.assertRefused(response, "Transfers and counts")

    def test_a_scrap(self):
        values = {
            "product_id": self.bolt.id,
            "scrap_qty": 50,
            "location_id": self.stock.id,
        }
        ids = self._call("stock.scrap", "create", vals_list=[values]).json()
        scrap = self.env["stock.scrap"].browse(ids)
        for method in ("action_validate", "do_scrap"):
            self.assertTrue(self._call("stock.scrap", method, ids=ids).ok)
            self.env.invalidate_all()
            self.assertEqual((scrap.state, self.quant.quantity), ("draft", 100))
        response = self._call("stock.scrap", "write", ids=ids, vals={"state": "done"})
        self.assertRefused(response, "approval")

    def test_a_transfer(self):
        places = {"location_id": self.stock.id, "location_dest_id": self.loss.id}
        move = {"product_id": self.bolt.id, "product_uom_qty": 50, **places}
        values = {
            "picking_type_id": self.warehouse.int_type_id.id,
            "move_ids": [[0, 0, move]],
            **places,
        }
        ids = self._call("stock.picking", "create", vals_list=[values]).json()
        self.assertTrue(self._call("stock.picking", "action_confirm", ids=ids).ok)
        self.assertTrue(self._call("stock.picking", "action_assign", ids=ids).ok)
        response = self._call("stock.picking", "button_validate", ids=ids)
        self.assertRefused(response, "Count the stock or scrap the goods")
