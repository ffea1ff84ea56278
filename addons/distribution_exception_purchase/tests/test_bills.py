from odoo import fields
from odoo.tests import Form, tagged

from .common import PurchaseExceptionCase


@tagged("post_install", "-at_install")
class TestBills(PurchaseExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("purchase_bill")
        cls._set_up_accounts()

    def test_price_opens_updates_closes_and_opens_again(self):
        bill = self._bill(self._received(10, price=5.0))
        self.assertNotIn(bill, self._sweep(self.rule))
        self._set(bill, price_unit=6.0)
        exception = self._sweep(self.rule)[bill]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 20,
                    "amount": 10.0,
                    "partner_id": self.vendor.id,
                    "user_id": self.bert.id,
                }
            ],
        )
        self.assertEqual(exception.too_late_at.date(), bill.invoice_date_due)
        self.assertIn("billed at 6, ordered at 5", exception.detail)
        self._set(bill, price_unit=4.5)
        self._recheck(self.rule, bill)
        self.assertEqual((exception.measure, exception.amount), (10, 5.0))
        self._set(bill, price_unit=5.0)
        self._recheck(self.rule, bill)
        self.assertEqual(exception.state, "closed")
        self._set(bill, price_unit=7.0)
        self._recheck(self.rule, bill)
        self.assertEqual((exception.state, exception.reopened_count), ("open", 1))

    def test_more_than_received(self):
        bill = self._bill(self._received(10, price=5.0))
        self._set(bill, quantity=12)
        exception = self._sweep(self.rule)[bill]
        self.assertEqual(exception.amount, 10.0)
        self.assertAlmostEqual(exception.measure, 100 * 2 / 12, 2)
        self.assertIn("2 Units too many billed", exception.detail)

    def test_what_was_taken_off_the_order(self):
        line = self._buy(10, price=5.0)
        bill = self._bill(line, quantity=4)
        line.sudo().product_qty = 0
        exception = self._sweep(self.rule)[bill]
        self.assertEqual((exception.measure, exception.amount), (100, 20.0))

    def test_second_bill_is_the_one_too_many(self):
        line = self._received(10, price=5.0)
        first, second = self._bill(line), self._bill(line, quantity=3)
        found = self._sweep(self.rule)
        self.assertNotIn(first, found)
        self.assertEqual(found[second].amount, 15.0)
        first.button_cancel()
        self._recheck(self.rule, second)
        self.assertEqual(found[second].state, "closed")

    def test_credit_note_makes_up_for_it(self):
        line = self._received(10, price=5.0)
        bill = self._bill(line)
        self._set(bill, quantity=12)
        exception = self._sweep(self.rule)[bill]
        self._bill(line, quantity=2, move_type="in_refund")
        self._recheck(self.rule, bill)
        self.assertEqual(exception.state, "closed")

    def test_billed_as_ordered(self):
        self.product.purchase_method = "purchase"
        bill = self._bill(self._buy(10, price=5.0))
        self.assertNotIn(bill, self._sweep(self.rule))
        self._set(bill, quantity=11)
        self.assertEqual(self._sweep(self.rule)[bill].amount, 5.0)

    def test_unit_and_currency(self):
        currency = self._currency(rate=2.0)
        line = self._received(
            24,
            price=60.0,
            product_uom_id=self.dozen.id,
            order={"currency_id": currency.id},
            ordered=2,
        )
        # A piece costs 5 of the order's currency, that is 2.5 of the company's.
        bill = self._bill(line, quantity=24, price=5.0, unit=self.product.uom_id)
        self.assertNotIn(bill, self._sweep(self.rule))
        self._set(bill, price_unit=6.0)
        exception = self._sweep(self.rule)[bill]
        self.assertEqual((exception.measure, exception.amount), (20, 12.0))
        other = self._bill(
            line,
            quantity=24,
            price=2.5,
            unit=self.product.uom_id,
            currency=self.company.currency_id,
        )
        bill.button_cancel()
        self.assertNotIn(other, self._sweep(self.rule))

    def test_rounding_is_no_difference(self):
        bill = self._bill(self._received(3, price=0.3333), quantity=1)
        self.rule.threshold = 0
        self.assertNotIn(bill, self._sweep(self.rule))

    def test_paid_is_over(self):
        bill = self._bill(self._received(10, price=5.0))
        self._set(bill, price_unit=6.0)
        bill.action_post()
        exception = self._sweep(self.rule)[bill]
        self.assertEqual(exception.state, "open")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"payment_date": bill.invoice_date})._create_payments()
        self._recheck(self.rule, bill)
        self.assertEqual(exception.state, "closed")

    def test_looked_at_once_posted(self):
        bill = self._bill(self._received(10, price=5.0))
        self.assertIn(bill.id, self._asked("account.move", bill.action_post))
        self.assertIn(bill.id, self._asked("account.move", bill.button_draft))
        self.assertIn(bill.id, self._asked("account.move", bill.button_cancel))

    def test_one_click_opens_the_bill(self):
        bill = self._bill(self._received(10, price=5.0))
        self._set(bill, price_unit=6.0)
        exception = self._sweep(self.rule)[bill].with_user(self.fiona)
        action = exception.action_resolve()
        self.assertEqual((action["res_model"], action["res_id"]), (bill._name, bill.id))
        self.assertEqual(exception.action_taken, "Open the bill")
        cleo = self._new_user("central_buyer", "bills_cleo")
        action = exception.with_user(cleo).action_resolve()
        shown = self.env[action["res_model"]].with_user(cleo).browse(action["res_id"])
        with Form(shown) as screen:  # reads all that the screen shows
            self.assertEqual(screen.partner_id, self.vendor)

    def _received(self, quantity, ordered=None, **values):
        line = self._buy(ordered or quantity, **values)
        self._receive(line, quantity)
        return line

    def _bill(
        self,
        line,
        quantity=None,
        price=None,
        unit=None,
        move_type="in_invoice",
        currency=None,
    ):
        values = line._prepare_account_move_line()
        values["quantity"] = quantity or line.qty_received or line.product_qty
        values["price_unit"] = price or line.price_unit
        values.pop("balance", None)
        if unit:
            values["product_uom_id"] = unit.id
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.context_today(self.env.user),
                "currency_id": (currency or line.currency_id).id,
                "invoice_line_ids": [(0, 0, values)],
            }
        )

    def _set(self, bill, **values):
        with Form(bill) as form, form.invoice_line_ids.edit(0) as row:
            for name, value in values.items():
                setattr(row, name, value)
