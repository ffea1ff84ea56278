from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestTransferFlow(TransferCase):
    def test_from_the_request_to_the_close(self):
        transfer = self._transfer()
        self.assertEqual(transfer.state, "draft")
        transfer.action_request()
        self.assertEqual(transfer.state, "approved")
        self.assertEqual(self._line(transfer).approved_qty, 10)
        self.assertEqual(self._line(transfer).reserved_qty, 10)
        self.assertEqual(transfer.reservation_status, "full")
        self._ship(transfer)
        self.assertEqual(transfer.state, "shipped")
        self.assertEqual(self._quantities(transfer), (10, 10, 0, 0, 0))
        transfer.with_user(self.cora).action_depart()
        self.assertEqual(transfer.state, "in_transit")
        self._receive(transfer)
        self.assertEqual(transfer.state, "reconciled")
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertEqual(self._on_hand(self.north), 10)
        self.assertConserved(transfer)
        transfer.action_close()
        self.assertEqual(transfer.state, "closed")

    def test_a_truck_that_did_not_take_everything(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 6, self.nut: 0})
        self.assertEqual(transfer.ship_status, "partly")
        self.assertEqual(self._quantities(transfer), (6, 6, 0, 0, 0))
        first = self._receive(transfer)
        self.assertEqual(first.move_ids.product_id, self.bolt)
        self.assertFalse(
            transfer.discrepancy_ids, "what was not shipped is not missing"
        )
        self.assertEqual(transfer.receipt_status, "partly")
        rest = self._picking(transfer, "receive")
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in rest.move_ids},
            {self.bolt: 4, self.nut: 20},
        )
        self.assertGreater(rest.scheduled_date, first.scheduled_date)
        self._ship(transfer)
        self._receive(transfer)
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertEqual(self._quantities(transfer, self.nut), (20, 0, 20, 0, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved(transfer)

    def test_fewer_arrive(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        self.assertEqual(transfer.state, "received")
        short = self._discrepancy(transfer)
        self.assertEqual((short.kind, short.quantity, short.value), ("short", 2, 8.0))
        self.assertEqual(self._quantities(transfer), (10, 2, 8, 0, 0))
        self.assertConserved(transfer)
        with self.assertRefused("cannot be closed"):
            transfer.action_close()
        self._receive(transfer)
        self.assertEqual(short.resolution, "arrived")
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved(transfer)

    def test_more_arrive(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 12})
        over = self._discrepancy(transfer)
        self.assertEqual((over.kind, over.quantity), ("over", 2))
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertEqual(self._in_transit(self.lane_north), 0)
        over.with_user(self.cleo).action_settle("accept")
        self.assertEqual(over.state, "resolved")
        self.assertEqual(self._quantities(transfer), (12, 0, 12, 0, 0))
        self.assertEqual(self._on_hand(self.north), 12)
        self.assertEqual(self._on_hand(self.central), 88)
        self.assertConserved(transfer)

    def test_a_claim(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        short = self._discrepancy(transfer).with_user(self.bea)
        short.action_settle("claim")
        self.assertEqual(short.state, "resolved")
        self.assertEqual(self._quantities(transfer), (10, 0, 8, 0, 2))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved(transfer)

    def test_return_to_sender(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        short = self._discrepancy(transfer).with_user(self.bea)
        short.action_settle("return")
        self.assertEqual(short.state, "waiting")
        self._take_back(transfer)
        self.assertEqual(short.state, "resolved")
        self.assertEqual(self._quantities(transfer), (10, 0, 8, 2, 0))
        self.assertEqual(self._on_hand(self.central), 92)
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved(transfer)

    def test_found_at_the_sender(self):
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        short = self._discrepancy(transfer)
        with self.assertRefused("people of"):
            short.with_user(self.olga).action_settle("found")
        short.with_user(self.cleo).action_settle("found")
        self.assertEqual(short.state, "resolved")
        self.assertTrue(short.count_move_id.is_inventory)
        self.assertEqual(self._quantities(transfer), (10, 0, 8, 2, 0))
        self.assertEqual(self._on_hand(self.central), 92)
        self.assertConserved(transfer)

    def test_damaged(self):
        transfer = self._request()
        self._ship(transfer)
        damaged = self.north._damaged_location()
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        line = receipt.move_ids.filtered(
            lambda m: m.product_id == self.bolt
        ).move_line_ids
        line.quantity = 7
        line.copy({"quantity": 3, "location_dest_id": damaged.id})
        receipt.move_ids.picked = True
        receipt.with_context(skip_backorder=True).button_validate()
        found = self._discrepancy(transfer)
        self.assertEqual((found.kind, found.quantity), ("damaged", 3))
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertEqual(transfer.state, "received")
        found.with_user(self.bea).action_settle("return", quantity=1)
        found = transfer.sudo().discrepancy_ids
        self.assertEqual(len(found), 2)
        self._take_back(transfer)
        self._discrepancy(transfer).with_user(self.bea).action_settle("write_off")
        self.assertEqual(self._quantities(transfer), (10, 0, 9, 1, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved(transfer)
