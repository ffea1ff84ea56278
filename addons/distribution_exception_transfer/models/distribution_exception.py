from odoo import models


class DistributionException(models.Model):
    """The click that settles what is found in transfers."""

    _inherit = "distribution.exception"

    def _resolve_transfer_late(self):
        """Ask for the new dates; of a rest whose truck has left, open its operation."""
        transfer = self._transfer_record()
        if self.rule_id.detector == "transfer_leave" and transfer.left_date:
            return transfer.action_ship()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_exception_transfer.distribution_transfer_delay_action"
        )
        return {**action, "context": {"default_transfer_id": transfer.id}}

    def _resolve_transfer_unreconciled(self):
        """Close it where nothing is open; else settle what is."""
        transfer = self._transfer_record()
        if transfer.state == "reconciled":
            return transfer.action_close()
        found = transfer.discrepancy_ids.filtered("can_settle")
        if len(found) == 1:
            return found.action_open_settling()
        return transfer.action_view_discrepancies()

    def _resolve_transfer_discrepancy(self):
        """Choose how it is settled; open it where that is decided already."""
        found = self._transfer_record()
        if found.can_settle:
            return found.action_open_settling()
        return found.get_formview_action()

    def _resolve_transfer_balance(self):
        """Open what differs on the lane, product by product."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transit_balance_action"
        )
        domain = [("lane_id", "=", self.res_id), ("is_different", "=", True)]
        return {**action, "domain": domain, "context": {}}

    def _resolve_stock_replenish(self):
        """What a rule on stock finds short is brought from another branch, if it can be."""
        point = self._transfer_record()
        return point._exception_replenish_action() or super()._resolve_stock_replenish()

    def _transfer_record(self):
        return self.env[self.res_model].browse(self.res_id)
