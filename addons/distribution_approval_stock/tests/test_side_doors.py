from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import StockApprovalMixin


@tagged("post_install", "-at_install")
class TestSideDoors(StockApprovalMixin, TransactionCase):
    """Goods that would appear or disappear beside counts and scraps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls._policy(100)

    def _move(self, quantity, source=None, target=None, **values):
        source, target = source or self.stock, target or self.loss
        return (
            self.env["stock.move"]
            .with_user(self.stan)
            .create(
                {
                    "product_id": self.bolt.id,
                    "product_uom_qty": quantity,
                    "product_uom": self.bolt.uom_id.id,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "picked": True,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": self.bolt.id,
                                "quantity": quantity,
                                "location_id": source.id,
                                "location_dest_id": target.id,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def assertRefused(self, function):
        with (
            self.assertRaisesRegex(UserError, "Bolt, HALL.*the limit is 100"),
            self.cr.savepoint(),
        ):
            function()
        self.env.invalidate_all()
        self.assertEqual(self.quant.quantity, 100)

    def test_a_small_loss_passes(self):
        self._move(9)._action_done()
        self.assertEqual(self.quant.quantity, 91)

    def test_a_move_out_and_in(self):
        self.assertRefused(self._move(10)._action_done)
        self.assertRefused(self._move(10, self.loss, self.stock)._action_done)

    def test_what_a_client_can_say_about_a_move(self):
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.bolt.id, "scrap_qty": 1, "location_id": self.stock.id}
        )
        scrap.do_scrap()
        self.quant.quantity = 100
        move = self._move(10, is_inventory=True, scrap_id=scrap.id, origin="Count")
        for way in (
            move,
            move.sudo(),
            move.with_user(1),
            move.with_context(
                distribution_approval_stock_passing=True,
                is_scrap=True,
                inventory_mode=True,
            ),
        ):
            self.assertRefused(way._action_done)

    def test_split_into_lines(self):
        moves = self._move(5) | self._move(5)
        self.assertRefused(moves._action_done)

    def test_a_transfer(self):
        picking = (
            self.env["stock.picking"]
            .with_user(self.stan)
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.loss.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.bolt.id,
                                "product_uom_qty": 10,
                                "location_id": self.stock.id,
                                "location_dest_id": self.loss.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        self.assertRefused(picking.button_validate)

    def test_a_line_that_goes_elsewhere_than_its_move(self):
        move = self._move(10, target=self.warehouse.wh_pack_stock_loc_id)
        move.move_line_ids.location_dest_id = self.loss
        self.assertRefused(move._action_done)

    def test_a_done_move_does_not_grow(self):
        move = self._move(1)
        move._action_done()
        self.quant.quantity = 100
        line = move.move_line_ids
        self.assertRefused(lambda: line.write({"quantity": 50}))
        self.assertRefused(lambda: line.copy({"quantity": 50, "move_id": move.id}))
        inside = self._move(20, target=self.warehouse.wh_pack_stock_loc_id)
        inside._action_done()
        self.quant.quantity = 100
        self.assertRefused(
            lambda: inside.move_line_ids.write({"location_dest_id": self.loss.id})
        )

    def test_other_moves_are_free(self):
        customers = self.env.ref("stock.stock_location_customers")
        self._move(90, target=customers)._action_done()
        self.assertEqual(self.quant.quantity, 10)

    def test_reverting_an_adjustment(self):
        self._count(91).action_apply_inventory()
        small = self._moves().move_line_ids
        small.with_user(self.mia).action_revert_inventory()
        self.env.invalidate_all()
        self.assertEqual(self.quant.quantity, 100)

    def test_the_quantity_is_not_written_by_hand(self):
        for user in (self.stan, self.mia):
            quant = self.quant.with_user(user)
            for values in (
                {"quantity": 500},
                {"location_id": self.loss.id},
                {"product_id": self._product("Nut", 1).id},
            ):
                with self.assertRaisesRegex(UserError, "Transfers and counts"):
                    quant.write(values)
            with self.assertRaisesRegex(UserError, "Transfers and counts"):
                quant.create(
                    {
                        "product_id": self.bolt.id,
                        "location_id": self.stock.id,
                        "quantity": 500,
                    }
                )

    def test_nor_is_a_quant_deleted(self):
        self.env["ir.model.access"].create(
            {
                "name": "custom",
                "model_id": self.env["ir.model"]._get("stock.quant").id,
                "group_id": self.env.ref("stock.group_stock_manager").id,
                "perm_unlink": True,
            }
        )
        with self.assertRaisesRegex(UserError, "Transfers and counts"):
            self.quant.with_user(self.mia).unlink()

    def test_by_percent_of_what_was_on_hand(self):
        self.env["distribution.approval.policy"].search([]).action_retire()
        self._policy(20, "stock_variance_percent")
        self._move(19)._action_done()
        self.assertEqual(self.quant.quantity, 81)
        with self.assertRaisesRegex(UserError, "24.69 %"):
            self._move(20)._action_done()
