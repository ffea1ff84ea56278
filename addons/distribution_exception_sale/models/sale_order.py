from odoo import models
from odoo.tools import format_date


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sale":
            # Now, not when it is next read: dates may have changed by then.
            self.order_line._recompute_recordset(["first_promised_at"])
        if "state" in vals:
            customers = self.partner_invoice_id.commercial_partner_id
            self.env["distribution.exception"]._recheck("res.partner", customers.ids)
            self.order_line._recheck_exceptions()
        return result

    def _late_lines(self):
        """What the customer is told of lines that are late or incomplete.

        A list of texts: `name` and `open` quantity of a line, and the day now `expected`,
        empty where nobody knows it.
        """
        waiting = self.order_line._late_dates()
        here = self.with_context(tz=self.partner_id.tz or self.company_id.partner_id.tz)
        return [
            {
                "name": line.product_id.display_name,
                "open": f"{line.qty_to_deliver:.12g} {line.product_uom_id.name}",
                "expected": format_date(here.env, waiting[line.id]),
            }
            for line in self.order_line
            if line.id in waiting
        ]
