from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What is paid, or no longer is, is looked at again."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._recheck_exceptions()
        return partials

    def unlink(self):
        self._recheck_exceptions()
        return super().unlink()

    def _recheck_exceptions(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        self.env["distribution.exception"]._recheck(moves._name, moves.ids)
