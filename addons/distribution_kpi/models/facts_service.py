from odoo import models


class DistributionKpiFacts(models.AbstractModel):
    _inherit = "distribution.kpi.facts"
