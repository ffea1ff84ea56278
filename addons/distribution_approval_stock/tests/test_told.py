from odoo.tests import TransactionCase, tagged

from .common import StockApprovalMixin


@tagged("post_install", "-at_install")
class TestTold(StockApprovalMixin, TransactionCase):
    """What an approver of a count is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy(100)
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")

    def _move(self, quantity, source, target, done=True):
        move = self.env["stock.move"].create(
            {
                "product_id": self.bolt.id,
                "product_uom_qty": quantity,
                "product_uom": self.bolt.uom_id.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "picking_id": self.env["stock.picking"]
                .create(
                    {
                        "picking_type_id": self.warehouse.out_type_id.id,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                    }
                )
                .id,
            }
        )
        move._action_confirm()
        move._action_assign()
        if done:
            move.move_line_ids.quantity = quantity
            move.picked = True
            move._action_done()
        return move

    def _ask(self, counted):
        self._count(counted).action_apply_inventory()
        return self._request(self.quant)

    def test_the_count_and_its_value(self):
        facts = dict(self._ask(80).facts)
        self.assertEqual(
            facts["Counted"],
            f"80 by {self.stan.name}, on hand 100; counted before: never",
        )
        self.assertEqual(facts["Value"], "200 USD")
        self.assertIn("no move", facts["Likely cause"])

    def test_less_because_goods_have_left_already(self):
        other = self._move(3, self.stock, self.customers, done=False)
        move = self._move(20, self.stock, self.customers, done=False)
        request = self._ask(80)
        cause = dict(request.facts)["Likely cause"]
        self.assertIn(move.picking_id.name, cause)
        self.assertIn("not done", cause)
        self.assertEqual(
            {row[1] for row in request.details["rows"]},
            {move.picking_id.name, other.picking_id.name},
        )

    def test_less_because_goods_never_arrived(self):
        self._move(3, self.stock, self.customers)
        move = self._move(13, self.suppliers, self.stock)
        self.assertEqual(self.quant.quantity, 110)
        cause = dict(self._ask(97).facts)["Likely cause"]
        self.assertIn(move.picking_id.name, cause)
        self.assertIn("may not have taken place", cause)

    def test_more_because_goods_never_left(self):
        move = self._move(13, self.stock, self.customers)
        self._move(13, self.suppliers, self.stock)
        cause = dict(self._ask(113).facts)["Likely cause"]
        self.assertIn(move.picking_id.name, cause)

    def test_old_moves_and_other_places_explain_nothing(self):
        move = self._move(13, self.suppliers, self.stock)
        move.move_line_ids.date = "2020-01-01"
        self._move(13, self.suppliers, self.warehouse.wh_input_stock_loc_id)
        request = self._ask(100)
        self.assertIn("no move", dict(request.facts)["Likely cause"])
        self.assertFalse(request.details["rows"])
