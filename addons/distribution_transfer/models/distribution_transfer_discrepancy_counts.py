from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .own import own

# Which count explains which kind, settled how: the end that counted, and whether it found
# more (1) or less (-1) than was in its books.
COUNTS = {
    ("short", "found"): ("source", 1),
    ("short", "counted"): ("destination", 1),
    ("over", "accept"): ("source", -1),
}


class DistributionTransferDiscrepancy(models.Model):
    """Counts at either end that explain a discrepancy.

    What is missing was found by a later count of the sender, who never loaded it, or of the
    receiver, who overlooked it. What was too much is missing at the sender.
    """

    _inherit = "distribution.transfer.discrepancy"

    def _count_candidates(self, resolution=None):
        """Counts since the truck was unloaded that may explain the discrepancy.

        Those of the nearest quantity come first.

        :param resolution: the way it is to be settled; any by default
        """
        self.ensure_one()
        ways = [resolution] if resolution else self._count_ways()
        line = self.transfer_line_id
        fitting = self._unused_counts().filtered(
            lambda move: self._explained_as(move) in ways
        )
        return fitting.sorted(lambda move: (line._amount(move), move.id))

    def _count_ways(self):
        """The ways to settle it that a count may explain."""
        return [way for kind, way in COUNTS if kind == self.kind]

    def _unused_counts(self):
        """Counts of the products at either end that explain nothing yet, oldest first."""
        if not self:
            return self.env["stock.move"]
        branches = (self.source_branch_id | self.destination_branch_id).ids
        moves = self.env["stock.move"].search(
            [
                ("is_inventory", "=", True),
                ("state", "=", "done"),
                ("product_id", "in", self.product_id.ids),
                ("date", ">=", min(self.mapped("create_date"))),
                ("discrepancy_id", "=", False),
                "|",
                ("location_id.branch_id", "in", branches),
                ("location_dest_id.branch_id", "in", branches),
            ],
            order="date, id",
        )
        return moves - self.search([("count_move_id", "in", moves.ids)]).count_move_id

    def _explained_as(self, move):
        """How the discrepancy is settled if this count explains it; False if it does not."""
        self.ensure_one()
        line = self.transfer_line_id
        if (
            move.product_id != self.product_id
            or move.date < self.create_date
            or line._is_more(self.quantity, line._amount(move))
        ):
            return False
        for way in self._count_ways():
            side, sign = COUNTS[self.kind, way]
            place = move.location_dest_id if sign > 0 else move.location_id
            if place.branch_id and place.branch_id == self[f"{side}_branch_id"]:
                return way
        return False

    def _ensure_explains(self, count, resolution):
        """:raises UserError: the count has nothing to do with this discrepancy"""
        if count not in self.sudo()._count_candidates(resolution):  # of either end
            raise UserError(
                self.env._(
                    "This count does not explain %s: it must be a later count of the same "
                    "product at the right end, of at least that quantity, which explains "
                    "nothing else.",
                    self.name,
                )
            )

    def _match_count(self):
        """The count has corrected one end already: take the goods off the road."""
        self._release_transit()
        self._move_off(self.count_move_id.location_id)
        self._finish()

    def _count_at_sender(self):
        """Correct the sender's stock by a count of what was found there."""
        shelf = self.source_branch_id.warehouse_id.lot_stock_id
        Quant = self.env["stock.quant"].with_context(inventory_mode=True)
        unit = self.product_id.uom_id
        quantity = self.product_uom_id._compute_quantity(self.quantity, unit)
        domain = Domain("product_id", "=", self.product_id.id)
        domain &= Domain("location_id", "=", shelf.id)
        domain &= Domain("lot_id", "=", self.lot_id.id)
        quant = Quant.search(domain, limit=1)
        counted = quant.quantity + quantity
        if quant:
            quant.inventory_quantity = counted
        else:
            quant = Quant.create(
                {
                    "product_id": self.product_id.id,
                    "location_id": shelf.id,
                    "lot_id": self.lot_id.id,
                    "inventory_quantity": counted,
                }
            )
        # As the one who found it: the count may need an approval of its own.
        quant.sudo(False).with_context(inventory_mode=True).action_apply_inventory()

    @api.model
    def _match_waiting(self, counts):
        """Counts were applied: settle what was waiting for them."""
        waiting = self.search(
            [
                ("state", "=", "waiting"),
                ("resolution", "=", "found"),
                ("product_id", "in", counts.product_id.ids),
            ],
            order="id",
        )
        for discrepancy in waiting:
            count = (counts & discrepancy._count_candidates("found"))[:1]
            if count:
                own(discrepancy).write({"count_move_id": count.id})
                own(discrepancy)._carry_out()
