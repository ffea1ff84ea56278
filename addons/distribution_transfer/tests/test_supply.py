from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestSupply(TransferCase):
    """Reordering rules and orders come to transfers."""

    def _found(self, lane=None, **values):
        domain = [("lane_id", "=", (lane or self.lane_north).id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["distribution.transfer"].search(domain, order="id")

    def test_reordering_rules_share_a_transfer(self):
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("warehouse_id", "=", self.north.warehouse_id.id)]
        )
        rules.product_min_qty = 10
        rules.with_user(self.bea).action_replenish()
        transfer = self._found()
        self.assertEqual(len(transfer), 1)
        self.assertEqual(transfer.state, "approved")
        self.assertTrue(transfer.is_automatic)
        self.assertEqual(transfer.reason, "replenishment")
        self.assertEqual(transfer.line_ids.orderpoint_id, rules)
        self.assertEqual(transfer.line_ids.mapped("requested_qty"), [50, 50])
        self.assertEqual(len(transfer.picking_ids), 2)
        rules.invalidate_recordset()
        self.assertEqual(rules.mapped("qty_to_order"), [0, 0])

    def test_later_procurements_join_the_departure(self):
        self._replenish(self.lane_north, 5)
        self._replenish(self.lane_north, 7, self.nut)
        transfer = self._found()
        self.assertEqual(len(transfer), 1)
        self.assertEqual(transfer.line_ids.mapped("requested_qty"), [5, 7])
        self.assertEqual(len(transfer.picking_ids), 2)
        self._replenish(
            self.lane_north, 9, needed=fields.Datetime.now() + timedelta(days=9)
        )
        self.assertEqual(len(self._found()), 2, "another departure, another transfer")

    def test_what_is_on_its_way_is_not_joined(self):
        self._replenish(self.lane_north, 5)
        self._ship(self._found())
        self._replenish(self.lane_north, 7)
        self.assertEqual(len(self._found()), 2)

    def test_a_printed_list_is_not_joined(self):
        self._replenish(self.lane_north, 5)
        self._found().picking_ids[0].printed = True
        self._replenish(self.lane_north, 7)
        self.assertEqual(len(self._found()), 2)

    def test_an_order_brings_what_is_missing(self):
        order = self._sell(self.olga, self.north, 4, route=self.lane_north.route_id)
        transfer = self._found()
        self.assertEqual(transfer.reason, "customer_order")
        self.assertEqual(transfer.user_id, self.olga)
        self.assertEqual(transfer.line_ids.sale_line_id, order.order_line)
        self._ship(transfer)
        self._receive(transfer)
        self.assertEqual(order.picking_ids.state, "assigned")
        self._do(order.picking_ids, self.olga)
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(transfer.state, "reconciled")

    def test_an_order_that_needs_less(self):
        order = self._sell(self.olga, self.north, 9, route=self.lane_north.route_id)
        transfer = self._found()
        order.order_line.with_user(self.olga).product_uom_qty = 5
        self.assertEqual(self._line(transfer).to_ship_qty, 5)
        self._ship(transfer)
        self._receive(transfer)
        self.assertEqual(self._quantities(transfer), (5, 0, 5, 0, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_an_order_that_is_cancelled(self):
        order = self._sell(self.olga, self.north, 9, route=self.lane_north.route_id)
        transfer = self._found()
        order.with_user(self.olga)._action_cancel()
        self.assertEqual(transfer.state, "cancelled")
        self.assertConserved()

    def test_an_order_that_needs_less_while_its_goods_wait_for_approval(self):
        """What is left is asked for anew; inside the policy it goes ahead."""
        self._govern(30)
        order = self._sell(self.olga, self.north, 9, route=self.lane_north.route_id)
        transfer = self._found()
        self.assertEqual(transfer.state, "requested")
        order.order_line.with_user(self.olga).product_uom_qty = 8
        self.assertEqual(transfer.state, "requested")
        self.assertEqual(transfer.approval_state, "pending")
        order.order_line.with_user(self.olga).product_uom_qty = 5
        self.assertEqual((transfer.state, transfer.value), ("approved", 20))

    def test_an_order_that_is_cancelled_while_its_goods_wait_for_approval(self):
        self._govern(30)
        order = self._sell(self.olga, self.north, 9, route=self.lane_north.route_id)
        transfer = self._found()
        order.with_user(self.olga)._action_cancel()
        self.assertEqual(transfer.state, "cancelled")
        self.assertFalse(
            transfer.approval_request_ids.filtered(
                lambda request: request.state == "pending"
            )
        )

    def test_orders_and_reordering_rules_are_apart(self):
        self._replenish(self.lane_north, 5)
        self._sell(self.olga, self.north, 4, route=self.lane_north.route_id)
        self.assertEqual(
            self._found().mapped("reason"), ["replenishment", "customer_order"]
        )

    def test_what_waits_for_approval_is_not_ordered_twice(self):
        self._govern(1)
        rule = self.env["stock.warehouse.orderpoint"].search(
            [
                ("warehouse_id", "=", self.north.warehouse_id.id),
                ("product_id", "=", self.bolt.id),
            ]
        )
        rule.product_min_qty = 10
        rule.with_user(self.bea).action_replenish()
        transfer = self._found()
        self.assertEqual(transfer.state, "requested")
        self.assertFalse(transfer.picking_ids)
        rule.invalidate_recordset()
        self.assertEqual(rule.qty_to_order, 0)
        rule.with_user(self.bea).action_replenish()
        self.assertEqual(len(self._found()), 1)
        self.assertEqual(self._line(transfer).requested_qty, 50)

    def test_joining_asks_again(self):
        self._govern(30)
        self._replenish(self.lane_north, 5)
        first = self._found()
        self.assertEqual(first.state, "approved")
        self._replenish(self.lane_north, 5)
        second = self._found() - first
        self.assertTrue(second or len(first.line_ids) == 2)
        self.assertEqual(first.state, "approved")
        self.assertLessEqual(first.value, 30)

    def test_a_received_transfer_is_put_away_in_steps(self):
        self.north.warehouse_id.reception_steps = "three_steps"
        self.central.warehouse_id.delivery_steps = "pick_pack_ship"
        self._replenish(self.lane_north, 5)
        transfer = self._found()
        for _step in range(8):
            for picking in transfer.picking_ids.filtered(
                lambda p: p.state == "assigned"
            ):
                at_central = picking.branch_id == self.central
                self._validate(picking, self.cora if at_central else self.olga)
        self.assertEqual(transfer.state, "reconciled")
        self.assertEqual(len(transfer.picking_ids), 6)
        self.assertEqual(self._on_hand(self.north), 5)
        self.assertConserved()

    def test_the_product_replenish_wizard(self):
        wizard = (
            self.env["product.replenish"]
            .with_user(self.bea)
            .create(
                {
                    "product_id": self.bolt.id,
                    "product_tmpl_id": self.bolt.product_tmpl_id.id,
                    "product_uom_id": self.bolt.uom_id.id,
                    "quantity": 6,
                    "warehouse_id": self.north.warehouse_id.id,
                    "route_id": self.lane_north.route_id.id,
                }
            )
        )
        wizard.launch_replenishment()
        self.assertEqual(self._found().line_ids.requested_qty, 6)

    def test_several_order_lines_make_one_transfer(self):
        order = self._sell(
            self.olga, self.north, 4, route=self.lane_north.route_id, confirm=False
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": self.nut.id,
                    "product_uom_qty": 3,
                    "route_ids": self.lane_north.route_id.ids,
                }
            )
        ]
        order.action_confirm()
        self.assertEqual(len(self._found()), 1)
        self.assertEqual(len(self._found().line_ids), 2)
