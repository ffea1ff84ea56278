from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What was open at the end of a day can be told only if it is known until when.
    # Computed before it is created, so no default of a client becomes a date.
    cancelled_at = fields.Datetime(
        string="Cancelled On",
        compute="_compute_cancelled_at",
        store=True,
        precompute=True,
        copy=False,
        help="When the order was cancelled.",
    )

    _cancelled_idx = models.Index("(cancelled_at) WHERE cancelled_at IS NOT NULL")

    @api.depends("state")
    def _compute_cancelled_at(self):
        for order in self:
            kept = order._origin.cancelled_at
            cancelled = order.state == "cancel"
            order.cancelled_at = cancelled and (kept or fields.Datetime.now())

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_keeps_cancelled_at(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_keeps_cancelled_at(vals)
        return super().write(vals)

    def _ensure_keeps_cancelled_at(self, vals):
        """What is kept is computed, and written by nobody: it does not pass here."""
        if "cancelled_at" in vals:
            raise UserError(
                self.env._("When an order was cancelled is kept as it happened.")
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _promised_idx = models.Index(
        "(first_promised_at) WHERE first_promised_at IS NOT NULL"
    )
    _undelivered_idx = models.Index(
        "(order_id) WHERE state = 'sale' AND product_uom_qty > qty_delivered"
    )
