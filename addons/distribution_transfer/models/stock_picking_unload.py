from odoo import Command, models
from odoo.exceptions import UserError

from .own import own

# What an entry may say, besides the move it is about.
QUANTITIES = ("quantity", "damaged", "refused", "swapped")


class StockPicking(models.Model):
    """Unloading a truck: what arrived, and how, in one call."""

    _inherit = "stock.picking"

    def action_unload(self, entries):
        """Receive what arrived, and record what is different.

        What no entry says to have arrived is missing. Nothing is refused because it is
        different: the truck does not wait.

        :param entries: a list of dicts, quantities in the unit of the move:
            ``move_id`` the move of this receipt, or False for goods that are not on it;
            ``lot_id`` the lot that arrived; ``quantity`` in good order; ``damaged``;
            ``refused`` at the door, so that it stays on the road; ``swapped`` of
            ``other_product_id`` that arrived instead; ``note``, ``fault`` and
            ``photo_ids`` for the differences of the entry
        :return: the discrepancies
        :raises UserError: an entry is nonsense, or nothing was shipped; nothing is changed
        """
        self.ensure_one()
        self.check_access("write")
        self._ensure_unloadable()
        transfer = self.transfer_id.sudo()  # differences are for both ends
        transfer._lock()
        before = transfer.discrepancy_ids
        entries = [self._read_entry(entry) for entry in entries]
        self._ensure_complete(entries)
        self._record_refusals(entries)
        self._set_arrived(entries)
        if any(move.picked and move.quantity for move in self._to_unload()):
            context = {"skip_backorder": True, "skip_sms": True}
            self.with_context(**context).button_validate()
        else:
            self.sudo().transfer_unloaded = True  # written by what happens alone
            transfer._moved_nothing(self)
        found = transfer.discrepancy_ids - before
        self._explain(found, entries)
        return found.sudo(False)

    def _ensure_unloadable(self):
        transfer = self.transfer_id.sudo()  # names the document of both ends
        if self.transfer_leg != "receive":
            raise UserError(
                self.env._("%s is not the receipt of a transfer.", self.name)
            )
        if self.state in ("done", "cancel"):
            raise UserError(
                self.env._(
                    "%(picking)s of %(transfer)s is not open any more.",
                    picking=self.name,
                    transfer=transfer.name,
                )
            )
        self._to_unload()._read_chains()
        for move in self._to_unload():
            if any(move._on_the_road().values()):
                return
        raise self.move_ids[:1]._not_shipped_error()

    def _to_unload(self):
        """The moves that the receipt still expects goods for."""
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _read_entry(self, entry):
        """An entry with all its keys and records; refuses nonsense."""
        env = self.env
        move = env["stock.move"].browse(entry.get("move_id") or [])
        move = move.with_prefetch(self.move_ids.ids)
        values = {
            "move": move,
            "lot": env["stock.lot"].browse(entry.get("lot_id") or []),
            "other": env["product.product"].browse(entry.get("other_product_id") or []),
            "note": entry.get("note"),
            "fault": entry.get("fault"),
            "photos": env["ir.attachment"].browse(entry.get("photo_ids") or []),
            **{name: entry.get(name) or 0.0 for name in QUANTITIES},
        }
        values["photos"].check_access("read")
        if move and move not in self._to_unload():
            raise UserError(
                env._("A line is not one that %s still expects.", self.name)
            )
        if any(values[name] < 0 for name in QUANTITIES):
            raise UserError(
                env._(
                    "%s: quantities cannot be negative.",
                    (move.product_id or values["other"]).display_name,
                )
            )
        self._ensure_entry_fits(values)
        return values

    def _ensure_entry_fits(self, entry):
        move, lot, other = entry["move"], entry["lot"].exists(), entry["other"].exists()
        env = self.env
        if not move and not other:
            raise UserError(env._("An entry names neither a line nor a product."))
        if entry["lot"] and (not lot or lot.product_id != (move.product_id or other)):
            raise UserError(
                env._(
                    "The lot is not one of %s. Make it first, or choose another.",
                    (move.product_id or other).display_name,
                )
            )
        if entry["swapped"] and (not other or other == move.product_id):
            raise UserError(
                env._(
                    "Say which product arrived instead of %s.",
                    move.product_id.display_name,
                )
            )
        if move and entry["quantity"] + entry["damaged"]:
            tracked = move.product_id.tracking != "none"
            several = len(move.move_line_ids.lot_id) > 1
            if tracked and several and not lot:
                raise UserError(
                    env._("Say which lot of %s arrived.", move.product_id.display_name)
                )

    def _ensure_complete(self, entries):
        """Who refuses goods, or gets others instead, gets no more than was shipped."""
        said = _by_move(entries)
        for move in self._to_unload():
            mine, unit = said.get(move, ()), move.product_uom
            held = sum(entry["refused"] + entry["swapped"] for entry in mine)
            if not held:
                continue
            arrived = sum(entry["quantity"] + entry["damaged"] for entry in mine)
            shipped = move.product_id.uom_id._compute_quantity(
                sum(move._on_the_road().values()), unit, round=False
            )
            if unit.compare(held + arrived, shipped) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(shipped)s %(unit)s were shipped, so not more can "
                        "arrive, be refused and be another product together.",
                        product=move.product_id.display_name,
                        shipped=f"{shipped:g}",
                        unit=unit.name,
                    )
                )

    # Differences that hold goods on the road, and goods from nowhere.

    def _record_refusals(self, entries):
        values = []
        for entry in entries:
            move = entry["move"].sudo()  # recorded for both ends
            if not move:
                values.append(self._prepare_stranger(entry))
                continue
            for name, kind in (("refused", "refused"), ("swapped", "wrong_item")):
                if entry[name]:
                    line = move.transfer_line_id
                    quantity = move.product_uom._compute_quantity(
                        entry[name], line.product_uom_id, round=False
                    )
                    other = entry["other"].id if name == "swapped" else False
                    values.append(
                        line._prepare_discrepancy(
                            kind,
                            quantity,
                            other_product_id=other,
                            lot_id=entry["lot"].id,
                        )
                    )
        if values:
            self.env["distribution.transfer.discrepancy"]._record(values)

    def _prepare_stranger(self, entry):
        """A line for a product that nobody asked for, and what arrived of it."""
        Line = self.env["distribution.transfer.line"].sudo()  # as _record_refusals
        line = own(Line).create(
            [
                {
                    "transfer_id": self.transfer_id.id,
                    "product_id": entry["other"].id,
                    "requested_qty": entry["quantity"] or entry["swapped"] or 1.0,
                }
            ]
        )
        return line._prepare_discrepancy(
            "over", line.requested_qty, other_lot_id=entry["lot"].id
        )

    # What is received.

    def _set_arrived(self, entries):
        """Bring the move lines to what has arrived, in good order and damaged.

        What no entry tells of is not picked, and so stays expected.
        """
        said, arrived = _by_move(entries), self.env["stock.move"]
        spare, extra = self.env["stock.move.line"], []
        for move, mine in said.items():
            if not move or not any(x["quantity"] + x["damaged"] for x in mine):
                continue
            arrived += move
            if not move._arrived_as_expected(mine):
                unused, values = move._spread(mine)
                spare += unused
                extra += values
        spare.unlink()
        self.env["stock.move.line"].create(extra)
        (self._to_unload() - arrived).picked = False
        arrived.picked = True

    # What people said about it.

    def _explain(self, found, entries):
        """Note what was seen on the discrepancies that an entry has led to."""
        by_line, by_product = {}, {}
        for entry in entries:
            # As superuser: the line is of both ends.
            by_line.setdefault(entry["move"].sudo().transfer_line_id, []).append(entry)
            by_product.setdefault(entry["other"], []).append(entry)
        for discrepancy in found:
            said = by_line.get(discrepancy.transfer_line_id, ())
            said = said or by_product.get(discrepancy.product_id, ())
            lots = discrepancy.lot_id | discrepancy.other_lot_id
            values = _seen(
                x for x in said if not (x["lot"] and lots - x["lot"] == lots)
            )
            if values:
                discrepancy.write(values)
                discrepancy._adopt_photos()


