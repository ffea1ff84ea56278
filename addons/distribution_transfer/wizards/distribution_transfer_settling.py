from odoo import api, fields, models


class DistributionTransferSettling(models.TransientModel):
    """The choice of how a discrepancy is settled."""

    _name = "distribution.transfer.settling"
    _description = "Settle a Discrepancy"

    discrepancy_id = fields.Many2one(
        "distribution.transfer.discrepancy", required=True, ondelete="cascade"
    )
    kind = fields.Selection(related="discrepancy_id.kind")
    product_id = fields.Many2one(related="discrepancy_id.product_id")
    product_uom_id = fields.Many2one(related="discrepancy_id.product_uom_id")
    currency_id = fields.Many2one(related="discrepancy_id.currency_id")
    source_branch_id = fields.Many2one(related="discrepancy_id.source_branch_id")
    ways = fields.Char(compute="_compute_ways")
    resolution = fields.Selection(
        lambda self: self.env[
            "distribution.transfer.discrepancy"
        ]._selection_resolution(),
        string="How",
        required=True,
        help="Only ways that fit the difference, and that your branch may decide.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_from_discrepancy",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How much is settled so, in the unit of the line. The rest stays open.",
    )
    value = fields.Monetary(
        compute="_compute_value",
        help="Of that quantity, at the cost of the discrepancy.",
    )
    fault = fields.Selection(
        lambda self: self.env["distribution.transfer.discrepancy"]
        ._fields["fault"]
        ._description_selection(self.env),
        string="Whose Fault",
        compute="_compute_from_discrepancy",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="A loss is posted to the branch at fault. A claim is always the carrier's.",
    )
    note = fields.Text(help="Added to what was seen.")
    expected_date = fields.Date(
        string="Expected On", help="When the goods should arrive after all."
    )
    count_move_id = fields.Many2one(
        "stock.move",
        string="Count",
        domain="[('id', 'in', count_move_ids)]",
        help="The count that explains the difference. Of what was found at the sender: "
        "without one, the sender's stock is corrected now.",
    )
    count_move_ids = fields.Many2many(
        "stock.move", string="Possible Counts", compute="_compute_count_move_ids"
    )

    @api.depends("discrepancy_id")
    def _compute_ways(self):
        for wizard in self:
            found = wizard.discrepancy_id and wizard.discrepancy_id._ways()
            wizard.ways = ",".join(found or ())

    @api.depends("discrepancy_id")
    def _compute_from_discrepancy(self):
        for wizard in self:
            wizard.quantity = wizard.discrepancy_id.quantity
            wizard.fault = wizard.discrepancy_id.fault or "unknown"

    @api.depends("discrepancy_id", "quantity")
    def _compute_value(self):
        for wizard in self:
            discrepancy = wizard.discrepancy_id
            wizard.value = discrepancy and discrepancy.value_of(wizard.quantity)

    @api.depends("discrepancy_id", "resolution")
    def _compute_count_move_ids(self):
        for wizard in self:
            counts = self.env["stock.move"]
            if wizard._takes_count():
                counts = wizard.discrepancy_id._count_candidates(wizard.resolution)
            wizard.count_move_ids = counts

    def _takes_count(self):
        """Whether a count may explain the difference, the chosen way."""
        return self.resolution in self.discrepancy_id._count_ways()

    @api.onchange("resolution")
    def _onchange_resolution(self):
        if self.resolution == "claim":
            self.fault = "carrier"
        self.count_move_id = self.count_move_ids[:1]

    def action_settle(self):
        """Settle the discrepancy as chosen; says so where approval is needed."""
        self.ensure_one()
        answer = self.discrepancy_id.action_settle(
            self.resolution,
            quantity=self.quantity,
            fault=self.fault,
            note=self.note,
            expected_date=self.resolution == "later" and self.expected_date,
            count_move_id=self._takes_count() and self.count_move_id.id,
        )
        if isinstance(answer, dict):
            return answer
        return {"type": "ir.actions.act_window_close"}
