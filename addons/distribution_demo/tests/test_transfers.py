from odoo import fields
from odoo.tests import tagged

from .common import DEPOTS, ReferenceCase

KEYS = {"central": "CEN", **dict(zip(("north", "west", "south"), DEPOTS, strict=True))}


@tagged("post_install", "-at_install")
class TestTransfers(ReferenceCase):
    """The main job runs through transfers: closed ones, and live ones in every state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transfers = cls.env["distribution.transfer"].search([])
        cls.discrepancies = cls.transfers.discrepancy_ids
        cls.main_lanes = cls.central.lane_out_ids

    def _labels(self, model, name):
        return set(self.env[model]._fields[name].get_values(self.env))

    def _open(self):
        return self.discrepancies.filtered(lambda found: found._is_open())

    def test_every_state(self):
        states = self._labels("distribution.transfer", "state")
        self.assertEqual(set(self.transfers.mapped("state")), states)
        reasons = self._labels("distribution.transfer", "reason")
        self.assertEqual(set(self.transfers.mapped("reason")), reasons)
        stages = self._labels("distribution.transfer", "board_stage")
        self.assertLessEqual(stages, set(self.transfers.mapped("board_stage")))
        self.assertIn("partly", self.transfers.mapped("ship_status"))
        self.assertIn("partly", self.transfers.mapped("receipt_status"))
        self.assertTrue(self.transfers.filtered("is_late"))

    def test_each_depot_gets_and_waits_for_goods(self):
        for lane in self.main_lanes:
            mine = self.transfers.filtered(lambda x, lane=lane: x.lane_id == lane)
            self.assertLessEqual(
                {"closed", "received", "in_transit", "approved"},
                set(mine.mapped("state")),
                lane.name,
            )

    def test_the_trips_are_measured(self):
        self.assertEqual(len(self.main_lanes), len(DEPOTS))
        for lane in self.main_lanes:
            self.assertGreaterEqual(lane.trip_count, 10, lane.name)
            self.assertGreater(lane.measured_days, 0.5)
            self.assertLess(lane.measured_days, 4)
            self.assertTrue(lane.measured_transit_days)

    def test_dates_are_in_order(self):
        now = fields.Datetime.now()
        for transfer in self.transfers.filtered("left_date"):
            self.assertTrue(transfer.shipped_date, transfer.name)
            self.assertLessEqual(transfer.shipped_date, transfer.left_date)
            self.assertLess(transfer.left_date, now)
            self.assertLess(transfer.left_date, transfer.arrival_date)
            if transfer.received_date:
                self.assertLess(transfer.left_date, transfer.received_date)
        for transfer in self.transfers.filtered("closed_date"):
            self.assertEqual(transfer.state, "closed")
            self.assertLessEqual(transfer.received_date, transfer.closed_date)

    def test_what_is_in_transit_balances(self):
        self.assertFalse(self.env["distribution.transit.balance"].verify())
        for line in self.transfers.line_ids:
            self.assertAlmostEqual(
                line.shipped_qty,
                line.received_qty
                + line.in_transit_qty
                + line.returned_qty
                + line.written_off_qty,
                msg=line.display_name,
            )
            self.assertGreaterEqual(line.in_transit_qty, 0, line.display_name)
        closed = self.transfers.filtered(lambda x: x.state == "closed")
        self.assertFalse(any(closed.line_ids.mapped("in_transit_qty")))
        self.assertFalse(closed & self._open().transfer_id)

    def test_an_open_difference_of_each_kind(self):
        kinds = self._labels("distribution.transfer.discrepancy", "kind")
        self.assertEqual(set(self._open().mapped("kind")), kinds)
        states = set(self.discrepancies.mapped("state"))
        self.assertLessEqual({"open", "requested", "waiting", "resolved"}, states)
        for found in self._open():
            self.assertTrue(found.note, found.name)
            self.assertTrue(found.user_id, found.name)
        faults = set(self._open().mapped("fault"))
        self.assertLessEqual({"carrier", "shipper", "unknown"}, faults)

    def test_settled_differences(self):
        settled = self.discrepancies.filtered(lambda x: x.state == "resolved")
        self.assertLessEqual(
            {"claim", "write_off", "return", "found", "arrived", "accept", "correct"},
            set(settled.mapped("resolution")),
        )
        self.assertTrue(all(settled.mapped("resolved_by_id")))
        self.assertTrue(settled.count_move_id)

    def test_losses_are_in_the_ledger(self):
        lost = self.discrepancies.filtered(
            lambda x: x.state == "resolved" and x.resolution in ("claim", "write_off")
        )
        valued = lost.filtered(lambda x: x.product_id.valuation == "real_time")
        self.assertEqual(valued, lost.filtered("account_move_ids"))
        for found in valued:
            moves = found.move_ids.filtered(lambda move: move.transfer_leg != "pick")
            self.assertAlmostEqual(
                sum(found.account_move_ids.line_ids.mapped("debit")),
                sum(moves.mapped("value")),
                places=2,
            )
            self.assertEqual(found.account_move_ids.branch_id, found.fault_branch_id)

    def test_both_ends_see_the_pictures(self):
        pictures = self._open().filtered("photo_ids")
        self.assertGreaterEqual(len(pictures), 3)
        for found in pictures:
            for stem in ("operator.central", "manager.central"):
                photos = found.with_user(self._user(stem)).photo_ids
                self.assertTrue(all(photos.mapped("raw")), found.name)

    def test_people_have_done_it(self):
        asked = self.transfers.filtered(lambda x: x.state == "requested")
        requests = self.env["distribution.approval.request"].search(
            [("res_model", "=", "distribution.transfer"), ("state", "=", "pending")]
        )
        self.assertEqual(set(requests.mapped("res_id")), set(asked.ids))
        manager = self._user("manager.central")
        self.assertIn(manager, requests.user_ids)
        people = self.env["res.users"].search([("login", "=like", "%@demo.example")])
        by_hand = self.transfers.filtered(lambda transfer: not transfer.is_automatic)
        self.assertLessEqual(by_hand.user_id, people)
        open_ones = self._open()
        self.assertLessEqual(open_ones.create_uid, people)
        received = open_ones.transfer_id.message_ids.author_id
        self.assertIn(self._user("operator.north").partner_id, received)

    def test_emergencies(self):
        reviews = self.transfers.mapped("emergency_review")
        self.assertLessEqual({"pending", "accepted", "objected"}, set(reviews))
        pending = self.transfers.filtered(lambda x: x.emergency_review == "pending")
        self._like("manager.central", pending[:1]).action_review_accept("Agreed")
        self.assertEqual(pending[:1].emergency_review, "accepted")

    def _like(self, stem, records):
        return records.with_user(self._user(stem))

    def test_a_customer_order_is_brought(self):
        brought = self.transfers.filtered(lambda x: x.reason == "customer_order")
        order = brought.line_ids.sale_line_id.order_id
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.branch_id, brought.destination_branch_id)
        self.assertIn(brought.state, ("approved", "shipped"))

    def test_depots_help_each_other(self):
        balancing = self.transfers.filtered(
            lambda x: x.source_branch_id in self.depots
            and x.destination_branch_id in self.depots
        )
        self.assertEqual(set(balancing.mapped("reason")), {"balancing"})
        self.assertLessEqual({"approved", "in_transit"}, set(balancing.mapped("state")))

    def test_freight_follows_the_lanes(self):
        self.assertLessEqual(
            {"weight", "fixed", "distance"}, set(self.main_lanes.mapped("freight_rule"))
        )
        for transfer in self.transfers.filtered("shipped_date"):
            self.assertGreater(transfer.freight_amount, 0, transfer.name)
            self.assertAlmostEqual(
                sum(transfer.line_ids.mapped("freight_amount")),
                transfer.freight_amount,
                places=2,
            )

    def test_people_of_a_branch_see_its_transfers_only(self):
        for key, code in KEYS.items():
            mine = self.transfers.filtered(
                lambda x, code=code: (
                    code in (x.source_branch_id.code, x.destination_branch_id.code)
                )
            )
            self.assertTrue(mine)
            for stem in (f"operator.{key}", f"manager.{key}"):
                seen = self._as(stem, "distribution.transfer").search([])
                self.assertEqual(set(seen.ids), set(mine.ids), stem)
                found = self._as(stem, "distribution.transfer.discrepancy").search([])
                self.assertEqual(set(found.ids), set(mine.discrepancy_ids.ids), stem)
        for stem in ("planner", "auditor", "finance", "administrator"):
            seen = self._as(stem, "distribution.transfer").search([])
            self.assertEqual(len(seen), len(self.transfers), stem)

    def test_a_truck_at_the_door_can_be_unloaded(self):
        waiting = self._as("operator.north", "distribution.transfer").search(
            [
                ("board_stage", "=", "to_receive"),
                ("destination_branch_id.code", "=", "NOR"),
            ]
        )
        self.assertTrue(waiting)
        action = waiting[0].action_receive()
        self.assertEqual(action["res_model"], "distribution.transfer.receiving")
