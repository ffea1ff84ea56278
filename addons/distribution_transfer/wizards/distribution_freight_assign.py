from datetime import datetime, time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.account_move_freight import BILLS
from ..models.distribution_transfer import LIVE


class DistributionFreightAssign(models.TransientModel):
    """The choice of the transfers that a vendor bill is for, or of the bill for them."""

    _name = "distribution.freight.assign"
    _description = "Assign a Freight Bill"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    bill_line_ids = fields.Many2many(
        "account.move.line",
        string="Bill Lines",
        domain=lambda self: self._bill_line_domain(),
        help="Lines of posted vendor bills for the transport.",
    )
    lane_id = fields.Many2one(
        "distribution.lane", help="Choose all transfers along this lane."
    )
    carrier_id = fields.Many2one(
        "res.partner", help="Choose all transfers that this carrier drove."
    )
    date_from = fields.Date(
        string="From", help="Choose transfers that left on this day or later."
    )
    date_to = fields.Date(
        string="To", help="Choose transfers that left on this day or before."
    )
    transfer_ids = fields.Many2many(
        "distribution.transfer",
        string="Transfers",
        compute="_compute_transfer_ids",
        store=True,
        readonly=False,
        domain=[("state", "in", LIVE)],
        help="The transfers that the bill is for. None at all takes the bill back.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        help="Untaxed amount of the lines in company currency, less what was credited. It "
        "is shared among the transfers by what the rules of their lanes go by.",
    )

    @api.model
    def _bill_line_domain(self):
        return [
            ("parent_state", "=", "posted"),
            ("move_type", "in", BILLS),
            ("display_type", "=", "product"),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.depends("lane_id", "carrier_id", "date_from", "date_to")
    def _compute_transfer_ids(self):
        for wizard in self:
            chosen = wizard._chosen_domain()
            if chosen:
                found = self.env["distribution.transfer"].search(chosen)
                wizard.transfer_ids = [Command.set(found.ids)]

    def _chosen_domain(self):
        """Transfers of the lane, carrier and period; None where nothing is chosen."""
        self.ensure_one()
        left = "departure_date"
        chosen = []
        if self.lane_id:
            chosen.append(("lane_id", "=", self.lane_id.id))
        if self.carrier_id:
            chosen.append(("carrier_id", "=", self.carrier_id.id))
        if self.date_from:
            chosen.append((left, ">=", datetime.combine(self.date_from, time.min)))
        if self.date_to:
            chosen.append((left, "<=", datetime.combine(self.date_to, time.max)))
        if not chosen:
            return None
        live = Domain("state", "in", LIVE)
        return Domain(chosen) & live & Domain("company_id", "=", self.company_id.id)

    @api.depends("bill_line_ids")
    def _compute_amount(self):
        for wizard in self:
            nets = wizard.bill_line_ids._origin._freight_net_amounts()
            wizard.amount = sum(nets.values())

    def action_assign(self):
        """Assign the chosen transfers to the lines of the bill.

        :raises UserError: no line is chosen, or a line or a transfer does not fit
        """
        self.ensure_one()
        if not self.bill_line_ids:
            raise UserError(self.env._("Choose the lines of the vendor bill first."))
        self.bill_line_ids.assign_freight(self.transfer_ids.ids)
        return {"type": "ir.actions.act_window_close"}
