from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._recheck_bills()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._recheck_bills()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._recheck_bills()
        return result

    def _recheck_bills(self):
        bills = self.filtered(lambda move: move.move_type == "in_invoice")
        self.env["distribution.exception"]._recheck(self._name, bills.ids)
