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
        """No more can be refused or swapped than was shipped."""
        for move in self._to_unload():
            mine = [entry for entry in entries if entry["move"] == move]
            unit = move.product_uom
            shipped = move.product_id.uom_id._compute_quantity(
                sum(move._on_the_road().values()), unit, round=False
            )
            held = sum(entry["refused"] + entry["swapped"] for entry in mine)
            if unit.compare(held, shipped) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(shipped)s %(unit)s were shipped, so not more can "
                        "be refused or be another product.",
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
            own(self.env["distribution.transfer.discrepancy"].sudo()).create(values)

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
        """Bring the move lines to what has arrived, in good order and damaged."""
        for move in self._to_unload():
            mine = [entry for entry in entries if entry["move"] == move]
            if not mine:
                move._arrive_nothing()
            elif not move._arrived_as_expected(mine):
                move._set_arrived(mine)
        self._to_unload().filtered("quantity").picked = True

    # What people said about it.

    def _explain(self, found, entries):
        """Note what was seen on the discrepancies that an entry has led to."""
        for discrepancy in found:
            said = [
                entry
                for entry in entries
                if entry["move"].sudo().transfer_line_id == discrepancy.transfer_line_id
                or entry["other"] == discrepancy.product_id
            ]
            values = {}
            notes = [entry["note"] for entry in said if entry["note"]]
            faults = [entry["fault"] for entry in said if entry["fault"]]
            photos = [id_ for entry in said for id_ in entry["photos"].ids]
            if notes:
                values["note"] = "\n".join(notes)
            if faults:
                values["fault"] = faults[0]
            if photos:
                values["photo_ids"] = [Command.set(photos)]
            if values:
                discrepancy.write(values)


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

    def _arrive_nothing(self):
        self.move_line_ids.quantity = 0.0

    def _set_arrived(self, entries):
        """Spread what arrived over the lines that were reserved, by lot.

        Lines keep their packages. What was not expected goes to a line of its own, and
        becomes a discrepancy when the receipt is done.
        """
        pools = {
            lot: [[line, line.quantity_product_uom] for line in lines]
            for lot, lines in self.move_line_ids.grouped("lot_id").items()
        }
        damaged = self.picking_id.branch_id._damaged_location()
        self.move_line_ids.quantity = 0.0
        for entry in entries:
            lot = entry["lot"]
            if not lot and len(pools) == 1:
                lot = next(iter(pools))
            pool = pools.setdefault(lot, [])
            self._take_from(pool, lot, entry["quantity"], self.location_dest_id)
            self._take_from(pool, lot, entry["damaged"], damaged)
        self.move_line_ids.filtered(lambda line: not line.quantity).unlink()

    def _take_from(self, pool, lot, quantity, target):
        """Put `quantity`, in the unit of the move, on lines of `pool` to `target`."""
        unit = self.product_id.uom_id
        wanted = self.product_uom._compute_quantity(quantity, unit, round=False)
        for item in pool:
            line, rest = item
            taken = min(rest, wanted)
            if unit.compare(taken, 0) > 0:
                self._fill(line, taken, target)
                item[1] -= taken
                wanted -= taken
        if unit.compare(wanted, 0) > 0:
            values = self._prepare_move_line_vals(quantity=0)
            values.update(
                lot_id=lot.id,
                quantity=wanted,
                product_uom_id=unit.id,
                location_dest_id=target.id,
                picked=True,
            )
            self.env["stock.move.line"].create(values)

    def _fill(self, line, quantity, target):
        """Put a quantity on a line, or beside it where it goes elsewhere."""
        in_unit = self.product_id.uom_id._compute_quantity(
            quantity, line.product_uom_id, round=False
        )
        if not line.quantity:
            if target != self.location_dest_id:
                line.location_dest_id = target
            line.quantity = in_unit
        else:
            line.copy({"quantity": in_unit, "location_dest_id": target.id})
