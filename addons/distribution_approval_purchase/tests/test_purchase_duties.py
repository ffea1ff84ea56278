from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BOOKKEEPER, BUYER, PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseDuties(PurchaseCase):
    """Who asked, approved, received, billed, paid: not all the same person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.all = cls._with_groups("all", f"{BUYER},{BOOKKEEPER}")
        cls.Conflict = cls.env["distribution.duty.conflict"]

    def _keep_apart(self, duty, other):
        xml_id = f"distribution_approval.distribution_duty_conflict_{duty}_{other}"
        self.env.ref(xml_id).active = True

    def _confirmed(self, user=None, **values):
        order = self._buy(user or self.bert, 10, **values)
        order.button_confirm()
        return order

    def _receive(self, orders, user):
        pickings = orders.sudo().picking_ids.with_user(user)
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def _bill(self, order, user, post=True):
        order.sudo().action_create_invoice()
        bill = order.sudo().invoice_ids.with_user(user)
        bill.invoice_date = fields.Date.today()
        if post:
            bill.action_post()
        return bill

    def _pay(self, bills, user):
        wizard = (
            self.env["account.payment.register"]
            .with_user(user)
            .with_context(active_model="account.move", active_ids=bills.ids)
            .create({})
        )
        return wizard._create_payments()

    def _duties(self, order):
        rows = self.env["distribution.duty.log"].search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", order.id)]
        )
        return {(row.user_id, row.duty) for row in rows}

    def test_who_asked_does_not_receive(self):
        self._keep_apart("request", "receive")
        order = self._confirmed(self.all)
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            self._receive(order, self.all)
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            moves = order.picking_ids.move_ids
            moves.picked = True
            moves._action_done()
        self.assertFalse(order.order_line.qty_received)
        self._receive(order, self.rene)
        self.assertEqual(order.order_line.qty_received, 10)
        self.assertEqual(
            self._duties(order), {(self.all, "request"), (self.rene, "receive")}
        )

    def test_several_receipts_at_once_are_all_refused(self):
        self._keep_apart("request", "receive")
        own, other = self._confirmed(self.all), self._confirmed(self.bert)
        with self.assertRaisesRegex(UserError, own.name), self.cr.savepoint():
            self._receive(own | other, self.all)
        self.assertEqual((own | other).picking_ids.mapped("state"), ["assigned"] * 2)

    def test_services_are_received_by_hand(self):
        self._keep_apart("request", "receive")
        service = self._new_product("Repair", type="service", is_storable=False)
        order = self._confirmed(self.all, product=service)
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            order.order_line.qty_received = 5
        order.order_line.with_user(self.bine).qty_received = 5

    def test_a_return_is_no_receipt(self):
        self._keep_apart("receive", "bill")
        order = self._confirmed()
        self._receive(order, self.rene)
        picking = order.sudo().picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.with_user(self.all).move_ids.picked = True
        back.with_user(self.all).button_validate()
        self.assertEqual(self._duties(order), {(self.rene, "receive")})

    def test_who_received_does_not_bill(self):
        self._keep_apart("receive", "bill")
        order = self._confirmed()
        self._receive(order, self.all)
        bill = self._bill(order, self.all, post=False)
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            bill.action_post()
        self.assertEqual(bill.state, "draft")
        bill.with_user(self.abe).action_post()
        self.assertEqual(
            self._duties(order), {(self.all, "receive"), (self.abe, "bill")}
        )

    def test_matching_a_posted_bill_with_an_order_is_billing(self):
        self._keep_apart("receive", "bill")
        order = self._confirmed()
        self._receive(order, self.all)
        bill = (
            self.env["account.move"]
            .with_user(self.all)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "quantity": 10,
                                "price_unit": 10,
                            }
                        )
                    ],
                }
            )
        )
        bill.action_post()
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            bill.invoice_line_ids.purchase_line_id = order.order_line.id
        bill.with_user(self.abe).invoice_line_ids.purchase_line_id = order.order_line.id
        self.assertIn((self.abe, "bill"), self._duties(order))

    def test_who_billed_does_not_pay_with_the_wizard(self):
        self._keep_apart("bill", "pay")
        order = self._confirmed()
        bill = self._bill(order, self.abe)
        with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
            self._pay(bill, self.abe)
        self.assertEqual(bill.payment_state, "not_paid")
        self._pay(bill, self.all)
        self.assertEqual(self._duties(order), {(self.abe, "bill"), (self.all, "pay")})

    def test_who_billed_does_not_pay_by_hand_or_from_a_statement(self):
        self._keep_apart("bill", "pay")
        order = self._confirmed()
        bill = self._bill(order, self.abe)
        payable = bill.line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        )
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.vendor.id,
                "amount": bill.amount_total,
            }
        )
        payment.action_post()
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "partner_id": self.vendor.id,
                "amount": -bill.amount_total,
                "payment_ref": "paid",
                "counterpart_account_id": payable.account_id.id,
            }
        )
        for entry in (payment.move_id, statement.move_id):
            debit = entry.line_ids.filtered(
                lambda line: line.account_id == payable.account_id
            )
            with self.assertRaisesRegex(UserError, "must not do"), self.cr.savepoint():
                (debit | payable).with_user(self.abe).reconcile()
        (debit | payable).with_user(self.all).reconcile()
        self.assertIn((self.all, "pay"), self._duties(order))

    def test_a_credit_note_is_no_payment(self):
        self._keep_apart("bill", "pay")
        order = self._confirmed()
        bill = self._bill(order, self.abe)
        reversal = (
            self.env["account.move.reversal"]
            .with_user(self.abe)
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id})
        )
        reversal.modify_moves()
        self.assertEqual(bill.payment_state, "reversed")
        self.assertEqual(self._duties(order), {(self.abe, "bill")})

    def test_nobody_is_in_the_way_without_a_pair(self):
        order = self._confirmed(self.all)
        self._receive(order, self.all)
        bill = self._bill(order, self.all)
        self._pay(bill, self.all)
        self.assertNotEqual(bill.payment_state, "not_paid")
        self.assertFalse(self._duties(order))

    def test_the_form_opens(self):
        order = self._buy(self.bert, 10)
        with Form(order) as form:
            form.partner_ref = "X"
        self.assertEqual(order.partner_ref, "X")
