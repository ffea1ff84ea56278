from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # What is invoiced in full costs no more money: its sale lines are looked at.
            invoices = self.filtered(lambda move: move.is_sale_document())
            # As superuser: whoever posts need not see the orders, and is told nothing.
            invoices.sudo().line_ids.sale_line_ids._recheck_prices()
        return result

    @api.depends("line_ids.sale_line_ids")
    def _compute_origin_so_count(self):
        """Buyers open the bill that does not match, and have no rights on sales: none."""
        seen = self
        if not self.env["sale.order.line"].has_access("read"):
            self.sale_order_count = 0
            seen = self.browse()
        return super(AccountMove, seen)._compute_origin_so_count()
