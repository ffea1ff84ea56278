from odoo import fields

from .common import TransferExceptionCase


class TestTransferDetectors(TransferExceptionCase):
    """What is found, whose it is, what is at risk, and when it is gone."""

    def test_late_to_leave(self):
        transfer = self._late_to_leave()
        one = self._look("transfer_leave")[transfer]
        self.assertRecordValues(one, [{"measure": 5, "amount": 60.0, "state": "open"}])
        self.assertEqual(one.name, f"{transfer.name} · CEN → NOR")
        found = self._finding("transfer_leave", transfer)
        self.assertEqual(found["branch_id"], self.central.id)
        lane = self.lane_north
        self.assertEqual(found["too_late_at"], lane.next_departure_date)
        self.assertEqual(found["expected_at"], lane.next_arrival_date)

    def test_it_is_too_late_when_the_goods_are_needed(self):
        transfer = self._late_to_leave()
        self._shift(transfer, date_wanted=-1)
        found = self._finding("transfer_leave", transfer)
        self.assertEqual(found["too_late_at"], self._hours(-1))

    def test_the_threshold_is_in_hours(self):
        transfer = self._late_to_leave(hours=5)
        self._rule("transfer_leave").threshold = 6
        self.assertNotIn(transfer, self._look("transfer_leave"))
        self._rule("transfer_leave").threshold = 5
        self.assertIn(transfer, self._look("transfer_leave"))

    def test_what_has_left_is_no_longer_late_to_leave(self):
        transfer = self._late_to_leave()
        one = self._look("transfer_leave")[transfer]
        self._ship(transfer)
        self._look("transfer_leave", transfer)
        self.assertEqual(one.state, "closed")

    def test_a_rest_is_late_once_its_own_truck_should_have_left(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 4})
        self._shift(transfer, departure_date=-30)
        self.assertIsNone(self._finding("transfer_leave", transfer))
        rest = self._picking(transfer, "ship").move_ids
        self._shift(rest, date=-3)
        found = self._finding("transfer_leave", transfer)
        self.assertEqual((found["measure"], found["amount"]), (3, 6 * 4.0))

    def test_a_lane_without_next_truck_stops_nothing(self):
        transfer = self._late_to_leave()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.always.id,
                "date_from": self._hours(-100),
                "date_to": self._hours(24 * 400),
            }
        )
        found = self._finding("transfer_leave", transfer)
        self.assertIsNone(found["expected_at"])

    def test_late_to_arrive(self):
        transfer = self._on_the_road()
        self.assertNotIn(transfer, self._look("transfer_arrive"))
        self._shift(transfer, arrival_date=-4)
        one = self._look("transfer_arrive")[transfer]
        self.assertRecordValues(
            one, [{"measure": 4, "amount": 60.0, "user_id": self.olga.id}]
        )
        found = self._finding("transfer_arrive", transfer)
        self.assertEqual(found["branch_id"], self.north.id)
        self.assertEqual(found["too_late_at"], self._hours(-4))

    def test_the_latest_arrival_counts_where_it_is_known(self):
        transfer = self._on_the_road()
        self._shift(transfer, arrival_date=-4, latest_arrival_date=2)
        self.assertIsNone(self._finding("transfer_arrive", transfer))
        self._shift(transfer, latest_arrival_date=-2)
        self.assertEqual(self._finding("transfer_arrive", transfer)["measure"], 2)

    def test_what_arrived_is_closed_and_late_goods_open_it_again(self):
        transfer = self._on_the_road()
        self._shift(transfer, arrival_date=-4)
        one = self._look("transfer_arrive")[transfer]
        transfer.with_user(self.olga).arrival_date = self._hours(9)
        self._look("transfer_arrive", transfer)
        self.assertEqual(one.state, "closed")
        self._shift(transfer, arrival_date=-3)
        self._look("transfer_arrive", transfer)
        self.assertRecordValues(one, [{"state": "open", "reopened_count": 1}])
        self._receive(transfer)
        self._look("transfer_arrive", transfer)
        self.assertEqual(one.state, "closed")

    def test_received_and_not_reconciled(self):
        transfer, difference = self._differs()
        self._shift(transfer, received_date=-24 * 2)
        self.assertNotIn(transfer, self._look("transfer_unreconciled"))
        self._shift(transfer, received_date=-24 * 3)
        one = self._look("transfer_unreconciled")[transfer]
        self.assertRecordValues(one, [{"measure": 3, "amount": 8.0}])
        self.assertIn("1", one.detail)
        found = self._finding("transfer_unreconciled", transfer)
        self.assertEqual(found["branch_id"], self.north.id)
        due = fields.Date.add(difference.date_due, days=1)
        self.assertEqual(found["too_late_at"].date(), due)

    def test_what_is_closed_is_reconciled(self):
        transfer = self._on_the_road()
        self._receive(transfer)
        self._shift(transfer, received_date=-24 * 4)
        one = self._look("transfer_unreconciled")[transfer]
        self.assertIn("only has to be closed", one.detail)
        transfer.action_close()
        self._look("transfer_unreconciled", transfer)
        self.assertEqual(one.state, "closed")

    def test_a_difference_past_due(self):
        _transfer, difference = self._differs()
        self.assertNotIn(difference, self._look("transfer_discrepancy"))
        difference.date_due = fields.Date.subtract(self.now.date(), days=3)
        difference.user_id = self.bea
        one = self._look("transfer_discrepancy")[difference]
        self.assertRecordValues(
            one, [{"measure": 2, "amount": 8.0, "user_id": self.bea.id}]
        )
        found = self._finding("transfer_discrepancy", difference)
        self.assertEqual(found["branch_id"], self.central.id, "nobody is at fault yet")
        difference.fault = "receiver"
        found = self._finding("transfer_discrepancy", difference)
        self.assertEqual(found["branch_id"], self.north.id)
        difference.with_user(self.olga).action_settle("write_off")
        self._look("transfer_discrepancy", difference)
        self.assertEqual(one.state, "closed")

    def test_due_today_is_in_time_in_the_time_zone_of_the_company(self):
        _transfer, difference = self._differs()
        self.company.partner_id.tz = "UTC"
        difference.date_due = self.now.date()
        self.assertIsNone(self._finding("transfer_discrepancy", difference))
        difference.date_due = fields.Date.subtract(self.now.date(), days=1)
        self.assertEqual(
            self._finding("transfer_discrepancy", difference)["measure"], 0
        )

    def test_an_emergency_to_review(self):
        transfer = self._emergency()
        self._shift(transfer, create_date=-24 * 2)
        one = self._look("transfer_emergency")[transfer]
        self.assertRecordValues(
            one, [{"measure": 2, "amount": 60.0, "detail": "The press stands still."}]
        )
        found = self._finding("transfer_emergency", transfer)
        self.assertEqual(found["branch_id"], self.central.id)
        transfer.with_user(self.cleo).action_review_accept()
        self._look("transfer_emergency", transfer)
        self.assertEqual(one.state, "closed")

    def test_a_transit_location_that_differs(self):
        self._on_the_road()
        self.assertNotIn(self.lane_north, self._look("transfer_balance"))
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, self.lane_north.transit_location_id, 3
        )
        self.env["stock.quant"]._update_available_quantity(
            self.nut, self.lane_north.transit_location_id, -1
        )
        one = self._look("transfer_balance")[self.lane_north]
        self.assertRecordValues(one, [{"measure": 4, "amount": 3 * 4.0 + 1.0}])
        self.assertIn("2", one.detail)
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, self.lane_north.transit_location_id, -3
        )
        self.env["stock.quant"]._update_available_quantity(
            self.nut, self.lane_north.transit_location_id, 1
        )
        self.assertNotIn(self.lane_north, self._look("transfer_balance"))
        self.assertEqual(one.state, "closed")

    def test_what_changes_is_looked_at_again(self):
        transfer = self._on_the_road()
        self._forget()
        transfer.with_user(self.olga).arrival_date = self._hours(9)
        self.assertEqual(self._asked_again("distribution.transfer"), {transfer.id})
        self._forget()
        transfer.tracking_reference = "TRK-1"
        self.assertFalse(self._asked_again("distribution.transfer"))
        self._receive(transfer, {self.bolt: 8})
        self.assertEqual(self._asked_again("distribution.transfer"), {transfer.id})
        difference = self._discrepancy(transfer)
        self._forget()
        difference.date_due = fields.Date.today()
        self.assertEqual(self._asked_again(difference._name), {difference.id})
