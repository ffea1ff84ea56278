from odoo import fields, models
from odoo.fields import Domain

KINDS = [
    ("opened", "Opened"),
    ("reopened", "Opened again"),
    ("closed", "Closed: the condition is gone"),
    ("taken", "Taken"),
    ("released", "Given back"),
    ("snoozed", "Snoozed"),
    ("escalated", "Escalated"),
    ("action", "Acted upon"),
    ("note", "Cause and action noted"),
]


class DistributionExceptionEvent(models.Model):
    """What happened to an exception, and who did it."""

    _name = "distribution.exception.event"
    _description = "Event of an Exception"
    _inherit = ["distribution.guarded.mixin"]
    _order = "at desc, id desc"
    _rec_name = "kind"

    exception_id = fields.Many2one(
        "distribution.exception", required=True, index=True, ondelete="cascade"
    )
    at = fields.Datetime(required=True, help="When it happened.")
    kind = fields.Selection(KINDS, required=True, help="What happened.")
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        ondelete="restrict",
        help="Who did it, or who was told; empty where the system found it.",
    )
    note = fields.Char(help="What was done, or why.")
    hours = fields.Float(
        help="Hours since the exception opened, for what somebody did."
    )

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Events of the exceptions that the user may see."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & Domain("exception_id", "any", [])
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self or (result and result[0] == self):
            return result
        # As superuser: only to learn which exceptions the events are of.
        exceptions = self.sudo().exception_id.with_env(self.env)
        seen = set(exceptions._filtered_access("read").ids)
        # As superuser: as above.
        hidden = self.filtered(lambda event: event.sudo().exception_id.id not in seen)
        if result:
            hidden |= result[0]
        if not hidden:
            return None
        return hidden, lambda: self.env["distribution.exception"]._hidden_error()
