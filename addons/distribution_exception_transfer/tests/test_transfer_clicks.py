from odoo.exceptions import UserError
from odoo.tests import Form

from .common import TransferExceptionCase


class TestTransferClicks(TransferExceptionCase):
    """One click does the usual thing, with the rights of who clicks."""

    def _click(self, code, record, user):
        one = self._look(code)[record].with_user(user)
        action = one.action_resolve()
        self.assertTrue(one.action_taken)
        return one, action

    def _dialog(self, action, user):
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_the_sender_confirms_when_it_leaves(self):
        transfer = self._late_to_leave()
        one, action = self._click("transfer_leave", transfer, self.cora)
        dialog = self._dialog(action, self.cora)
        lane = self.lane_north
        self.assertEqual(dialog.departure_date, lane.next_departure_date)
        self.assertEqual(dialog.arrival_date, lane.next_arrival_date)
        dialog.reason = "The truck broke down"
        dialog.save().action_confirm()
        self.assertRecordValues(
            transfer,
            [
                {
                    "departure_date": lane.next_departure_date,
                    "arrival_date": lane.next_arrival_date,
                }
            ],
        )
        self.assertIn("broke down", transfer.message_ids[0].body)
        self._look("transfer_leave", transfer)
        self.assertEqual(one.state, "closed")

    def test_the_receiver_confirms_when_it_arrives(self):
        transfer = self._on_the_road()
        self._shift(transfer, arrival_date=-4)
        one, action = self._click("transfer_arrive", transfer, self.olga)
        dialog = self._dialog(action, self.olga)
        dialog.arrival_date = self._hours(-1)
        dialog.reason = "Traffic"
        with self.assertRaisesRegex(UserError, "is to come"):
            dialog.save().action_confirm()
        dialog.arrival_date = self._hours(7)
        dialog.save().action_confirm()
        self.assertEqual(transfer.arrival_date, self._hours(7))
        self._look("transfer_arrive", transfer)
        self.assertEqual(one.state, "closed")

    def test_a_rest_opens_its_operation(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 4})
        transfer.with_user(self.cora).action_depart()
        picking = self._picking(transfer, "ship")
        self._shift(picking.move_ids, date=-3)
        _one, action = self._click("transfer_leave", transfer, self.cora)
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("stock.picking", picking.id)
        )

    def test_what_is_open_is_settled_and_then_it_is_closed(self):
        transfer, difference = self._differs()
        self._shift(transfer, received_date=-24 * 3)
        one, action = self._click("transfer_unreconciled", transfer, self.olga)
        self.assertEqual(action["context"]["default_discrepancy_id"], difference.id)
        dialog = self._dialog(action, self.olga)
        dialog.resolution = "write_off"
        dialog.save().action_settle()
        self._look("transfer_unreconciled")
        self.assertEqual(one.state, "open", "nobody has closed it")
        self._click("transfer_unreconciled", transfer, self.olga)
        self.assertEqual(transfer.state, "closed")

    def test_a_difference_opens_its_settling(self):
        _transfer, difference = self._differs()
        self._shift(difference, date_due=-24 * 3)
        _one, action = self._click("transfer_discrepancy", difference, self.cora)
        self.assertEqual(action["res_model"], "distribution.transfer.settling")

    def test_an_emergency_is_reviewed_on_the_transfer(self):
        transfer = self._emergency()
        self._shift(transfer, create_date=-24 * 2)
        one, action = self._click("transfer_emergency", transfer, self.cleo)
        self.assertEqual(
            (action["res_model"], action["res_id"]), (transfer._name, transfer.id)
        )
        self.assertTrue(transfer.with_user(self.cleo).can_review)
        transfer.with_user(self.cleo).action_review_object("It was known for weeks.")
        self._look("transfer_emergency", transfer)
        self.assertEqual(one.state, "closed")

    def test_what_differs_is_compared(self):
        self.env["stock.quant"]._update_available_quantity(
            self.bolt, self.lane_north.transit_location_id, 3
        )
        _one, action = self._click("transfer_balance", self.lane_north, self.fiona)
        rows = self.env[action["res_model"]].with_user(self.fiona)
        rows = rows.search(action["domain"])
        self.assertEqual(rows.product_id, self.bolt)

    def test_a_branch_asks_where_most_is_to_spare(self):
        lane = self._open_lane(self.west, self.north)
        self._count(self.bolt, self.west, 500)
        rule = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.bolt.id), ("branch_id", "=", self.north.id)]
        )
        action = rule.with_user(self.olga)._exception_replenish_action()
        form = self._dialog(action, self.olga)
        self.assertEqual(form.lane_id, lane)
        transfer = form.save()
        self.assertRecordValues(
            transfer.line_ids, [{"product_id": self.bolt.id, "requested_qty": 50}]
        )
        transfer.action_request()
        self.assertEqual(transfer.state, "approved")

    def test_what_a_sender_needs_itself_is_not_to_spare(self):
        self._open_lane(self.west, self.north)
        self._count(self.bolt, self.west, 120)
        self._stock_at(self.west, self.bolt, maximum=110)
        rule = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.bolt.id), ("branch_id", "=", self.north.id)]
        )
        action = rule._exception_replenish_action()
        self.assertEqual(action["context"]["default_lane_id"], self.lane_north.id)

    def test_where_nobody_has_anything_to_spare(self):
        rule = self._stock_at(self.west, self._new_product("Rare"))
        self.assertIsNone(rule._exception_replenish_action())
