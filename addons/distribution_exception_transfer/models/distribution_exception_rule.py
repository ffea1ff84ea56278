from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector

TRANSFER = "distribution.transfer"


class DistributionExceptionRule(models.Model):
    """Transfers that are late: see the queries for what exactly."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="transfer_leave",
                model=TRANSFER,
                name=self.env._("Transfer is late to leave"),
                measure=self.env._("hours late"),
                query="_query_transfer_leave",
                resolve="_resolve_transfer_late",
                resolve_label=self.env._("Confirm the new date"),
            ),
            Detector(
                code="transfer_arrive",
                model=TRANSFER,
                name=self.env._("Transfer is late to arrive"),
                measure=self.env._("hours late"),
                query="_query_transfer_arrive",
                resolve="_resolve_transfer_late",
                resolve_label=self.env._("Confirm the new date"),
            ),
        ]

    def _query_transfer_leave(self, only):
        """Transfers whose truck should have left, and that are still at the sender.

        Of one that was shipped in part the rest counts, once the truck that it was put on
        should have left. The sender acts. Measured are whole hours; at risk is the value,
        at cost, of what has not left. It is too late once the next truck leaves, or the
        goods are needed, if that is sooner; expected is the arrival of that truck.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.source_branch_id AS branch_id,
                   r.name || ' · ' || lane.name AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - due.departure) / 3600) AS measure,
                   rest.value AS amount, truck.arrival AS expected_at,
                   LEAST(truck.departure, r.date_wanted) AS too_late_at,
                   CASE WHEN r.state <> 'approved' THEN %(partly)s WHEN
                        r.reservation_status <> 'full' THEN %(missing)s
                        ELSE %(ready)s END AS detail
              FROM distribution_transfer r
              JOIN distribution_lane lane ON lane.id = r.lane_id
              -- A truck that has left takes no rest along: the moves say which one does.
         LEFT JOIN LATERAL (
                   SELECT MIN(m.date) AS date FROM stock_move m
                    WHERE m.transfer_id = r.id AND m.transfer_leg = 'ship'
                      AND m.state NOT IN ('done', 'cancel') AND m.discrepancy_id IS NULL
                   ) move ON r.state <> 'approved'
        CROSS JOIN LATERAL (SELECT CASE WHEN r.state = 'approved' THEN r.departure_date
                                        ELSE move.date END AS departure) due
        CROSS JOIN LATERAL (SELECT SUM(l.to_ship_qty * l.unit_cost) AS value
                              FROM distribution_transfer_line l
                             WHERE l.transfer_id = r.id) rest
         LEFT JOIN (VALUES %(trucks)s) truck (lane_id, departure, arrival)
                ON truck.lane_id = r.lane_id
             WHERE %(only)s AND due.departure < %(now)s
               AND (r.state = 'approved'
                    OR r.state IN ('shipped', 'in_transit') AND r.ship_status = 'partly')
            """,
            now=now_sql(),
            only=only,
            trucks=self._next_trucks(),
            partly=self.env._("Shipped in part; the rest is still here."),
            missing=self.env._("Not everything is reserved."),
            ready=self.env._("Everything is reserved; it only has to leave."),
        )

    def _next_trucks(self):
        """When the next truck of each lane leaves and arrives, as rows of VALUES."""
        lanes = self.env["distribution.lane"].sudo()  # timetables are for everybody
        rows = [SQL("(NULL::int, NULL::timestamp, NULL::timestamp)")]
        for lane in lanes.search([("active", "=", True)]):
            try:
                departure = lane.next_departure(fields.Datetime.now())
            except UserError:  # closed for months: there is no next truck
                continue
            arrival = lane.expected_arrival(departure)
            rows.append(SQL("(%s, %s, %s)", lane.id, departure, arrival))
        return SQL(", ").join(rows)

    def _query_transfer_arrive(self, only):
        """Transfers on the road whose latest arrival, else expected arrival, is over.

        The receiver acts: whoever asked for it. Measured are whole hours; at risk is the
        value, at cost, of what is on the road and not said to be missing. It is too late
        when the goods are needed; else when they should have come.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.destination_branch_id AS branch_id,
                   r.name || ' · ' || lane.name AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - due.arrival) / 3600) AS measure,
                   road.value AS amount, COALESCE(r.date_wanted, due.arrival) AS too_late_at,
                   CASE WHEN r.is_automatic IS NOT TRUE THEN r.user_id END AS user_id,
                   CONCAT_WS(' · ', FORMAT(%(words)s, due.arrival::date), carrier.name,
                             r.tracking_reference) AS detail
              FROM distribution_transfer r
              JOIN distribution_lane lane ON lane.id = r.lane_id
         LEFT JOIN res_partner carrier ON carrier.id = r.carrier_id
CROSS JOIN LATERAL (SELECT COALESCE(r.latest_arrival_date, r.arrival_date) AS arrival) due
        CROSS JOIN LATERAL (SELECT SUM((l.in_transit_qty - l.short_qty) * l.unit_cost)
                                   AS value FROM distribution_transfer_line l
                             WHERE l.transfer_id = r.id) road
             WHERE %(only)s AND r.board_stage IN ('on_road', 'to_receive')
               AND due.arrival <= %(now)s
            """,
            now=now_sql(),
            only=only,
            words=self.env._("On the road; expected on %(date)s", date="%s"),
        )


def now_sql():
    """This moment, in UTC."""
    return SQL("%s::timestamp", fields.Datetime.now())
