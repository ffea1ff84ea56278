from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from .own import own, owned, require_own

QUANTITIES = (
    "approved_qty",
    "reserved_qty",
    "to_ship_qty",
    "shipped_qty",
    "in_transit_qty",
    "received_qty",
    "returned_qty",
    "written_off_qty",
    "short_qty",
    "over_qty",
    "damaged_qty",
)
DERIVED_FIELDS = {
    *QUANTITIES,
    "unit_cost",
    "value",
    "freight_amount",
    "move_dest_ids",
    "orderpoint_id",
    "sale_line_id",
}
# What is asked for; closed with the draft.
ASKED_FIELDS = {"transfer_id", "product_id", "product_uom_id", "requested_qty"}


class DistributionTransferLine(models.Model):
    """A product of a transfer, and how much of it is where.

    Only the requested quantity is typed. The others are sums over the moves of the line
    and over its discrepancies, in the unit of the line.
    """

    _name = "distribution.transfer.line"
    _description = "Transfer Line"
    _inherit = ["distribution.approval.line.mixin"]
    _approval_document_field = "transfer_id"
    _order = "transfer_id, id"
    _check_company_auto = True

    transfer_id = fields.Many2one(
        "distribution.transfer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="transfer_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lane_id = fields.Many2one(
        related="transfer_id.lane_id", store=True, index=True, precompute=True
    )
    source_branch_id = fields.Many2one(
        related="transfer_id.source_branch_id", store=True, precompute=True
    )
    destination_branch_id = fields.Many2one(
        related="transfer_id.destination_branch_id", store=True, precompute=True
    )
    state = fields.Selection(related="transfer_id.state", store=True, index=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_storable', '=', True)]",
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
    )
    requested_qty = fields.Float(
        string="Requested",
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How much is asked for.",
    )
    approved_qty = fields.Float(
        string="Approved",
        digits="Product Unit",
        compute="_compute_approved_qty",
        store=True,
        help="How much the sending branch agreed to.",
    )
    reserved_qty = fields.Float(
        string="Reserved",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Set aside at the sender for this line, and not shipped yet.",
    )
    to_ship_qty = fields.Float(
        string="To Ship",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Approved, and not shipped yet.",
    )
    shipped_qty = fields.Float(
        string="Shipped",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Left the sender, whatever became of it.",
    )
    in_transit_qty = fields.Float(
        string="In Transit",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="In the transit location of the lane now.",
    )
    received_qty = fields.Float(
        string="Received",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Arrived at the receiver, damaged or not, less what was sent back.",
    )
    returned_qty = fields.Float(
        string="Returned",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Shipped, and back in the sender's stock.",
    )
    written_off_qty = fields.Float(
        string="Written Off",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        help="Shipped and lost: claimed from the carrier, or written off.",
    )
    short_qty = fields.Float(
        string="Short",
        digits="Product Unit",
        compute="_compute_differences",
        store=True,
        help="Missing when the truck was unloaded, and not settled yet.",
    )
    over_qty = fields.Float(
        string="Over",
        digits="Product Unit",
        compute="_compute_differences",
        store=True,
        help="Arrived beyond what was shipped.",
    )
    damaged_qty = fields.Float(
        string="Damaged",
        digits="Product Unit",
        compute="_compute_differences",
        store=True,
        help="Arrived damaged.",
    )
    unit_cost = fields.Float(
        readonly=True,
        copy=False,
        min_display_digits="Product Price",
        compute="_compute_unit_cost",
        store=True,
        precompute=True,
        help="Cost of one unit of the line when it was asked for, in company currency.",
    )
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        help="Requested quantity at that cost.",
    )
    next_arrival_date = fields.Datetime(
        string="Next Arrival",
        compute="_compute_next_arrival_date",
        help="When the next part of the line is expected: of what is on the road, and of "
        "a remainder that was not shipped yet.",
    )
    move_ids = fields.One2many(
        "stock.move", "transfer_line_id", string="Stock Moves", readonly=True
    )
    move_dest_ids = fields.Many2many(
        "stock.move",
        "distribution_transfer_line_move_dest_rel",
        "line_id",
        "move_id",
        string="Waiting Moves",
        readonly=True,
        copy=False,
        help="Operations at the receiver that wait for these goods.",
    )
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint",
        string="Reordering Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order line that the goods are brought for.",
    )
    discrepancy_ids = fields.One2many(
        "distribution.transfer.discrepancy", "transfer_line_id", readonly=True
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_uom_id")
    def _compute_unit_cost(self):
        for line in self:
            if line.state not in (False, "draft") or not line.product_id:
                continue
            # As superuser: who orders goods need not see costs elsewhere.
            product = line.product_id.sudo().with_company(line.company_id)
            line.unit_cost = product.uom_id._compute_price(
                product.standard_price, line.product_uom_id
            )

    @api.depends("requested_qty", "state")
    def _compute_approved_qty(self):
        for line in self:
            agreed = line.state in line.transfer_id._approval_passed_states
            line.approved_qty = line.requested_qty if agreed else 0.0

    @api.depends("requested_qty", "unit_cost")
    def _compute_value(self):
        for line in self:
            line.value = line.requested_qty * line.unit_cost

    @api.depends(
        "approved_qty",
        "product_uom_id",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.product_uom",
        "move_ids.transfer_leg",
    )
    def _compute_quantities(self):
        for line in self:
            line.update(line._sums_of_moves())

    @api.depends("move_ids.date", "move_ids.state")
    def _compute_next_arrival_date(self):
        for line in self:
            # As superuser: both ends see when the goods come.
            dates = [
                move.date
                for move in line.sudo().move_ids
                if move.transfer_leg == "receive"
                and move.state not in ("done", "cancel")
            ]
            line.next_arrival_date = min(dates, default=False)

    def _sums_of_moves(self):
        """The quantities of one line, from its moves; see docs/transfers.md."""
        done = dict.fromkeys(("ship", "receive", "send_back", "return", "loss"), 0.0)
        to_ship = reserved = 0.0
        # As superuser: the sums are for both ends, the moves of the other end are not.
        for move in self.sudo().move_ids:
            unit, target = move.product_uom, self.product_uom_id
            if move.state == "done" and move.transfer_leg in done:
                quantity = move.quantity
                if unit != target:
                    quantity = unit._compute_quantity(quantity, target, round=False)
                done[move.transfer_leg] += quantity
            elif move.state not in ("done", "cancel"):
                if move.transfer_leg == "ship" and not move.discrepancy_id:
                    to_ship += unit._compute_quantity(
                        move.product_uom_qty, target, round=False
                    )
                if move.transfer_leg in ("pick", "ship"):
                    reserved += unit._compute_quantity(
                        move.quantity, target, round=False
                    )
        into = done["ship"] + done["send_back"]
        out = done["receive"] + done["return"] + done["loss"]
        return {
            "reserved_qty": reserved,
            "to_ship_qty": to_ship,
            "shipped_qty": done["ship"],
            "in_transit_qty": into - out,
            "received_qty": done["receive"] - done["send_back"],
            "returned_qty": done["return"],
            "written_off_qty": done["loss"],
        }

    @api.depends(
        "discrepancy_ids.kind", "discrepancy_ids.quantity", "discrepancy_ids.state"
    )
    def _compute_differences(self):
        for line in self:
            found = line.discrepancy_ids
            line.short_qty = sum(
                x.quantity for x in found if x._holds_transit() and x._is_open()
            )
            line.over_qty = sum(x.quantity for x in found if x.kind == "over")
            line.damaged_qty = sum(x.quantity for x in found if x.kind == "damaged")

    @api.depends("transfer_id.name", "product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.transfer_id.name}: {line.product_id.display_name}"
            )

    @api.constrains("product_id", "product_uom_id", "requested_qty")
    def _check_product(self):
        for line in self:
            product, unit = line.product_id, line.product_uom_id
            if not product.is_storable:
                raise ValidationError(
                    self.env._(
                        "%s is not kept in stock, so it cannot be transferred.",
                        product.display_name,
                    )
                )
            if not unit._has_common_reference(product.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(unit)s is not a unit of %(product)s. Use %(right)s, or a unit "
                        "that converts to it.",
                        unit=unit.name,
                        product=product.display_name,
                        right=product.uom_id.name,
                    )
                )
            if unit.compare(line.requested_qty, 0) <= 0:
                raise ValidationError(
                    self.env._(
                        "The quantity of %s must be more than zero.",
                        product.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            require_own(self, vals, DERIVED_FIELDS)
        self._ensure_open(
            self.transfer_id.browse(
                {vals["transfer_id"] for vals in vals_list if vals.get("transfer_id")}
            )
        )
        lines = super(DistributionTransferLine, own(self, False)).create(vals_list)
        return own(lines, owned(self))

    def write(self, vals):
        require_own(self, vals, DERIVED_FIELDS)
        if not ASKED_FIELDS.isdisjoint(vals):
            self._ensure_open(self.transfer_id)
            if vals.get("transfer_id"):
                self._ensure_open(self.transfer_id.browse(vals["transfer_id"]))
        return super(DistributionTransferLine, own(self, False)).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        transfers = self.transfer_id.exists()
        self._ensure_open(
            transfers.filtered(lambda transfer: transfer.state != "cancelled")
        )

    def _ensure_open(self, transfers):
        """:raises UserError: the lines of a transfer are closed with its draft"""
        if owned(self):
            return
        for transfer in transfers:
            if transfer.state != "draft":
                raise UserError(
                    self.env._(
                        "The lines of %(transfer)s cannot be changed: it is %(state)s. "
                        "Take the request back, or make another transfer for the rest.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )

    def _is_more(self, first, second):
        """Whether the first quantity is more than the second, in the unit of the line."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(first, second, precision_digits=digits) > 0
