from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributionTransferDelay(models.TransientModel):
    """When a transfer that is late leaves and arrives after all, and why."""

    _name = "distribution.transfer.delay"
    _description = "New Date of a Transfer"

    transfer_id = fields.Many2one(
        "distribution.transfer", required=True, ondelete="cascade"
    )
    left_date = fields.Datetime(related="transfer_id.left_date", related_sudo=False)
    departure_date = fields.Datetime(
        string="New Departure",
        help="When the truck leaves: the next departure of the lane, unless you know "
        "better. Fixed once the truck has left.",
    )
    arrival_date = fields.Datetime(
        string="New Arrival",
        help="When the goods arrive: as the lane's timetable says for that departure, "
        "unless you know better.",
    )
    reason = fields.Char(
        required=True, help="Why it is late. Both branches read it on the transfer."
    )

    @api.onchange("transfer_id", "departure_date")
    def _onchange_departure_date(self):
        lane = self.transfer_id.lane_id.sudo()  # timetables are for everybody
        if not self.left_date:
            now = fields.Datetime.now()
            self.departure_date = self.departure_date or lane.next_departure(now)
            self.arrival_date = lane.expected_arrival(self.departure_date)

    def action_confirm(self):
        """Put the new dates on the transfer, and tell why.

        :raises UserError: the dates are not in the future, or cannot be changed any more
        """
        self.ensure_one()
        transfer = self.transfer_id
        if not self.arrival_date or self.arrival_date <= fields.Datetime.now():
            raise UserError(
                self.env._("Say when %s arrives: the moment is to come.", transfer.name)
            )
        values = {"arrival_date": self.arrival_date}
        if not transfer.left_date:
            values["departure_date"] = self.departure_date
        transfer.write(values)
        transfer.message_post(body=self.env._("New date: %s", self.reason))
        return {"type": "ir.actions.act_window_close"}
