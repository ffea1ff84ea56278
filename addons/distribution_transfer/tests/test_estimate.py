from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TransferCase


class EstimateCase(TransferCase):
    """Lanes that have carried goods before.

    `_past_trips` makes closed transfers that took as many days as given, one after the
    other in the past, the last given the most recent.
    """

    def _past_trips(self, *days, lane=None, apart=3):
        lane = lane or self.lane_north
        now = fields.Datetime.now()
        warehouse = lane.destination_branch_id.warehouse_id
        for number, took in enumerate(reversed(days), 1):
            left = now - timedelta(days=number * apart + 20)
            self.env.cr.execute(
                """INSERT INTO distribution_transfer (
                       name, lane_id, company_id, source_branch_id,
                       destination_branch_id, reason, state, departure_date, left_date,
                       shipped_date)
                   VALUES ('PAST', %s, %s, %s, %s, 'replenishment', 'closed', %s, %s, %s)
                   RETURNING id""",
                (
                    *(lane.id, lane.company_id.id, lane.source_branch_id.id),
                    *(lane.destination_branch_id.id, left, left),
                    left - timedelta(hours=2),
                ),
            )
            [transfer_id] = self.env.cr.fetchone()
            self.env.cr.execute(
                """INSERT INTO stock_picking (
                       name, transfer_id, state, date_done, location_id,
                       location_dest_id, branch_id, picking_type_id, company_id,
                       move_type)
                   VALUES ('PAST/' || %s, %s, 'done', %s, %s, %s, %s, %s, %s, 'direct')""",
                (
                    *(transfer_id, transfer_id, left + timedelta(days=took)),
                    *(lane.transit_location_id.id, warehouse.lot_stock_id.id),
                    *(lane.destination_branch_id.id, warehouse.in_type_id.id),
                    lane.company_id.id,
                ),
            )
        lane.invalidate_recordset()

    def _days(self, first, second):
        return (second - first).total_seconds() / 86400

    def _at(self, moment):
        """Within, it is `moment`, for the ORM as for us."""
        return patch.object(fields.Datetime, "now", staticmethod(lambda *_: moment))

    def _forecast(self, branch, moment, product=None):
        product = (product or self.bolt).with_context(
            warehouse_id=branch.warehouse_id.id, to_date=moment
        )
        product.invalidate_recordset(["virtual_available"])
        return product.virtual_available


@tagged("post_install", "-at_install")
class TestMeasuredTime(EstimateCase):
    def test_nothing_is_known_of_a_new_lane(self):
        lane = self.lane_north.with_user(self.paul)
        self.assertEqual((lane.trip_count, lane.measured_days), (0, 0))
        self.assertEqual(lane.measured_transit_days, 0)
        with self.assertRefused("0 measured trips; 10 are needed"):
            lane.action_use_measured_time()

    def test_median_and_80th_percentile(self):
        self._past_trips(1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5)
        lane = self.lane_north
        self.assertEqual(lane.trip_count, 11)
        self.assertAlmostEqual(lane.measured_days, 2, 4)
        self.assertAlmostEqual(lane.measured_days_late, 3, 4)
        self.assertEqual(lane.measured_transit_days, 3)

    def test_the_last_50_trips_of_180_days_count(self):
        self._past_trips(*[9] * 10, *[1] * 50, apart=2)
        self.assertEqual(self.lane_north.trip_count, 50)
        self.assertAlmostEqual(self.lane_north.measured_days_late, 1, 4)
        self._past_trips(*[4] * 12, lane=self.lane_west, apart=40)
        self.assertEqual(self.lane_west.trip_count, 4)
        self.assertEqual(self.lane_west.measured_transit_days, 0)

    def test_one_truck_is_one_trip(self):
        self._past_trips(*[2] * 12, apart=0)
        self.assertEqual(self.lane_north.trip_count, 1)

    def test_one_query_for_all_lanes(self):
        self._past_trips(*[2] * 12)
        lanes = self.lane_north | self.lane_west
        lanes.fetch(["name"])
        # Opening hours are kept in memory.
        for branch in lanes.destination_branch_id:
            branch.calendar_id._closed_weekdays()
        with self.assertQueryCount(1):
            lanes.mapped("measured_days")
        self.assertEqual(lanes.mapped("trip_count"), [12, 0])

    def test_the_planner_takes_it_over(self):
        self._past_trips(*[2.2] * 12)
        lane = self.lane_north.with_user(self.paul).with_context(tracking_disable=False)
        lane.action_use_measured_time()
        self.assertEqual(lane.transit_days, 3)
        self.flush_tracking()
        changes = self.lane_north.message_ids.sudo().tracking_value_ids
        days = changes.filtered(lambda x: x.field_id.name == "transit_days")
        self.assertEqual((days.old_value_integer, days.new_value_integer), (1, 3))

    def test_nobody_else_takes_it_over(self):
        self._past_trips(*[2] * 12)
        carl = self._new_user("finance_controller", "carl")
        for user in (self.olga, self.bea, self.rita, carl):
            with self.assertRaises(AccessError):
                self.lane_north.with_user(user).action_use_measured_time()
        self.assertEqual(self.lane_north.transit_days, 1)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()


