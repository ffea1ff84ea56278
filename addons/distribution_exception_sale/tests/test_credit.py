from odoo import fields
from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestCredit(SaleExceptionCase):
    """Customers over their credit limit."""

    def _invoice(self, line):
        line.order_id.sudo()._create_invoices().action_post()

    def _owing_customer(self, limit):
        self.company.account_use_credit_limit = True
        customer = self.env["res.partner"].create({"name": "Slow Payer"})
        customer.credit_limit = limit
        self.assertTrue(customer.use_partner_credit_limit)
        return customer, self._rule(
            "sale_credit", domain=f"[('id', '=', {customer.id})]"
        )

    def test_credit_limit(self):
        customer, rule = self._owing_customer(100)
        first = self._sell(8, partner_id=customer.id)
        self.assertFalse(self._look(rule))
        second = self._sell(7, days=5, partner_id=customer.id)
        one = self._look(rule)[customer]
        self.assertEqual((one.measure, one.amount), (50, 50))
        self.assertEqual(one.too_late_at, second.first_promised_at)
        self.assertEqual(one.partner_id, customer)
        customer.credit_limit = 200
        self.assertFalse(self._look(rule, customer))
        customer.credit_limit = 140
        self.bolt.invoice_policy = "order"
        (first + second).order_id.order_line.invalidate_recordset()
        self._invoice(first)
        found = self._look(rule)
        self.assertEqual(found[customer], one)
        self.assertEqual((one.amount, one.reopened_count), (10, 1))

    def test_without_orders_the_invoices_open(self):
        customer, rule = self._owing_customer(10)
        self.bolt.invoice_policy = "order"
        line = self._sell(8, partner_id=customer.id)
        self._invoice(line)
        fiona = self._new_user("finance_controller", "credit_fiona")
        rule.role_ids = self.env.ref("distribution_base.group_finance_controller")
        one = self._look(rule)[customer].with_user(fiona)
        self.assertIn("the limit is", one.detail_text)
        self.assertIn("10.00", one.detail_text)
        action = one.action_resolve()
        self.assertEqual(action["res_model"], "account.move")
        found = self.env["account.move"].with_user(fiona).search(action["domain"])
        self.assertEqual(found, line.order_id.sudo().invoice_ids)

    def test_credit_limit_of_contacts_and_drafts(self):
        customer, rule = self._owing_customer(100)
        branch = self.env["res.partner"].create(
            {"name": "Works", "parent_id": customer.id, "type": "invoice"}
        )
        self.bolt.invoice_policy = "order"
        line = self._sell(12, partner_id=customer.id, partner_invoice_id=branch.id)
        self.assertEqual(self._look(rule)[customer].amount, 20)
        line.order_id.sudo()._create_invoices()
        self.assertEqual(self._look(rule)[customer].amount, 20, "a draft counts too")

    def test_down_payments_are_not_owed_twice(self):
        customer, rule = self._owing_customer(100)
        line = self._sell(12, partner_id=customer.id)
        order = line.order_id.sudo()
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        values = {"advance_payment_method": "percentage", "amount": 50}
        wizard.create(values).create_invoices()
        self.assertEqual(self._look(rule)[customer].amount, 20, "a draft")
        order.invoice_ids.action_post()
        self.assertEqual(self._look(rule)[customer].amount, 20)
        self._count(12)
        self._deliver(line, 12)
        order._create_invoices(final=True).action_post()
        self.assertEqual(self._look(rule)[customer].amount, 20, "the rest")

    def test_what_was_closed_short_is_not_owed(self):
        customer, rule = self._owing_customer(100)
        line = self._sell(12, partner_id=customer.id)
        self._count(12)
        self._deliver(line, 9)
        self.assertEqual(self._look(rule)[customer].amount, 20)
        moves = line.sudo().move_ids
        moves.filtered(lambda move: move.state != "done")._action_cancel()
        self.assertEqual(line.qty_delivered, 9)
        self.assertFalse(self._look(rule))

    def test_limits_not_in_use(self):
        customer, rule = self._owing_customer(100)
        self._sell(20, partner_id=customer.id)
        self.company.account_use_credit_limit = False
        self.assertFalse(self._look(rule))
        self.assertEqual(rule.state, "ok")
        self.assertTrue(fields.Datetime.now() >= rule.swept_at)
