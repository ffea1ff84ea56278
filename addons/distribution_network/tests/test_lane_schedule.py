from datetime import datetime, timedelta

import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.distribution_lane import WEEKDAYS
from .common import NetworkCase

MONDAY = datetime(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestLaneSchedule(NetworkCase):
    def _timetable(self, *days, **values):
        self.lane_north.write(
            {**{day: day in days for day in WEEKDAYS}, **values},
        )
        return self.lane_north

    def test_before_and_after_the_cut_off(self):
        lane = self._timetable("monday", "thursday", cutoff_time=16.0)
        self.assertEqual(
            lane.next_departure(MONDAY + timedelta(hours=15, minutes=59)),
            MONDAY + timedelta(hours=16),
        )
        self.assertEqual(
            lane.next_departure(MONDAY + timedelta(hours=16)),
            MONDAY + timedelta(hours=16),
        )
        self.assertEqual(
            lane.next_departure(MONDAY + timedelta(hours=16, seconds=1)),
            MONDAY + timedelta(days=3, hours=16),
        )

    def test_half_hours_count(self):
        lane = self._timetable("monday", cutoff_time=7.75)
        self.assertEqual(
            lane.next_departure(MONDAY), MONDAY + timedelta(hours=7, minutes=45)
        )

    def test_the_cut_off_is_in_the_time_zone_of_the_sender(self):
        self.central.calendar_id = self.always.copy({"tz": "Europe/Oslo"})
        lane = self._timetable(*WEEKDAYS, cutoff_time=16.0)
        winter, summer = datetime(2026, 1, 12), datetime(2026, 7, 13)
        self.assertEqual(lane.next_departure(winter).hour, 15)
        self.assertEqual(lane.next_departure(summer).hour, 14)

    def test_no_truck_leaves_on_a_closing_day(self):
        lane = self._timetable("monday", "tuesday")
        self._close(self.always, MONDAY, MONDAY + timedelta(days=1))
        self.assertEqual(
            lane.next_departure(MONDAY), MONDAY + timedelta(days=1, hours=16)
        )

    def test_a_changed_closing_day_counts_at_once(self):
        lane = self._timetable("monday", "tuesday")
        leave = self._close(self.always, MONDAY, MONDAY + timedelta(days=1))
        lane.next_departure(MONDAY)
        leave.unlink()
        self.assertEqual(lane.next_departure(MONDAY), MONDAY + timedelta(hours=16))

    def test_somebodys_holiday_is_no_closing_day(self):
        lane = self._timetable("monday")
        resource = self.env["resource.resource"].create({"name": "Driver"})
        self._close(
            self.always, MONDAY, MONDAY + timedelta(days=1), resource_id=resource.id
        )
        self.assertEqual(lane.next_departure(MONDAY), MONDAY + timedelta(hours=16))

    def _close(self, calendar, start, end, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": start,
                "date_to": end,
                **values,
            }
        )

    def test_never_open_is_an_error(self):
        lane = self._timetable("monday")
        self._close(self.always, MONDAY, MONDAY + timedelta(days=400))
        with self.assertRaisesRegex(UserError, "No truck leaves on lane CEN → NOR"):
            lane.next_departure(MONDAY)

    def test_arrival_waits_for_the_destination_to_open(self):
        office = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "UTC",
                "attendance_ids": [
                    command
                    for command in self._every_day(8, 17)
                    if command[2]["dayofweek"] < "5"
                ],
            }
        )
        self.north.calendar_id = office
        lane = self._timetable(*WEEKDAYS, transit_days=1)
        friday = MONDAY + timedelta(days=4, hours=16)
        self.assertEqual(
            lane.expected_arrival(friday), MONDAY + timedelta(days=7, hours=8)
        )
        monday = MONDAY + timedelta(hours=16)
        self.assertEqual(lane.expected_arrival(monday), monday + timedelta(days=1))

    def test_schedule_for_integrations(self):
        self._timetable("monday", transit_days=2)
        schedule = self.lane_north.with_user(self.olga).get_schedule(
            "2026-03-02 10:00:00"
        )
        self.assertEqual(
            schedule,
            [
                {
                    "lane_id": self.lane_north.id,
                    "departure": "2026-03-02 16:00:00",
                    "arrival": "2026-03-04 16:00:00",
                    "lead_days": 8,
                }
            ],
        )

    @given(
        days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
        minutes=st.integers(0, 1439),
        hours=st.integers(0, 24 * 60),
        zone=st.sampled_from(
            ["UTC", "Europe/Oslo", "America/New_York", "Asia/Kolkata"]
        ),
        transit=st.integers(0, 5),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_departures_equal_a_search_by_the_minute(
        self, days, minutes, hours, zone, transit
    ):
        """The first minute at or after the moment that is a departure, found naively."""
        calendar = self.always.copy({"tz": zone})
        lane = self._timetable(*days, calendar_id=calendar.id, transit_days=transit)
        lane.cutoff_time = minutes / 60
        moment = MONDAY + timedelta(hours=hours)
        departure = lane.next_departure(moment)
        local = pytz.utc.localize(departure).astimezone(pytz.timezone(zone))
        self.assertIn(WEEKDAYS[local.weekday()], days)
        self.assertGreaterEqual(departure, moment)
        probe, step = moment, timedelta(minutes=1)
        while probe < departure:
            at = pytz.utc.localize(probe).astimezone(pytz.timezone(zone))
            leaves = (
                WEEKDAYS[at.weekday()] in days and at.hour * 60 + at.minute == minutes
            )
            self.assertFalse(leaves and at.second == 0, (probe, departure))
            probe += step
        arrival = lane.expected_arrival(departure)
        self.assertEqual(lane.last_departure_arriving_by(arrival), departure)
        earlier = lane.last_departure_arriving_by(arrival - step)
        self.assertTrue(earlier is None or earlier < departure)
