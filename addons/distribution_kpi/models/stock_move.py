from odoo import api, fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = "stock.move"

    # What was still to come at the end of a day can be told only if it is known until when.
    cancelled_at = fields.Datetime(
        string="Cancelled On",
        readonly=True,
        copy=False,
        help="When the move was cancelled: until then its goods were to leave or to come.",
    )

    _cancelled_idx = models.Index("(cancelled_at) WHERE cancelled_at IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        # Never chosen, neither by the values nor by a default.
        return super().create([{**vals, "cancelled_at": False} for vals in vals_list])

    def write(self, vals):
        if "cancelled_at" in vals and not self.env.su:
            raise UserError(
                self.env._("When a move was cancelled is kept as it happened.")
            )
        return super().write(vals)

    def _action_cancel(self):
        result = super()._action_cancel()
        cancelled = self.filtered(
            lambda move: move.state == "cancel" and not move.cancelled_at
        )
        # As superuser: nobody sets the date himself. Who may not cancel the moves was
        # refused above.
        cancelled.sudo().cancelled_at = fields.Datetime.now()
        return result
