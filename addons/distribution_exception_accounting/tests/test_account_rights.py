from odoo.exceptions import AccessError
from odoo.service.model import call_kw

from .common import AccountExceptionCase


class TestAccountRights(AccountExceptionCase):
    """Books are for who may read them; what has no branch for head office."""

    def _call(self, user, model, method, *args, **kwargs):
        """As a client calls it."""
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def _seen(self, user, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return len(self._call(user, "distribution.exception", "search", domain))

    def test_items_without_branch_are_for_controllers(self):
        item = self._without_branch()
        one = self._look("account_branch")[item]
        self.assertEqual(self._seen(self.fiona, item), 1)
        for user in (self.bea, self.gus, self.olga):
            self.assertEqual(self._seen(user, item), 0)
            with self.assertRaises(AccessError):
                self._call(user, one._name, "action_resolve", one.ids)

    def test_receivables_are_for_their_branch(self):
        invoice = self._overdue(12)
        one = self._look("account_receivable")[invoice]
        self.assertEqual(self._seen(self.fiona, invoice), 1)
        self.assertEqual(self._seen(self.bea, invoice), 1, "of her branch")
        self.assertEqual(self._seen(self.gus, invoice), 0, "of another branch")
        self.assertEqual(self._seen(self.olga, invoice), 0, "no manager")
        for method, *args in (("read", ["amount"]), ("action_resolve",)):
            with self.assertRaises(AccessError):
                self._call(self.gus, one._name, method, one.ids, *args)

    def test_leaks_and_months_are_for_controllers(self):
        self._sell_below_list(self.north, 8.0, 1000)
        self._look("account_leakage")
        self.assertEqual(self._seen(self.fiona, self.customer), 1)
        self.assertEqual(self._seen(self.bea, self.customer), 0)

    def test_salespeople_see_what_they_own(self):
        seller = self._new_user("branch_operator", "sid", branch_ids=self.north.ids)
        invoice = self._overdue(12)
        invoice.invoice_user_id = seller
        self._look("account_receivable")
        self.assertEqual(self._seen(seller, invoice), 1)

    def test_people_of_another_branch_gain_nothing(self):
        """What a change has looked at is found as superuser: rules, and the orders of
        invoices. It answers nobody, and opens neither to who may not see them."""
        invoice = self._sell_below_list(self.north, 8.0)
        lines = invoice.line_ids.sale_line_ids
        for method, *args in (("button_draft",), ("write", {"state": "draft"})):
            with self.assertRaises(AccessError):
                self._call(self.gus, "account.move", method, invoice.ids, *args)
        self.assertEqual(invoice.state, "posted")
        self._forget()
        invoice.with_user(self.fiona).button_draft()
        self.assertIn(invoice.id, self._asked_again("account.move"))
        for record in (invoice, lines, lines.order_id):
            with self.assertRaises(AccessError):
                self._call(self.gus, record._name, "read", record.ids, ["name"])
        for model, method in (
            ("distribution.exception.rule", "_watched"),
            ("distribution.exception", "_recheck"),
            ("sale.order.line", "_recheck_prices"),
            ("distribution.exception.recheck", "search_read"),
        ):
            with self.assertRaises(AccessError):
                self._call(self.gus, model, method)
