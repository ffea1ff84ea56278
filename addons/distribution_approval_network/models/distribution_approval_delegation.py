from odoo import fields, models


class DistributionApprovalDelegation(models.Model):
    _inherit = "distribution.approval.delegation"

    branch_ids = fields.Many2many(
        "distribution.branch",
        "distribution_approval_delegation_branch_rel",
        string="Branches",
        help="Only documents of these branches. Empty: all of them.",
    )

    def _covers(self, request):
        branches = self.branch_ids
        return super()._covers(request) and (
            not branches or request.branch_id in branches
        )
