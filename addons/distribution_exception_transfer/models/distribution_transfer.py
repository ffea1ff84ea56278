from odoo import models

# What the rules look at.
TRANSFER_WATCHED = {
    *("state", "lane_id", "date_wanted", "departure_date", "arrival_date"),
    *("latest_arrival_date", "left_date", "received_date", "emergency_review"),
}
DISCREPANCY_WATCHED = {"state", "date_due", "user_id", "fault", "quantity", "value"}


class DistributionTransfer(models.Model):
    """A transfer whose dates or goods change is looked at again."""

    _inherit = "distribution.transfer"

    def write(self, vals):
        result = super().write(vals)
        if TRANSFER_WATCHED & vals.keys():
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result

    def _sync_state(self):
        """Goods have moved, or a difference was found or settled."""
        self.env["distribution.exception"]._recheck(self._name, self.ids)
        return super()._sync_state()


class DistributionTransferDiscrepancy(models.Model):
    """A difference that changes is looked at again; its transfer follows by itself."""

    _inherit = "distribution.transfer.discrepancy"

    def write(self, vals):
        result = super().write(vals)
        if DISCREPANCY_WATCHED & vals.keys():
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result
