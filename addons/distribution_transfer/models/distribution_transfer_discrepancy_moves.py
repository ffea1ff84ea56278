from odoo import Command, models
from odoo.exceptions import UserError

from .own import own


class DistributionTransferDiscrepancy(models.Model):
    """The stock moves and journal entries that settle a discrepancy.

    Run as superuser and in the hands of the code of transfers, see `action_settle`.
    """

    _inherit = "distribution.transfer.discrepancy"

    def _carry_out(self):
        self.ensure_one()
        with self.env["stock.move"]._settling():
            getattr(self, f"_carry_out_{self.resolution}")()
        self.transfer_line_id._sync_discrepancies()
        self.transfer_id._sync_state()

    # Ways to settle. Each leaves the discrepancy settled, or waiting for goods.

    def _carry_out_later(self):
        self.write({"state": "waiting"})

    def _carry_out_return(self):
        if self.kind == "over":
            self._finish()  # it goes back as it came: in the sender's books all along
        elif self.kind in ("wrong_item", "wrong_lot"):
            self._put_back()  # what was shipped on paper never left
            self._finish()
        elif self.kind == "damaged":
            back = self._move_now(
                self._damaged_location(), self._transit(), lot=self.lot_id
            )
            self._expect_return(back)
        else:
            self._release_transit()
            self._expect_return()

    def _carry_out_counted(self):
        self._match_count()

    def _carry_out_found(self):
        if self.count_move_id:
            self._match_count()
        else:
            self.write({"state": "waiting"})
            self._count_at_sender()

    def _carry_out_claim(self):
        self._lose(self.company_id._transfer_claim_location())

    def _carry_out_write_off(self):
        self._lose(self.company_id._transfer_loss_location())

    def _carry_out_accept(self):
        if self.kind == "damaged":
            shelf = self.destination_branch_id.warehouse_id.lot_stock_id
            self._move_now(self._damaged_location(), shelf, lot=self.lot_id)
        else:
            self._bring(self.transfer_line_id, self.other_lot_id)
        self._finish()

    def _carry_out_correct(self):
        self._put_back()
        line = self.transfer_line_id
        if self.kind == "wrong_item":
            line = own(line).create(
                [
                    {
                        "transfer_id": self.transfer_id.id,
                        "product_id": self.other_product_id.id,
                        "requested_qty": self.quantity,
                    }
                ]
            )
        self._bring(line, self.other_lot_id)
        self._finish()

    # What they are made of.

    def _transit(self):
        return self.lane_id.transit_location_id

    def _shipments(self):
        """[(shipment, quantity)]: which trucks brought the goods of one discrepancy.

        Each way off the road follows one shipment, so that what is left of every truck is
        known; quantities in the unit of the line.
        """
        line, missing, found = self.transfer_line_id, self.quantity, []
        for shipment in line.move_ids.filtered(
            lambda move: move.transfer_leg == "ship" and move.state == "done"
        ).sorted("id"):
            taken = min(missing, line._left_of(shipment, self.lot_id))
            if line._is_more(taken, 0):
                found.append((shipment, taken))
                missing -= taken
        if line._is_more(missing, 0):
            raise self._not_there_error(self._transit(), line.product_id, self.lot_id)
        return found

    def _move_off(self, target):
        """Move the goods from the road to `target` at once; returns the moves."""
        moves = self.env["stock.move"]
        for shipment, quantity in self._shipments():
            moves += self._move_now(
                self._transit(),
                target,
                quantity=quantity,
                lot=self.lot_id,
                origins=shipment,
            )
        return moves

    def _damaged_location(self):
        return self.destination_branch_id._damaged_location()

    def _release_transit(self):
        """These goods are not to be received any more."""
        self.transfer_line_id._shrink_receipts({self.transfer_line_id: self.quantity})

    def _put_back(self):
        """What was shipped on paper is still on the sender's shelf."""
        self._release_transit()
        shelf = self.source_branch_id.warehouse_id.lot_stock_id
        self._move_off(shelf)

    def _bring(self, line, lot):
        """Take from the sender what has arrived in truth, and receive it."""
        source = self.source_branch_id.warehouse_id.lot_stock_id
        if self.count_move_id:  # the sender has counted it off already
            source = self.count_move_id.location_dest_id
        shelf = self.destination_branch_id.warehouse_id.lot_stock_id
        shipped = self._move_now(source, self._transit(), line=line, lot=lot)
        self._move_now(self._transit(), shelf, line=line, lot=lot, origins=shipped)

    def _lose(self, location):
        """Post the goods as lost, at the expense of the branch at fault."""
        self._ensure_posts(location)
        if self.kind == "damaged":
            move = self._move_now(self._damaged_location(), location, lot=self.lot_id)
        else:
            self._release_transit()
            move = self._move_off(location)
        entries = move.account_move_id
        entries.branch_id = self.fault_branch_id
        self.write({"account_move_ids": [Command.set(entries.ids)]})
        self._finish()

    def _ensure_posts(self, location):
        """Goods valued in real time need an account to be expensed to."""
        product = self.product_id.with_company(self.company_id)
        if product.valuation == "real_time" and not location.valuation_account_id:
            raise UserError(
                self.env._(
                    "There is no account for goods in %(location)s: choose one under "
                    "Inventory > Configuration > Settings > Transfers Between Branches, "
                    "then settle %(name)s again.",
                    location=location.display_name,
                    name=self.name,
                )
            )

    def _expect_return(self, origins=None):
        """Make the receipt of the goods at the sender, to be validated there.

        For discrepancies of one transfer at a time.

        :param origins: the move that brought the goods on the road; the shipments of
            each line by default
        """
        picking = self._return_picking()
        operation = picking.picking_type_id
        shelf = operation.warehouse_id.lot_stock_id
        moves = self.env["stock.move"].create(
            [
                {
                    **x._prepare_settling_move(
                        x._transit(),
                        picking.location_dest_id,
                        x.transfer_line_id,
                        quantity,
                        origin,
                    ),
                    "picking_id": picking.id,
                    "picking_type_id": operation.id,
                    "location_final_id": shelf.id,
                    "warehouse_id": operation.warehouse_id.id,
                }
                for x in self
                for origin, quantity in (
                    [(origins, x.quantity)] if origins else x._shipments()
                )
            ]
        )
        moves._action_confirm(merge=False, create_proc=False)
        moves._action_assign()
        self.write({"state": "waiting"})

    def _return_picking(self):
        """The open return of the transfer, or a new one."""
        transfer, transit = self.transfer_id, self._transit()
        found = transfer.picking_ids.filtered(
            lambda x: x.transfer_leg == "return" and x.state not in ("done", "cancel")
        )
        if found[:1] and not found[:1].printed:
            return found[:1]
        operation = transfer.source_branch_id.warehouse_id.in_type_id
        return found.create(
            {
                "transfer_id": transfer.id,
                "picking_type_id": operation.id,
                "location_id": transit.id,
                "location_dest_id": operation.default_location_dest_id.id,
                "origin": transfer.name,
                "company_id": transfer.company_id.id,
                "user_id": False,
            }
        )

    def _follow_moves(self):
        """Goods that these discrepancies wait for have moved."""
        for discrepancy in self.filtered(
            lambda x: x.state == "waiting" and x.resolution == "return"
        ):
            line = discrepancy.transfer_line_id
            done = discrepancy.move_ids.filtered(
                lambda move: move.state == "done" and move.transfer_leg == "return"
            )
            back = sum(line._amount(move) for move in done)
            if not line._is_more(discrepancy.quantity, back):
                discrepancy._finish()

    def _move_now(
        self, source, target, line=None, quantity=None, lot=None, origins=None
    ):
        """Move goods at once; returns the done move.

        :raises UserError: they are not there, or are reserved for something else
        """
        line = line or self.transfer_line_id
        quantity = self.quantity if quantity is None else quantity
        values = self._prepare_settling_move(source, target, line, quantity, origins)
        move = self.env["stock.move"].create(values)
        move._action_confirm(merge=False, create_proc=False)
        if lot:
            move.move_line_ids = [Command.create(self._prepare_lot_line(move, lot))]
            free = self._free_quantity(move, lot)
        else:
            move._action_assign()
            free = move.quantity
        if source.usage != "inventory" and line._is_more(quantity, free):
            raise self._not_there_error(source, line.product_id, lot)
        move.picked = True
        # The loss has passed the gate of the discrepancy, and is no count.
        with self.env["distribution.approval.stock.mixin"]._approval_passing():
            move._action_done()
        return move

    def _free_quantity(self, move, lot):
        if move.location_id.usage == "inventory":
            return move.product_uom_qty
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", move.location_id.id),
                ("lot_id", "=", lot.id),
                ("product_id", "=", move.product_id.id),
            ]
        )
        return move.product_id.uom_id._compute_quantity(
            sum(quants.mapped("quantity")), move.product_uom, round=False
        )

    def _not_there_error(self, source, product, lot):
        what = f"{product.display_name}, {lot.name}" if lot else product.display_name
        return UserError(
            self.env._(
                "%(product)s is not free in %(location)s in the quantity that settles "
                "%(name)s. Count it there, or release what is reserved, and try again.",
                product=what,
                location=source.display_name,
                name=self.name,
            )
        )

    def _prepare_settling_move(self, source, target, line, quantity, origins=None):
        return {
            "transfer_line_id": line.id,
            "discrepancy_id": self.id,
            "company_id": self.company_id.id,
            "product_id": line.product_id.id,
            "product_uom": line.product_uom_id.id,
            "product_uom_qty": quantity,
            "location_id": source.id,
            "location_dest_id": target.id,
            "location_final_id": target.id,
            "origin": f"{self.transfer_id.name}, {self.name}",
            "move_orig_ids": [Command.set(origins.ids if origins else [])],
            "procure_method": "make_to_order" if origins else "make_to_stock",
        }

    def _prepare_lot_line(self, move, lot):
        quant = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", move.location_id.id),
                ("lot_id", "=", lot.id),
                ("product_id", "=", move.product_id.id),
                ("quantity", ">", 0),
            ],
            limit=1,
        )
        return {
            "product_id": move.product_id.id,
            "product_uom_id": move.product_uom.id,
            "location_id": (quant.location_id or move.location_id).id,
            "location_dest_id": move.location_dest_id.id,
            "lot_id": lot.id,
            "quantity": move.product_uom_qty,
            "company_id": move.company_id.id,
        }
