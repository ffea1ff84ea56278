from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from odoo.addons.distribution_accounting.tests.common import AccountingCase


class AccountExceptionCase(AccountingCase):
    """Books of the people of `AccountingCase`, and the rules that watch them.

    Verbs: `_look(code)` has the rule look at everything and returns {record: exception}
    of what is open, `_finding(code, record)` is what its query says of a record,
    `_without_branch` and `_overdue` post what is found.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.company.partner_id.tz = "UTC"
        cls.company.branch_required = False
        cls.Exception = cls.env["distribution.exception"]
        cls.gus = cls._new_user("branch_manager", "gus", branch_ids=cls.west.ids)

    def _rule(self, code):
        return self.env.ref(
            f"distribution_exception_accounting.distribution_exception_rule_{code}"
        )

    def _look(self, code, records=None):
        """Everything, or `records`, as the job does after a change."""
        rule = self._rule(code)
        if records:
            rule._detect(ids=records.ids)
        else:
            rule.action_sweep()
        self.assertEqual(rule.state, "ok", rule.failure)
        found = self.Exception.search(
            [("rule_id", "=", rule.id), ("state", "=", "open")]
        )
        return {self.env[one.res_model].browse(one.res_id): one for one in found}

    def _finding(self, code, record):
        rule = self._rule(code)
        self.env.flush_all()
        query = getattr(rule, rule._detector().query)(SQL("r.id = ANY(%s)", record.ids))
        rows = self.env.execute_query_dict(query)
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else None

    def _asked_again(self, model):
        """Ids of the records that were asked to be looked at since `_forget`."""
        self.env.cr.flush()
        waiting = self.env["distribution.exception.recheck"].search(
            [("res_model", "=", model)]
        )
        return set(waiting.mapped("res_id"))

    def _forget(self):
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM distribution_exception_recheck")

    def _without_branch(self, amount=250.0, **values):
        """A posted entry whose item of the profit and loss has no branch; that item."""
        bank = self.stock_account.search([("account_type", "=", "asset_cash")], limit=1)
        entry = self._entry(
            [(self.rent, amount, None), (bank, -amount, None)], **values
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == self.rent)

    def _overdue(self, days, amount=100.0, branch=None):
        """An invoice of a branch that was due so many days ago."""
        due = self.today - timedelta(days=days)
        line = {
            "name": "Bolts",
            "account_id": self.sales.id,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
        }
        invoice = self.env["account.move"].with_user(self.nora)
        invoice = invoice.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "branch_id": (branch or self.north).id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, amount):
        wizard = self.env["account.payment.register"].with_user(self.nora)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"amount": amount}).action_create_payments()

    def _sell_below_list(self, branch, price, quantity=100):
        """A list price of 10, invoiced at another one."""
        self._count(self.tape, branch, quantity)
        return self._sale(branch, quantity, price, self.tape)
