from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestDiscrepancies(TransferCase):
    """Every difference at the door, and every way to settle it."""

    def _shipped(self, **values):
        transfer = self._request(**values)
        self._ship(transfer)
        return transfer

    def _unload(self, transfer, user=None, **entry):
        """Unload the bolts as `entry` says, everything else as shipped."""
        picking = self._picking(transfer, "receive").with_user(user or self.olga)
        entries = []
        for move in picking.move_ids:
            entry_of = {"move_id": move.id, "quantity": move.product_uom_qty}
            if move.product_id == self.bolt:
                entry_of.update(entry)
            entries.append(entry_of)
        return picking.action_unload(entries)

    def test_everything_arrived(self):
        transfer = self._shipped()
        self.assertFalse(self._unload(transfer))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_each_kind_at_the_door(self):
        transfer = self._shipped()
        found = self._unload(
            transfer,
            quantity=3,
            damaged=2,
            refused=1,
            swapped=2,
            other_product_id=self.nut.id,
            note="The pallet was wet.",
            fault="carrier",
        )
        self.assertEqual(
            {(x.kind, x.quantity) for x in found},
            {("damaged", 2), ("refused", 1), ("wrong_item", 2), ("short", 2)},
        )
        self.assertEqual(set(found.mapped("note")), {"The pallet was wet."})
        self.assertEqual(set(found.mapped("fault")), {"carrier"})
        self.assertEqual(self._quantities(transfer), (10, 5, 5, 0, 0))
        self.assertEqual(self._line(transfer).short_qty, 5)
        damaged = self.north._damaged_location()
        quants = self.env["stock.quant"].search([("location_id", "=", damaged.id)])
        self.assertEqual(quants.mapped("quantity"), [2])
        self.assertEqual(transfer.state, "received")
        self.assertConserved()

    def test_the_whole_truck_is_missing(self):
        transfer = self._shipped()
        picking = self._picking(transfer, "receive").with_user(self.olga)
        found = picking.action_unload([])
        self.assertEqual(
            {(x.kind, x.quantity) for x in found}, {("short", 10), ("short", 20)}
        )
        self.assertEqual(transfer.state, "received")
        self.assertConserved()

    def test_goods_that_nobody_asked_for(self):
        washer = self._new_product("Washer")
        self._count(washer, self.central, 30)
        transfer = self._shipped()
        picking = self._picking(transfer, "receive").with_user(self.olga)
        entries = [
            {"move_id": move.id, "quantity": move.product_uom_qty}
            for move in picking.move_ids
        ]
        found = picking.action_unload(
            [*entries, {"other_product_id": washer.id, "quantity": 6}]
        )
        self.assertEqual(
            (found.kind, found.quantity, found.product_id), ("over", 6, washer)
        )
        found.with_user(self.cleo).action_settle("accept")
        self.assertEqual(self._on_hand(self.north, washer), 6)
        self.assertEqual(self._on_hand(self.central, washer), 24)
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_another_product_is_corrected(self):
        transfer = self._shipped()
        found = self._unload(
            transfer, quantity=7, swapped=3, other_product_id=self.nut.id
        )
        found.with_user(self.cleo).action_settle("correct")
        self.assertEqual(self._on_hand(self.north), 7)
        self.assertEqual(self._on_hand(self.north, self.nut), 23)
        self.assertEqual(self._on_hand(self.central), 93)
        self.assertEqual(self._on_hand(self.central, self.nut), 77)
        self.assertEqual(self._quantities(transfer), (10, 0, 7, 3, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_another_lot_is_corrected(self):
        oil = self._new_product("Oil", tracking="lot")
        first, second = self.env["stock.lot"].create(
            [{"name": name, "product_id": oil.id} for name in ("L1", "L2")]
        )
        for lot, quantity in ((first, 8), (second, 5)):
            self.env["stock.quant"]._update_available_quantity(
                oil, self.central.warehouse_id.lot_stock_id, quantity, lot_id=lot
            )
        transfer = self._shipped(quantities={oil: 8}, reason="balancing")
        picking = self._picking(transfer, "receive").with_user(self.olga)
        move = picking.move_ids
        self.assertEqual(move.move_line_ids.lot_id, first)
        found = picking.action_unload(
            [
                {"move_id": move.id, "lot_id": first.id, "quantity": 6},
                {"move_id": move.id, "lot_id": second.id, "quantity": 2},
            ]
        )
        self.assertEqual(
            (found.kind, found.quantity, found.lot_id, found.other_lot_id),
            ("wrong_lot", 2, first, second),
        )
        self.assertEqual(self._quantities(transfer, oil), (8, 2, 6, 0, 0))
        found.with_user(self.cleo).action_settle("correct")
        stock = self.north.warehouse_id.lot_stock_id
        for lot, here, there in ((first, 6, 2), (second, 2, 3)):
            Quant = self.env["stock.quant"]
            self.assertEqual(Quant._get_available_quantity(oil, stock, lot), here)
            source = self.central.warehouse_id.lot_stock_id
            self.assertEqual(Quant._get_available_quantity(oil, source, lot), there)
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_refused_goods_go_back(self):
        transfer = self._shipped()
        found = self._unload(transfer, quantity=6, refused=4)
        self.assertEqual(found.kind, "refused")
        found.with_user(self.bea).action_settle("return")
        self._take_back(transfer)
        self.assertEqual(self._quantities(transfer), (10, 0, 6, 4, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_the_whole_truck_turns_back(self):
        transfer = self._shipped()
        transfer.with_user(self.bea).action_return_to_sender()
        self.assertFalse(self._picking(transfer, "receive"))
        self.assertEqual(len(transfer.discrepancy_ids), 2)
        self._take_back(transfer)
        self.assertEqual(self._quantities(transfer), (10, 0, 0, 10, 0))
        self.assertEqual(transfer.state, "reconciled")
        self.assertEqual(self._on_hand(self.central), 100)
        self.assertConserved()

    def test_they_will_arrive_later(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        short.with_user(self.olga).action_settle("later", expected_date="2030-01-01")
        self.assertEqual(short.state, "waiting")
        self.assertEqual(transfer.state, "received")
        self._receive(transfer, {self.bolt: 1})
        kept = transfer.discrepancy_ids.filtered(lambda x: x.state == "resolved")
        self.assertEqual(kept.mapped("quantity"), [1])
        self._receive(transfer)
        self.assertEqual(
            set(transfer.discrepancy_ids.mapped("resolution")), {"arrived"}
        )
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_a_part_is_settled_and_the_rest_stays_open(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=5)
        short.with_user(self.bea).action_settle(
            "write_off", quantity=2, fault="receiver"
        )
        self.assertEqual((short.quantity, short.value), (2, 8))
        rest = self._discrepancy(transfer)
        self.assertEqual((rest.quantity, rest.value, rest.state), (3, 12, "open"))
        self.assertEqual(short.fault_branch_id, self.north)
        self.assertConserved()
        for quantity in (0, -1, 3.5):
            with self.assertRefused("settle more than none"):
                rest.with_user(self.bea).action_settle("claim", quantity=quantity)

    def test_a_loss_is_posted_to_the_branch_at_fault(self):
        self.company.inventory_valuation = "real_time"
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        valued = self.bolt.total_value
        short.with_user(self.bea).action_settle("write_off", fault="receiver")
        entry = short.sudo().account_move_ids  # an operator reads no entries
        self.assertEqual(entry.state, "posted")
        self.assertEqual(entry.branch_id, self.north)
        debit = entry.line_ids.filtered("debit")
        self.assertEqual((debit.account_id, debit.debit), (self.loss_account, 8.0))
        self.bolt.invalidate_recordset()
        self.assertEqual(valued - self.bolt.total_value, 8.0)

    def test_a_loss_without_an_account_is_refused(self):
        self.company.inventory_valuation = "real_time"
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        self.company.transfer_loss_location_id.valuation_account_id = False
        with self.assertRefused("choose one under"):
            short.with_user(self.bea).action_settle("write_off")
        self.assertEqual((short.state, short.resolution), ("open", False))
        self.assertConserved()

    def test_a_claim_goes_to_the_account_of_claims(self):
        self.company.inventory_valuation = "real_time"
        transfer = self._shipped()
        damaged = self._unload(transfer, quantity=8, damaged=2)
        damaged.with_user(self.bea).action_settle("claim")
        self.assertEqual(damaged.fault, "carrier")
        # An operator reads no entries.
        debit = damaged.sudo().account_move_ids.line_ids.filtered("debit")
        self.assertEqual((debit.account_id, debit.debit), (self.claim_account, 8.0))
        self.assertEqual(self._on_hand(self.north), 8)

    def test_damaged_goods_are_good_after_all(self):
        transfer = self._shipped()
        damaged = self._unload(transfer, quantity=8, damaged=2)
        damaged.with_user(self.olga).action_settle("accept")
        stock = self.north.warehouse_id.lot_stock_id
        available = self.env["stock.quant"]._get_available_quantity(self.bolt, stock)
        self.assertEqual(available, 10)
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_a_count_at_the_sender_explains_it(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        self._count(self.bolt, self.central, 92)
        count = short.sudo()._count_candidates("found")[0]
        short.with_user(self.cleo).action_settle("found", count_move_id=count.id)
        self.assertEqual(short.state, "resolved")
        self.assertEqual(self._on_hand(self.central), 92)
        self.assertEqual(self._quantities(transfer), (10, 0, 8, 2, 0))
        self.assertConserved()
        other = self._shipped()
        second = self._unload(other, quantity=8)
        with self.assertRefused("does not explain"):
            second.with_user(self.cleo).action_settle("found", count_move_id=count.id)

    def test_a_count_at_the_receiver_explains_it(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        with self.assertRefused("Choose the count"):
            short.with_user(self.bea).action_settle("counted")
        self._count(self.bolt, self.north, 10)
        count = short.sudo()._count_candidates("counted")[0]
        self.assertFalse(short.sudo()._count_candidates("found") & count)
        self.assertEqual(short.with_user(self.bea).proposed_count_id, count)
        with self.assertRefused("people of"):
            short.with_user(self.cleo).action_settle("counted", count_move_id=count.id)
        short.with_user(self.bea).action_match_count()
        self.assertEqual((short.state, short.resolution), ("resolved", "counted"))
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertEqual(self._on_hand(self.north), 10)
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_a_count_at_the_sender_explains_too_much(self):
        transfer = self._shipped()
        over = self._unload(transfer, quantity=12)
        self._count(self.bolt, self.central, 88)
        count = over.sudo()._count_candidates()[0]
        over.with_user(self.cleo).action_settle("accept", count_move_id=count.id)
        self.assertEqual(self._on_hand(self.central), 88)
        self.assertEqual(self._on_hand(self.north), 12)
        self.assertEqual(self._quantities(transfer), (12, 0, 12, 0, 0))
        self.assertConserved()

    def test_too_much_that_is_not_there_on_paper(self):
        transfer = self._shipped(quantities={self.bolt: 100})
        over = self._unload(transfer, quantity=103)
        with self.assertRefused("Count it there"):
            over.with_user(self.cleo).action_settle("accept")
        self.assertEqual(over.state, "open")
        over.with_user(self.bea).action_settle("return")
        self.assertEqual(transfer.state, "reconciled")
        self.assertConserved()

    def test_too_much_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        transfer = self._transfer()
        transfer.line_ids[0].product_uom_id = dozen
        transfer.line_ids[0].requested_qty = 2
        transfer.action_request()
        self._ship(transfer)
        short = self._unload(transfer, quantity=1.5)
        self.assertEqual((short.quantity, short.value), (0.5, 24.0))
        self.assertEqual(self._on_hand(self.north), 18)
        self.assertConserved()

    def test_a_settled_difference_stays_settled(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        short.with_user(self.bea).action_settle("write_off")
        for resolution in ("claim", "return", "later"):
            with self.assertRefused("nothing can be done"):
                short.with_user(self.bea).action_settle(resolution)
        with self.assertRefused("settled and cannot be changed"):
            short.with_user(self.bea).note = "It was the driver."
        with self.assertRefused("not allowed to delete", AccessError):
            short.with_user(self.boss).unlink()
        with self.assertRefused("is kept"):
            short.sudo().unlink()

    def test_a_way_that_does_not_fit(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        with self.assertRefused("Choose one of"):
            short.with_user(self.bea).action_settle("accept")
        with self.assertRefused("Choose one of"):
            short.with_user(self.bea).action_settle("nonsense")

    def test_unloading_nonsense(self):
        transfer = self._shipped()
        for entry, pattern in (
            ({"quantity": -1}, "negative"),
            ({"refused": 11}, "not more can"),
            ({"swapped": 1}, "Say which product"),
            ({"swapped": 1, "other_product_id": self.bolt.id}, "Say which product"),
            ({"lot_id": 999999}, "lot is not one of"),
        ):
            with self.subTest(entry=entry), self.assertRefused(pattern):
                self._unload(transfer, **entry)
        self.assertFalse(transfer.discrepancy_ids)
        self.assertEqual(self._quantities(transfer), (10, 10, 0, 0, 0))

    def test_unloading_before_loading(self):
        transfer = self._request()
        picking = self._picking(transfer, "receive").with_user(self.olga)
        with self.assertRefused("has not shipped it yet"):
            picking.action_unload([])
        with self.assertRefused("has not shipped it yet"):
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.with_context(skip_backorder=True).button_validate()
        self.assertConserved()

    def test_a_transfer_of_packages(self):
        package = self.env["stock.package"].create({"name": "PAL1"})
        transfer = self._request()
        ship = self._picking(transfer, "ship").with_user(self.cora)
        ship.move_ids.move_line_ids.result_package_id = package
        self._validate(ship, self.cora)
        self._unload(transfer, quantity=8, damaged=1)
        self.assertEqual(self._quantities(transfer), (10, 1, 9, 0, 0))
        self.assertConserved()
        self.assertTrue(
            self.env["stock.quant"].search([("package_id", "=", package.id)])
        )

    def test_its_owner_has_something_to_do(self):
        transfer = self._shipped()
        short = self._unload(transfer, quantity=8)
        self.assertEqual(short.user_id, self.bea, "who manages the receiving branch")
        self.assertEqual(short.activity_ids.user_id, self.bea)
        self.assertEqual(short.activity_ids.date_deadline, short.date_due)
        short.with_user(self.bea).user_id = self.cleo
        self.assertEqual(short.activity_ids.user_id, self.cleo)
        short.with_user(self.bea).action_settle("write_off")
        self.assertFalse(short.activity_ids)

    def test_evidence(self):
        transfer = self._shipped()
        photo = (
            self.env["ir.attachment"]
            .with_user(self.olga)
            .create({"name": "pallet.jpg", "raw": b"x"})
        )
        short = self._unload(transfer, quantity=8, photo_ids=photo.ids)
        self.assertEqual(short.photo_ids, photo)
        short.with_user(self.bea).action_settle("write_off")
        with self.assertRefused("settled and cannot be changed"):
            short.with_user(self.olga).write({"photo_ids": [Command.clear()]})
