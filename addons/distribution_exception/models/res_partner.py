from odoo import fields, models

from .detector import SERVICE_CLASSES


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_class = fields.Selection(
        SERVICE_CLASSES,
        help="How much what goes wrong with this customer or vendor weighs in the list of "
        "exceptions: A counts one and a half times, B as it is, C seven tenths. Empty is as "
        "B. That of the company counts for its contacts.",
    )

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "service_class"]
