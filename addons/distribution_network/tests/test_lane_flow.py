from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestLaneFlow(NetworkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count(cls.product, cls.central, 100)

    def test_goods_travel_through_the_transit_location(self):
        ship, receive = self._replenish(self.lane_north, 10)
        self.assertEqual(ship.branch_id, self.central)
        self.assertEqual(ship.peer_branch_id, self.north)
        self.assertEqual(receive.branch_id, self.north)
        self.assertEqual(receive.peer_branch_id, self.central)
        self._do(ship, self.cora)
        self.assertEqual(self._on_hand(self.central), 90)
        self.assertEqual(self._in_transit(self.lane_north), 10)
        self.assertEqual(receive.state, "assigned")
        self._do(receive, self.olga)
        self.assertEqual(self._in_transit(self.lane_north), 0)
        self.assertEqual(self._on_hand(self.north), 10)

    def test_every_combination_of_steps(self):
        self.product.standard_price = 4.0
        for receipt in ("one_step", "two_steps", "three_steps"):
            for delivery in ("ship_only", "pick_ship", "pick_pack_ship"):
                with self.subTest(receipt=receipt, delivery=delivery):
                    self.central.warehouse_id.delivery_steps = delivery
                    self.north.warehouse_id.reception_steps = receipt
                    self._bring_and_check(5)

    def _bring_and_check(self, quantity):
        before = self._on_hand(self.north), self._on_hand(self.central)
        stock = self.north.warehouse_id.lot_stock_id
        in_stock = self._quantity_in(stock)
        self._replenish(self.lane_north, quantity)
        Picking = self.env["stock.picking"]
        todo = [
            ("state", "not in", ("done", "cancel")),
            ("product_id", "=", self.product.id),
        ]
        for _step in range(8):
            ready = Picking.search([*todo, ("state", "=", "assigned")])
            for picking in ready:
                user = self.cora if picking.branch_id == self.central else self.olga
                self._do(picking, user)
        self.assertFalse(Picking.search(todo))
        self.assertEqual(self._quantity_in(stock), in_stock + quantity)
        self.assertEqual(self._in_transit(self.lane_north), 0)
        after = self._on_hand(self.north), self._on_hand(self.central)
        self.assertEqual(after, (before[0] + quantity, before[1] - quantity))

    def _quantity_in(self, location):
        return self.env["stock.quant"]._get_available_quantity(self.product, location)

    def test_an_order_gets_the_missing_goods_along_the_lane(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self.product.route_ids = mto | self.lane_north.route_id
        order = self._sell(self.olga, self.north, 4)
        delivery = order.picking_ids.filtered(
            lambda picking: picking.location_dest_id.usage == "customer"
        )
        self.assertEqual(delivery.branch_id, self.north)
        ship = self.env["stock.picking"].search(
            [("lane_id", "=", self.lane_north.id), ("branch_id", "=", self.central.id)]
        )
        self._do(ship, self.cora)
        receive = ship.move_ids.move_dest_ids.picking_id
        self._do(receive, self.olga)
        self.assertEqual(delivery.state, "assigned")
        self._do(delivery, self.olga)
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_an_order_line_on_the_lane_brings_what_is_missing(self):
        self._count(self.product, self.north, 3)
        for delivery_steps in ("ship_only", "pick_ship"):
            with self.subTest(delivery_steps=delivery_steps):
                self.north.warehouse_id.delivery_steps = delivery_steps
                self._count(self.product, self.north, 3)
                self._sell_and_bring(10, missing=7)

    def _sell_and_bring(self, quantity, missing):
        lane = self.lane_north
        order = self._sell(self.olga, self.north, quantity, route=lane.route_id)
        self.assertEqual(order.order_line.warehouse_id, self.north.warehouse_id)
        todo = [("lane_id", "=", lane.id), ("state", "not in", ("done", "cancel"))]
        pickings = self.env["stock.picking"].search(todo)
        ship = pickings.filtered(lambda picking: picking.branch_id == self.central)
        receive = pickings - ship
        self.assertEqual(ship.move_ids.product_uom_qty, missing)
        self.assertEqual(receive.move_ids.product_uom_qty, missing)
        self._do(ship, self.cora)
        self._do(receive, self.olga)
        for _step in range(2):
            for picking in order.picking_ids.filtered(lambda p: p.state == "assigned"):
                self._do(picking, self.olga)
        self.assertEqual(order.order_line.qty_delivered, quantity)
        self.assertEqual(self._on_hand(self.north), 0)

    def test_a_reordering_rule_on_the_lane(self):
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": self.north.warehouse_id.id,
                "location_id": self.north.warehouse_id.lot_stock_id.id,
                "product_min_qty": 5,
                "product_max_qty": 20,
                "route_id": self.lane_north.route_id.id,
                "trigger": "auto",
            }
        )
        orderpoint.with_user(self.bea).action_replenish()
        pickings = self.env["stock.picking"].search(
            [("lane_id", "=", self.lane_north.id)]
        )
        self.assertEqual(sum(pickings.move_ids.mapped("product_uom_qty")), 40)
        self.assertEqual(len(pickings), 2)

    @freeze_time("2026-03-02 10:00:00")
    def test_moves_are_dated_by_the_timetable(self):
        self.lane_north.write(
            {
                "monday": True,
                "tuesday": False,
                "wednesday": False,
                "thursday": True,
                "friday": False,
                "saturday": False,
                "sunday": False,
                "transit_days": 1,
            }
        )
        needed = fields.Datetime.to_datetime("2026-03-06 18:00:00")
        ship, receive = self._replenish(self.lane_north, 1, needed=needed)
        self.assertEqual(str(ship.scheduled_date), "2026-03-05 16:00:00")
        self.assertEqual(str(receive.scheduled_date), "2026-03-06 16:00:00")
        # Two hours earlier, Thursday's truck is too late: Monday's is the last in time.
        needed = fields.Datetime.to_datetime("2026-03-06 14:00:00")
        ship, receive = self._replenish(
            self.lane_north, 1, self._new_product("Nut"), needed
        )
        self.assertEqual(str(ship.scheduled_date), "2026-03-02 16:00:00")
        self.assertEqual(str(receive.scheduled_date), "2026-03-03 16:00:00")

    @freeze_time("2026-03-02 10:00:00")
    def test_changed_days_change_what_is_asked_for_later_only(self):
        needed = fields.Datetime.now() + timedelta(days=10)
        ship, receive = self._replenish(self.lane_north, 1, needed=needed)
        before = ship.scheduled_date, receive.scheduled_date
        self.lane_north.transit_days = 4
        self.assertEqual((ship.scheduled_date, receive.scheduled_date), before)
        later_ship, later_receive = self._replenish(
            self.lane_north, 1, needed=needed + timedelta(days=20)
        )
        days = (later_receive.scheduled_date - later_ship.scheduled_date).days
        self.assertEqual(days, 4)

    def test_one_end_cancels_and_the_other_end_knows(self):
        ship, receive = self._replenish(self.lane_north, 3)
        ship.with_user(self.cora).action_cancel()
        self.assertEqual(ship.state, "cancel")
        self.assertFalse(receive.move_ids.move_orig_ids)

    def test_a_short_truck_leaves_a_visible_rest(self):
        ship, receive = self._replenish(self.lane_north, 10)
        self._do(ship, self.cora, quantity=6)
        self.assertEqual(self._in_transit(self.lane_north), 6)
        rest = ship.backorder_ids
        self.assertEqual(rest.move_ids.product_uom_qty, 4)
        self.assertEqual(rest.lane_id, self.lane_north)
        self._do(receive, self.olga)
        self._do(rest, self.cora)
        self._do(rest.move_ids.move_dest_ids.picking_id, self.olga)
        self.assertEqual(self._on_hand(self.north), 10)

    def test_goods_cross_branches_on_lanes_only(self):
        central, north = self.central.warehouse_id, self.north.warehouse_id
        with self.assertRaisesRegex(ValidationError, "along a lane only"):
            self.env["stock.picking"].create(
                {
                    "picking_type_id": north.int_type_id.id,
                    "location_id": central.lot_stock_id.id,
                    "location_dest_id": north.lot_stock_id.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 1,
                                "location_id": central.lot_stock_id.id,
                                "location_dest_id": north.lot_stock_id.id,
                            }
                        )
                    ],
                }
            )

    def test_nobody_picks_from_anothers_shelf(self):
        self._count(self.product, self.north, 5)
        delivery = self._sell(self.olga, self.north, 1).picking_ids.with_user(self.olga)
        shelf = self.central.warehouse_id.lot_stock_id
        with self.assertRaisesRegex(ValidationError, "along a lane only"):
            delivery.move_line_ids.location_id = shelf
        with self.assertRaisesRegex(ValidationError, "along a lane only"):
            self.env["stock.move.line"].with_user(self.olga).create(
                {
                    "move_id": delivery.move_ids.id,
                    "picking_id": delivery.id,
                    "product_id": self.product.id,
                    "quantity": 1,
                    "location_id": shelf.id,
                    "location_dest_id": delivery.location_dest_id.id,
                }
            )
        self.assertEqual(self._on_hand(self.central), 100)

    def test_stock_is_not_relocated_to_another_branch(self):
        quant = self.env["stock.quant"].search(
            [("branch_id", "=", self.central.id), ("product_id", "=", self.product.id)]
        )
        with self.assertRaisesRegex(ValidationError, "along a lane only"):
            quant.with_user(self.paul).move_quants(
                location_dest_id=self.north.warehouse_id.lot_stock_id
            )

    def test_nobody_delivers_from_anothers_shelf(self):
        order = self._sell(self.olga, self.north, 1)
        with self.assertRaisesRegex(ValidationError, "along a lane only"):
            order.picking_ids.move_ids.with_user(
                self.olga
            ).location_id = self.central.warehouse_id.lot_stock_id
