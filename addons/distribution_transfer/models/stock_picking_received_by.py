from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Who unloaded the truck: printed on the receiving report."""

    _inherit = "stock.picking"

    received_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who validated this receipt of a transfer.",
    )

    def _action_done(self):
        receipts = self.filtered(lambda picking: picking.transfer_leg == "receive")
        result = super()._action_done()
        # As superuser: it follows from what happened, and nobody writes it.
        done = receipts.sudo().filtered(lambda picking: picking.state == "done")
        done.received_by_id = self.env.uid
        return result

    def _ensure_not_typed(self, names):
        if "received_by_id" in names:
            raise UserError(
                self.env._(
                    "Who received the goods follows from who validates the receipt."
                )
            )
        return super()._ensure_not_typed(names)
