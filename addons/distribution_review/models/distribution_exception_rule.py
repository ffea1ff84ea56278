from odoo import api, models


class DistributionExceptionRule(models.Model):
    """Rules of addons that are installed later find their place in shipped reviews."""

    _inherit = "distribution.exception.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        nothing = self.env["distribution.kpi"]
        self.env["distribution.review.section"]._adopt(rules, nothing)
        return rules
