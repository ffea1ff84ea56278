from odoo import models
from odoo.exceptions import UserError


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        """Goods of a transfer go back by the transfer, or by another one.

        Odoo's own return would leave the operations at the other end as they are.
        """
        picking = self.picking_id
        if picking.transfer_leg in ("ship", "return"):
            raise UserError(
                self.env._(
                    "Use Return to Sender on %s: it takes the goods off the road at both "
                    "ends.",
                    picking.transfer_id.name,
                )
            )
        if picking.transfer_leg == "receive":
            raise UserError(
                self.env._(
                    "These goods are at %(branch)s. Settle a discrepancy of %(transfer)s "
                    "by Return to Sender, or request a transfer in the other direction.",
                    branch=picking.branch_id.display_name,
                    transfer=picking.transfer_id.name,
                )
            )
        return super()._create_return()
