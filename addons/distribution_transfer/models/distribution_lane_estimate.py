from math import ceil
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What is measured: the last trips of a lane, as long as they are of these days; a figure
# counts when it comes of enough trips.
LAST_TRIPS = 50
LAST_DAYS = 180
ENOUGH_TRIPS = 10
LONGEST_TRIP = 90

# Transfers that were received, the trips that they are of, and what these come to.
TRIPS = """
WITH closed (lane_id, weekdays) AS (VALUES %(closed)s),
received AS (
    SELECT transfer.lane_id, closed.weekdays,
           COALESCE(transfer.left_date, transfer.shipped_date) AS left_at,
           (SELECT MIN(picking.date_done)
              FROM stock_picking picking
             WHERE picking.transfer_id = transfer.id
               AND picking.state = 'done'
               AND picking.location_id = lane.transit_location_id
               AND picking.branch_id = transfer.destination_branch_id
           ) AS arrived_at
      FROM distribution_transfer transfer
      JOIN distribution_lane lane ON lane.id = transfer.lane_id
      JOIN closed ON closed.lane_id = lane.id
     WHERE COALESCE(transfer.left_date, transfer.shipped_date) >= %(since)s
), trips AS (
    SELECT lane_id,
           AVG(
               EXTRACT(epoch FROM arrived_at - left_at) / 86400.0
               - (SELECT COUNT(*)
                    FROM generate_series(
                             left_at::date + 1,
                             arrived_at::date - 1,
                             INTERVAL '1 day'
                         ) AS between_them
                   WHERE EXTRACT(isodow FROM between_them) = ANY(weekdays))
           ) AS days,
           ROW_NUMBER() OVER (
               PARTITION BY lane_id ORDER BY MIN(left_at) DESC
           ) AS recency
      FROM received
     WHERE arrived_at > left_at
     GROUP BY lane_id, DATE_TRUNC('hour', left_at)
)
SELECT lane_id,
       COUNT(*),
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days),
       PERCENTILE_CONT(0.8) WITHIN GROUP (ORDER BY days)
  FROM trips
 WHERE recency <= %(last)s
 GROUP BY lane_id
"""


class TripStatistics(NamedTuple):
    """How long the trips of a lane took, in days."""

    count: int = 0
    median: float = 0.0
    late: float = 0.0

    def is_enough(self):
        """Whether there were enough trips to rely on."""
        return self.count >= ENOUGH_TRIPS


class DistributionLane(models.Model):
    """How long the trips along the lane really take."""

    _inherit = "distribution.lane"

    trip_count = fields.Integer(
        string="Measured Trips",
        compute="_compute_measured_time",
        help="Trips of the last 180 days that were received, 50 at the most. Transfers that "
        "left within the same hour are one trip.",
    )
    measured_days = fields.Float(
        string="Usual Time",
        digits=(16, 1),
        compute="_compute_measured_time",
        help="Days from the departure to the receipt, without days on which the receiver "
        "never opens: half of the measured trips were faster.",
    )
    measured_days_late = fields.Float(
        string="Four out of Five",
        digits=(16, 1),
        compute="_compute_measured_time",
        help="Days from the departure to the receipt, without days on which the receiver "
        "never opens: four measured trips out of five took no longer.",
    )
    measured_transit_days = fields.Integer(
        compute="_compute_measured_time",
        help="The time of four trips out of five in whole days, which may replace the days "
        "on the road. 0 until there are 10 trips.",
    )
    late_transfer_count = fields.Integer(
        string="Late Transfers",
        compute="_compute_late_transfer_count",
        help="Transfers on the road that should have arrived, of those you may see.",
    )

    def _compute_measured_time(self):
        statistics = self._trip_statistics()
        for lane in self:
            measured = statistics[lane]
            lane.trip_count = measured.count
            lane.measured_days = measured.median
            lane.measured_days_late = measured.late
            lane.measured_transit_days = lane._whole_days(measured)

    @api.model
    def _whole_days(self, measured):
        if not measured.is_enough():
            return 0
        # Minutes beyond a whole day are no day more.
        return min(max(ceil(round(measured.late, 2)), 1), LONGEST_TRIP)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_late_transfer_count(self):
        Transfer = self.env["distribution.transfer"]
        counts = {}
        if Transfer.has_access("read"):
            groups = Transfer._read_group(
                [("lane_id", "in", self.ids), ("is_late", "=", True)],
                ["lane_id"],
                ["__count"],
            )
            counts = {lane.id: count for lane, count in groups}
        for lane in self:
            lane.late_transfer_count = counts.get(lane.id, 0)

    def _trip_statistics(self):
        """{lane: its `TripStatistics`}, in one query for all lanes."""
        found = {}
        if self._origin.ids:
            self.env["distribution.transfer"].flush_model(
                ["lane_id", "left_date", "shipped_date", "destination_branch_id"]
            )
            self.env["stock.picking"].flush_model(
                ["transfer_id", "state", "date_done", "location_id", "branch_id"]
            )
            # Figures of all trips, whichever transfers the user may see.
            rows = self.env.execute_query(self._trip_query())
            found = {lane: TripStatistics(*figures) for lane, *figures in rows}
        return {lane: found.get(lane._origin.id, TripStatistics()) for lane in self}

    def _trip_query(self):
        """(lane, number of trips, median, 80th percentile), the times in days.

        A trip begins when the truck has left, or was loaded where nobody said that it
        left; it ends with the first receipt. Days in between on which the receiver never
        opens are not counted: a truck of Friday is no slower for being unloaded on Monday.
        """
        now = fields.Datetime.now()
        return SQL(
            TRIPS,
            closed=self._closed_weekdays(),
            since=fields.Datetime.subtract(now, days=LAST_DAYS),
            last=LAST_TRIPS,
        )

    def _closed_weekdays(self):
        """(lane, weekdays on which its receiver never opens) as rows of SQL."""
        return SQL(", ").join(
            SQL(
                "(%s, %s::int[])",
                lane._origin.id,
                [
                    day + 1  # as PostgreSQL counts them
                    for day in lane.destination_branch_id.calendar_id._closed_weekdays()
                ],
            )
            for lane in self
            if lane._origin.id
        )

    def action_use_measured_time(self):
        """Let the timetable count on the time that four trips out of five took.

        :raises UserError: there are too few trips
        """
        self.check_access("write")
        for lane in self:
            if not lane.measured_transit_days:
                raise UserError(
                    self.env._(
                        "Lane %(lane)s has %(count)s measured trips; %(enough)s are "
                        "needed before their time can be relied on.",
                        lane=lane.name,
                        count=lane.trip_count,
                        enough=ENOUGH_TRIPS,
                    )
                )
            if lane.transit_days != lane.measured_transit_days:
                lane.transit_days = lane.measured_transit_days

    def action_view_late_transfers(self):
        """Open the transfers on the road that should have arrived."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_action"
        )
        action.update(
            name=self.env._("Late: %s", self.name),
            domain=[("lane_id", "=", self.id), ("is_late", "=", True)],
            context={},
        )
        return action
