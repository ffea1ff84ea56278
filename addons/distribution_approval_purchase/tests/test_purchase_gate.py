from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseGate(PurchaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._govern((None, 1000), (1000, None, cls._step()))

    def _assertRefused(self, order):
        order.invalidate_recordset()
        self.assertNotEqual(order.state, "purchase")
        self.assertFalse(order.picking_ids)

    def test_below_the_limit_it_is_confirmed(self):
        order = self._buy(self.bert, 1, 999.99)
        self.assertIs(order.button_confirm(), True)
        self.assertEqual(order.state, "purchase")
        self.assertTrue(order.picking_ids)

    def test_at_the_limit_it_waits_until_it_is_approved(self):
        order = self._buy(self.bert, 100)
        answer = order.button_confirm()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual((order.state, order.approval_state), ("to approve", "pending"))
        self.assertIn("bea", order.approval_note)
        order.env.flush_all()  # as between two requests of clients
        request = self._decide(order, self.bea)
        self.assertEqual((order.state, order.approval_state), ("purchase", "approved"))
        self.assertTrue(request.used_date)
        self.assertTrue(order.picking_ids)
        self.assertEqual(order.order_line.write_uid, self.bert)

    def test_several_at_once(self):
        small, big, done = (self._buy(self.bert, 1, price) for price in (1, 5000, 2))
        done.button_confirm()
        (small | big | done).button_confirm()
        self.assertEqual(small.state, "purchase")
        self.assertEqual(big.state, "to approve")

    def test_rejected_it_is_a_draft_again(self):
        order = self._buy(self.bert, 100)
        self._ask(order)
        self._decide(order, self.bea, "reject", reason="Too much")
        self.assertEqual((order.state, order.approval_state), ("draft", "rejected"))
        order.order_line.product_qty = 150
        self.assertIn(self.bea, self._ask(order).user_ids)

    def test_the_filter_finds_what_waits(self):
        order = self._buy(self.bert, 100)
        self._ask(order)
        found = order.search([("approval_state", "=", "pending")])
        self.assertEqual(found, order)

    # Side doors.

    def test_no_way_around_the_button(self):
        waiting = self._buy(self.bert, 100)
        self._ask(waiting)
        draft = self._buy(self.bert, 100)
        for order in (waiting, draft):
            for user in (self.bert, self.max, self.env.ref("base.user_root")):
                order = order.with_user(user)
                with self.assertRaisesRegex(UserError, "approval"), self.cr.savepoint():
                    order.write({"state": "purchase"})
                self._assertRefused(order)
                with self.assertRaisesRegex(UserError, "approval"), self.cr.savepoint():
                    order.button_approve(force=True)
                self._assertRefused(order)
        with self.assertRaisesRegex(UserError, "waits for approval.*bea"):
            waiting.button_approve()

    def test_an_order_cannot_be_made_as_a_confirmed_one(self):
        self._buy(self.bert, 1, 1).button_confirm()
        for values in ({}, {"date_approve": "2000-01-01"}):
            with self.assertRaisesRegex(UserError, "approval"), self.cr.savepoint():
                self._buy(self.bert, 100, state="purchase", **values)
            with self.assertRaisesRegex(UserError, "approval"), self.cr.savepoint():
                self._buy(self.bert, 100).with_context(
                    default_state="purchase", tracking_disable=True
                ).copy({"state": "purchase", **values})

    def test_a_copy_of_an_approved_order_is_a_draft(self):
        order = self._approved(self.bert, 100)
        copy = order.copy()
        self.assertEqual((copy.state, copy.approval_state), ("draft", False))
        self._ask(copy)
        self.assertEqual(copy.state, "to approve")

    def test_an_import_passes_the_gate(self):
        order = self._buy(self.bert, 100)
        result = order.load([".id", "state"], [[str(order.id), "Purchase Order"]])
        self.assertIn("approval", result["messages"][0]["message"])
        result = order.load(
            [
                "partner_id/.id",
                "order_line/product_id/.id",
                "order_line/product_qty",
                "order_line/price_unit",
                "state",
            ],
            [[str(self.vendor.id), str(self.product.id), "100", "10", "purchase"]],
        )
        self.assertTrue(result["messages"])
        self.assertFalse(result["ids"])

    # Changes.

    def test_what_is_guarded_sets_a_waiting_order_back(self):
        for values in (
            {"order_line": [self._line(1)]},
            {"partner_id": self.other_vendor.id},
            {"incoterm_id": self.env["account.incoterms"].search([], limit=1).id},
        ):
            order = self._buy(self.bert, 100)
            request = self._ask(order)
            order.write(values)
            self.assertEqual(request.state, "superseded", values)
            self.assertEqual(order.state, "draft", values)

    def test_what_is_not_guarded_changes_nothing(self):
        order = self._buy(self.bert, 100)
        request = self._ask(order)
        order.write({"note": "Ring twice", "partner_ref": "X", "priority": "1"})
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "!", "product_qty": 0})
        ]
        self.assertEqual(request.state, "pending")
        self.assertEqual(order.state, "to approve")

    def test_a_line_changed_after_the_approval(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 10
        order = self._approved(self.bert, 100)
        self.assertEqual(
            (order.state, order.approval_state), ("to approve", "approved")
        )
        order.order_line.price_unit = 20
        self.assertFalse(order.approval_state)
        with self.assertRaises(UserError):
            order.with_user(self.max).button_approve()

    def test_confirmed_orders_may_be_lowered_only(self):
        order = self._approved(self.bert, 100)
        order.order_line.product_qty = 90
        with self.assertRaisesRegex(UserError, "past its approval"):
            order.order_line.product_qty = 101
        order.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "past its approval"):
            order.order_line = [self._line(20)]
        order.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "past its approval"):
            order.sudo().partner_id = self.other_vendor

    def test_small_confirmed_orders_may_grow_to_the_limit(self):
        order = self._buy(self.bert, 10)
        order.button_confirm()
        order.order_line.product_qty = 99
        with self.assertRaisesRegex(UserError, "past its approval"):
            order.order_line.product_qty = 100

    def test_a_cancelled_order_needs_approval_again(self):
        order = self._buy(self.bert, 100)
        request = self._ask(order)
        order.button_cancel()
        self.assertEqual((request.state, order.state), ("superseded", "cancel"))
        with self.assertRaises(UserError):
            self._decide(order, self.bea)
        order.button_draft()
        self._ask(order)
        self._decide(order, self.bea)
        self.assertEqual(order.state, "purchase")
        order.button_cancel()
        order.button_draft()
        again = self._ask(order)
        self.assertEqual((again.state, order.state), ("pending", "to approve"))
        self.assertIn(self.bea, again.user_ids)

    def test_set_back_to_draft_nobody_is_asked_any_more(self):
        order = self._buy(self.bert, 100)
        request = self._ask(order)
        order.button_draft()
        self.assertEqual((request.state, order.state), ("superseded", "draft"))

    # Odoo's own double validation, and what else happens to orders.

    def test_double_validation_comes_second(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 500
        order = self._buy(self.bert, 60)
        order.button_confirm()
        self.assertEqual((order.state, order.approval_state), ("to approve", False))
        order.with_user(self.max).button_approve()
        self.assertEqual(order.state, "purchase")
        order = self._approved(self.bert, 100)
        self.assertEqual(
            (order.state, order.approval_state), ("to approve", "approved")
        )
        order.with_user(self.max).button_approve()
        self.assertEqual(order.state, "purchase")
        self.assertTrue(self._request(order).used_date)

    def test_approved_but_not_confirmed_can_be_tried_again(self):
        order = self._buy(self.bert, 100)
        self._ask(order)
        broken = patch.object(
            type(order), "_create_picking", side_effect=UserError("No room")
        )
        with broken:
            self._decide(order, self.bea)
        self.assertEqual(
            (order.state, order.approval_state), ("to approve", "approved")
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_reordering_rules_leave_a_waiting_order_alone(self):
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "price": 10,
            }
        )
        self.product.route_ids = self.env.ref("purchase_stock.route_warehouse0_buy")
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 200,
                "product_max_qty": 200,
                "trigger": "auto",
            }
        )
        orderpoint._procure_orderpoint_confirm()
        lines = self.env["purchase.order.line"]
        first = lines.search([("product_id", "=", self.product.id)])
        self.assertEqual(first.product_qty, 200)
        self._ask(first.order_id, self.bert)
        self.assertEqual(first.order_id.state, "to approve")
        orderpoint.product_max_qty = 300
        orderpoint.product_min_qty = 300
        orderpoint._procure_orderpoint_confirm()
        second = lines.search([("product_id", "=", self.product.id)]) - first
        self.assertEqual(first.product_qty, 200)
        self.assertTrue(second)
        self.assertNotEqual(second.order_id, first.order_id)

    def test_price_rise_asks_as_well(self):
        self._buy(self.bert, 1, 10).button_confirm()
        self.Policy.search([("document_model", "=", "purchase.order")]).action_retire()
        self._govern(
            (None, 10), (10, None, self._step()), measure="purchase_price_rise"
        )
        order = self._buy(self.bert, 1, 11)
        request = self._ask(order)
        self.assertIn("the limit is 10", request.explanation)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._buy(self.bert, 1, 11, state="purchase", date_approve="2000-01-01")
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "purchase", "date_approve": "2000-01-01"})
