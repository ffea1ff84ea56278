from collections import defaultdict
from contextlib import contextmanager

from odoo import Command, fields, models
from odoo.exceptions import UserError

from .stock_move import TRANSIT_LEGS

# Kept at the cursor, on the server: a context could be sent by a client.
DOING = "distribution_transfer_doing"
SETTLING = "distribution_transfer_settling"


class StockMove(models.Model):
    """What is checked before goods of a transfer move, and what follows when they have."""

    _inherit = "stock.move"

    # Which code moves goods now.

    @contextmanager
    def _flagged(self, key):
        cache = self.env.cr.cache
        before, cache[key] = cache.get(key), True
        try:
            yield
        finally:
            cache[key] = before

    def _is_being_done(self):
        return bool(self.env.cr.cache.get(DOING))

    def _is_settling(self):
        """Whether a discrepancy is being settled now."""
        return bool(self.env.cr.cache.get(SETTLING))

    def _settling(self):
        """Within, moves may be changed in ways that only settling does."""
        return self._flagged(SETTLING)

    # Done.

    def _action_done(self, cancel_backorder=False):
        governed = self.filtered(lambda move: move.transfer_leg in TRANSIT_LEGS)
        if not governed:
            done = super()._action_done(cancel_backorder)
            counts = done.filtered("is_inventory")
            if counts:
                # As superuser: what waits for the count is of both ends of its lane.
                waiting = self.env["distribution.transfer.discrepancy"].sudo()
                waiting._match_waiting(counts.with_env(waiting.env))
            return done
        # The transfer is for both ends; the user's right is that to his moves.
        transfers = governed.transfer_id.sudo()
        transfers._lock()
        governed._ensure_transfer_allows()
        surplus = governed._divert_surplus()
        governed._mark_unloaded()
        governed._unpack_what_is_split()
        with self._flagged(DOING):
            done = self._do_governed(governed, cancel_backorder)
        travelled = done.filtered(lambda move: move.transfer_leg in TRANSIT_LEGS)
        travelled = travelled.sudo()  # what follows concerns both ends
        travelled.filtered(lambda move: move.transfer_leg == "ship")._split_receipts()
        transfers._follow_goods(travelled, surplus)
        return done

    def _do_governed(self, governed, cancel_backorder):
        """Goods that did not arrive are still on the road, whatever the client says."""
        if not cancel_backorder:
            return super()._action_done(cancel_backorder)
        kept = governed.filtered(lambda move: move.transfer_leg != "ship")
        done = super(StockMove, self - kept)._action_done(cancel_backorder)
        return done | super(StockMove, kept)._action_done(False)

    def _ensure_transfer_allows(self):
        """:raises UserError: saying why the goods may not move"""
        shipping = defaultdict(float)
        for move in self.filtered(lambda move: move.picked and move.quantity):
            transfer = move.transfer_id.sudo()  # the state is for both ends
            if transfer.state in ("closed", "cancelled", "rejected"):
                raise UserError(
                    self.env._(
                        "%(transfer)s is %(state)s. Request another transfer for these "
                        "goods.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )
            if move.transfer_leg in ("loss", "send_back") and not self._is_settling():
                raise UserError(
                    self.env._(
                        "%(product)s of %(transfer)s is on the road. Settle its "
                        "discrepancy instead.",
                        product=move.product_id.display_name,
                        transfer=transfer.name,
                    )
                )
            if move.transfer_leg == "ship" and not move.discrepancy_id:
                line = move.transfer_line_id
                shipping[line] += move.product_uom._compute_quantity(
                    move._get_picked_quantity(), line.product_uom_id, round=False
                )
        for line, quantity in shipping.items():
            line._ensure_approved(quantity)

    # Receiving more, or another lot, than is on the road.

    def _divert_surplus(self):
        """Receive what is on the road; tell what else the user says has arrived.

        :return: {move: [(lot, quantity beyond what was shipped)]}, the lot as the user
            gave it; quantities in the unit of the product
        :raises UserError: nothing of the move was shipped
        """
        surplus = defaultdict(list)
        takers = self.filtered(
            lambda move: (
                move.transfer_leg in ("receive", "return")
                and move.picked
                and move.quantity
            )
        )
        takers._read_chains()
        for move in takers:
            available = move._on_the_road()
            if not any(available.values()):
                raise move._not_shipped_error()
            for line in move.move_line_ids.filtered("picked"):
                lot, quantity = line.lot_id, line.quantity_product_uom
                taken = min(quantity, max(available.get(lot, 0.0), 0.0))
                available[lot] = available.get(lot, 0.0) - taken
                rest = quantity - taken
                if move.product_id.uom_id.compare(rest, 0) > 0:
                    surplus[move].append((lot, rest))
                    line.quantity = move.product_id.uom_id._compute_quantity(
                        taken, line.product_uom_id, rounding_method="HALF-UP"
                    )
        return surplus

    def _mark_unloaded(self):
        """What these receipts do not receive now is missing from here on."""
        unloaded = self.filtered(
            lambda move: move.transfer_leg == "receive"
            and move.picked
            and move.quantity
        ).picking_id.filtered(lambda picking: not picking.transfer_unloaded)
        if unloaded:
            unloaded.sudo().transfer_unloaded = True  # written by what happens alone

    def _unpack_what_is_split(self):
        """A package that arrives in part, or in two places, is unpacked.

        Odoo refuses one package in two locations, and the truck must not wait.
        """
        lines = self.filtered(
            lambda move: move.transfer_leg == "receive"
        ).move_line_ids.filtered(
            lambda line: line.picked and line.package_id and line.quantity
        )
        if not lines:
            return
        groups = self.env["stock.quant"]._read_group(
            [
                ("package_id", "in", lines.package_id.ids),
                ("location_id", "in", lines.location_id.ids),
            ],
            ["package_id"],
            ["quantity:sum"],
        )
        held = {package: quantity for package, quantity in groups}
        for package, moved in lines.grouped("package_id").items():
            rest = held.get(package, 0.0) - sum(moved.mapped("quantity_product_uom"))
            if len(moved.location_dest_id) > 1 or round(rest, 6) > 0:
                moved.result_package_id = False

    def _read_chains(self):
        """Read at once what `_on_the_road` looks at for each of these moves."""
        origins = self.sudo().move_orig_ids  # as there
        (origins | origins.move_dest_ids).move_line_ids.mapped("quantity_product_uom")

    def _on_the_road(self):
        """{lot: quantity} that was shipped for this move and is nowhere else yet."""
        # As superuser: what was shipped was shipped by the other branch.
        move = self.sudo()
        quantities = defaultdict(float)
        for line in move.move_orig_ids.filtered(
            lambda m: m.state == "done"
        ).move_line_ids:
            quantities[line.lot_id] += line.quantity_product_uom
        siblings = move.move_orig_ids.move_dest_ids - move
        for line in siblings.filtered(lambda m: m.state == "done").move_line_ids:
            quantities[line.lot_id] -= line.quantity_product_uom
        return quantities

    def _not_shipped_error(self):
        transfer = self.transfer_id.sudo()  # names the document of both ends
        return UserError(
            self.env._(
                "%(product)s of %(transfer)s is not on the road: %(branch)s has not "
                "shipped it yet. Receive it when the truck is loaded in the system, or "
                "ask %(branch)s to do so.",
                product=self.product_id.display_name,
                transfer=transfer.name,
                branch=transfer.source_branch_id.display_name,
            )
        )

    # A truck that did not take everything.

    def _split_receipts(self):
        """What the truck has not taken gets a receipt of its own, with the next truck."""
        receipts = self.move_dest_ids.filtered(
            lambda move: (
                move.transfer_leg == "receive" and move.state not in ("done", "cancel")
            )
        )
        values = []
        for receipt in receipts:
            waiting = receipt.move_orig_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            if waiting:
                values += receipt._split_for(waiting)
        rest = self.create(values)
        rest._action_confirm(merge=False, create_proc=False)
        pickings = self.picking_id | self.picking_id.backorder_ids
        left_behind = pickings.move_ids.move_dest_ids
        rest |= left_behind.filtered(
            lambda move: (
                move.transfer_leg == "receive"
                and move.state not in ("done", "cancel")
                and not any(orig.state == "done" for orig in move.move_orig_ids)
            )
        )
        rest._wait_for_next_truck()

    def _split_for(self, waiting):
        """Take off the part of this receipt that `waiting` shipments are to bring.

        :return: values of the receipt of that part
        """
        self.ensure_one()
        quantity = sum(
            move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom, round=False
            )
            for move in waiting
        )
        values = self.copy_data(
            {
                "product_uom_qty": quantity,
                "move_orig_ids": [Command.set(waiting.ids)],
                "move_dest_ids": [Command.set(self.move_dest_ids.ids)],
                "procure_method": self.procure_method,
                "date_deadline": self.date_deadline,
            }
        )
        self.with_context(do_not_unreserve=True).write(
            {
                "product_uom_qty": self.product_uom_qty - quantity,
                "move_orig_ids": [Command.unlink(move.id) for move in waiting],
            }
        )
        self._recompute_state()
        return values

    def _wait_for_next_truck(self):
        """Put receipts of what was not loaded into pickings of the next departure."""
        for (transfer, picking), moves in self.grouped(
            lambda move: (move.transfer_id, move.picking_id)
        ).items():
            after = fields.Datetime.add(
                max(fields.Datetime.now(), transfer.departure_date), minutes=1
            )
            departure = transfer.lane_id.next_departure(after)
            if picking.move_ids != moves:
                moves.picking_id = picking.copy(
                    {
                        "name": "/",
                        "move_ids": [],
                        "move_line_ids": [],
                        "backorder_id": False,
                        "transfer_id": transfer.id,
                        "transfer_unloaded": False,
                    }
                )
            moves.date = transfer.lane_id.expected_arrival(departure)
            sources = moves.move_orig_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            sources.date = departure

    # Cancelling.

    def _action_cancel(self):
        lost = self.filtered(
            lambda move: (
                move.transfer_leg == "receive"
                and move.state not in ("done", "cancel")
                and move._open_origins() - self
            )
        )
        if lost and not self._is_settling():
            raise UserError(
                self.env._(
                    "The receipt of %(product)s for %(transfer)s cannot be cancelled. "
                    "Cancel the transfer before it is shipped; afterwards use Return to "
                    "Sender on the transfer.",
                    product=lost[0].product_id.display_name,
                    transfer=lost[0].transfer_id.name,
                )
            )
        transfers = self.transfer_id.sudo()  # what follows concerns both ends
        if transfers and not self._is_settling():
            transfers._lock()
        result = super()._action_cancel()
        if not self._is_settling():
            transfers._sync_state()
        return result

    def _open_origins(self):
        """What brings the goods of this receipt, or has brought them."""
        # As superuser: they are of the other branch.
        origins = self.sudo().move_orig_ids
        return origins.filtered(lambda move: move.state != "cancel")
