from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestTransferApproval(TransferCase):
    """The destination asks, the sender agrees; inside the policy the policy agrees."""

    def test_inside_the_policy(self):
        self._govern(1000)
        transfer = self._request()
        self.assertEqual(transfer.state, "approved")
        self.assertTrue(transfer.picking_ids)

    def test_by_value(self):
        self._govern(50)
        transfer = self._request()
        self.assertEqual(transfer.value, 60)
        self.assertEqual(
            (transfer.state, transfer.approval_state), ("requested", "pending")
        )
        self.assertFalse(transfer.picking_ids, "nothing moves before the sender agrees")
        with self.assertRefused(".", AccessError):
            self._decide(transfer, self.bea)
        self._decide(transfer, self.cleo)
        self.assertEqual(transfer.state, "approved")
        self.assertEqual(self._line(transfer).approved_qty, 10)
        self.assertTrue(transfer.picking_ids)

    def test_by_cover(self):
        """Of 100 bolts and a pace of one a day, 95 leave five days."""
        order = self._sell(self.cora, self.central, 90)
        self._do(order.picking_ids, self.cora)
        self._count(self.bolt, self.central, 100)
        self._govern(7, "transfer_cover", worse_below=True)
        enough = self._request(quantities={self.bolt: 90})
        self.assertEqual(enough.state, "approved")
        enough.action_cancel()
        transfer = self._request(quantities={self.bolt: 95})
        self.assertEqual(transfer.state, "requested")
        facts = dict(transfer._approval_facts()[transfer.id])
        self.assertIn("5.0 days", facts["Cover left at the sender"])
        details = transfer._approval_details()[transfer.id]
        row = dict(zip(details["columns"], details["rows"][0], strict=True))
        self.assertIn("5", row["Cover in days"])
        self.assertIn("95", row["Requested"])

    def test_nothing_left_is_no_cover(self):
        self._govern(7, "transfer_cover", worse_below=True)
        self.assertEqual(
            self._request(quantities={self.bolt: 99}).state,
            "approved",
            "what nobody takes lasts for ever",
        )
        self.assertEqual(self._request(quantities={self.nut: 101}).state, "requested")

    def test_by_deviation(self):
        """The rule of the depot asks for 50 at the most."""
        self._govern(10, "transfer_deviation")
        inside = self._request(quantities={self.bolt: 50})
        self.assertEqual(inside.state, "approved")
        beyond = self._request(quantities={self.bolt: 10})
        self.assertEqual(beyond.state, "requested", "50 are on their way already")

    def test_the_sender_is_asked_in_its_own_branch(self):
        policy = self._govern(50)
        self.assertTrue(policy)
        transfer = self._request()
        request = transfer.approval_request_ids
        self.assertEqual(request.branch_id, self.central)

    def test_refused(self):
        self._govern(50)
        transfer = self._request()
        self._decide(transfer, self.cleo, "reject", reason="We need them here.")
        self.assertEqual(transfer.state, "rejected")
        self.assertFalse(transfer.picking_ids)
        for action in ("action_request", "action_cancel", "action_close"):
            with self.assertRefused("."):
                getattr(transfer, action)()

    def test_taken_back_and_changed(self):
        self._govern(50)
        transfer = self._request()
        with self.assertRefused("cannot be changed"):
            self._line(transfer).requested_qty = 5
        transfer.action_withdraw()
        self.assertEqual(transfer.state, "draft")
        self._line(transfer).requested_qty = 5
        transfer.action_request()
        self.assertEqual(transfer.state, "approved")

    def test_nobody_agrees_with_himself(self):
        self._govern(50)
        transfer = self._transfer(self.cleo, reason="balancing")
        with self.assertRefused("people of"):
            transfer.action_request()
        both = self._new_user(
            "branch_manager", "both", branch_ids=(self.central | self.north).ids
        )
        mine = self._request(both)
        with self.assertRefused(".", AccessError):
            self._decide(mine, both)

    def test_no_state_is_typed(self):
        self._govern(50)
        transfer = self._transfer()
        for user in (self.olga, self.cleo, self.paul, self.boss):
            for values in (
                {"state": "approved"},
                {"state": "closed"},
                {"left_date": fields.Datetime.now()},
                {"value": 0},
                {"emergency_review": "accepted"},
                {"is_automatic": True},
                {"freight_amount": 1},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRefused("nobody can type it"),
                ):
                    transfer.with_user(user).write(values)
        with self.assertRefused("nobody can type it"):
            self._transfer(state="approved")
        line = self._line(transfer).with_user(self.olga)
        for name in ("approved_qty", "shipped_qty", "received_qty", "in_transit_qty"):
            with self.assertRefused("nobody can type it"):
                line[name] = 5
            with self.assertRefused("nobody can type it"):
                self._transfer(
                    line_ids=[
                        Command.create(
                            {"product_id": self.bolt.id, "requested_qty": 1, name: 3}
                        )
                    ]
                )
        with self.assertRefused("nobody can type it"):
            forged = transfer.with_context(distribution_transfer_owner=True)
            forged.write({"state": "approved"})

    def test_superuser_code_cannot_jump_either(self):
        self._govern(50)
        transfer = self._request()
        with self.assertRefused("nobody can type it"):
            transfer.sudo().write({"state": "approved"})

    def test_a_write_off_is_approved_by_value(self):
        self._govern(5, "transfer_loss_value")
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8, self.nut: 19})
        found = transfer.sudo().discrepancy_ids
        small = found.filtered(lambda x: x.product_id == self.nut)
        large = found - small
        small.with_user(self.bea).action_settle("write_off")
        self.assertEqual(small.state, "resolved")
        large.with_user(self.bea).action_settle("write_off", fault="carrier")
        self.assertEqual(large.state, "requested")
        self.assertEqual(self._quantities(transfer), (10, 2, 8, 0, 0))
        with self.assertRefused("nothing can be done"):
            large.with_user(self.bea).action_settle("later")
        self._decide(large, self.cleo)
        self.assertEqual(large.state, "resolved")
        self.assertEqual(self._quantities(transfer), (10, 0, 8, 0, 2))
        self.assertEqual(transfer.state, "reconciled")

    def test_a_refused_write_off_stays_open(self):
        self._govern(5, "transfer_loss_value")
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        short = self._discrepancy(transfer).with_user(self.bea)
        short.action_settle("write_off")
        self._decide(short, self.cleo, "reject", reason="Look again.")
        self.assertEqual((short.state, short.resolution), ("open", False))
        short.action_settle("return")
        self.assertEqual(short.state, "waiting")


