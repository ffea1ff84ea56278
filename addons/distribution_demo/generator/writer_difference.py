"""Transfers that arrived with differences: open ones of each kind, and settled ones.

Needs the suite.
"""

import base64
from datetime import timedelta

from odoo import fields

from .picture import draw_carton
from .writer_goods import TransferPeopleWriter
from .writer_lot import LOTS

# More than the policy lets pass without asking.
LOSS_VALUE = 130.0


class DifferenceWriter(TransferPeopleWriter):
    theme = "differences"

    def run(self):
        if not self.book.lanes:
            return
        self._write_at_the_door()
        self._write_wrong_goods()
        self._write_losses()
        self._write_settled()
        self._write_corrected()
        self.env.cr.flush()

    def _arrived(self, number, goods, **values):
        """A truck that stands at the door of a depot."""
        key = self._depot(number)
        transfer = self._agreed(
            f"operator.{key}", self.book.lanes[key], goods, **values
        )
        self._load(transfer)
        return self._leave(transfer)

    def _photo(self, number, damage):
        """Ids of a picture that the storeman of a depot has taken."""
        key = self._depot(number)
        data = base64.b64encode(draw_carton(self._next_number(), damage))
        values = {"name": f"{damage}.png", "datas": data, "mimetype": "image/png"}
        return self._as(f"operator.{key}", "ir.attachment").create(values).ids

    # What is open.

    def _write_at_the_door(self):
        """Short, damaged, refused and over, on one truck."""
        transfer = self._arrived(0, self._goods(5))
        self._unload(
            transfer,
            {"missing": 2, "note": "Two are missing; the carton was opened."},
            {
                "damaged": 2,
                "missing": 2,
                "note": "Forklift damage at the corner.",
                "fault": "carrier",
                "photo_ids": self._photo(0, "crushed"),
            },
            {
                "refused": 2,
                "missing": 2,
                "note": "Wet through, not taken.",
                "fault": "carrier",
                "photo_ids": self._photo(0, "wet"),
            },
            {"missing": -3, "note": "Three more than on the slip.", "fault": "shipper"},
        )

    def _write_wrong_goods(self):
        """Another product, another lot, and something that nobody asked for."""
        product = self.book.batch_product
        lots = self.env["stock.lot"].search(
            [("product_id", "=", product.id)], order="id"
        )
        first, second = (lots.filtered(lambda x, n=name: x.name == n) for name in LOTS)
        goods = self._goods(1) | {product.id: 8}
        [other, stranger] = self._goods(2)
        transfer = self._arrived(1, goods, reason="balancing")
        shipped = self._operation(transfer, "receive").move_ids.move_line_ids.lot_id
        arrived = (first | second) - shipped
        self._unload(
            transfer,
            {
                "swapped": 2,
                "missing": 2,
                "other_product_id": other,
                "note": "Two of the next size in the box.",
                "fault": "shipper",
                "photo_ids": self._photo(1, "whole"),
            },
            {
                "lot_id": arrived[:1].id,
                "note": "The label says another lot.",
                "fault": "shipper",
            },
            {
                "other_product_id": stranger,
                "quantity": 3,
                "note": "Not on the slip at all.",
                "fault": "shipper",
            },
        )

    def _write_losses(self):
        """A loss that waits for an approval, and goods that come with the next truck."""
        key = self._depot(2)
        dear = self._dear_goods(LOSS_VALUE)
        transfer = self._arrived(2, dear | self._goods(2))
        lost, later, *_rest = self._unload(
            transfer,
            {
                "missing": next(iter(dear.values())) - 2,
                "note": "Not on the truck, and not at the sender either.",
                "fault": "shipper",
                "photo_ids": self._photo(2, "whole"),
            },
            {"missing": 2, "note": "Left on the ramp in Halden."},
        ).sorted("id")
        self._ask_loss(f"manager.{key}", lost)
        self._settle(
            *(f"operator.{key}", later, "later"),
            expected_date=fields.Date.today() + timedelta(days=2),
        )

    def _ask_loss(self, who, discrepancy):
        self._like(who, discrepancy).action_settle("write_off")
        if discrepancy.state != "requested":
            raise AssertionError(f"{discrepancy.name} should wait for approval")

    # What is settled.

    def _write_settled(self):
        """Claimed, written off, sent back, found again, arrived after all; closed."""
        key = self._depot(0)
        transfer = self._arrived(0, self._dear_goods(0) | self._goods(4, quantity=8))
        claimed, lost, refused, found, late = self._in_order(
            transfer,
            self._unload(
                transfer,
                {
                    "damaged": 3,
                    "missing": 3,
                    "note": "The driver has signed for it.",
                    "fault": "carrier",
                    "photo_ids": self._photo(0, "crushed"),
                },
                {"missing": 1, "note": "Searched everywhere."},
                {"refused": 2, "missing": 2, "note": "Wet.", "fault": "carrier"},
                {"missing": 1, "note": "One box short."},
                {"missing": 2},
            ),
        )
        self._settle(f"manager.{key}", claimed, "claim", note="Claim 4471 is out.")
        self._settle(f"manager.{key}", lost, "write_off", fault="receiver")
        self._settle(f"manager.{key}", refused, "return")
        self._take_back(transfer)
        self._settle("operator.central", found, "found", note="Still on the shelf.")
        self._settle(f"operator.{key}", late, "later")
        self._unload(transfer)
        if transfer.state != "reconciled":
            raise AssertionError(f"{transfer.name} should be reconciled")
        self._like(f"manager.{key}", transfer).action_close()

    def _in_order(self, transfer, found):
        """In the order of the lines of the transfer."""
        lines = self._freely(transfer).line_ids.sorted("id").ids
        return found.sorted(lambda x: lines.index(x.transfer_line_id.id))

    def _take_back(self, transfer):
        """The sender receives what comes back, and puts it away."""
        returning = self._freely(transfer).picking_ids.filtered(
            lambda x: x.transfer_leg == "return" and x.state not in ("done", "cancel")
        )
        mine = self._like("operator.central", returning)
        mine.action_assign()
        self._validate(mine)

    def _write_corrected(self):
        """What arrived in truth is booked, at both ends."""
        key = self._depot(1)
        goods = self._goods(3)
        [other] = self._goods(1)
        transfer = self._arrived(1, goods)
        swapped, over, damaged = self._in_order(
            transfer,
            self._unload(
                transfer,
                {
                    "swapped": 2,
                    "missing": 2,
                    "other_product_id": other,
                    "fault": "shipper",
                    "note": "Mixed up.",
                },
                {"missing": -2, "fault": "shipper", "note": "Two extra."},
                {"damaged": 1, "missing": 1, "note": "Box torn.", "fault": "carrier"},
            ),
        )
        self._settle("operator.central", swapped, "correct")
        self._settle("operator.central", over, "accept")
        self._settle(f"operator.{key}", damaged, "accept", note="Only the box.")
