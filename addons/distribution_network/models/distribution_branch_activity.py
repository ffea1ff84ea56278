from odoo import api, fields, models

OPEN_STATES = ("confirmed", "waiting", "assigned")


class DistributionBranch(models.Model):
    """What a branch manager wants to know first: what is here, coming, going and late."""

    _inherit = "distribution.branch"

    is_own = fields.Boolean(
        compute="_compute_is_own",
        help="Whether the documents of this branch are the user's to see.",
    )
    product_count = fields.Integer(
        string="Products Here",
        compute="_compute_product_count",
        help="Products with stock in the branch, whatever the role of the location.",
    )
    in_count = fields.Integer(
        string="On the Way In",
        compute="_compute_activity",
        help="Receipts that are not done yet, from vendors and from other branches.",
    )
    out_count = fields.Integer(
        string="On the Way Out",
        compute="_compute_activity",
        help="Deliveries that are not done yet, to customers and to other branches.",
    )
    late_count = fields.Integer(
        string="Late",
        compute="_compute_activity",
        help="Transfers of any kind that were scheduled for a day before today.",
    )
    in_picking_ids = fields.One2many(
        "stock.picking", compute="_compute_activity", string="Coming In"
    )
    out_picking_ids = fields.One2many(
        "stock.picking", compute="_compute_activity", string="Going Out"
    )
    late_picking_ids = fields.One2many(
        "stock.picking", compute="_compute_activity", string="Late Transfers"
    )

    @api.depends_context("uid")
    def _compute_is_own(self):
        allowed = self.env.user.allowed_branch_ids
        for branch in self:
            branch.is_own = branch in allowed

    def _compute_product_count(self):
        groups = self.env["stock.quant"]._read_group(
            [
                ("branch_id", "in", self.ids),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ],
            ["branch_id"],
            ["product_id:count_distinct"],
        )
        counts = {branch.id: count for branch, count in groups}
        for branch in self:
            branch.product_count = counts.get(branch.id, 0)

    @api.depends_context("uid")
    def _compute_activity(self):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        pickings = self.env["stock.picking"].search(
            [("branch_id", "in", self.ids), ("state", "in", OPEN_STATES)],
            order="scheduled_date, id",
        )
        by_branch = pickings.grouped("branch_id")
        none = self.env["stock.picking"]
        for branch in self:
            own = by_branch.get(branch, none)
            incoming = own.filtered(lambda p: p.picking_type_code == "incoming")
            outgoing = own.filtered(lambda p: p.picking_type_code == "outgoing")
            late = own.filtered(lambda p: p.scheduled_date and p.scheduled_date < today)
            branch.in_picking_ids, branch.in_count = incoming, len(incoming)
            branch.out_picking_ids, branch.out_count = outgoing, len(outgoing)
            branch.late_picking_ids, branch.late_count = late, len(late)

    def action_view_stock(self):
        """Open the stock of the branch, by product."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_network.stock_quant_branch_action"
        )
        action["domain"] = [
            ("branch_id", "=", self.id),
            ("location_id.usage", "=", "internal"),
        ]
        return action

    def action_view_incoming(self):
        """Open the receipts that are not done yet."""
        return self._open_transfers(self.env._("On the Way In"), self.in_picking_ids)

    def action_view_outgoing(self):
        """Open the deliveries that are not done yet."""
        return self._open_transfers(self.env._("On the Way Out"), self.out_picking_ids)

    def action_view_late(self):
        """Open the transfers that were scheduled for a day before today."""
        return self._open_transfers(self.env._("Late"), self.late_picking_ids)

    def _open_transfers(self, name, pickings):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        action.update(
            name=f"{self.code}: {name}",
            domain=[("id", "in", pickings.ids)],
            context={"contact_display": "partner_address"},
        )
        return action
