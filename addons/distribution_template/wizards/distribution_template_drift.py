from odoo import fields, models


class DistributionTemplateDrift(models.TransientModel):
    """One difference between a branch and its template today."""

    _name = "distribution.template.drift"
    _description = "Template Drift"

    branch_id = fields.Many2one(
        "distribution.branch", required=True, ondelete="cascade", readonly=True
    )