def _by_move(entries):
    """{move: its entries}"""
    found = {}
    for entry in entries:
        found.setdefault(entry["move"], []).append(entry)
    return found


def _seen(entries):
    """What the entries say of a difference, as values of the discrepancy."""
    entries, values = list(entries), {}
    notes = [entry["note"] for entry in entries if entry["note"]]
    faults = [entry["fault"] for entry in entries if entry["fault"]]
    photos = [id_ for entry in entries for id_ in entry["photos"].ids]
    if notes:
        values["note"] = "\n".join(notes)
    if faults:
        values["fault"] = faults[0]
    if photos:
        values["photo_ids"] = [Command.set(photos)]
    return values


class StockMove(models.Model):
    _inherit = "stock.move"

    def _arrived_as_expected(self, entries):
        """Whether the reserved lines say already what has arrived."""
        [entry, *others] = entries
        lots = self.move_line_ids.lot_id
        return (
            not others
            and not entry["damaged"]
            and (not entry["lot"] or lots == entry["lot"])
            and self.product_uom.compare(entry["quantity"], self.quantity) == 0
        )

    def _spread(self, entries):
        """Spread what arrived over the lines that were reserved, by lot.

        Lines keep their packages. A lot that was not expected goes to a line of its own,
        and becomes a discrepancy when the receipt is done.

        :return: the lines that nothing is left for, and values of further lines
        """
        shares = {line: [] for line in self.move_line_ids}
        left = {line: line.quantity_product_uom for line in self.move_line_ids}
        damaged, extra = self.picking_id.branch_id._damaged_location(), []
        lots = self.move_line_ids.lot_id
        for entry in entries:
            lot = entry["lot"] or (lots if len(lots) == 1 else lots[:0])
            lines = [line for line in shares if line.lot_id == lot]
            for name, target in (
                ("quantity", self.location_dest_id),
                ("damaged", damaged),
            ):
                rest = self._share(entry[name], lines, left, shares, target)
                if self.product_id.uom_id.compare(rest, 0) > 0:
                    extra.append(self._prepare_unexpected(lot, rest, target))
        for line, parts in shares.items():
            for number, (quantity, target) in enumerate(parts):
                if number:
                    values = {"quantity": quantity, "location_dest_id": target.id}
                    extra += line.copy_data(values)
                else:
                    line._take(quantity, target)
        unused = [line.id for line, parts in shares.items() if not parts]
        return self.move_line_ids.browse(unused), extra

    def _share(self, quantity, lines, left, shares, target):
        """Take a quantity from what is left on `lines`; returns what is beyond it.

        :param quantity: in the unit of the move; what is returned is in the product's
        """
        unit = self.product_id.uom_id
        wanted = self.product_uom._compute_quantity(quantity, unit, round=False)
        for line in lines:
            taken = min(left[line], wanted)
            if unit.compare(taken, 0) > 0:
                in_unit = unit._compute_quantity(
                    taken, line.product_uom_id, round=False
                )
                shares[line].append((in_unit, target))
                left[line] -= taken
                wanted -= taken
        return wanted

    def _prepare_unexpected(self, lot, quantity, target):
        """Values of a line for goods beyond what was shipped."""
        return {
            **self._prepare_move_line_vals(quantity=0),
            "lot_id": lot.id,
            "quantity": quantity,
            "product_uom_id": self.product_id.uom_id.id,
            "location_dest_id": target.id,
        }


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _take(self, quantity, target):
        """Bring the line to what arrived on it; damaged goods go elsewhere."""
        values = {}
        if self.product_uom_id.compare(self.quantity, quantity):
            values["quantity"] = quantity
        if target.location_role == "damaged":
            values["location_dest_id"] = target.id
        if values:
            self.write(values)
