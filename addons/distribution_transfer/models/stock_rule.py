from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_pull(self, procurements):
        """What a rule brings along a lane, it brings by a transfer."""
        along_lanes = [
            (procurement, rule)
            for procurement, rule in procurements
            if rule.lane_leg == "receive"
        ]
        if not along_lanes:
            return super()._run_pull(procurements)
        # As superuser: an order at one branch asks for goods of another.
        self.env["distribution.transfer"].sudo()._supply(along_lanes)
        others = [pair for pair in procurements if pair[1].lane_leg != "receive"]
        return super()._run_pull(others) if others else True
