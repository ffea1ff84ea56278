from odoo import models


class StockValuationAdjustmentLines(models.Model):
    _inherit = "stock.valuation.adjustment.lines"

    def _prepare_account_move_line_values(self):
        """Landed cost is of the branch that received the goods."""
        values = super()._prepare_account_move_line_values()
        # As superuser: it may be another branch than that of whoever posts the cost.
        values["own_branch_id"] = self.sudo().move_id._stock_branch().id
        return values
