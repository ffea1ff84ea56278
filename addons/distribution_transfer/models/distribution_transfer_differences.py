from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from .own import own


class DistributionTransfer(models.Model):
    """What follows when goods of a transfer have moved."""

    _inherit = "distribution.transfer"

    def _follow_goods(self, moves, surplus=None):
        """Record differences, bring the state up to date, tell people.

        :param moves: the moves that were done, as superuser
        :param surplus: what `_divert_surplus` returned
        """
        received = moves.filtered(lambda move: move.transfer_leg == "receive")
        shipped = moves.filtered(
            lambda move: move.transfer_leg == "ship" and not move.discrepancy_id
        )
        unloaded = received.filtered(lambda move: not move.discrepancy_id)
        if unloaded:
            self.env["distribution.duty.log"]._perform("receive", unloaded.transfer_id)
        moves.discrepancy_id._follow_moves()
        self._record_surplus(surplus or {})
        unloaded._record_damage()
        if moves._is_settling():
            return  # whoever settles brings everything up to date at the end
        not_taken = unloaded.picking_id.backorder_ids.move_ids
        (moves | not_taken).transfer_line_id._sync_discrepancies()
        if shipped:
            shipped.transfer_id._follow_shipment()
        self._sync_state()

    def _moved_nothing(self, picking):
        """A truck was unloaded of which nothing was taken."""
        picking.move_ids.transfer_line_id._sync_discrepancies()
        self._sync_state()

    def _follow_shipment(self):
        """The truck is loaded; after its departure time it has left."""
        self._set_freight()
        self._sync_state()
        late = self.filtered(
            lambda transfer: (
                transfer.state == "shipped"
                and transfer.departure_date <= transfer.env.cr.now()
            )
        )
        if late:
            late._depart()
        again = self.filtered(lambda transfer: transfer.state == "in_transit")
        (again - late)._set_arrival()

    def _record_surplus(self, surplus):
        """Discrepancies for what arrived beyond what was shipped.

        Another lot than the one shipped, where one is missing; else too much.
        """
        found = []
        for move, items in surplus.items():
            move = move.sudo()  # recorded for both ends
            missing = {
                lot: quantity
                for lot, quantity in move._on_the_road_after().items()
                if lot and quantity > 0
            }
            for lot, quantity in items:
                for shipped_lot in list(missing) if lot else ():
                    swapped = min(quantity, missing[shipped_lot])
                    if swapped > 0:
                        missing[shipped_lot] -= swapped
                        quantity -= swapped
                        found.append(
                            move._prepare_difference(
                                "wrong_lot",
                                swapped,
                                lot_id=shipped_lot.id,
                                other_lot_id=lot.id,
                            )
                        )
                if move.product_id.uom_id.compare(quantity, 0) > 0:
                    found.append(
                        move._prepare_difference("over", quantity, other_lot_id=lot.id)
                    )
        if found:
            self.env["distribution.transfer.discrepancy"]._record(found)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _on_the_road_after(self):
        """{lot: quantity} of the receipt that is in transit after it was done."""
        quantities = self._on_the_road()
        for line in self.move_line_ids if self.state == "done" else ():
            quantities[line.lot_id] -= line.quantity_product_uom
        return quantities

    def _prepare_difference(self, kind, quantity, **values):
        """Values of a discrepancy of this receipt; quantity in the product's unit."""
        line = self.transfer_line_id
        quantity = self.product_id.uom_id._compute_quantity(
            quantity, line.product_uom_id, round=False
        )
        return line._prepare_discrepancy(kind, quantity, **values)

    def _record_damage(self):
        """What was put into a location for damaged goods arrived damaged."""
        quantities = defaultdict(float)
        for line in self.move_line_ids:
            if line.location_dest_id.location_role == "damaged":
                quantities[line.move_id, line.lot_id] += line.quantity_product_uom
        values = [
            move._prepare_difference("damaged", quantity, lot_id=lot.id)
            for (move, lot), quantity in quantities.items()
        ]
        if values:
            self.env["distribution.transfer.discrepancy"]._record(values)


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    def _prepare_discrepancy(self, kind, quantity, **values):
        """Values of a discrepancy of the line; quantity in its unit.

        The receiver's people own it at first: they have seen the goods.
        """
        self.ensure_one()
        product = self.product_id.sudo().with_company(self.company_id)  # its cost
        cost = product.uom_id._compute_price(
            product.standard_price, self.product_uom_id
        )
        # As superuser: who manages the other end is no secret.
        manager = self.destination_branch_id.sudo().manager_id
        return {
            "transfer_line_id": self.id,
            "kind": kind,
            "quantity": quantity,
            "value": self.currency_id.round(cost * quantity),
            "user_id": (manager or self.transfer_id.user_id).id,
            **values,
        }

    def _sync_discrepancies(self):
        """What is in transit, and in no truck still to be unloaded, is missing.

        So that afterwards, for each line: in transit = trucks still to be unloaded + damaged
        goods on their way back + open discrepancies that hold goods. Goods that turn up
        later settle the oldest of them.
        """
        missing, less = [], []
        for line in self.sudo():  # the differences are for both ends
            receipts = line._open_receipts()
            untouched = sum(
                line._amount(move)
                for move in receipts
                if not move.picking_id.transfer_unloaded
            )
            returning = sum(
                line._amount(move)
                for move in line._open_returns()
                if not move.discrepancy_id._holds_transit()
            )
            held = line.discrepancy_ids.filtered(
                lambda x: x._holds_transit() and x._is_open()
            )
            gap = line.in_transit_qty - untouched - returning
            gap -= sum(held.mapped("quantity"))
            if line._is_more(gap, 0):
                missing.append(line._prepare_discrepancy("short", gap))
            elif line._is_more(0, gap):
                less.append((line, held, -gap))
        if missing:
            self.env["distribution.transfer.discrepancy"]._record(missing)
        for _line, held, quantity in less:
            held._settle_arrived(quantity)
        self._shrink_receipts()

    def _open_receipts(self):
        """Moves that are to receive what was shipped, remainders first."""
        return self.move_ids.filtered(
            lambda move: (
                move.transfer_leg == "receive"
                and move.state not in ("done", "cancel")
                and not move.discrepancy_id
                and move.move_orig_ids
                and all(o.state in ("done", "cancel") for o in move.move_orig_ids)
            )
        ).sorted(lambda move: (not move.picking_id.transfer_unloaded, move.id))

    def _open_returns(self):
        """Moves that are to bring what is in transit back to the sender."""
        return self.move_ids.filtered(
            lambda move: (
                move.transfer_leg == "return" and move.state not in ("done", "cancel")
            )
        )

    def _amount(self, move):
        """What a move has moved, or is to move, in the unit of the line."""
        quantity = move.quantity if move.state == "done" else move.product_uom_qty
        return move.product_uom._compute_quantity(
            quantity, self.product_uom_id, round=False
        )

    def _left_of(self, shipment, lot):
        """How much of a shipment is on the road, and expected by nobody.

        Of one lot, where there is one; in the unit of the line.
        """
        out = shipment.move_dest_ids.filtered(lambda move: move.state != "cancel")
        if not lot:
            return self._amount(shipment) - sum(self._amount(move) for move in out)
        unit = self.product_id.uom_id

        def of_lot(moves):
            lines = moves.move_line_ids.filtered(lambda line: line.lot_id == lot)
            return sum(lines.mapped("quantity_product_uom"))

        return unit._compute_quantity(
            of_lot(shipment) - of_lot(out), self.product_uom_id, round=False
        )

    def _shrink_receipts(self, free=None):
        """Expect no more than what is in transit.

        :param free: {line: quantity in transit that is not to be received any more}
        """
        ended = self.env["stock.move"].sudo()  # receipts are of the receiver
        for line in self.sudo():  # as above
            receipts = line._open_receipts()
            expected = sum(line._amount(move) for move in receipts)
            returning = sum(line._amount(move) for move in line._open_returns())
            excess = expected - line.in_transit_qty + returning
            excess += (free or {}).get(line, 0.0)
            for move in receipts:
                if not line._is_more(excess, 0):
                    break
                demand = line._amount(move)
                if line._is_more(demand, excess):
                    line._shrink(move, excess)
                else:
                    ended += move
                excess -= demand
        with ended._settling():
            ended._action_cancel()

    def _shrink(self, move, quantity):
        """Move less, by `quantity` in the unit of the line."""
        rest = self.product_uom_id._compute_quantity(
            self._amount(move) - quantity, move.product_uom, round=False
        )
        move._do_unreserve()
        move.product_uom_qty = rest
        move._action_assign()

    def _cut(self, quantity):
        """Ask for less, of what is not shipped; returns by how much.

        In the unit of the line. A line of which nothing is left is cancelled. What waited
        for approval is to be asked for anew, see `_ask_anew`.
        """
        self.ensure_one()
        if self.state in ("draft", "requested"):
            cut = min(quantity, self.requested_qty)
            line = own(self)
            if self._is_more(self.requested_qty, cut):
                line.requested_qty -= cut
            else:
                line.unlink()
            return cut
        cut = min(quantity, self.to_ship_qty)
        if self._is_more(cut, 0):
            self._cut_moves(cut)
        return cut

    def _drop(self):
        """Nobody needs what is not shipped of these lines."""
        transfers = self.transfer_id
        asked = self.filtered(lambda line: line.state in ("draft", "requested"))
        steps = (self - asked)._unshipped_steps()
        with steps._settling():
            steps._action_cancel()
        own(asked).unlink()
        transfers._ask_anew()
        transfers._sync_state()

    def _unshipped_steps(self):
        """The open moves of what has not reached the truck."""
        return self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.transfer_leg in ("pick", "ship", "receive")
                and not any(o.state == "done" for o in move.move_orig_ids)
            )
        )

    def _cut_moves(self, cut):
        """Take `cut` off each open step of the line."""
        steps = self._unshipped_steps()
        ended = steps.browse()
        for moves in steps.grouped(
            lambda move: (move.transfer_leg, move.picking_type_id)
        ).values():
            rest = cut
            for move in moves.sorted(lambda move: -move.id):
                demand = self._amount(move)
                if self._is_more(demand, rest):
                    self._shrink(move, rest)
                else:
                    ended += move
                rest -= demand
                if not self._is_more(rest, 0):
                    break
        with ended._settling():
            ended._action_cancel()
        self.transfer_id._sync_state()

    def _ensure_approved(self, quantity):
        """:raises UserError: shipping `quantity` would be more than was agreed to"""
        line = self.sudo()  # the sums are for both ends
        shipped = sum(
            line._amount(move)
            for move in line.move_ids
            if move.state == "done"
            and move.transfer_leg == "ship"
            and not move.discrepancy_id
        )
        if line._is_more(shipped + quantity, line.approved_qty):
            raise line._not_approved_error(shipped + quantity)

    def _not_approved_error(self, quantity):
        return UserError(
            self.env._(
                "%(quantity)s %(unit)s of %(product)s would leave for %(transfer)s, and "
                "%(approved)s are approved. Ship what is approved, and request another "
                "transfer for the rest.",
                quantity=f"{quantity:g}",
                unit=self.product_uom_id.name,
                product=self.product_id.display_name,
                transfer=self.transfer_id.name,
                approved=f"{self.approved_qty:g}",
            )
        )
