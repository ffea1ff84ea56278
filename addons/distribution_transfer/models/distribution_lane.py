from odoo import fields, models


class DistributionLane(models.Model):
    _inherit = "distribution.lane"

    currency_id = fields.Many2one(related="company_id.currency_id")
    transfer_ids = fields.One2many("distribution.transfer", "lane_id")
    emergency_cap = fields.Monetary(
        default=500.0,
        tracking=True,
        help="Emergency transfers go ahead without approval as long as those of this lane "
        "that nobody has reviewed come to no more than this, at cost.",
    )
