from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import UNDER_WAY, ReferenceCase


@tagged("post_install", "-at_install")
class TestHistory(ReferenceCase):
    """Six weeks of work that ended when the case was generated."""

    def test_what_is_done_was_done_in_the_past(self):
        done = self.env["stock.move"].search(
            [("state", "=", "done"), ("product_id", "in", self.products.ids)]
        )
        dates = done.mapped("date")
        self.assertLess(max(dates), fields.Datetime.now())
        self.assertGreater(max(dates) - min(dates), timedelta(weeks=6))
        for line in done.move_line_ids:
            self.assertEqual(line.date, line.move_id.date)

    def test_stock_was_counted_before_the_first_order(self):
        counted = self._opening_moves()
        orders = self.env["sale.order"].search([("branch_id", "!=", False)])
        self.assertLess(max(counted.mapped("date")), min(orders.mapped("date_order")))

    def test_each_branch_has_orders_at_each_stage(self):
        for branch in self.central | self.depots:
            orders = self.env["sale.order"].search([("branch_id", "=", branch.id)])
            states = orders.mapped("state")
            self.assertLessEqual({"draft", "sent", "sale"}, set(states), branch.name)
            delivery = orders.mapped("delivery_status")
            self.assertLessEqual({"full", "partial", "pending"}, set(delivery))

    def test_each_branch_has_late_deliveries(self):
        for branch in self.central | self.depots:
            late = self.env["stock.picking"].search_count(
                [
                    ("branch_id", "=", branch.id),
                    ("sale_id", "!=", False),
                    ("state", "in", UNDER_WAY),
                    ("scheduled_date", "<", fields.Datetime.now()),
                ]
            )
            self.assertTrue(late, branch.name)

    def test_each_lane_has_goods_late_and_in_time(self):
        now = fields.Datetime.now()
        for depot in self.depots:
            arrivals = self.env["stock.move"].search(
                [
                    ("state", "in", UNDER_WAY),
                    ("location_id.usage", "=", "transit"),
                    ("picking_type_id.warehouse_id", "=", depot.warehouse_id.id),
                    ("quantity", ">", 0),
                ]
            )
            dates = arrivals.mapped("date")
            self.assertLess(min(dates), now, depot.name)
            self.assertGreater(max(dates), now - timedelta(days=1), depot.name)

    def test_purchases_are_overdue_open_and_in_quotation(self):
        orders = self.env["purchase.order"].search([("branch_id", "!=", False)])
        self.assertLessEqual({"draft", "sent", "purchase"}, set(orders.mapped("state")))
        status = set(orders.mapped("receipt_status"))
        self.assertLessEqual({"full", "partial", "pending"}, status)
        overdue = orders.picking_ids.filtered(
            lambda p: p.state in UNDER_WAY and p.date_deadline < fields.Datetime.now()
        )
        self.assertTrue(overdue)
        self.assertTrue(orders.filtered(lambda o: o.branch_id in self.depots))

    def test_invoices_are_posted_and_some_are_paid(self):
        invoices = self.env["account.move"].search(
            [("move_type", "=", "out_invoice"), ("branch_id", "!=", False)]
        )
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        paid = invoices.filtered(lambda i: i.payment_state in ("paid", "in_payment"))
        self.assertTrue(paid)
        self.assertTrue(invoices - paid)
        self.assertLess(max(invoices.mapped("invoice_date")), fields.Date.today())

    def test_bills_match_what_was_received(self):
        bills = self.env["account.move"].search([("move_type", "=", "in_invoice")])
        self.assertTrue(bills)
        lines = bills.invoice_line_ids.purchase_line_id
        early = lines.filtered(lambda line: line.qty_invoiced != line.qty_received)
        self.assertEqual(len(early.order_id), 1, "one bill came before its goods")
        self.assertEqual(set(early.mapped("qty_received")), {0.0})
