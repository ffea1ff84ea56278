from odoo import models
from odoo.exceptions import UserError


class DistributionTransfer(models.Model):
    """Unloading the truck, from the transfer."""

    _inherit = "distribution.transfer"

    def action_receive(self):
        """Open the receiving of the next truck of the transfer.

        :raises UserError: the user works at the other end, or nothing is on the road
        """
        self.ensure_one()
        self._ensure_side("destination")
        receipt = self._next_receipt()
        if not receipt:
            raise UserError(self._nothing_to_receive())
        return receipt.action_open_receiving()

    def _next_receipt(self):
        """The receipt to be unloaded next: trucks first, then what was missing."""
        receipts = self.picking_ids.filtered(lambda picking: picking._is_unloadable())
        return receipts.sorted(
            lambda picking: (
                picking.transfer_unloaded,
                bool(picking.backorder_id),
                picking.scheduled_date,
                picking.id,
            )
        )[:1]

    def _nothing_to_receive(self):
        if not self.line_ids._total("shipped_qty"):
            return self.env._(
                "Nothing of %(transfer)s was shipped yet. Receive it when the truck is "
                "loaded in the system, or ask %(branch)s to do so.",
                transfer=self.name,
                branch=self.source_branch_id.display_name,
            )
        return self.env._(
            "Everything of %(transfer)s that was shipped is received, or settled in its "
            "discrepancies.",
            transfer=self.name,
        )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_open_receiving(self):
        """Open the receiving of this truck.

        :raises UserError: the operation receives nothing of a transfer
        """
        self.ensure_one()
        receiving = self.env["distribution.transfer.receiving"].create(
            {"picking_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive %s", self.transfer_id.name),
            "res_model": receiving._name,
            "res_id": receiving.id,
            "view_mode": "form",
        }

    def _is_unloadable(self):
        """Whether goods of this receipt are on the road."""
        self.ensure_one()
        if self.transfer_leg != "receive" or self.state in ("done", "cancel"):
            return False
        self.move_ids._read_chains()
        return any(any(move._on_the_road().values()) for move in self.move_ids)
