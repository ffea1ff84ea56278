from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.own import own
from .common import TransferCase


@tagged("post_install", "-at_install")
class TestTransferBoard(TransferCase):
    """Where a transfer stands on the board, what waits at a branch, who is told."""

    def _stage(self, transfer):
        self.env.flush_all()
        transfer.invalidate_recordset()
        return transfer.board_stage

    def test_the_stages_follow_the_goods(self):
        transfer = self._transfer()
        self.assertFalse(self._stage(transfer))
        transfer.action_request()
        self.assertEqual(self._stage(transfer), "to_ship")
        self._ship(transfer)
        self.assertEqual(self._stage(transfer), "on_road")
        transfer.with_user(self.cora).action_depart()
        self.assertEqual(self._stage(transfer), "on_road")
        self._receive(transfer, {self.bolt: 8})
        self.assertEqual(self._stage(transfer), "to_reconcile")
        self._discrepancy(transfer).with_user(self.bea).action_settle("claim")
        self.assertFalse(self._stage(transfer))

    def test_what_the_sender_lacks_is_to_be_picked(self):
        transfer = self._request(quantities={self.bolt: 150})
        self.assertEqual(self._stage(transfer), "to_pick")
        self._count(self.bolt, self.central, 200)
        self._picking(transfer, "ship").action_assign()
        self.assertEqual(self._stage(transfer), "to_ship")

    def test_a_sender_that_picks_first(self):
        self.central.warehouse_id.delivery_steps = "pick_ship"
        transfer = self._request()
        self.assertEqual(self._stage(transfer), "to_pick")
        self.assertTrue(transfer.with_user(self.cora).can_pick)
        action = transfer.with_user(self.cora).action_pick()
        pick = self.env["stock.picking"].browse(action["res_id"])
        self._validate(pick, self.cora)
        self.assertEqual(self._stage(transfer), "to_ship")
        self.assertFalse(transfer.with_user(self.cora).can_pick)

    def test_a_remainder_waits_at_the_sender(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 6, self.nut: 0})
        self.assertEqual(self._stage(transfer), "on_road")
        self._receive(transfer)
        self.assertEqual(self._stage(transfer), "to_ship")

    def test_what_waits_for_approval(self):
        self._govern(50)
        transfer = self._transfer()
        transfer.action_request()
        self.assertEqual(transfer.state, "requested")
        self.assertEqual(self._stage(transfer), "to_approve")

    def test_trucks_become_due_as_days_pass(self):
        transfer = self._request()
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        self.assertEqual(self._stage(transfer), "on_road")
        with freeze_time(transfer.arrival_date - timedelta(minutes=1)):
            self.env["distribution.transfer"]._refresh_board()
        self.assertEqual(self._stage(transfer), "to_receive")

    def test_all_columns_are_shown(self):
        self._request()
        groups = (
            self.env["distribution.transfer"]
            .with_user(self.olga)
            .with_context(read_group_expand=True)
            .formatted_read_group(
                [("board_stage", "!=", False)], ["board_stage"], ["__count"]
            )
        )
        self.assertEqual(
            [group["board_stage"] for group in groups],
            [
                "to_approve",
                "to_pick",
                "to_ship",
                "on_road",
                "to_receive",
                "to_reconcile",
            ],
        )

    def test_nobody_types_a_stage(self):
        transfer = self._transfer()
        with self.assertRefused("nobody can type it"):
            transfer.board_stage = "to_ship"

    def test_what_waits_at_a_branch(self):
        self._request(reason="emergency", reason_note="A line stands still")
        on_road = self._request()
        self._ship(on_road)
        received = self._request()
        self._ship(received)
        self._receive(received, {self.bolt: 8})
        self.env.flush_all()
        central = self.central.with_user(self.cleo)
        north = self.north.with_user(self.bea)
        self.assertTrue(central.is_own)
        self.assertEqual((central.to_ship_count, central.road_out_count), (1, 1))
        self.assertEqual((central.emergency_count, central.to_reconcile_count), (1, 1))
        self.assertEqual((north.road_in_count, north.to_reconcile_count), (1, 1))
        self.assertEqual((north.to_ship_count, north.emergency_count), (0, 0))
        action = north.with_context(waiting="road_in_count").action_view_waiting()
        found = self.env["distribution.transfer"].with_user(self.bea)
        self.assertEqual(found.search(action["domain"]), on_road)
        board = north.action_view_board()
        self.assertEqual(len(found.search(board["domain"])), 3)

    def test_an_unknown_count_opens_the_board(self):
        transfer = self._request()
        for name in ("name", "manager_id", None):
            action = self.north.with_context(waiting=name).action_view_waiting()
            found = self.env["distribution.transfer"].search(action["domain"])
            self.assertEqual(found, transfer)

    def test_own_branches(self):
        Branch = self.env["distribution.branch"]
        own_ones = Branch.with_user(self.bea).search([("is_own", "=", True)])
        self.assertEqual(own_ones, self.north)
        others = Branch.with_user(self.bea).search([("is_own", "=", False)])
        self.assertTrue(self.central <= others)
        self.assertNotIn(self.north, others)
        mine = [("destination_branch_id.is_own", "=", True)]
        transfer = self._request()
        found = self.env["distribution.transfer"]
        self.assertIn(transfer, found.with_user(self.bea).search(mine))
        self.assertNotIn(transfer, found.with_user(self.cleo).search(mine))

    def test_the_transfers_of_a_lane(self):
        transfer = self._request()
        lane = self.lane_north.with_user(self.paul)
        self.assertEqual(lane.open_transfer_count, 1)
        action = lane.action_view_open_transfers()
        found = self.env["distribution.transfer"].search(action["domain"])
        self.assertEqual(found, transfer)

    # Mails.

    def _arrives(self, transfer, hours):
        """The truck, which left two days ago, arrives some hours from now."""
        now = fields.Datetime.now()
        own(transfer.sudo()).write(
            {
                "departure_date": now - timedelta(days=2),
                "left_date": now - timedelta(days=2),
                "arrival_date": now + timedelta(hours=hours),
            }
        )

    def _told(self, transfer):
        """{subject: who was told} of the messages on a transfer."""
        return {
            message.subject: message.partner_ids
            for message in transfer.sudo().message_ids
            if message.partner_ids
        }

    def test_the_receivers_are_told_of_a_departure(self):
        transfer = self._request()
        self._ship(transfer)
        self.assertFalse(self._told(transfer))
        transfer.with_user(self.cora).action_depart()
        told = self._told(transfer)
        subject = f"{transfer.name}: the truck from Central has left"
        self.assertEqual(list(told), [subject])
        self.assertEqual(told[subject], (self.olga | self.bea).partner_id)
        body = transfer.sudo().message_ids.filtered("partner_ids").body
        self.assertIn("It should be at North on", " ".join(body.split()))

    def test_each_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.env.ref("distribution_transfer.mail_template_departure")
        template.with_context(lang="de_DE").subject = "{{ object.name }} ist unterwegs"
        self.bea.lang = "de_DE"
        self.olga.lang = "en_US"
        transfer = self._request()
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        told = self._told(transfer)
        self.assertEqual(
            told[f"{transfer.name} ist unterwegs"], self.bea.partner_id, told
        )
        self.assertEqual(len(told), 2)

    def test_a_late_truck_is_reported_once(self):
        transfer = self._request()
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        Transfer = self.env["distribution.transfer"]
        Transfer._cron_follow()
        self.assertFalse(transfer.late_reported)
        self._arrives(transfer, -1)
        Transfer._cron_follow()
        self.assertTrue(transfer.late_reported)
        subject = f"{transfer.name}: the truck from Central is late"
        self.assertEqual(
            self._told(transfer)[subject], (self.olga | self.bea).partner_id
        )
        before = len(transfer.sudo().message_ids)
        Transfer._cron_follow()
        self.assertEqual(len(transfer.sudo().message_ids), before)

    def test_a_new_delay_is_reported_again(self):
        transfer = self._request()
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        Transfer = self.env["distribution.transfer"]
        for number in (1, 2):
            self._arrives(transfer, -1)
            Transfer._cron_follow()
            late = [
                m for m in transfer.sudo().message_ids if "late" in (m.subject or "")
            ]
            self.assertEqual(len(late), number)
            self._arrives(transfer, 24)
            Transfer._cron_follow()
            self.assertFalse(transfer.late_reported)

    def test_nobody_says_that_it_was_reported(self):
        transfer = self._request()
        with self.assertRefused("nobody can type it", UserError):
            transfer.write({"late_reported": True})
