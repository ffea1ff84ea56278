from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import freeze_time

from .common import AccountExceptionCase


class TestAccountDetectors(AccountExceptionCase):
    """What is found in the books, what is at risk, and when it is gone."""

    def test_an_item_without_branch(self):
        item = self._without_branch()
        one = self._look("account_branch")[item]
        self.assertRecordValues(
            one, [{"measure": 250.0, "amount": 250.0, "state": "open"}]
        )
        self.assertEqual(one.name, f"{item.move_name} · Rent")
        month = fields.Date.start_of(self.today, "month") + relativedelta(months=1)
        self.assertEqual(one.too_late_at, fields.Datetime.to_datetime(month))
        item.with_user(self.fiona).correct_branches({self.north: 100.0}, "Rent of it")
        self._look("account_branch", item)
        self.assertEqual(one.state, "closed")

    def test_what_has_a_branch_or_several_or_needs_none(self):
        rent = self._charge(100, self.north)
        rent.action_post()
        shared = self._without_branch()
        shared.with_user(self.fiona).correct_branches(
            {self.north: 50.0, self.west: 50.0}, "Both"
        )
        found = self._look("account_branch")
        self.assertFalse(set(rent.line_ids | shared.move_id.line_ids) & set(found))

    def test_drafts_and_closed_periods_are_left_alone(self):
        item = self._without_branch()
        self.company.fiscalyear_lock_date = self.today
        self.assertIsNone(self._finding("account_branch", item))
        self.company.fiscalyear_lock_date = False
        self.assertTrue(self._finding("account_branch", item))
        item.move_id.button_draft()
        self.assertIsNone(self._finding("account_branch", item))

    def test_what_is_closed_for_good_is_left_alone(self):
        item = self._without_branch()
        self.assertTrue(self._finding("account_branch", item))
        self.company.hard_lock_date = self.today
        self.assertIsNone(self._finding("account_branch", item))

    def test_the_threshold_is_money(self):
        item = self._without_branch(amount=3.0)
        self._rule("account_branch").threshold = 5
        self.assertNotIn(item, self._look("account_branch"))

    def test_posting_correcting_and_taking_back_are_looked_at(self):
        self._forget()
        item = self._without_branch()
        self.assertIn(item.id, self._asked_again("account.move.line"))
        self._forget()
        item.with_user(self.fiona).correct_branches({self.north: 100.0}, "Rent of it")
        self.assertIn(item.id, self._asked_again("account.move.line"))
        other = self._without_branch(amount=8.0)
        self._forget()
        other.move_id.button_draft()
        self.assertIn(other.id, self._asked_again("account.move.line"))

    def test_a_receivable_overdue(self):
        invoice = self._overdue(12)
        one = self._look("account_receivable")[invoice]
        self.assertRecordValues(
            one,
            [
                {
                    "measure": 11,
                    "amount": 100.0,
                    "partner_id": self.customer.id,
                    "user_id": self.nora.id,
                }
            ],
        )
        found = self._finding("account_receivable", invoice)
        self.assertEqual(found["branch_id"], self.north.id)

    def test_some_days_are_granted(self):
        invoice = self._overdue(7)
        self.assertNotIn(invoice, self._look("account_receivable"))
        self._rule("account_receivable").threshold = 6
        self.assertIn(invoice, self._look("account_receivable"))

    def test_instalments_are_due_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In two parts",
                "line_ids": [
                    Command.create({"value_amount": 40, "nb_days": 0}),
                    Command.create({"value_amount": 60, "nb_days": 30}),
                ],
            }
        )
        invoice = self._overdue(12)
        invoice.button_draft()
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        found = self._finding("account_receivable", invoice)
        self.assertEqual((found["measure"], found["amount"]), (11, 40.0))

    def test_due_today_is_in_time(self):
        invoice = self._overdue(0)
        self.assertIsNone(self._finding("account_receivable", invoice))

    def test_a_payment_lowers_and_closes_it_and_its_end_opens_it_again(self):
        invoice = self._overdue(12)
        one = self._look("account_receivable")[invoice]
        self._forget()
        self._pay(invoice, 30)
        self.assertIn(invoice.id, self._asked_again("account.move"))
        self._look("account_receivable", invoice)
        self.assertEqual(one.amount, 70.0)
        self._pay(invoice, 70)
        self._look("account_receivable", invoice)
        self.assertEqual(one.state, "closed")
        self._forget()
        invoice.line_ids.remove_move_reconcile()
        self.assertIn(invoice.id, self._asked_again("account.move"))
        self._look("account_receivable", invoice)
        self.assertRecordValues(one, [{"state": "open", "reopened_count": 1}])
        self.assertEqual(one.amount, 100.0)

    def test_what_a_customer_owes_is_looked_at_when_it_changes(self):
        self._forget()
        invoice = self._overdue(12)
        self.assertIn(self.customer.id, self._asked_again("res.partner"))
        self._forget()
        self._pay(invoice, 100)
        self.assertIn(self.customer.id, self._asked_again("res.partner"))

    def test_margin_that_leaks_away(self):
        self._sell_below_list(self.north, 8.0, 1000)
        one = self._look("account_leakage")[self.customer]
        self.assertRecordValues(one, [{"measure": 20.0, "amount": 2000.0}])
        found = self._finding("account_leakage", self.customer)
        self.assertEqual(found["branch_id"], self.north.id)
        self._sell_below_list(self.west, 8.0, 100)
        found = self._finding("account_leakage", self.customer)
        self.assertEqual((found["amount"], found["branch_id"]), (2200.0, None))

    def test_little_money_or_few_percent_do_not_count(self):
        self._sell_below_list(self.north, 8.0, 400)
        self.assertNotIn(self.customer, self._look("account_leakage"), "800 only")
        rule = self._rule("account_leakage")
        rule.leakage_amount = 800
        self.assertIn(self.customer, self._look("account_leakage"))
        rule.threshold = 21
        self.assertNotIn(self.customer, self._look("account_leakage"))

    def test_old_invoices_and_credit_notes_do_not_count(self):
        invoice = self._sell_below_list(self.north, 8.0, 1000)
        self._refund(invoice)
        found = self._finding("account_leakage", self.customer)
        self.assertEqual(found["amount"], 2000.0)
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self.assertIsNone(self._finding("account_leakage", self.customer))

    def _last_month(self):
        start = fields.Date.start_of(self.today, "month") - relativedelta(months=1)
        closing = self.env["distribution.closing"].with_user(self.fiona)
        return closing.create({"date_from": start})

    def test_a_month_that_is_not_closed(self):
        closing = self._last_month()
        end = fields.Datetime.to_datetime(closing.date_to + timedelta(days=1))
        with freeze_time(end + timedelta(days=9, hours=23)):
            self.assertNotIn(closing, self._look("account_month"))
        with freeze_time(end + timedelta(days=12)):
            one = self._look("account_month")[closing]
        self.assertRecordValues(one, [{"measure": 12, "amount": 1000.0}])
        self.assertEqual(one.too_late_at, end + timedelta(days=10))
        self._forget()
        closing.action_post_valuation()
        closing.item_ids.filtered(lambda x: x.state == "open").sudo().unlink()
        closing.action_close()
        self.assertIn(closing.id, self._asked_again(closing._name))
        self._look("account_month", closing)
        self.assertEqual(one.state, "closed")
