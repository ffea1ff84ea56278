import base64

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import TransferCase

RECEIVING = "distribution.transfer.receiving"
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestTransferReceiving(TransferCase):
    """What people tell at the dock; how it is settled is tested elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint = cls._new_product("Paint", tracking="lot")
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": name, "product_id": cls.paint.id, "company_id": cls.company.id}
                for name in ("LOT-A", "LOT-B")
            ]
        )
        for lot in cls.lots:
            cls.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": cls.paint.id,
                    "lot_id": lot.id,
                    "location_id": cls.central.warehouse_id.lot_stock_id.id,
                    "inventory_quantity": 50,
                }
            ).action_apply_inventory()
        cls._stock_at(cls.north, cls.paint)

    def _shipped(self, **values):
        transfer = self._request(**values)
        self._ship(transfer)
        return transfer

    def _receiving(self, transfer, user=None):
        """The receiving that the button of the transfer opens."""
        action = transfer.with_user(user or self.olga).action_receive()
        self.assertEqual(action["res_model"], RECEIVING)
        return self.env[RECEIVING].with_user(user or self.olga).browse(action["res_id"])

    def _row(self, receiving, product=None):
        product = product or self.bolt
        return receiving.line_ids.filtered(lambda line: line.product_id == product)[:1]

    def _tell(self, transfer, product=None, **values):
        """Confirm a receiving on which one line says `values`; returns what was found."""
        receiving = self._receiving(transfer)
        self._row(receiving, product).write(values)
        receiving.action_confirm()
        return {found.kind: found.quantity for found in transfer.sudo().discrepancy_ids}

    def assertNothingHappened(self, transfer):
        self.assertFalse(transfer.sudo().discrepancy_ids)
        self.assertEqual(self._quantities(transfer), (10, 10, 0, 0, 0))

    def test_everything_arrived(self):
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        self.assertEqual(receiving.line_ids.mapped("expected_qty"), [10, 20])
        self.assertEqual(receiving.line_ids.mapped("received_qty"), [10, 20])
        self.assertFalse(receiving.difference_count)
        answer = receiving.action_receive_all()
        self.assertEqual(answer["params"]["message"], "All 2 lines complete.")
        self.assertEqual(answer["params"]["next"]["res_id"], transfer.id)
        self.assertEqual(transfer.state, "reconciled")
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        receipt = transfer.sudo().picking_ids.filtered("received_by_id")
        self.assertEqual(receipt.received_by_id, self.olga)
        with self.assertRefused("received already"):
            receiving.action_confirm()
        with self.assertRefused("Everything of .* is received"):
            transfer.with_user(self.olga).action_receive()

    def test_everything_arrived_after_all(self):
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        self._row(receiving).write({"received_qty": 3, "damaged_qty": 1})
        receiving.action_receive_all()
        self.assertFalse(transfer.discrepancy_ids)
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))

    def test_fewer(self):
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        row = self._row(receiving)
        row.received_qty = 8
        self.assertEqual(row.difference, "2 missing")
        answer = receiving.action_confirm()
        self.assertEqual(
            answer["params"]["message"],
            "1 of 2 lines complete, 1 discrepancies recorded.",
        )
        self.assertEqual(transfer.discrepancy_ids.mapped("kind"), ["short"])
        self.assertEqual(self._quantities(transfer), (10, 2, 8, 0, 0))
        self.assertConserved(transfer)

    def test_nothing_of_a_product(self):
        transfer = self._shipped()
        self.assertEqual(self._tell(transfer, received_qty=0), {"short": 10})
        self.assertEqual(self._quantities(transfer, self.nut), (20, 0, 20, 0, 0))
        self.assertConserved(transfer)

    def test_nothing_at_all(self):
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        receiving.line_ids.received_qty = 0
        receiving.action_confirm()
        self.assertEqual(transfer.state, "received")
        self.assertEqual(sum(transfer.discrepancy_ids.mapped("quantity")), 30)
        self.assertConserved(transfer)

    def test_more(self):
        transfer = self._shipped()
        self.assertEqual(self._tell(transfer, received_qty=13), {"over": 3})
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        self.assertConserved(transfer)

    def test_damaged(self):
        transfer = self._shipped()
        self.assertEqual(self._tell(transfer, damaged_qty=4), {"damaged": 4})
        self.assertEqual(self._quantities(transfer), (10, 0, 10, 0, 0))
        damaged = self.north._damaged_location()
        quant = self.env["stock.quant"].search([("location_id", "=", damaged.id)])
        self.assertEqual((quant.product_id, quant.quantity), (self.bolt, 4))
        self.assertConserved(transfer)

    def test_refused_at_the_door(self):
        transfer = self._shipped()
        with Form(self._receiving(transfer)) as form:
            with form.line_ids.edit(0) as line:
                line.refused_qty = 3
                self.assertEqual(line.received_qty, 7, "what is refused did not arrive")
                self.assertEqual(line.difference, "3 refused")
            self.assertEqual(form.difference_count, 1)
        form.record.action_confirm()
        self.assertEqual(transfer.discrepancy_ids.mapped("kind"), ["refused"])
        self.assertEqual(self._quantities(transfer), (10, 3, 7, 0, 0))
        self.assertConserved(transfer)

    def test_another_product_instead(self):
        transfer = self._shipped()
        washer = self._new_product("Washer")
        with Form(self._receiving(transfer)) as form, form.line_ids.edit(0) as line:
            line.other_product_id = washer
            line.other_qty = 2
            self.assertEqual(line.received_qty, 8)
        form.record.action_confirm()
        found = transfer.discrepancy_ids
        self.assertEqual((found.kind, found.quantity), ("wrong_item", 2))
        self.assertEqual(found.other_product_id, washer)
        self.assertEqual(self._quantities(transfer), (10, 2, 8, 0, 0))
        self.assertConserved(transfer)

    def test_a_product_that_is_not_on_the_list(self):
        transfer = self._shipped()
        washer = self._new_product("Washer")
        with Form(self._receiving(transfer)) as form:
            with form.line_ids.new() as line:
                line.product_id = washer
                line.received_qty = 5
                self.assertEqual(line.difference, "5 too many")
        form.record.action_confirm()
        found = transfer.sudo().discrepancy_ids
        self.assertEqual((found.kind, found.product_id), ("over", washer))
        self.assertEqual(found.quantity, 5)

    def test_another_lot(self):
        transfer = self._shipped(quantities={self.paint: 10})
        receiving = self._receiving(transfer)
        row = self._row(receiving, self.paint)
        shipped = row.shipped_lot_id
        self.assertEqual(row.lot_id, shipped)
        row.lot_id = self.lots - shipped
        self.assertEqual(row.difference, "another lot")
        receiving.action_confirm()
        found = transfer.discrepancy_ids
        self.assertEqual((found.kind, found.quantity), ("wrong_lot", 10))
        self.assertEqual(found.lot_id, shipped)
        self.assertEqual(found.other_lot_id, self.lots - shipped)
        self.assertConserved(transfer)

    def test_a_line_for_each_lot(self):
        transfer = self._shipped(quantities={self.paint: 60})
        receiving = self._receiving(transfer)
        self.assertEqual(receiving.line_ids.lot_id, self.lots)
        self.assertEqual(sum(receiving.line_ids.mapped("expected_qty")), 60)
        row = receiving.line_ids.filtered(lambda x: x.lot_id == self.lots[1])
        row.received_qty -= 4
        receiving.action_confirm()
        found = transfer.discrepancy_ids
        self.assertEqual((found.kind, found.quantity), ("short", 4))
        self.assertEqual(self._quantities(transfer, self.paint), (60, 4, 56, 0, 0))
        self.assertConserved(transfer)

    def test_what_was_seen(self):
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        row = self._row(receiving)
        photo = (
            self.env["ir.attachment"]
            .with_user(self.olga)
            .create({"name": "crushed.png", "datas": PIXEL, "res_model": row._name})
        )
        row.write(
            {
                "damaged_qty": 1,
                "note": "Crushed, the driver has seen it",
                "fault": "carrier",
                "photo_ids": [Command.set(photo.ids)],
            }
        )
        receiving.action_confirm()
        found = transfer.discrepancy_ids.with_user(self.cleo)
        self.assertEqual(found.note, "Crushed, the driver has seen it")
        self.assertEqual(found.fault, "carrier")
        self.assertEqual(found.photo_ids.datas, PIXEL, "the sender sees the evidence")
        self.assertTrue(base64.b64decode(found.photo_ids.datas))

    def test_nonsense_is_refused(self):
        transfer = self._shipped()
        receiving, row = self._receiving(transfer), None
        row = self._row(receiving)
        washer = self._new_product("Washer")
        for values, pattern in (
            ({"received_qty": -1}, "cannot be negative"),
            ({"refused_qty": -1}, "cannot be negative"),
            ({"received_qty": 2, "damaged_qty": 3}, "part of what was received"),
            ({"refused_qty": 1}, "10 were shipped, and 11 are"),
            ({"other_qty": 1}, "which product arrived instead"),
            ({"other_product_id": washer.id}, "how much of it"),
            ({"lot_id": self.lots[0].id}, "lot LOT-A is one of Paint"),
        ):
            with self.subTest(values), self.assertRefused(pattern):
                row.write(values)
                receiving.action_confirm()
            row._reset()
            self.assertNothingHappened(transfer)
        receiving.line_ids = [
            Command.create({"product_id": self.bolt.id, "received_qty": 1})
        ]
        with self.assertRefused("on this truck's list already"):
            receiving.action_confirm()
        self.assertNothingHappened(transfer)

    def test_scanning(self):
        self.bolt.barcode, self.nut.default_code = "40063813", "NUT8"
        transfer = self._shipped(quantities={self.bolt: 2, self.nut: 1, self.paint: 3})
        with Form(self._receiving(transfer)) as form:
            for code in ("40063813", "NUT8", "40063813", "LOT-A", transfer.name):
                form.barcode = code
                self.assertFalse(form.barcode, "ready for the next one")
            self.assertTrue(form.is_counting)
            form._barcode_scanned = "LOT-A"
        received = {line.product_id: line.received_qty for line in form.record.line_ids}
        self.assertEqual(received, {self.bolt: 2, self.nut: 1, self.paint: 2})
        form.record.action_confirm()
        self.assertEqual(transfer.discrepancy_ids.mapped("quantity"), [1])

    def test_scanning_what_is_not_on_the_list(self):
        washer = self._new_product("Washer", barcode="5901234")
        transfer = self._shipped()
        receiving = self._receiving(transfer)
        with Form(receiving) as form:
            form.barcode = "5901234"
            form.barcode = "5901234"
            self.assertEqual(form.difference_count, 3, "two missing, one too many")
        row = self._row(form.record, washer)
        self.assertEqual((row.received_qty, row.expected_qty), (2, 0))
        warning = receiving._scan("nobody knows")
        self.assertIn("nobody knows", warning["warning"]["message"])

    def test_only_the_receiver_receives(self):
        transfer = self._shipped()
        with self.assertRefused("done by the people of"):
            transfer.with_user(self.cora).action_receive()
        with self.assertRaises(AccessError), self.cr.savepoint():
            transfer.with_user(self.wim).action_receive()
        receipt = self._picking(transfer, "receive")
        Receiving = self.env[RECEIVING]
        for user, error in ((self.cora, "people of"), (self.wim, "access")):
            with self.assertRaisesRegex(Exception, error), self.cr.savepoint():
                Receiving.with_user(user).create({"picking_id": receipt.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._receiving(transfer).with_user(self.wim).action_confirm()
        self.assertNothingHappened(transfer)

    def test_nothing_shipped_yet(self):
        transfer = self._request()
        with self.assertRefused("was shipped yet"):
            transfer.action_receive()
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        with self.assertRefused("has not shipped it yet"):
            receipt.action_open_receiving()

    def test_a_shipment_is_no_receipt(self):
        transfer = self._request()
        picking = self._picking(transfer, "ship").with_user(self.olga)
        with self.assertRefused("is not the receipt"):
            picking.action_open_receiving()

    def test_a_move_of_another_truck(self):
        transfer, other = self._shipped(), self._shipped()
        receiving = self._receiving(transfer)
        moves = self._picking(other, "receive").move_ids
        self._row(receiving).move_id = moves.filtered(
            lambda move: move.product_id == self.bolt
        )
        with self.assertRefused("is not one"):
            receiving.action_confirm()
        self.assertNothingHappened(transfer)
        self.assertNothingHappened(other)

    def test_the_second_of_two_receivers(self):
        transfer = self._shipped()
        first, second = self._receiving(transfer), self._receiving(transfer)
        first.action_confirm()
        with self.assertRefused("not open any more"):
            second.action_confirm()

    def test_the_next_truck_comes_before_what_was_missing(self):
        transfer = self._request()
        self._ship(transfer, {self.bolt: 6, self.nut: 0})
        self._tell(transfer, received_qty=5)
        self._ship(transfer)
        receiving = self._receiving(transfer)
        self.assertEqual(self._row(receiving).expected_qty, 4)
        receiving.action_receive_all()
        self.assertEqual(self._row(self._receiving(transfer)).expected_qty, 1)

    def test_who_received_is_not_typed(self):
        transfer = self._shipped()
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        with self.assertRefused("Who received"):
            receipt.received_by_id = self.bea

    def test_opening_costs_the_same_for_every_length(self):
        products = self.env["product.product"].create(
            [{"name": f"Screw {n}", "is_storable": True} for n in range(60)]
        )
        for product in products:
            self._count(product, self.central, 5)
        counts = []
        for some in (products[:3], products[:3], products):
            transfer = self._shipped(
                quantities=dict.fromkeys(some, 1), reason="balancing"
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            receiving = self._receiving(transfer)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(receiving.line_ids), len(some))
        self.assertLessEqual(counts[2] - counts[1], 10)
