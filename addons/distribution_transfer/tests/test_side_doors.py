from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestSideDoors(TransferCase):
    """Goods change branch by a transfer, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transit = cls.lane_north.transit_location_id
        cls.shelf = cls.central.warehouse_id.lot_stock_id
        cls.depot = cls.north.warehouse_id.lot_stock_id
        cls.outside = cls.env["stock.warehouse"].create({"name": "Old", "code": "OLD"})

    def _manual(self, user, operation, source, target, **values):
        return (
            self.env["stock.picking"]
            .with_user(user)
            .create(
                {
                    "picking_type_id": operation.id,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.bolt.id,
                                "product_uom_qty": 1,
                                "location_id": source.id,
                                "location_dest_id": target.id,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def test_a_manual_picking(self):
        warehouse = self.central.warehouse_id
        company_transit = self.company.internal_transit_location_id
        company_transit.active = True
        old = self.outside.lot_stock_id
        for user in (self.cora, self.paul, self.boss):
            for operation, source, target, error in (
                (warehouse.out_type_id, self.shelf, self.transit, "without a transfer"),
                (warehouse.int_type_id, self.shelf, self.transit, "without a transfer"),
                (warehouse.out_type_id, self.shelf, company_transit, "no branch"),
                (warehouse.int_type_id, self.shelf, old, "no branch"),
                (self.outside.int_type_id, old, self.shelf, "no branch"),
            ):
                with (
                    self.subTest(user=user.login, target=target.display_name),
                    self.assertRefused(error, ValidationError),
                ):
                    self._manual(user, operation, source, target)

    def test_a_manual_receipt_from_the_road(self):
        transfer = self._request()
        self._ship(transfer)
        operation = self.north.warehouse_id.in_type_id
        with self.assertRefused("without a transfer", ValidationError):
            self._manual(self.olga, operation, self.transit, self.depot)

    def test_a_changed_destination(self):
        order = self._sell(self.cora, self.central, 2)
        move = order.picking_ids.move_ids.with_user(self.cora)
        with self.assertRefused("without a transfer", ValidationError):
            move.location_dest_id = self.transit
        with self.assertRefused("along a lane only", ValidationError):
            move.location_dest_id = self.depot
        with self.assertRefused("without a transfer", ValidationError):
            move.move_line_ids.location_dest_id = self.transit

    def test_a_changed_picking(self):
        order = self._sell(self.cora, self.central, 2)
        with self.assertRefused("without a transfer", ValidationError):
            order.picking_ids.with_user(self.cora).location_dest_id = self.transit

    def test_an_import(self):
        warehouse = self.central.warehouse_id
        names = ["picking_type_id/.id", "location_id/.id", "location_dest_id/.id"]
        names += ["move_ids/product_id/.id", "move_ids/product_uom_qty"]
        row = [
            warehouse.out_type_id.id,
            self.shelf.id,
            self.transit.id,
            self.bolt.id,
            3,
        ]
        result = (
            self.env["stock.picking"]
            .with_user(self.cora)
            .load(names, [[str(value) for value in row]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("without a transfer", result["messages"][0]["message"])

    def test_a_move_that_claims_a_transfer(self):
        """Naming a line of a transfer opens no door beside its own operations."""
        transfer = self._request()
        self._ship(transfer)
        line = self._line(transfer)
        loss = self.env["stock.location"].search([("usage", "=", "inventory")], limit=1)
        values = {
            "product_id": self.bolt.id,
            "product_uom_qty": 2,
            "location_id": self.transit.id,
            "location_dest_id": loss.id,
            "transfer_line_id": line.id,
        }
        with self.assertRefused("Settle its discrepancy"):
            move = self.env["stock.move"].with_user(self.cora).create(values)
            move._action_confirm()
            move.quantity = 2
            move.picked = True
            move._action_done()
        with self.assertRefused("not on this line", ValidationError):
            values.update(product_id=self.nut.id, location_dest_id=self.depot.id)
            self.env["stock.move"].with_user(self.olga).create(values)
        self.assertConserved()

    def test_shipping_more_than_approved(self):
        transfer = self._request()
        with self.assertRefused("10 are approved"):
            self._ship(transfer, {self.bolt: 12})
        ship = self._picking(transfer, "ship")
        extra = {
            "product_id": self.bolt.id,
            "product_uom_qty": 5,
            "location_id": self.shelf.id,
            "location_dest_id": self.transit.id,
            "picking_id": ship.id,
            "transfer_line_id": self._line(transfer).id,
        }
        with self.assertRefused("10 are approved"):
            self.env["stock.move"].with_user(self.cora).create(extra)
            self._ship(transfer)
        self.assertEqual(self._quantities(transfer), (0, 0, 0, 0, 0))

    def test_odoos_own_resupply(self):
        with self.assertRefused("Open a lane"):
            self.north.warehouse_id.resupply_wh_ids = self.central.warehouse_id
        with self.assertRefused("Open a lane"):
            self.outside.resupply_wh_ids = self.central.warehouse_id
        with self.assertRefused("Open a lane"):
            self.env["stock.warehouse"].create(
                {
                    "name": "New",
                    "code": "NEW",
                    "resupply_wh_ids": self.central.warehouse_id.ids,
                }
            )

    def test_a_rule_of_ones_own(self):
        route = self.env["stock.route"].create({"name": "Side door"})
        self.env["stock.rule"].create(
            {
                "name": "Side door",
                "route_id": route.id,
                "action": "pull",
                "procure_method": "make_to_stock",
                "picking_type_id": self.north.warehouse_id.int_type_id.id,
                "location_src_id": self.shelf.id,
                "location_dest_id": self.depot.id,
            }
        )
        Rule = self.env["stock.rule"]
        with self.assertRefused("along a lane only", ValidationError):
            Rule.run(
                [
                    Rule.Procurement(
                        self.bolt,
                        1,
                        self.bolt.uom_id,
                        self.depot,
                        "Side door",
                        "Side door",
                        self.company,
                        {"route_ids": route, "date_planned": fields.Datetime.now()},
                    )
                ]
            )

    def test_the_map_is_changed(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf 1", "location_id": self.shelf.id, "usage": "internal"}
        )
        self._count(self.bolt, self.central, 5, shelf)
        with self.assertRefused("without a transfer"):
            shelf.location_id = self.depot
        with self.assertRefused("without a transfer"):
            shelf.location_id = self.outside.lot_stock_id
        spare = self.env["stock.warehouse"].create(
            {"name": "Spare", "code": "SPA", "branch_id": self.central.id}
        )
        self._count(self.bolt, self.central, 5, spare.lot_stock_id)
        for branch in (self.north, self.env["distribution.branch"]):
            with self.assertRefused("without a transfer"):
                spare.branch_id = branch
        transfer = self._request()
        self._ship(transfer)
        with self.assertRefused("transit location of a lane"):
            self.transit.usage = "internal"

    def test_a_count_on_the_road(self):
        transfer = self._request()
        self._ship(transfer)
        quant = self.env["stock.quant"].search(
            [("location_id", "=", self.transit.id), ("product_id", "=", self.bolt.id)]
        )
        with self.assertRefused("without a transfer", ValidationError):
            quant.with_context(inventory_mode=True).inventory_quantity = 3
            quant.action_apply_inventory()
        with self.assertRefused("without a transfer", ValidationError):
            self.env["stock.scrap"].create(
                {
                    "product_id": self.bolt.id,
                    "scrap_qty": 1,
                    "location_id": self.transit.id,
                }
            ).do_scrap()
        self.assertConserved()

    def test_a_done_operation_is_not_corrected(self):
        transfer = self._request()
        ship = self._ship(transfer)
        lines = ship.move_ids.move_line_ids
        for user in (self.cora, self.boss):
            with self.assertRefused("recorded as a discrepancy"):
                lines.with_user(user)[0].quantity = 3
            with self.assertRefused("."):
                lines.with_user(user)[0].unlink()
        with self.assertRefused("."):
            ship.move_ids.with_user(self.boss).unlink()
        with self.assertRefused("."):
            ship.with_user(self.boss).unlink()
        self.assertConserved()

    def test_done_is_not_a_word(self):
        transfer = self._request()
        moves = self._picking(transfer, "ship").move_ids
        with self.assertRefused("validating its operation"):
            moves.with_user(self.cora).write({"state": "done"})

    def test_operations_are_not_claimed(self):
        transfer = self._request()
        order = self._sell(self.cora, self.central, 2)
        picking = order.picking_ids.with_user(self.cora)
        with self.assertRefused("made by the transfer"):
            picking.transfer_id = transfer
        with self.assertRefused("made by the transfer"):
            self._picking(transfer, "receive").with_user(self.olga).write(
                {"transfer_unloaded": True}
            )

    def test_the_receipt_is_not_cancelled(self):
        transfer = self._request()
        with self.assertRefused("cannot be cancelled"):
            self._picking(transfer, "receive").with_user(self.olga).action_cancel()
        self._ship(transfer)
        with self.assertRefused("Return to Sender"):
            self._picking(transfer, "receive").with_user(self.olga).action_cancel()
        with self.assertRefused("."):
            self._picking(transfer, "receive").with_user(self.olga).unlink()

    def test_no_backorder_leaves_nothing_behind(self):
        """ "No backorder" at the door: what is missing is still on the road."""
        transfer = self._request()
        self._ship(transfer)
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        receipt.move_ids[0].quantity = 8
        receipt.move_ids.picked = True
        receipt.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=receipt.ids
        ).button_validate()
        self.assertEqual(self._quantities(transfer), (10, 2, 8, 0, 0))
        self.assertEqual(self._discrepancy(transfer).quantity, 2)
        self._receive(transfer)
        self.assertEqual(transfer.state, "reconciled")

    def test_no_backorder_at_the_sender_ends_the_rest(self):
        transfer = self._request()
        ship = self._picking(transfer, "ship").with_user(self.cora)
        ship.move_ids.filtered(lambda m: m.product_id == self.bolt).quantity = 6
        ship.move_ids.picked = True
        ship.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=ship.ids
        ).button_validate()
        self.assertEqual(transfer.ship_status, "full")
        self._receive(transfer)
        self.assertEqual(self._quantities(transfer), (6, 0, 6, 0, 0))
        self.assertFalse(transfer.discrepancy_ids)
        self.assertEqual(transfer.state, "reconciled")

    def test_the_return_wizard_of_odoo(self):
        transfer = self._request()
        ship = self._ship(transfer)
        with self.assertRefused("Use Return to Sender"):
            self._odoo_return(ship, self.cora)
        receipt = self._receive(transfer)
        with self.assertRefused("in the other direction"):
            self._odoo_return(receipt, self.olga)

    def _odoo_return(self, picking, user):
        wizard = (
            self.env["stock.return.picking"]
            .with_user(user)
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.action_create_returns_all()
