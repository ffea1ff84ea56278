from odoo import api, models

AUDITOR = "distribution_base.group_auditor"
# What the web client keeps for its own user: preferences, not business.
AUDITOR_MAY_WRITE = frozenset(
    {
        "bus.presence",
        "ir.filters",
        "mail.presence",
        "mail.push.device",
        "res.users.log",
        "res.users.settings",
        "res.users.settings.volumes",
        "web_tour.tour",
    }
)


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    def _get_allowed_models(self, mode="read"):
        """An auditor reads what his other groups let him read, and writes nothing.

        Held here, where every path of the ORM asks, so that no group given to an auditor
        by mistake makes him a writer.
        """
        allowed = super()._get_allowed_models(mode)
        if mode != "read" and self.env.user.has_group(AUDITOR):
            return allowed & AUDITOR_MAY_WRITE
        return allowed

    @api.model
    def _make_access_error(self, model, mode):
        error = super()._make_access_error(model, mode)
        if mode != "read" and self.env.user.has_group(AUDITOR):
            return type(error)(
                self.env._(
                    "You are an auditor: you can read everything, and change nothing."
                )
            )
        return error
