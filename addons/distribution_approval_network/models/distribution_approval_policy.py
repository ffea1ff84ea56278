from odoo import fields, models


class DistributionApprovalPolicy(models.Model):
    _inherit = "distribution.approval.policy"

    branch_ids = fields.Many2many(
        "distribution.branch",
        "distribution_approval_policy_branch_rel",
        string="Branches",
        domain="[('company_id', '=', company_id)]",
        help="Only documents of these branches. Empty: all of them.",
    )

    def _conditions(self):
        conditions = super()._conditions()
        if self.branch_ids:
            conditions["branch"] = self.branch_ids.ids
        return conditions


class DistributionApprovalRule(models.Model):
    _inherit = "distribution.approval.rule"

    branch_ids = fields.Many2many(
        "distribution.branch",
        "distribution_approval_rule_branch_rel",
        string="Branches",
        domain="[('company_id', '=', company_id)]",
        help="Only documents of these branches. Empty: all of the policy.",
    )
    lane_ids = fields.Many2many(
        "distribution.lane",
        "distribution_approval_rule_lane_rel",
        string="Lanes",
        domain="[('company_id', '=', company_id)]",
        help="Only documents of these lanes. Empty: all of them.",
    )

    def _conditions(self):
        conditions = super()._conditions()
        if self.branch_ids:
            conditions["branch"] = self.branch_ids.ids
        if self.lane_ids:
            conditions["lane"] = self.lane_ids.ids
        return conditions
