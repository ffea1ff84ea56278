from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("line_ids.sale_line_ids")
    def _compute_origin_so_count(self):
        """Buyers open the bill that does not match, and have no rights on sales: none."""
        seen = self
        if not self.env["sale.order.line"].has_access("read"):
            self.sale_order_count = 0
            seen = self.browse()
        return super(AccountMove, seen)._compute_origin_so_count()
