from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payment_vals_from_wizard(self, batch_result):
        values = super()._create_payment_vals_from_wizard(batch_result)
        return values | self._prepare_branch_of_payment(batch_result)

    def _create_payment_vals_from_batch(self, batch_result):
        values = super()._create_payment_vals_from_batch(batch_result)
        return values | self._prepare_branch_of_payment(batch_result)

    def _prepare_branch_of_payment(self, batch_result):
        branches = batch_result["lines"].branch_id
        return {"branch_id": branches.id} if len(branches) == 1 else {}
