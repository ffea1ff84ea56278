from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .numbers import next_numbers
from .own import own, owned, require_own

# Kinds whose goods are still in the transit location until they are settled.
HOLDING = ("short", "refused", "wrong_item", "wrong_lot")
TODO = "mail.mail_activity_data_todo"
OPEN_STATES = ("open", "waiting", "requested")
DUE_DAYS = 7
DERIVED_FIELDS = {
    "name",
    "state",
    "transfer_id",
    "transfer_line_id",
    "kind",
    "quantity",
    "value",
    "resolution",
    "resolved_date",
    "resolved_by_id",
    "account_move_ids",
    "expected_date",
    "count_move_id",
}


# What people say about it, as long as it is open.
SEEN_FIELDS = {"fault", "note", "user_id", "date_due", "photo_ids"}


class DistributionTransferDiscrepancy(models.Model):
    """A difference between what was shipped and what arrived.

    Made when a truck is unloaded. How it is settled is in
    `distribution_transfer_discrepancy_settle.py`.
    """

    _name = "distribution.transfer.discrepancy"
    _description = "Transfer Discrepancy"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "distribution.approval.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    transfer_id = fields.Many2one(
        related="transfer_line_id.transfer_id",
        store=True,
        index=True,
    )
    transfer_line_id = fields.Many2one(
        "distribution.transfer.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="transfer_line_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lane_id = fields.Many2one(
        related="transfer_line_id.lane_id", store=True, index=True
    )
    source_branch_id = fields.Many2one(
        related="transfer_line_id.source_branch_id",
        string="From",
        store=True,
        index=True,
    )
    destination_branch_id = fields.Many2one(
        related="transfer_line_id.destination_branch_id",
        string="To",
        store=True,
        index=True,
    )
    kind = fields.Selection(
        [
            ("short", "Short"),
            ("over", "Over"),
            ("damaged", "Damaged"),
            ("refused", "Refused at the door"),
            ("wrong_item", "Another product"),
            ("wrong_lot", "Another lot"),
        ],
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    product_id = fields.Many2one(related="transfer_line_id.product_id", store=True)
    product_uom_id = fields.Many2one(
        related="transfer_line_id.product_uom_id", string="Unit"
    )
    other_product_id = fields.Many2one(
        "product.product",
        string="What Arrived",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="The product that arrived instead.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Shipped Lot",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    other_lot_id = fields.Many2one(
        "stock.lot",
        string="Lot That Arrived",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        readonly=True,
        help="How much it is about, in the unit of the line.",
    )
    value = fields.Monetary(
        readonly=True,
        help="Of that quantity, at the cost when the truck was unloaded.",
    )
    fault = fields.Selection(
        [
            ("carrier", "Carrier"),
            ("shipper", "Shipper"),
            ("receiver", "Receiver"),
            ("unknown", "Unknown"),
        ],
        default="unknown",
        required=True,
        tracking=True,
        help="Who is at fault. A loss is posted to the branch at fault; where it is the "
        "carrier's, or nobody's, to the branch that shipped.",
    )
    fault_branch_id = fields.Many2one(
        "distribution.branch",
        string="Branch at Fault",
        compute="_compute_fault_branch_id",
        store=True,
        help="The branch that bears the loss.",
    )
    note = fields.Text(string="What Was Seen")
    photo_ids = fields.Many2many(
        "ir.attachment",
        "distribution_transfer_discrepancy_photo_rel",
        "discrepancy_id",
        "attachment_id",
        string="Photos",
        help="Evidence: photos, the consignment note, mails.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Who sees to it that it is settled.",
    )
    date_due = fields.Date(
        string="Due",
        default=lambda self: fields.Date.context_today(self) + timedelta(days=DUE_DAYS),
        tracking=True,
        help="Until when it should be settled.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("requested", "To Approve"),
            ("waiting", "Waiting for Goods"),
            ("resolved", "Settled"),
            ("cancelled", "Withdrawn"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Waiting for goods: they are to arrive later, or are on their way back to the "
        "sender, or the sender is to count.",
    )
    resolution = fields.Selection(
        "_selection_resolution", readonly=True, copy=False, tracking=True
    )
    expected_date = fields.Date(
        string="Expected On",
        readonly=True,
        help="When goods that arrive later are expected.",
    )
    resolved_date = fields.Datetime(string="Settled On", readonly=True, copy=False)
    resolved_by_id = fields.Many2one(
        "res.users", string="Settled By", readonly=True, copy=False, ondelete="restrict"
    )
    move_ids = fields.One2many(
        "stock.move", "discrepancy_id", string="Stock Moves", readonly=True
    )
    account_move_ids = fields.Many2many(
        "account.move",
        "distribution_transfer_discrepancy_entry_rel",
        "discrepancy_id",
        "move_id",
        string="Journal Entries",
        readonly=True,
        copy=False,
    )
    count_move_id = fields.Many2one(
        "stock.move",
        string="Count",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The count that explains the difference.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a discrepancy must be more than zero."
    )
    _count_once = models.UniqueIndex(
        "(count_move_id) WHERE count_move_id IS NOT NULL",
        "This count explains another discrepancy already.",
    )

    @api.model
    def _selection_resolution(self):
        env = self.env
        return [
            ("later", env._("Will arrive later")),
            ("arrived", env._("Arrived")),
            ("return", env._("Return to sender")),
            ("found", env._("Found at the sender")),
            ("counted", env._("Found at the receiver by a count")),
            ("claim", env._("Claim from the carrier")),
            ("write_off", env._("Write off")),
            ("accept", env._("Accept what arrived")),
            ("correct", env._("Correct product or lot")),
        ]

    @api.depends("fault", "source_branch_id", "destination_branch_id")
    def _compute_fault_branch_id(self):
        for discrepancy in self:
            at_receiver = discrepancy.fault == "receiver"
            discrepancy.fault_branch_id = (
                discrepancy.destination_branch_id
                if at_receiver
                else discrepancy.source_branch_id
            )

    def _is_open(self):
        return self.state in OPEN_STATES

    def _holds_transit(self):
        """Whether the goods it is about are in the transit location until settled."""
        return self.kind in HOLDING

    @api.model_create_multi
    def create(self, vals_list):
        if not owned(self):
            raise UserError(
                self.env._(
                    "A discrepancy is recorded when a truck is unloaded: use Receive on "
                    "the transfer."
                )
            )
        names = next_numbers(self.env, self._name, self.env.company, len(vals_list))
        for vals, name in zip(vals_list, names, strict=True):
            vals["name"] = name
        records = super(
            DistributionTransferDiscrepancy,
            own(self, False).with_context(mail_create_nosubscribe=True),
        ).create(vals_list)
        records._ask_owners()
        return own(records)

    @api.model
    def _record(self, vals_list):
        """Record differences, whoever unloads: they are of both ends."""
        return own(self.sudo()).create(vals_list)  # as the docstring says

    def write(self, vals):
        require_own(
            self, vals, DERIVED_FIELDS | {"other_product_id", "other_lot_id", "lot_id"}
        )
        if not owned(self) and SEEN_FIELDS & vals.keys():
            settled = self.filtered(lambda x: not x._is_open())
            if settled:
                raise UserError(
                    self.env._(
                        "%s is settled and cannot be changed any more.", settled[0].name
                    )
                )
        result = super(DistributionTransferDiscrepancy, own(self, False)).write(vals)
        if "state" in vals or "user_id" in vals:
            self._ask_owners()
        return result

    def _ask_owners(self):
        """An activity for the owner of each that is open; none for what is settled."""
        # As superuser: the owner may be of the other end.
        records = self.sudo().with_context(mail_activity_quick_update=True)
        records.activity_unlink([TODO])
        waiting = records.filtered(lambda x: x.state == "open" and x.user_id)
        for (user, due), group in waiting.grouped(
            lambda x: (x.user_id, x.date_due)
        ).items():
            group.activity_schedule(
                TODO,
                date_deadline=due,
                summary=self.env._("Settle the difference"),
                user_id=user.id,
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("%s is kept: it says what happened to goods.", self[:1].name)
        )
