from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

# The hour of a morning, in the user's time zone.
MORNING = time(8)


class DistributionExceptionSnooze(models.TransientModel):
    """Keep exceptions out of the list until a moment."""

    _name = "distribution.exception.snooze"
    _description = "Snooze Exceptions"

    exception_ids = fields.Many2many("distribution.exception", required=True)
    choice = fields.Selection(
        [
            ("hours", "In two hours"),
            ("tomorrow", "Tomorrow morning"),
            ("week", "Next Monday morning"),
            ("moment", "At a moment"),
        ],
        string="Back",
        required=True,
        default="tomorrow",
        help="When it comes back into the list.",
    )
    until = fields.Datetime(
        compute="_compute_until",
        store=True,
        readonly=False,
        required=True,
        help="At most 90 days from now.",
    )
    reason = fields.Char(required=True, help="Why it can wait. Kept in its history.")

    @api.depends("choice")
    def _compute_until(self):
        for wizard in self:
            if wizard.choice == "hours":
                wizard.until = fields.Datetime.now() + timedelta(hours=2)
            elif wizard.choice != "moment" or not wizard.until:
                wizard.until = wizard._morning()

    def _morning(self):
        zone = pytz.timezone(self.env.user.tz or "UTC")
        today = datetime.now(zone).date()
        days = 7 - today.weekday() if self.choice == "week" else 1
        morning = zone.localize(datetime.combine(today + timedelta(days=days), MORNING))
        return morning.astimezone(pytz.utc).replace(tzinfo=None)

    def action_confirm(self):
        """Snooze them."""
        self.ensure_one()
        self.exception_ids.action_snooze(self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
