from odoo import fields, models


class DistributionApprovalRequest(models.Model):
    _inherit = "distribution.approval.request"

    branch_id = fields.Many2one(
        "distribution.branch",
        index="btree_not_null",
        ondelete="restrict",
        help="The branch of the document when approval was asked for.",
    )


class DistributionApprovalDecision(models.Model):
    _inherit = "distribution.approval.decision"

    branch_id = fields.Many2one(related="request_id.branch_id")
