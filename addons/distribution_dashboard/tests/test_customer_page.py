from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BoardCase


@tagged("post_install", "-at_install")
class TestCustomerPage(BoardCase):
    def _page(self, user=None, partner=None):
        Page = self.env["distribution.customer.page"].with_user(user or self.nora)
        return Page.get_page((partner or self.customer).id)

    def _steps(self, order, user=None):
        rows = self._page(user)["orders"]["rows"]
        [row] = [row for row in rows if row["id"] == order.id]
        return {step["key"]: step for step in row["milestones"]}

    def _states(self, order):
        return [step["state"] for step in self._steps(order).values()]

    def test_milestones_of_an_order(self):
        order = self._order(self.north, 4)
        self.assertEqual(
            self._states(order),
            ["done", "open", "open", "open", "none", "open", "open"],
        )
        self._supply(self.north, 2)
        order.picking_ids.action_assign()
        steps = self._steps(order)
        self.assertEqual(steps["allocated"]["state"], "part")
        self.assertEqual(steps["allocated"]["words"], "50 % done")
        self.assertTrue(steps["allocated"]["date"])
        self._supply(self.north, 2)
        self._validate_all(order.picking_ids)
        self.assertEqual(
            self._states(order),
            ["done", "done", "done", "done", "none", "done", "open"],
        )
        self.assertTrue(self._steps(order)["delivered"]["date"])

    def test_what_is_delivered_and_invoiced_is_not_open(self):
        self._supply(self.north, 2)
        self._sale(self.north, 2)
        orders = self._page()["orders"]
        self.assertEqual((orders["rows"], orders["total"]), ([], 0))

    def test_late_order_is_marked(self):
        order = self._order(self.north, 4)
        past = fields.Datetime.now() - timedelta(days=3)
        order.order_line.with_context(tracking_disable=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET first_promised_at = %s WHERE id = %s",
            [past, order.order_line.id],
        )
        self.env.invalidate_all()
        [row] = self._page()["orders"]["rows"]
        self.assertTrue(row["is_late"])
        self.assertEqual(row["trouble"], "Late")

    def test_goods_of_another_branch_travel(self):
        self._supply(self.central, 10)
        route = self.lane_north.route_id
        order = self._sell(self.nora, self.north, 5, product=self.bolt, route=route)
        steps = self._steps(order)
        self.assertEqual(steps["in_transit"]["state"], "open")
        ship = self.env["stock.picking"].search(
            [("lane_id", "=", self.lane_north.id), ("branch_id", "=", self.central.id)]
        )
        self._do(ship, self.cora)
        steps = self._steps(order)
        self.assertEqual(steps["shipped"]["state"], "done")
        self.assertEqual(steps["in_transit"]["state"], "open")
        self.assertTrue(steps["in_transit"]["date"], "when it arrives")

    def test_receivables(self):
        self._supply(self.north, 10)
        invoice = self._sale(self.north, 5, price=20.0)
        invoice.invoice_date_due = fields.Date.today() - timedelta(days=9)
        self.customer.sudo().write(
            {"use_partner_credit_limit": True, "credit_limit": 60}
        )
        money = self._page(self.fiona)["receivables"]
        self.assertIn("100.00", money["open"])
        self.assertIn("100.00", money["overdue"])
        self.assertTrue(money["is_overdue"] and money["is_over"])
        self.assertFalse(money["is_partial"])

    def test_each_reads_with_his_own_rights(self):
        self._supply(self.west, 5)
        self._sale(self.west, 1)
        self._order(self.west, 2)
        mine = self._order(self.north, 3)
        page = self._page(self.olga)
        self.assertEqual([row["id"] for row in page["orders"]["rows"]], mine.ids)
        self.assertIn("0.00", page["receivables"]["open"])
        self.assertTrue(page["receivables"]["is_partial"])
        buyer = self._new_user("central_buyer", "bruno")
        self.assertFalse(self._page(buyer)["orders"], "not for buyers")

    def test_last_contacts(self):
        self.customer.message_post(
            body="Wants the bolts by Friday.", message_type="comment"
        )
        self.customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call back", user_id=self.nora.id
        )
        contacts = self._page()["contacts"]
        self.assertEqual(contacts["messages"][0]["text"], "Wants the bolts by Friday.")
        self.assertEqual(contacts["activities"][0]["what"], "Call back")

    def test_a_partner_that_is_not_for_the_reader(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            self._page(self.olga, partner)

    def test_queries_do_not_grow_with_orders(self):
        self._order(self.north, 1)
        few = self._count_queries()
        for _number in range(6):
            self._order(self.north, 1)
        self.assertLessEqual(self._count_queries(), few + 2)

    def test_button_of_a_customer(self):
        action = self.customer.with_user(self.olga).action_open_customer_page()
        self.assertEqual(action["tag"], "distribution_dashboard.customer_page")
        self.assertEqual(action["context"]["active_id"], self.customer.id)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._page()
        return self.env.cr.sql_log_count - before
