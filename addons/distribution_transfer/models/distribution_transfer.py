from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .numbers import next_numbers
from .own import own, owned, require_own

# A transfer that may still change what is on the road or in stock.
LIVE = ("approved", "shipped", "in_transit", "received", "reconciled")
# What one end tells the other at any time.
FREE_FIELDS = {
    "priority",
    "carrier_id",
    "tracking_reference",
    "note",
    "departure_date",
    "arrival_date",
}
# What follows from something else, and is never typed.
DERIVED_FIELDS = {
    "state",
    "name",
    "value",
    "shipped_date",
    "left_date",
    "received_date",
    "closed_date",
    "latest_arrival_date",
    "late_reported",
    "board_stage",
    "is_automatic",
    "freight_amount",
    "freight_source",
    "freight_bill_line_ids",
    "emergency_review",
    "reviewer_id",
    "review_date",
    "review_note",
}


class DistributionTransfer(models.Model):
    """Goods that travel from one branch to another along a lane.

    What the header says is here; its states are in `distribution_transfer_state.py`, its
    moves in `distribution_transfer_flow.py`, its approval in
    `distribution_transfer_approval.py`.
    """

    _name = "distribution.transfer"
    _description = "Transfer"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "distribution.approval.mixin",
    ]
    _order = "departure_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", readonly=True, copy=False, default="/", index="trigram"
    )
    lane_id = fields.Many2one(
        "distribution.lane",
        required=True,
        ondelete="restrict",
        tracking=True,
        domain="[('company_id', 'in', allowed_company_ids)]",
        help="From which branch to which. The lane says when its trucks leave and arrive.",
    )
    company_id = fields.Many2one(
        related="lane_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    source_branch_id = fields.Many2one(
        related="lane_id.source_branch_id",
        string="From",
        store=True,
        index=True,
        precompute=True,
    )
    destination_branch_id = fields.Many2one(
        related="lane_id.destination_branch_id",
        string="To",
        store=True,
        index=True,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Requester",
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Who asks for the goods.",
    )
    reason = fields.Selection(
        [
            ("replenishment", "Replenishment"),
            ("customer_order", "Customer order"),
            ("balancing", "Balancing"),
            ("emergency", "Emergency"),
        ],
        required=True,
        default="replenishment",
        tracking=True,
        help="Why the goods are needed. An emergency within the cap of its lane goes ahead "
        "at once and is reviewed afterwards.",
    )
    reason_note = fields.Char(
        string="Explanation",
        help="What happened. Required for an emergency.",
    )
    date_wanted = fields.Datetime(
        string="Needed By",
        help="When the goods should be at the receiving branch.",
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0")
    departure_date = fields.Datetime(
        string="Departure",
        compute="_compute_schedule",
        store=True,
        readonly=False,
        tracking=True,
        help="When the truck is planned to leave: the last departure of the lane that "
        "arrives in time, or the next one.",
    )
    arrival_date = fields.Datetime(
        string="Expected Arrival",
        compute="_compute_schedule",
        store=True,
        readonly=False,
        tracking=True,
        help="When the truck should be at the receiving branch.",
    )
    latest_arrival_date = fields.Datetime(
        string="Latest Arrival",
        readonly=True,
        copy=False,
        help="Four trips out of five on this lane arrive by then. Empty until the lane has "
        "enough trips.",
    )
    carrier_id = fields.Many2one(
        "res.partner",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        check_company=True,
        help="Who drives. Empty for the company's own trucks.",
    )
    tracking_reference = fields.Char(
        copy=False, help="The carrier's number for this consignment."
    )
    note = fields.Html(help="Printed on the transfer slip.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "To Approve"),
            ("approved", "Approved"),
            ("shipped", "Shipped"),
            ("in_transit", "In Transit"),
            ("received", "Received"),
            ("reconciled", "Reconciled"),
            ("closed", "Closed"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Received: every truck is unloaded and differences are open. Reconciled: "
        "nothing is in transit and no difference is open.",
    )
    is_automatic = fields.Boolean(
        readonly=True,
        copy=False,
        help="Made by a reordering rule or an order; others of the same departure join it.",
    )
    line_ids = fields.One2many(
        "distribution.transfer.line", "transfer_id", string="Lines", copy=True
    )
    picking_ids = fields.One2many(
        "stock.picking",
        "transfer_id",
        string="Warehouse Operations",
        readonly=True,
    )
    picking_count = fields.Integer(compute="_compute_picking_count")
    discrepancy_ids = fields.One2many(
        "distribution.transfer.discrepancy",
        "transfer_id",
        string="Discrepancies",
        readonly=True,
    )
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        help="Of what is asked for, at the cost when it was asked for.",
    )
    shipped_date = fields.Datetime(
        readonly=True, copy=False, help="When the first goods were issued."
    )
    left_date = fields.Datetime(
        string="Truck Left", readonly=True, copy=False, help="When the truck left."
    )
    received_date = fields.Datetime(
        string="Received On",
        readonly=True,
        copy=False,
        help="When the last goods were received.",
    )
    closed_date = fields.Datetime(string="Closed On", readonly=True, copy=False)

    # The lists: what is open, by lane; and everything of a branch by date.
    _open_idx = models.Index(
        "(lane_id, departure_date) "
        "WHERE state NOT IN ('closed', 'rejected', 'cancelled')"
    )
    _lane_idx = models.Index("(lane_id, departure_date DESC, id DESC)")
    _list_idx = models.Index("(departure_date DESC, id DESC)")
    _source_idx = models.Index("(source_branch_id, departure_date DESC, id DESC)")
    _destination_idx = models.Index(
        "(destination_branch_id, departure_date DESC, id DESC)"
    )

    @api.depends("lane_id", "date_wanted")
    def _compute_schedule(self):
        for transfer in self:
            if transfer.state not in ("draft", "requested") or not transfer.lane_id:
                continue
            lane = transfer.lane_id.sudo()  # the timetable is for everybody who asks
            schedule = lane._schedule(transfer.date_wanted)
            transfer.departure_date, transfer.arrival_date = schedule

    @api.depends("lane_id")
    def _compute_carrier_id(self):
        for transfer in self:
            transfer.carrier_id = transfer.lane_id.carrier_id

    @api.depends("line_ids.value")
    def _compute_value(self):
        for transfer in self:
            transfer.value = sum(transfer.line_ids.mapped("value"))

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        groups = self.env["stock.picking"]._read_group(
            [("transfer_id", "in", self.ids)], ["transfer_id"], ["__count"]
        )
        counts = {transfer.id: count for transfer, count in groups}
        for transfer in self:
            transfer.picking_count = counts.get(transfer.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            require_own(self, vals, DERIVED_FIELDS)
        self._number(vals_list)
        transfers = super(DistributionTransfer, own(self, False)).create(vals_list)
        transfers = own(transfers, owned(self))
        transfers._check_ends()
        return transfers

    @api.model
    def _number(self, vals_list):
        """Give each its number; companies may have sequences of their own."""
        lanes = self.env["distribution.lane"]
        by_company = {}
        for vals in vals_list:
            company = lanes.browse(vals.get("lane_id")).company_id or self.env.company
            by_company.setdefault(company, []).append(vals)
        for company, group in by_company.items():
            names = next_numbers(self.env, self._name, company, len(group))
            for vals, name in zip(group, names, strict=True):
                vals["name"] = name

    def write(self, vals):
        require_own(self, vals, DERIVED_FIELDS)
        if not owned(self):
            self._check_head_is_open(vals)
        if not owned(self) and vals.get("departure_date"):
            self._check_departure(vals["departure_date"])
        result = super(DistributionTransfer, own(self, False)).write(vals)
        if "lane_id" in vals and not self.env.su:
            self.check_access("write")
        if "departure_date" in vals or "arrival_date" in vals:
            self._reschedule(vals)
        return result

    def _check_head_is_open(self, vals):
        """What was asked for is what was approved: the head is closed after the draft."""
        closed = self.filtered(lambda transfer: transfer.state != "draft")
        technical = {"message_follower_ids", "message_ids", "activity_ids"}
        typed = {name for name in vals if name in self._fields} - technical
        typed = {
            name
            for name in typed
            if not name.startswith(("message_", "activity_", "access_", "my_"))
        }
        if closed and (typed - FREE_FIELDS - {"line_ids"}):
            labels = self.fields_get(typed - FREE_FIELDS, ["string"])
            raise UserError(
                self.env._(
                    "%(fields)s of %(transfer)s cannot be changed any more: it is "
                    "%(state)s. Take the request back, or make another transfer.",
                    fields=", ".join(sorted(x["string"] for x in labels.values())),
                    transfer=closed[0].name,
                    state=closed[0]._state_label(),
                )
            )
        over = self.filtered(
            lambda transfer: transfer.state in ("closed", "rejected", "cancelled")
        )
        if over and typed - {"note"}:
            raise UserError(
                self.env._(
                    "%(transfer)s is %(state)s: only its note can be changed.",
                    transfer=over[0].name,
                    state=over[0]._state_label(),
                )
            )
        if "departure_date" in typed and any(self.mapped("left_date")):
            raise UserError(
                self.env._("The truck has left: its departure cannot be changed.")
            )

    @api.model
    def _check_departure(self, moment):
        """:raises UserError: no truck leaves in the past"""
        moment = fields.Datetime.to_datetime(moment)
        if moment < fields.Datetime.subtract(fields.Datetime.now(), hours=1):
            raise UserError(
                self.env._(
                    "The departure is over. Choose a later one, on the lane's days."
                )
            )

    @api.constrains("departure_date", "arrival_date")
    def _check_dates(self):
        for transfer in self:
            # A truck may leave before the time that was planned.
            departure = transfer.left_date or transfer.departure_date
            arrival = transfer.arrival_date
            if departure and arrival and arrival < departure:
                raise ValidationError(
                    self.env._(
                        "%s would arrive before it leaves. Change both dates.",
                        transfer.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for transfer in self:
            if transfer.state not in ("draft", "cancelled") or transfer.picking_ids:
                raise UserError(
                    self.env._(
                        "%(transfer)s is %(state)s, so it is kept. Cancel it instead; "
                        "what is on the road is returned to the sender.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[
            self.state
        ].lower()

    # Who may do what.

    def _is_side(self, side):
        """Whether the user works at that end, or in the whole network.

        :param side: "source" or "destination"
        """
        self.ensure_one()
        user = self.env.user
        branch = self[f"{side}_branch_id"]
        return (
            self.env.su
            or not user.branch_restricted
            or branch in user.allowed_branch_ids
        )

    def _ensure_side(self, side):
        """:raises UserError: the user works at the other end"""
        self.check_access("write")
        for transfer in self:
            if not transfer._is_side(side):
                raise transfer._side_error(side)

    def _side_error(self, side):
        branch = self[f"{side}_branch_id"].display_name
        return UserError(
            self.env._(
                "This is done by the people of %(branch)s, for transfer %(transfer)s.",
                branch=branch,
                transfer=self.name,
            )
        )

    def _check_ends(self):
        """A closed lane carries nothing new."""
        for transfer in self:
            if not transfer.lane_id.active:
                raise UserError(
                    self.env._(
                        "Lane %s is archived, so nothing can be asked for along it. "
                        "Restore the lane, or choose another one.",
                        transfer.lane_id.name,
                    )
                )

    # What belongs to it.

    def _moves(self):
        """All moves of the transfers, as superuser: each end may change its own only."""
        return self.sudo().line_ids.move_ids

    def action_view_pickings(self):
        """Open the pickings of the transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        domain = Domain("transfer_id", "=", self.id)
        action.update(name=self.name, domain=list(domain), context={})
        return action

    def action_view_discrepancies(self):
        """Open the discrepancies of the transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_discrepancy_action"
        )
        action.update(
            domain=[("transfer_id", "=", self.id)],
            context={"default_transfer_id": self.id},
        )
        return action

    def _reschedule(self, vals):
        """Carry changed dates to the operations that are not done yet."""
        open_moves = self._moves().filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for transfer in self:
            moves = open_moves.filtered(
                lambda move, transfer=transfer: move.transfer_id == transfer
            )
            receives = moves.filtered(lambda move: move.transfer_leg == "receive")
            if "arrival_date" in vals and transfer.arrival_date:
                receives.date = transfer.arrival_date
            if "departure_date" in vals and transfer.departure_date:
                (moves - receives).date = transfer.departure_date

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        soon = fields.Datetime.now() + timedelta(hours=1)
        for vals in vals_list:
            if vals.get("date_wanted") and vals["date_wanted"] < soon:
                vals["date_wanted"] = False
            for name in ("departure_date", "arrival_date"):
                vals.pop(name, None)
        return vals_list
