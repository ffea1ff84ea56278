from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Every way to pay a bill ends here: the wizard, bank statements, by hand."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        orders = self._get_paid_bills(vals_list)._get_billed_orders()
        self.env["distribution.duty.log"]._perform("pay", orders)
        return super().create(vals_list)

    @api.model
    def _get_paid_bills(self, vals_list):
        """The vendor bills that meet a payment, which no credit note is.

        As superuser: whoever pays need not see each entry.
        """
        lines = self.env["account.move.line"].sudo()
        debits = lines.browse([vals["debit_move_id"] for vals in vals_list])
        credits_ = lines.browse([vals["credit_move_id"] for vals in vals_list])
        paid = [
            credit.move_id.id
            for debit, credit in zip(debits, credits_, strict=True)
            if credit.account_type == "liability_payable"
            and debit.move_type == "entry"
            and debit.journal_id != debit.company_id.currency_exchange_journal_id
        ]
        return lines.move_id.browse(paid)
