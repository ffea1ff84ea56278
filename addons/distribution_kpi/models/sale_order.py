from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What was open at the end of a day can be told only if it is known until when.
    cancelled_at = fields.Datetime(
        string="Cancelled On",
        compute="_compute_cancelled_at",
        store=True,
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


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _promised_idx = models.Index(
        "(first_promised_at) WHERE first_promised_at IS NOT NULL"
    )
    _undelivered_idx = models.Index(
        "(order_id) WHERE state = 'sale' AND product_uom_qty > qty_delivered"
    )
