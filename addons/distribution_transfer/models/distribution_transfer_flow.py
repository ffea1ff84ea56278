from odoo import Command, models

# The steps of a lane that a transfer carries out, from the receiver backwards: each move
# is made with the one it feeds.
STEPS = ("receive", "ship", "pack", "pick")


class DistributionTransfer(models.Model):
    """The pickings and moves that carry a transfer out.

    A chain of moves for each line, in a picking for each step, made at once from the legs
    of the lane: the number of queries does not grow with the lines.
    """

    _inherit = "distribution.transfer"

    def _create_operations(self, lines=None):
        """Make the moves of `lines`, by default of all lines, and reserve what is there.

        As superuser: whoever agrees works at one end, and the moves are of both.
        """
        transfers = self.sudo()
        lines = transfers.line_ids if lines is None else lines.sudo()
        legs = {
            lane: {leg.role: leg for leg in lane._legs() if leg.role in STEPS}
            for lane in transfers.lane_id
        }
        pickings = transfers._create_pickings(legs)
        fed, moves = {}, self.env["stock.move"].sudo()
        for step in STEPS:
            stepping = lines.filtered(lambda x, step=step: step in legs[x.lane_id])
            made = moves.create(
                [
                    line._prepare_move_values(
                        legs[line.lane_id][step],
                        pickings[line.transfer_id, step],
                        fed.get(line),
                        is_first=step == list(legs[line.lane_id])[0],
                    )
                    for line in stepping
                ]
            )
            fed.update(zip(stepping, made, strict=True))
            moves += made
        moves._action_confirm(merge=False, create_proc=False)
        return moves

    def _create_pickings(self, legs):
        """{(transfer, step): the picking for it}; an open one where there is any."""
        found = {
            (picking.transfer_id, picking._transfer_step()): picking
            for picking in self.picking_ids.filtered(lambda p: p._can_join())
        }
        wanted = [
            (transfer, step)
            for transfer in self
            for step in legs[transfer.lane_id]
            if (transfer, step) not in found
        ]
        Picking = self.env["stock.picking"].sudo()  # as in _create_operations
        created = Picking.create(
            [
                transfer._prepare_picking_values(legs[transfer.lane_id][step])
                for transfer, step in wanted
            ]
        )
        return found | dict(zip(wanted, created, strict=True))

    def _prepare_picking_values(self, leg):
        self.ensure_one()
        other = self.source_branch_id
        if leg.role != "receive":
            other = self.destination_branch_id
        return {
            "transfer_id": self.id,
            "picking_type_id": leg.operation.id,
            "location_id": leg.source.id,
            "location_dest_id": self._leg_target(leg).id,
            "partner_id": other.partner_id.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "priority": self.priority,
            "user_id": False,
        }

    @staticmethod
    def _leg_target(leg):
        """Goods-in may be elsewhere than the stock; push rules take the goods on."""
        if leg.role == "receive":
            return leg.operation.default_location_dest_id or leg.target
        return leg.target


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    def _prepare_move_values(self, leg, picking, fed, is_first=False):
        """Values of the move of one step.

        :param leg: the leg of the lane, see `distribution.lane._legs`
        :param fed: the move that this one feeds; without one, what waits for the goods
        """
        self.ensure_one()
        transfer = self.transfer_id
        receiving = leg.role == "receive"
        following = fed if fed is not None else self.move_dest_ids
        return {
            "transfer_line_id": self.id,
            "picking_id": picking.id,
            "picking_type_id": leg.operation.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": self.approved_qty,
            "location_id": leg.source.id,
            "location_dest_id": transfer._leg_target(leg).id,
            "location_final_id": leg.target.id,
            "warehouse_id": leg.operation.warehouse_id.id,
            "procure_method": "make_to_stock" if is_first else "make_to_order",
            "date": transfer.arrival_date if receiving else transfer.departure_date,
            "date_deadline": transfer.date_wanted if receiving else False,
            "origin": transfer.name,
            "priority": transfer.priority,
            "orderpoint_id": receiving and self.orderpoint_id.id,
            "move_dest_ids": [
                Command.link(move.id)
                for move in following
                if move.state not in ("done", "cancel")
            ],
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _transfer_step(self):
        """The step of the lane that the picking does."""
        self.ensure_one()
        if self.location_id.lane_id:
            return "receive"
        if self.location_dest_id.lane_id:
            return "ship"
        warehouse = self.picking_type_id.warehouse_id
        return "pack" if self.picking_type_id == warehouse.pack_type_id else "pick"

    def _can_join(self):
        """Whether further lines of the transfer may be done with this picking."""
        return (
            not self.printed
            and not self.backorder_id
            and self.state in ("draft", "waiting", "confirmed", "assigned")
            and self.transfer_leg != "return"
        )
