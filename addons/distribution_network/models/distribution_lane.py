from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class DistributionLane(models.Model):
    """A directed pair of branches that goods may travel.

    A lane owns a transit location and a route. How its dates are found is in
    `distribution_lane_schedule.py`, how its route is built in
    `distribution_lane_route.py`.
    """

    _name = "distribution.lane"
    _description = "Lane"
    _inherit = ["mail.thread"]
    _order = "source_branch_id, destination_branch_id, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, help="The codes of the two branches."
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        related="source_branch_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    source_branch_id = fields.Many2one(
        "distribution.branch",
        string="From",
        required=True,
        index=True,
        ondelete="restrict",
        help="The branch that sends.",
    )
    destination_branch_id = fields.Many2one(
        "distribution.branch",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The branch that receives.",
    )
    transit_days = fields.Integer(
        default=1,
        required=True,
        tracking=True,
        help="Calendar days on the road, from the departure to the arrival.",
    )
    monday = fields.Boolean(default=True, tracking=True)
    tuesday = fields.Boolean(default=True, tracking=True)
    wednesday = fields.Boolean(default=True, tracking=True)
    thursday = fields.Boolean(default=True, tracking=True)
    friday = fields.Boolean(default=True, tracking=True)
    saturday = fields.Boolean(tracking=True)
    sunday = fields.Boolean(tracking=True)
    departure_days = fields.Char(
        compute="_compute_departure_days", help="The weekdays on which a truck leaves."
    )
    cutoff_time = fields.Float(
        string="Cut-off",
        default=16.0,
        required=True,
        tracking=True,
        help="The hour at which the truck leaves, in the time zone of the calendar. What "
        "is asked for later waits for the next departure.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        ondelete="restrict",
        check_company=True,
        help="Closing days on which no truck leaves. Left empty, the opening hours of the "
        "sending branch count.",
    )
    carrier_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who drives. Empty for the company's own trucks.",
    )
    transit_location_id = fields.Many2one(
        "stock.location",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Where the goods are while they travel this lane. Made by the lane.",
    )
    route_id = fields.Many2one(
        "stock.route",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Choose it on a reordering rule, a product or an order line to get goods "
        "along this lane. Made by the lane.",
    )
    lead_days = fields.Integer(
        string="Lead Time",
        compute="_compute_lead_days",
        store=True,
        help="Days that reordering rules count on: the days on the road, and the longest "
        "wait for a departure by what is released before the cut-off.",
    )

    transfer_count = fields.Integer(
        string="Open Transfers",
        compute="_compute_transfer_count",
        help="Transfers along the lane that are not done yet, of those the user may see.",
    )
    in_transit_count = fields.Integer(
        string="Products in Transit",
        compute="_compute_in_transit_count",
        help="Products that are on the road now.",
    )

    _pair_unique = models.Constraint(
        "UNIQUE (source_branch_id, destination_branch_id)",
        "There is a lane between these two branches already.",
    )
    _not_to_itself = models.Constraint(
        "CHECK (source_branch_id != destination_branch_id)",
        "A lane cannot lead from a branch to itself.",
    )
    _transit_days_sane = models.Constraint(
        "CHECK (transit_days BETWEEN 0 AND 90)",
        "The days on the road must be between 0 and 90.",
    )
    _cutoff_sane = models.Constraint(
        "CHECK (cutoff_time >= 0 AND cutoff_time < 24)",
        "The cut-off must be an hour of the day, from 00:00 to 23:59.",
    )

    @api.depends("source_branch_id.code", "destination_branch_id.code")
    def _compute_name(self):
        for lane in self:
            lane.name = (
                f"{lane.source_branch_id.code} → {lane.destination_branch_id.code}"
            )

    @api.depends(*WEEKDAYS)
    @api.depends_context("lang")
    def _compute_departure_days(self):
        labels = self.fields_get(WEEKDAYS, ["string"])
        short = [labels[day]["string"][:3] for day in WEEKDAYS]
        for lane in self:
            days = [number for number, day in enumerate(WEEKDAYS) if lane[day]]
            in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
            if in_a_row:
                lane.departure_days = f"{short[days[0]]}–{short[days[-1]]}"
            else:
                lane.departure_days = ", ".join(short[number] for number in days)

    @api.depends_context("uid")
    def _compute_transfer_count(self):
        groups = self.env["stock.picking"]._read_group(
            self._open_transfer_domain(), ["lane_id"], ["__count"]
        )
        counts = {lane.id: count for lane, count in groups}
        for lane in self:
            lane.transfer_count = counts.get(lane.id, 0)

    def _compute_in_transit_count(self):
        groups = self.env["stock.quant"]._read_group(
            [
                ("location_id", "in", self.transit_location_id.ids),
                ("quantity", "!=", 0),
            ],
            ["location_id"],
            ["product_id:count_distinct"],
        )
        counts = {location.id: count for location, count in groups}
        for lane in self:
            lane.in_transit_count = counts.get(lane.transit_location_id.id, 0)

    @api.constrains(*WEEKDAYS)
    def _check_departure_days(self):
        for lane in self:
            if not any(lane[day] for day in WEEKDAYS):
                raise ValidationError(
                    self.env._("Lane %s needs at least one departure day.", lane.name)
                )

    @api.constrains("source_branch_id", "destination_branch_id", "active")
    def _check_branches(self):
        for lane in self.filtered("active"):
            for branch in lane.source_branch_id | lane.destination_branch_id:
                if not branch.active:
                    raise ValidationError(
                        self.env._(
                            "Branch %(branch)s is closed, so lane %(lane)s cannot use it.",
                            branch=branch.display_name,
                            lane=lane.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_pairs_before_create(vals_list)
        lanes = super().create(vals_list)
        lanes._create_transit_locations()
        lanes._sync_routes()
        return lanes

    def write(self, vals):
        self._check_pair_is_kept(vals)
        result = super().write(vals)
        if "active" in vals:
            self._set_active_of_route(vals["active"])
        if {"transit_days", "calendar_id", *WEEKDAYS} & set(vals):
            self._sync_routes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        Move = self.env[
            "stock.move"
        ].sudo()  # a move counts also where one may not look
        for lane in self:
            location = lane.transit_location_id.id
            if Move.search_count(
                [
                    "|",
                    ("location_id", "=", location),
                    ("location_dest_id", "=", location),
                ],
                limit=1,
            ):
                raise UserError(
                    self.env._(
                        "Goods have travelled lane %s, so it is kept. Archive it instead.",
                        lane.name,
                    )
                )

    def unlink(self):
        # As superuser: whoever may delete a lane need not be a stock manager.
        routes, locations = self.sudo().route_id, self.sudo().transit_location_id
        result = super().unlink()
        routes.unlink()
        locations.unlink()
        return result

    @api.model
    def _check_pairs_before_create(self, vals_list):
        """Name the lane that is there already, which a database error could not."""
        pairs = [
            (vals.get("source_branch_id"), vals.get("destination_branch_id"))
            for vals in vals_list
        ]
        existing = self.with_context(active_test=False).search(
            [
                ("source_branch_id", "in", [source for source, _destination in pairs]),
                ("destination_branch_id", "in", [target for _source, target in pairs]),
            ]
        )
        taken = {
            (lane.source_branch_id.id, lane.destination_branch_id.id): lane
            for lane in existing
        }
        for number, pair in enumerate(pairs):
            self._check_pair(pair, taken.get(pair), pair in pairs[:number])

    @api.model
    def _check_pair(self, pair, existing, repeated):
        source, destination = self.env["distribution.branch"].browse(pair)
        if source and source == destination:
            raise ValidationError(
                self.env._(
                    "A lane cannot lead from branch %s to itself.", source.display_name
                )
            )
        if existing and not existing.active:
            raise ValidationError(
                self.env._(
                    "Lane %s exists and is archived. Restore it instead of making a "
                    "second one.",
                    existing.name,
                )
            )
        if existing or repeated:
            raise ValidationError(
                self.env._(
                    "There is a lane from %(origin)s to %(destination)s already.",
                    origin=source.display_name,
                    destination=destination.display_name,
                )
            )

    def _check_pair_is_kept(self, vals):
        """The goods under way belong to the pair: another pair is another lane."""
        for field in ("source_branch_id", "destination_branch_id"):
            if field in vals and any(lane[field].id != vals[field] for lane in self):
                raise UserError(
                    self.env._(
                        "The two ends of lane %s cannot be changed. Archive it and make "
                        "another lane.",
                        self[:1].name,
                    )
                )

    def _other_end(self, branch):
        """The branch at the other end than `branch`; empty without a lane."""
        if branch == self.destination_branch_id:
            return self.source_branch_id
        return self.destination_branch_id

    def action_view_transfers(self):
        """Open the transfers along the lane that are not done yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        action.update(name=self.name, domain=self._open_transfer_domain(), context={})
        return action

    def action_view_in_transit(self):
        """Open the stock that is on the road."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_network.stock_quant_branch_action"
        )
        action.update(
            name=self.env._("In Transit: %s", self.name),
            domain=[("location_id", "=", self.transit_location_id.id)],
            context={},
        )
        return action

    def _open_transfer_domain(self):
        return [
            ("lane_id", "in", self.ids),
            ("state", "not in", ("draft", "done", "cancel")),
        ]

    def _create_transit_locations(self):
        Location = self.env[
            "stock.location"
        ].sudo()  # a planner need not be a stock manager
        locations = Location.create(
            [lane._prepare_transit_location_values() for lane in self]
        )
        for lane, location in zip(self, locations, strict=True):
            lane.transit_location_id = location

    def _prepare_transit_location_values(self):
        self.ensure_one()
        parent = self.company_id.internal_transit_location_id.location_id
        return {
            "name": self.env._("Transit %s", self.name),
            "usage": "transit",
            "location_role": "transit",
            "location_id": parent.id,
            "company_id": self.company_id.id,
            "lane_id": self.id,
            "active": True,
        }

    def _update_names(self):
        """Carry a changed name to the location, the route and its rules."""
        for lane in self.with_context(active_test=False):
            # As superuser: whoever may rename a branch need not be a stock manager.
            location, route = lane.sudo().transit_location_id, lane.sudo().route_id
            location.name = self.env._("Transit %s", lane.name)
            route.name = lane._route_name()
        self._sync_routes()
