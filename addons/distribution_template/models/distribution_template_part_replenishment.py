from odoo import api, models


class DistributionTemplatePartReplenishment(models.AbstractModel):
    """Reordering rules, by category of products."""

    _name = "distribution.template.part.replenishment"
    _description = "Replenishment"
    _inherit = ["distribution.template.part"]

    _part_sequence = 50

    @api.private
    def describe(self, target):
        return []
