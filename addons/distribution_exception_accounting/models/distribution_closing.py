from odoo import models


class DistributionClosing(models.Model):
    """A month that is closed, or opened again, is looked at again."""

    _inherit = "distribution.closing"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["distribution.exception"]._recheck(self._name, self.ids)
        return result
