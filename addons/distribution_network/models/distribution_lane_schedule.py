from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from .distribution_lane import WEEKDAYS

# Far enough for a lane that leaves once a week through a long closure.
HORIZON_DAYS = 120


class DistributionLane(models.Model):
    """When trucks leave a lane and when they arrive.

    Dates are found in plain Python from the weekdays, the cut-off and the closing days of
    the calendars; the closing days are cached, so that a batch of procurements does not
    ask the database for each of its lines.
    """

    _inherit = "distribution.lane"

    next_departure_date = fields.Datetime(
        string="Next Departure",
        compute="_compute_next_dates",
        help="When the next truck leaves.",
    )
    next_arrival_date = fields.Datetime(
        string="Next Arrival",
        compute="_compute_next_dates",
        help="When the next truck arrives.",
    )

    @api.depends("transit_days", "cutoff_time", "calendar_id", *WEEKDAYS)
    def _compute_next_dates(self):
        now = fields.Datetime.now()
        for lane in self:
            complete = lane.source_branch_id and any(lane[day] for day in WEEKDAYS)
            departure = lane.next_departure(now) if complete else False
            lane.next_departure_date = departure
            lane.next_arrival_date = departure and lane.expected_arrival(departure)

    @api.depends("transit_days", *WEEKDAYS)
    def _compute_lead_days(self):
        for lane in self:
            lane.lead_days = lane.transit_days + lane._longest_wait()

    def _longest_wait(self):
        """Days from one departure day to the day before the next, at the most."""
        days = [number for number, day in enumerate(WEEKDAYS) if self[day]]
        if not days:
            return 0
        following = days[1:] + [days[0] + 7]
        return max(after - day for day, after in zip(days, following, strict=True)) - 1

    def get_schedule(self, moment=None):
        """The next departure and arrival for goods that are asked for at `moment`.

        :param moment: datetime or its text, in UTC; now by default
        :return: a list of ``{"lane_id", "departure", "arrival", "lead_days"}``, the dates
            as text in UTC
        """
        moment = fields.Datetime.to_datetime(moment) or fields.Datetime.now()
        schedule = []
        for lane in self:
            departure = lane.next_departure(moment)
            arrival = lane.expected_arrival(departure)
            schedule.append(
                {
                    "lane_id": lane.id,
                    "departure": fields.Datetime.to_string(departure),
                    "arrival": fields.Datetime.to_string(arrival),
                    "lead_days": lane.lead_days,
                }
            )
        return schedule

    def _schedule(self, needed=None):
        """The departure and arrival of goods that are needed at a moment.

        Of the last truck that arrives in time, or of the next one where none does any
        more, or nothing says when they are needed.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        departure = needed and self.last_departure_arriving_by(needed)
        if not departure or departure < now:
            departure = self.next_departure(now)
        return departure, self.expected_arrival(departure)

    def next_departure(self, moment):
        """When the first truck leaves at or after `moment`.

        :param datetime moment: naive, in UTC
        :return: naive datetime in UTC
        :raises UserError: no truck leaves within the next 120 days
        """
        self.ensure_one()
        zone = self._zone()
        first = pytz.utc.localize(moment).astimezone(zone).date()
        for offset in range(HORIZON_DAYS):
            departure = self._departure_on(first + timedelta(days=offset), zone)
            if departure and departure >= moment:
                return departure
        raise UserError(
            self.env._(
                "No truck leaves on lane %(lane)s within %(days)s days of %(moment)s: "
                "check its departure days and the closing days of its calendar.",
                lane=self.name,
                days=HORIZON_DAYS,
                moment=fields.Datetime.to_string(moment),
            )
        )

    def last_departure_arriving_by(self, deadline):
        """When the last truck leaves that arrives at or before `deadline`.

        :param datetime deadline: naive, in UTC
        :return: naive datetime in UTC, or None where there is none within 120 days
        """
        self.ensure_one()
        zone = self._zone()
        last = pytz.utc.localize(deadline).astimezone(zone).date()
        last -= timedelta(days=self.transit_days)
        for offset in range(HORIZON_DAYS):
            departure = self._departure_on(last - timedelta(days=offset), zone)
            if departure and self.expected_arrival(departure) <= deadline:
                return departure
        return None

    def expected_arrival(self, departure):
        """When a truck that leaves at `departure` arrives.

        The days on the road later, at the hour of its departure or the opening of the
        destination, whichever the destination is open at; on a day on which the
        destination is closed, at its next opening.

        :param datetime departure: naive, in UTC
        :return: naive datetime in UTC
        """
        self.ensure_one()
        return self._arrive(departure, timedelta(days=self.transit_days))

    def _arrive(self, departure, duration, skip_closed_days=False):
        """The arrival of a truck that leaves at `departure` and drives for `duration`.

        At the destination's next opening, where it is closed by then.

        :param skip_closed_days: days on which the destination is closed do not count as
            driving; for durations that were measured without them
        """
        destination = self.destination_branch_id
        calendar, zone = (
            destination.calendar_id,
            pytz.timezone(destination._timezone()),
        )
        local = pytz.utc.localize(departure).astimezone(zone).replace(tzinfo=None)
        arrival, day = local + duration, local.date() + timedelta(days=1)
        while skip_closed_days and day <= arrival.date():
            if calendar._is_closed_on(day):
                arrival += timedelta(days=1)
            day += timedelta(days=1)
        return _to_utc(calendar._opening_at_or_after(arrival), zone)

    def _zone(self):
        calendar = self.calendar_id or self.source_branch_id.calendar_id
        return pytz.timezone(calendar.tz or self.source_branch_id._timezone())

    def _departure_on(self, day, zone):
        """The departure of `day` in UTC, or None where no truck leaves that day."""
        if not self[WEEKDAYS[day.weekday()]]:
            return None
        calendar = self.calendar_id or self.source_branch_id.calendar_id
        minutes = round(self.cutoff_time * 60)
        local = datetime.combine(day, time(minutes // 60 % 24, minutes % 60))
        if calendar._is_closed_at(local):
            return None
        return _to_utc(local, zone)


def _to_utc(local, zone):
    return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
