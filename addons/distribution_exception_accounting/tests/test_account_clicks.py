from odoo.tests import Form

from .common import AccountExceptionCase


class TestAccountClicks(AccountExceptionCase):
    """One click does the usual thing, with the rights of who clicks."""

    def _click(self, code, record, user):
        one = self._look(code)[record].with_user(user)
        action = one.action_resolve()
        self.assertTrue(one.action_taken)
        return one, action

    def _dialog(self, action, user):
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_the_branch_is_corrected(self):
        item = self._without_branch()
        one, action = self._click("account_branch", item, self.fiona)
        dialog = self._dialog(action, self.fiona)
        dialog.branch_id = self.north
        dialog.reason = "Rent of the depot"
        dialog.save().action_correct()
        self.assertEqual(item.branch_id, self.north)
        self._look("account_branch", item)
        self.assertEqual(one.state, "closed")

    def test_a_reminder_is_sent(self):
        self.customer.email = "ann@fjord.example"
        invoice = self._overdue(12)
        _one, action = self._click("account_receivable", invoice, self.bea)
        composer = self._dialog(action, self.bea).save()
        self.assertIn("overdue", composer.subject)
        self.assertIn(invoice.name, composer.body)
        self.assertIn(self.customer, composer.partner_ids)
        before = invoice.message_ids
        composer._action_send_mail()
        self.assertEqual(len(invoice.message_ids - before), 1)

    def test_what_is_no_invoice_is_opened(self):
        account = self.customer.property_account_receivable_id
        entry = self._entry(
            [(account, 60.0, self.north), (self.sales, -60.0, self.north)],
            date=self.today.replace(year=self.today.year - 1),
        )
        entry.line_ids.filtered(
            lambda x: x.account_id == account
        ).partner_id = self.customer
        entry.action_confirm_branch()
        entry.action_post()
        _one, action = self._click("account_receivable", entry, self.fiona)
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("account.move", entry.id)
        )

    def test_where_the_margin_goes(self):
        self._sell_below_list(self.north, 8.0, 1000)
        _one, action = self._click("account_leakage", self.customer, self.fiona)
        self.assertEqual(action["params"]["domain"][0][2], self.customer.ids)
