from odoo import models


class DistributionApprovalSetupLine(models.TransientModel):
    _inherit = "distribution.approval.setup.line"

    def _first_authority(self):
        """The manager of the branch; the regional manager when time is up."""
        return {"authority": "branch_manager", "escalation": "regional_manager"}
