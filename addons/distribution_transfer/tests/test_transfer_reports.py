from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..report.code128 import code128_image
from .common import TransferCase
from .test_transfer_receiving import PIXEL

PREFIX = "distribution_transfer."
REPORTS = ("transfer_slip", "transfer_packing_list", "transfer_receiving")


@tagged("post_install", "-at_install")
class TestTransferReports(TransferCase):
    def _print(self, report, records, user=None):
        """The document as a tree; it is printed as PDF from the same HTML."""
        Report = self.env["ir.actions.report"].with_user(user or self.olga)
        content, _type = Report._render_qweb_html(PREFIX + report, records.ids)
        return html.fromstring(content.decode())

    def _codes(self, page):
        return [image.get("alt") for image in page.iterfind(".//img[@src]")]

    def _shipped(self, **values):
        transfer = self._request(**values)
        self._ship(transfer)
        return transfer

    def test_people_of_both_ends_print(self):
        transfer = self._shipped()
        self._receive(transfer, {self.bolt: 8})
        people = (self.olga, self.bea, self.cora, self.cleo, self.paul, self.boss)
        for report in REPORTS:
            for user in people:
                with self.subTest(report=report, user=user.login):
                    page = self._print(report, transfer, user)
                    self.assertIn(transfer.name, page.text_content())
                    self.assertIn(transfer.name, self._codes(page))
            with self.assertRaises(AccessError):
                self._print(report, transfer, self.wim)

    def test_every_state(self):
        draft = self._transfer()
        approved = self._request()
        for report in REPORTS:
            for transfer in (draft, approved):
                text = self._print(report, transfer).text_content()
                self.assertIn(transfer.name, text)
        text = self._print("transfer_packing_list", draft).text_content()
        self.assertIn("nothing to load", text)
        text = self._print("transfer_receiving", approved).text_content()
        self.assertIn("Nothing was received yet", text)

    def test_slip(self):
        transfer = self._transfer(note="<p>Ring at gate 3</p>")
        self.bolt.standard_price = 7654.0
        transfer.action_request()
        self._ship(transfer, {self.bolt: 6})
        page = self._print("transfer_slip", transfer)
        rows = [
            [cell.text_content().strip() for cell in row.iterfind("td")]
            for row in page.iterfind(".//tbody/tr")
        ]
        self.assertIn(
            ["1", self.bolt.display_name, "10", "10", "6", self.bolt.uom_id.name], rows
        )
        text = page.text_content()
        for shown in (
            "Ring at gate 3",
            "Sender",
            "Driver",
            "Receiver",
            "[CEN] Central",
        ):
            self.assertIn(shown, text)
        self.assertNotIn("7,654", text, "drivers see the slip")

    def test_packing_list(self):
        paint = self._new_product("Paint", tracking="lot", barcode="4006381333931")
        lot = self.env["stock.lot"].create({"name": "LOT-A", "product_id": paint.id})
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": paint.id,
                "lot_id": lot.id,
                "location_id": self.central.warehouse_id.lot_stock_id.id,
                "inventory_quantity": 5,
            }
        ).action_apply_inventory()
        self.bolt.default_code = "BOLT-8"
        self.nut.default_code = "Ø8"
        transfer = self._request(
            quantities={paint: 5, self.bolt: 1, self.nut: 1}, reason="balancing"
        )
        for _time in ("to be loaded", "loaded"):
            picking = transfer.sudo().picking_ids.filtered(
                lambda picking: picking.transfer_leg == "ship"
            )
            for report, record in (
                ("transfer_packing_list", transfer),
                ("picking_packing_list", picking),
            ):
                page = self._print(report, record, self.cora)
                codes = self._codes(page)
                for code in (transfer.name, paint.barcode, "LOT-A", "BOLT-8"):
                    self.assertIn(code, codes)
                self.assertNotIn("Ø8", codes, "there is no barcode for it")
                self.assertIn("Ø8", page.text_content())
            if picking.state != "done":
                self._ship(transfer)

    def test_receiving_report(self):
        transfer = self._shipped()
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        receipt.action_unload(
            [
                {
                    "move_id": move.id,
                    "quantity": move.product_uom_qty - 3,
                    "damaged": 1,
                    "note": "Box was open",
                    "fault": "carrier",
                }
                for move in receipt.move_ids
            ]
        )
        text = self._print("transfer_receiving", transfer, self.cora).text_content()
        for shown in ("Box was open", "Carrier", "Short", "Damaged", "olga"):
            self.assertIn(shown, text)
        self.assertNotIn("Returned", text, "nothing was")
        short = self._discrepancy(transfer, "short")
        short.with_user(self.bea).action_settle("claim")
        text = self._print("transfer_receiving", transfer).text_content()
        self.assertIn("Claim from the carrier", text)
        self.assertIn("Written Off", text)

    def test_photos_are_printed_once(self):
        transfer = self._shipped()
        receipt = self._picking(transfer, "receive").with_user(self.olga)
        photos = (
            self.env["ir.attachment"]
            .with_user(self.olga)
            .create(
                [
                    {"name": "crushed.png", "datas": PIXEL},
                    {"name": "note.txt", "raw": b"seen by the driver"},
                    {"name": "broken.png", "raw": b"x", "mimetype": "image/png"},
                ]
            )
        )
        move = receipt.move_ids.filtered(lambda x: x.product_id == self.bolt)
        entry = {"move_id": move.id, "quantity": 5, "damaged": 2}
        receipt.action_unload([{**entry, "photo_ids": photos.ids}])
        first = transfer.discrepancy_ids.sorted("id")[0]
        page = self._print("transfer_receiving", transfer)
        self.assertEqual(self._codes(page).count("Photo"), 1)
        self.assertIn("note.txt", page.text_content())
        self.assertIn(f"see {first.name}", page.text_content())

    def test_language_of_the_receiver(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        transfer = self._shipped()
        self.north.partner_id = self.env["res.partner"].create(
            {"name": "Nord", "lang": "fr_FR"}
        )
        self.assertEqual(transfer._print_lang(), "fr_FR")
        self.assertEqual(
            transfer.with_context(lang="fr_FR")._print_quantity(1234.5)[-2:], ",5"
        )
        self.assertEqual(transfer._print_quantity(10.0), "10")
        for report in REPORTS:
            self._print(report, transfer)

    def test_queries_do_not_grow_with_the_lines(self):
        products = self.env["product.product"].create(
            [
                {"name": f"Screw {n}", "is_storable": True, "default_code": f"S{n}"}
                for n in range(300)
            ]
        )
        short, long = (
            self._transfer(quantities=dict.fromkeys(some, 1), reason="balancing")
            for some in (products[:3], products)
        )
        for transfer in short | long:
            transfer.action_request()
        for report in REPORTS:
            self._print(report, short)  # warm
            counts = []
            for transfer in (short, long):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                page = self._print(report, transfer)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertIn("Screw 299", page.text_content())
            self.assertLessEqual(counts[1] - counts[0], 12, report)

    def test_barcode(self):
        self.assertIn('alt="TR000001"', code128_image("TR000001"))
        self.assertIn("image/svg+xml", code128_image("4006381333931"))
        self.assertIn("width:62mm", code128_image("X" * 80))
        self.assertEqual(code128_image("Ø<8"), "Ø&lt;8", "text, where it is no barcode")
        self.assertEqual(code128_image(False), "")