@tagged("post_install", "-at_install")
class TestArrival(EstimateCase):
    def _depart(self, transfer):
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        transfer.invalidate_recordset()

    def test_by_the_timetable_at_first(self):
        transfer = self._request()
        self._depart(transfer)
        lane = self.lane_north
        self.assertEqual(
            transfer.arrival_date, lane.expected_arrival(transfer.left_date)
        )
        self.assertFalse(transfer.latest_arrival_date)
        receipt = self._picking(transfer, "receive")
        self.assertEqual(set(receipt.move_ids.mapped("date")), {transfer.arrival_date})

    def test_by_what_trips_took(self):
        self._past_trips(*[3] * 8, *[6] * 4)
        transfer = self._request()
        planned = transfer.arrival_date
        self._depart(transfer)
        self.assertAlmostEqual(
            self._days(transfer.left_date, transfer.arrival_date), 3, 2
        )
        self.assertAlmostEqual(
            self._days(transfer.left_date, transfer.latest_arrival_date), 6, 2
        )
        self.assertNotEqual(planned, transfer.arrival_date)
        receipt = self._picking(transfer, "receive")
        self.assertEqual(set(receipt.move_ids.mapped("date")), {transfer.arrival_date})
        self.assertEqual(receipt.scheduled_date, transfer.arrival_date)

    def test_a_weekend_is_no_journey(self):
        """The depot is closed on Saturday and Sunday: Friday's truck is for Monday."""
        week = self.env["resource.calendar"].create(
            {
                "name": "Weekdays",
                "tz": "UTC",
                "attendance_ids": self._every_day(8, 17)[:5],
            }
        )
        self.north.calendar_id = week
        lane = self.lane_north
        friday = datetime(2026, 3, 6, 16)
        self.assertEqual(
            lane._arrive(friday, timedelta(days=0.7), skip_closed_days=True),
            datetime(2026, 3, 9, 8, 48),
        )
        thursday = friday - timedelta(days=1)
        self.assertEqual(
            lane._arrive(thursday, timedelta(days=0.7), skip_closed_days=True),
            datetime(2026, 3, 6, 8, 48),
        )
        with self._at(datetime(2026, 6, 1, 12)):
            for weeks in range(12):
                left = friday + timedelta(weeks=weeks)
                transfer = self._request(quantities={self.bolt: 1})
                self._ship(transfer)
                self._receive(transfer)
                self._date_trip(transfer, left, left + timedelta(days=2.7))
            self.env.invalidate_all()
            self.assertAlmostEqual(lane.measured_days, 0.7, 2)
            self.assertEqual(lane.measured_transit_days, 1)

    def _date_trip(self, transfer, left, arrived):
        """Say when a trip took place."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_transfer SET left_date = %s, shipped_date = %s"
            " WHERE id = %s",
            [left, left, transfer.id],
        )
        self.env.cr.execute(
            "UPDATE stock_picking SET date_done = %s"
            " WHERE transfer_id = %s AND location_id = %s",
            [arrived, transfer.id, transfer.lane_id.transit_location_id.id],
        )

    def test_who_knows_better_is_believed(self):
        """A new arrival is said by somebody: what was measured counts no more."""
        self._past_trips(*[3] * 12)
        transfer = self._request()
        self._depart(transfer)
        self.assertTrue(transfer.latest_arrival_date)
        later = transfer.latest_arrival_date + timedelta(days=1)
        transfer.with_user(self.olga).arrival_date = later
        self.assertFalse(transfer.latest_arrival_date)
        with self._at(later - timedelta(hours=1)):
            self.assertFalse(transfer.is_late)
        transfer.invalidate_recordset()
        with self._at(later + timedelta(hours=1)):
            self.assertTrue(transfer.is_late)

    def test_what_did_not_leave_comes_with_its_own_truck(self):
        self._past_trips(*[3] * 12)
        transfer = self._request()
        self._ship(transfer, {self.bolt: 6, self.nut: 0})
        waiting = transfer.sudo().line_ids.move_ids.filtered(
            lambda m: m.transfer_leg == "receive" and m.move_orig_ids.state != "done"
        )
        dates = set(waiting.mapped("date"))
        transfer.with_user(self.cora).action_depart()
        self.assertEqual(set(waiting.mapped("date")), dates)
        first = transfer.arrival_date
        later = fields.Datetime.now() + timedelta(days=1)
        with self._at(later):
            self._ship(transfer)
        self.assertEqual(transfer.arrival_date, first, "the first truck counts")
        self.assertAlmostEqual(self._days(later, max(waiting.mapped("date"))), 3, 2)
        self._receive(transfer)
        self.assertGreater(transfer.arrival_date, first)

    def test_late(self):
        transfer = self._request()
        other = self._request(quantities={self.nut: 1})
        self._depart(transfer)
        Transfer = self.env["distribution.transfer"].with_user(self.olga)
        self.assertFalse(transfer.is_late)
        after = transfer.arrival_date + timedelta(hours=1)
        with self._at(after):
            transfer.invalidate_recordset()
            self.assertTrue(transfer.is_late)
            self.assertEqual(Transfer.search([("is_late", "=", True)]), transfer)
            self.assertIn(other, Transfer.search([("is_late", "=", False)]))
            self.assertNotIn(transfer, Transfer.search([("is_late", "!=", True)]))
            for user, count in ((self.olga, 1), (self.paul, 1), (self.wim, 0)):
                lane = self.lane_north.with_user(user)
                lane.invalidate_recordset()
                self.assertEqual(lane.late_transfer_count, count, user.login)
            self._receive(transfer)
            transfer.invalidate_recordset()
            self.assertFalse(transfer.is_late)

    def test_not_late_before_four_trips_of_five_would_have_arrived(self):
        self._past_trips(*[3] * 8, *[6] * 4)
        transfer = self._request()
        self._depart(transfer)
        with self._at(transfer.arrival_date + timedelta(days=1)):
            transfer.invalidate_recordset()
            self.assertFalse(transfer.is_late)
        with self._at(transfer.latest_arrival_date + timedelta(minutes=1)):
            transfer.invalidate_recordset()
            self.assertTrue(transfer.is_late)

    def test_nobody_types_the_latest_arrival(self):
        transfer = self._request()
        self._depart(transfer)
        with self.assertRefused("nobody can type"):
            transfer.with_user(self.boss).latest_arrival_date = fields.Datetime.now()


@tagged("post_install", "-at_install")
class TestForecast(EstimateCase):
    def test_the_receiver_counts_on_the_estimated_day(self):
        self._past_trips(*[5] * 12)
        transfer = self._request()
        before, after = timedelta(minutes=-1), timedelta(minutes=1)
        planned = transfer.arrival_date
        self.assertEqual(self._forecast(self.north, planned + before), 0)
        self.assertEqual(self._forecast(self.north, planned + after), 10)
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        estimated = transfer.arrival_date
        self.assertGreater(estimated, planned)
        self.assertEqual(self._forecast(self.north, planned + after), 0)
        self.assertEqual(self._forecast(self.north, estimated + before), 0)
        self.assertEqual(self._forecast(self.north, estimated + after), 10)
        self.assertEqual(self._forecast(self.central, estimated + after), 90)
        self._receive(transfer)
        self.assertEqual(self._forecast(self.north, fields.Datetime.now()), 10)

    def test_a_changed_departure_changes_the_forecast(self):
        transfer = self._request()
        later = transfer.arrival_date + timedelta(days=2)
        transfer.arrival_date = later
        self.assertEqual(self._forecast(self.north, later - timedelta(minutes=1)), 0)
        self.assertEqual(self._forecast(self.north, later + timedelta(minutes=1)), 10)