@tagged("post_install", "-at_install")
class TestEmergency(TransferCase):
    def _emergency(self, quantity=10, **values):
        return self._transfer(
            quantities={self.bolt: quantity},
            reason="emergency",
            **{"reason_note": "Machine of a customer stands still.", **values},
        )

    def test_goes_ahead_within_the_cap(self):
        self._govern(1)
        transfer = self._emergency()
        transfer.action_request()
        self.assertEqual(
            (transfer.state, transfer.emergency_review), ("approved", "pending")
        )

    def test_beyond_the_cap_it_waits(self):
        self._govern(1)
        self.lane_north.emergency_cap = 39
        transfer = self._emergency()
        transfer.action_request()
        self.assertEqual(transfer.state, "requested")

    def test_who_presses_the_button_asks(self):
        """Naming somebody else as requester does not let one review oneself."""
        both = self._new_user(
            "branch_manager", "both", branch_ids=(self.central | self.north).ids
        )
        transfer = self._emergency()
        transfer.with_user(both).action_request()
        self.assertEqual(transfer.user_id, both)
        with self.assertRefused("asked for .* yourself"):
            transfer.with_user(both).action_review_accept()

    def test_the_cap_is_not_split_up(self):
        self._govern(1)
        self.lane_north.emergency_cap = 60
        first, second = self._emergency(), self._emergency()
        first.action_request()
        second.action_request()
        self.assertEqual((first.state, second.state), ("approved", "requested"))
        first.with_user(self.cleo).action_review_accept()
        third = self._emergency()
        third.action_request()
        self.assertEqual(third.state, "approved")

    def test_an_emergency_says_why(self):
        with self.assertRefused("say on .* what happened"):
            self._emergency(reason_note=False).action_request()

    def test_it_is_reviewed_by_somebody_else(self):
        transfer = self._emergency()
        transfer.action_request()
        with self.assertRefused("asked for .* yourself"):
            transfer.with_user(self.olga).action_review_accept()
        with self.assertRefused("people of"):
            transfer.with_user(self.bea).action_review_accept()
        with self.assertRefused("manager"):
            transfer.with_user(self.cora).action_review_accept()
        with self.assertRefused("Say why"):
            transfer.with_user(self.cleo).action_review_object()
        transfer.with_user(self.cleo).action_review_object(note="It could wait.")
        self.assertEqual(transfer.emergency_review, "objected")
        self.assertEqual(transfer.reviewer_id, self.cleo)
        with self.assertRefused("not waiting"):
            transfer.with_user(self.cleo).action_review_accept()


