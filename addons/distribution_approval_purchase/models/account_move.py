from odoo import models

BILLS = ("in_invoice", "in_receipt")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_billed_orders(self):
        """The purchase orders of the vendor bills among these; a credit note bills none.

        As superuser: whoever books bills need not see the orders.
        """
        bills = self.sudo().filtered(lambda move: move.move_type in BILLS)
        return bills.line_ids.purchase_line_id.order_id

    def _post(self, soft=True):
        # Whoever posts a bill of a later date does the duty now: a job only carries it out.
        self.env["distribution.duty.log"]._perform("bill", self._get_billed_orders())
        return super()._post(soft)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if vals.get("purchase_line_id"):
            posted = self.filtered(lambda line: line.parent_state == "posted")
            if any(line.move_type in BILLS for line in posted):
                # Matched with an order after it was posted. As superuser: see above.
                order_lines = self.env["purchase.order.line"].sudo()
                order = order_lines.browse(vals["purchase_line_id"]).order_id
                self.env["distribution.duty.log"]._perform("bill", order)
        return super().write(vals)
