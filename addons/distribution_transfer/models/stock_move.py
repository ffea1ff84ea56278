from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What says which transfer a move is of.
FOLLOWING = {"transfer_line_id", "transfer_id", "transfer_leg", "discrepancy_id"}
# The legs that change what is in the transit location of the lane.
TRANSIT_LEGS = ("ship", "receive", "send_back", "return", "loss")


class StockMove(models.Model):
    """A move of a transfer. What happens when it is done is in `stock_move_done.py`."""

    _inherit = "stock.move"

    transfer_line_id = fields.Many2one(
        "distribution.transfer.line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The line of the transfer that this move carries out.",
    )
    transfer_id = fields.Many2one(
        related="transfer_line_id.transfer_id",
        string="Governing Transfer",
        store=True,
        index="btree_not_null",
        help="The transfer between branches that this move is part of.",
    )
    transfer_leg = fields.Selection(
        [
            ("pick", "Pick"),
            ("ship", "Ship"),
            ("receive", "Receive"),
            ("store", "Put away"),
            ("send_back", "Send back"),
            ("return", "Return"),
            ("loss", "Loss"),
        ],
        compute="_compute_transfer_leg",
        store=True,
        help="What the move does for its transfer.",
    )
    discrepancy_id = fields.Many2one(
        "distribution.transfer.discrepancy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The discrepancy that this move settles.",
    )

    @api.depends(
        "transfer_line_id",
        "discrepancy_id",
        "location_id.lane_id",
        "location_id.branch_id",
        "location_dest_id.lane_id",
        "location_dest_id.branch_id",
        "location_dest_id.usage",
    )
    def _compute_transfer_leg(self):
        for move in self:
            move.transfer_leg = move.transfer_line_id and move._find_transfer_leg()

    def _find_transfer_leg(self):
        lane = self.transfer_line_id.lane_id
        source, target = self.location_id, self.location_dest_id
        if target.lane_id:
            # What the sender has counted off its stock comes from its count.
            at_sender = source.branch_id != lane.destination_branch_id
            return "ship" if at_sender else "send_back"
        if source.lane_id:
            if target.usage == "inventory":
                # What an end has counted into its stock goes against its count.
                counted = self.discrepancy_id.count_move_id.location_dest_id.branch_id
                if counted == lane.destination_branch_id:
                    return "receive"
                return "return" if counted else "loss"
            at_sender = target.branch_id == lane.source_branch_id
            return "return" if at_sender else "receive"
        at_sender = source.branch_id == lane.source_branch_id
        return "pick" if at_sender else "store"

    def _compute_reference(self):
        """What settles a discrepancy goes by its number."""
        result = super()._compute_reference()
        for move in self:
            if move.discrepancy_id and not move.picking_id:
                move.reference = move.discrepancy_id.name
        return result

    @api.constrains(
        "location_id", "location_dest_id", "picking_type_id", "transfer_line_id"
    )
    def _check_locations_are_of_branch(self):
        result = super()._check_locations_are_of_branch()
        for move in self:
            move._check_no_side_door(move.location_id, move.location_dest_id)
            move._check_is_of_transfer_line()
        return result

    def _check_no_side_door(self, source, target):
        """Goods cross branches through a transfer, and rest on lanes alone meanwhile.

        :raises ValidationError: saying what to do instead
        """
        lane = source.lane_id or target.lane_id
        if lane:
            if self.transfer_line_id.lane_id != lane:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot move from %(origin)s to %(target)s without a "
                        "transfer. Request a transfer along lane %(lane)s; differences of "
                        "a transfer are settled in its discrepancies.",
                        product=self.product_id.display_name,
                        origin=source.display_name,
                        target=target.display_name,
                        lane=lane.sudo().name,  # a lane's name is no secret
                    )
                )
            return
        branch = source.branch_id or target.branch_id
        for place in (source, target) if branch else ():
            between = place.usage == "transit" and place.company_id
            elsewhere = place.usage == "internal" and place.branch_id != branch
            if between or elsewhere:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot move from %(origin)s to %(target)s: "
                        "%(place)s belongs to no branch, and goods of a branch leave it "
                        "along a lane only. Request a transfer, or give the warehouse of "
                        "%(place)s a branch.",
                        product=self.product_id.display_name,
                        origin=source.display_name,
                        target=target.display_name,
                        place=place.display_name,
                    )
                )

    def _check_is_of_transfer_line(self):
        line = self.transfer_line_id
        if line and line.product_id != self.product_id and not self.discrepancy_id:
            raise ValidationError(
                self.env._(
                    "%(product)s is not on this line of %(transfer)s. Record what arrived "
                    "instead as a discrepancy.",
                    product=self.product_id.display_name,
                    transfer=line.transfer_id.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        # A backorder is made by its user, and copies the line; nothing copies the rest.
        for vals in vals_list:
            self._ensure_not_typed(FOLLOWING.intersection(vals) - {"transfer_line_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_not_typed(FOLLOWING.intersection(vals))
        if vals.get("state") == "done" and not self._is_being_done():
            moves = self.filtered(lambda move: move.transfer_leg in TRANSIT_LEGS)
            if moves:
                raise UserError(
                    self.env._(
                        "%s is done by validating its operation.", moves[0].reference
                    )
                )
        return super().write(vals)

    def _ensure_not_typed(self, names):
        if names and not self.env.su:
            raise UserError(
                self.env._(
                    "What a move does for a transfer follows from the transfer, and nobody "
                    "can type it."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_transfer(self):
        kept = self.filtered(
            lambda move: move.transfer_line_id and move.state not in ("draft", "cancel")
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(product)s is part of %(transfer)s and cannot be deleted. Cancel the "
                    "operation, or the transfer.",
                    product=kept[0].product_id.display_name,
                    transfer=kept[0].transfer_id.name,
                )
            )

    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "transfer_line_id",
            "discrepancy_id",
        ]

    def _get_new_picking_values(self):
        """Steps after the receipt are of the transfer, too."""
        values = super()._get_new_picking_values()
        if len(self.transfer_id) == 1:
            values["transfer_id"] = self.transfer_id.id
        return values

    def _key_assign_picking(self):
        return (*super()._key_assign_picking(), self.transfer_id)

    def _search_picking_for_assignation_domain(self):
        domain = list(super()._search_picking_for_assignation_domain())
        return [*domain, ("transfer_id", "=", self.transfer_id.id)]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.constrains("location_id", "location_dest_id", "move_id")
    def _check_locations_are_of_branch(self):
        result = super()._check_locations_are_of_branch()
        for line in self:
            line.move_id._check_no_side_door(line.location_id, line.location_dest_id)
        return result

    def write(self, vals):
        changed = {"quantity", "product_uom_id", "location_id", "location_dest_id"}
        changed |= {"lot_id", "lot_name", "product_id", "owner_id", "state"}
        if not changed.isdisjoint(vals):
            self._ensure_not_travelled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_travelled(self):
        self._ensure_not_travelled()

    def _ensure_not_travelled(self):
        """Odoo lets a done operation be corrected; what is on the road would be wrong."""
        lines = self.filtered(
            lambda line: (
                line.state == "done" and line.move_id.transfer_leg in TRANSIT_LEGS
            )
        )
        if lines:
            raise UserError(
                self.env._(
                    "%(reference)s of %(transfer)s is done. What was wrong about it is "
                    "recorded as a discrepancy of the transfer.",
                    reference=lines[0].reference,
                    transfer=lines[0].move_id.transfer_id.name,
                )
            )