@tagged("post_install", "-at_install")
class TestBadInput(TransferCase):
    def test_what_is_refused(self):
        service = self._new_product("Advice", is_storable=False, type="service")
        washer = self._new_product("Washer")
        gram = self.env.ref("uom.product_uom_gram")
        cases = (
            ({"quantities": {self.bolt: 0}}, "more than zero"),
            ({"quantities": {self.bolt: -3}}, "more than zero"),
            ({"quantities": {service: 1}}, "not kept in stock"),
            ({"quantities": {washer: 1}}, "not stocked at"),
            (
                {"date_wanted": fields.Datetime.now() - timedelta(days=1)},
                "date that is over",
            ),
            (
                {
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.bolt.id,
                                "requested_qty": 1,
                                "product_uom_id": gram.id,
                            }
                        )
                    ]
                },
                "not a unit of",
            ),
            ({"line_ids": []}, "has no lines"),
        )
        for values, pattern in cases:
            with self.subTest(pattern=pattern), self.assertRefused(pattern):
                self._request(**values)

    def test_other_reasons_are_for_what_is_not_stocked(self):
        washer = self._new_product("Washer")
        transfer = self._request(quantities={washer: 1}, reason="balancing")
        self.assertEqual(transfer.state, "approved")

    def test_a_closed_lane(self):
        transfer = self._transfer()
        self.lane_north.active = False
        with self.assertRefused("is archived"):
            transfer.action_request()
        with self.assertRefused("is archived"):
            self._transfer()

    def test_receiving_before_shipping(self):
        transfer = self._request()
        with self.assertRefused("."):
            self._receive(transfer)

    def test_cancelling_after_shipping(self):
        transfer = self._request()
        self._ship(transfer)
        with self.assertRefused("Return to Sender"):
            transfer.action_cancel()
        with self.assertRefused("no remainder"):
            transfer.action_cancel_rest()

    def test_cancelling_before_shipping(self):
        transfer = self._request()
        transfer.action_cancel()
        self.assertEqual(transfer.state, "cancelled")
        self.assertEqual(set(transfer.sudo().picking_ids.mapped("state")), {"cancel"})
        with self.assertRefused("cancelled already"):
            transfer.action_cancel()

    def test_the_sender_cancels_its_picking(self):
        transfer = self._request()
        self._picking(transfer, "ship").with_user(self.cora).action_cancel()
        self.assertEqual(transfer.state, "cancelled")

    def test_the_remainder_is_cancelled(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 4})
        transfer.with_user(self.cleo).action_cancel_rest()
        self.assertEqual(transfer.ship_status, "full")
        self._receive(transfer)
        self.assertEqual(self._quantities(transfer), (4, 0, 4, 0, 0))
        self.assertEqual(transfer.state, "reconciled")

    def test_deleting(self):
        draft, transfer = self._transfer(), self._request()
        for record in (transfer, self._line(transfer)):
            with self.assertRefused("."):
                record.with_user(self.boss).unlink()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_a_closed_transfer_is_closed(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer)
        transfer.action_close()
        for values in ({"tracking_reference": "X"}, {"priority": "1"}):
            with self.assertRefused("only its note"):
                transfer.write(values)
        with self.assertRefused("."):
            transfer.action_close()

    def test_a_closing_job(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer)
        Transfer = self.env["distribution.transfer"]
        Transfer._cron_follow()
        self.assertEqual(transfer.state, "reconciled")
        past = fields.Datetime.now() - timedelta(days=3)
        self.env.cr.execute(
            "UPDATE distribution_transfer SET received_date = %s WHERE id = %s",
            [past, transfer.id],
        )
        self.env.invalidate_all()
        Transfer._cron_follow()
        self.assertEqual(transfer.state, "closed")

    def test_a_departing_job(self):
        transfer = self._request()
        self._ship(transfer)
        self.assertEqual(transfer.state, "shipped")
        self.env.cr.execute(
            "UPDATE distribution_transfer SET departure_date = now() WHERE id = %s",
            [transfer.id],
        )
        self.env.invalidate_all()
        self.env["distribution.transfer"]._cron_follow()
        self.assertEqual(transfer.state, "in_transit")
        self.assertTrue(transfer.left_date)

    def test_dates_that_cannot_be(self):
        transfer = self._request()
        now = fields.Datetime.now()
        with self.assertRefused("departure is over"):
            transfer.departure_date = now - timedelta(days=1)
        with self.assertRefused("before it leaves"):
            transfer.arrival_date = now - timedelta(days=1)
        later = now + timedelta(days=5)
        transfer.write(
            {"departure_date": later, "arrival_date": later + timedelta(days=1)}
        )
        self.assertEqual(self._picking(transfer, "ship").scheduled_date, later)
        self.assertEqual(
            self._picking(transfer, "receive").scheduled_date, later + timedelta(days=1)
        )
        self.assertEqual(
            self._line(transfer).next_arrival_date, later + timedelta(days=1)
        )
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        with self.assertRefused("has left"):
            transfer.departure_date = later

    def test_an_open_request_keeps_a_branch_open(self):
        self._govern(1)
        transfer = self._request()
        with self.assertRefused("transfers between branches"):
            self.north.with_user(self.boss).action_close()
        self.assertEqual(transfer.state, "requested")

    def test_duties_are_kept_apart(self):
        self.env["distribution.duty.conflict"].create(
            {
                "kind": "actions",
                "duty": "request",
                "other_duty": "receive",
                "res_model": "distribution.transfer",
            }
        )
        transfer = self._request()
        self._ship(transfer)
        with self.assertRefused("."):
            self._receive(transfer)
        self.assertEqual(self._quantities(transfer), (10, 10, 0, 0, 0))
        self._receive(transfer, user=self.bea)
        self.assertEqual(transfer.state, "reconciled")

    def test_closed_branch_is_refused_with_goods_on_the_road(self):
        transfer = self._request()
        self._ship(transfer)
        with self.assertRefused("."):
            self.north.with_user(self.boss).action_close()
