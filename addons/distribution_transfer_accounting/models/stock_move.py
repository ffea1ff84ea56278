from odoo import models


class StockMove(models.Model):
    """Goods of transfers: what is lost is borne by the branch at fault."""

    _inherit = "stock.move"

    def _is_loss(self):
        """Whether a discrepancy has found the goods to be gone."""
        self.ensure_one()
        company = self.company_id
        gone = company.transfer_loss_location_id | company.transfer_claim_location_id
        return bool(self.discrepancy_id) and self.location_dest_id in gone

    def _is_charged_back(self):
        """Whether the receiving branch gives back at its price what others have lost.

        Goods that arrived damaged were settled between the branches when they arrived.
        """
        self.ensure_one()
        receiver = self.transfer_id.destination_branch_id
        return (
            self._is_loss()
            and self.location_id.branch_id == receiver
            and self.discrepancy_id.fault_branch_id != receiver
        )

    def _is_counted_in(self):
        """Whether a count of the receiving branch has found what is taken off the road.

        The branch has got the goods, and pays for them: what the count found is no gain.
        """
        self.ensure_one()
        gone = self.location_dest_id.usage == "inventory"
        return gone and self.transfer_leg == "receive"

    def _expense_branch(self):
        if self._is_loss():
            return self.discrepancy_id.fault_branch_id
        return super()._expense_branch()

    def _stock_branch(self):
        if self._is_charged_back():
            return self.transfer_id.source_branch_id
        if self._is_counted_in():
            return self.transfer_id.destination_branch_id
        return super()._stock_branch()

    def _interbranch_sign(self):
        if self._is_charged_back():
            return self.transfer_id.lane_id, -1
        if self._is_counted_in():
            return self.transfer_id.lane_id, 1
        return super()._interbranch_sign()

    def _interbranch_origins(self):
        came = self.transfer_line_id.move_ids.filtered(
            lambda move: move.interbranch_qty > 0
        )
        return came or super()._interbranch_origins()

    def _interbranch_trip(self):
        return (*super()._interbranch_trip(), self.transfer_id)

    def _prepare_interbranch_entry(self):
        values = super()._prepare_interbranch_entry()
        return {**values, "interbranch_transfer_id": self.transfer_id.id}
