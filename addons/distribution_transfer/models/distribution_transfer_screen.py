from odoo import api, fields, models
from odoo.exceptions import UserError

from .distribution_transfer_line import QUANTITIES

# What may be recalled from the road, and where a remainder may be left.
ON_THE_WAY = ("shipped", "in_transit", "received")


class DistributionTransfer(models.Model):
    """What the screens show of a transfer, and which buttons its viewer may press.

    A button is shown where the method behind it would not refuse: for the people of the
    side that does it, in the states in which it can be done.
    """

    _inherit = "distribution.transfer"

    can_request = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_pick = fields.Boolean(compute="_compute_can")
    can_ship = fields.Boolean(compute="_compute_can")
    can_depart = fields.Boolean(compute="_compute_can")
    can_receive = fields.Boolean(compute="_compute_can")
    can_take_back = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_cancel_rest = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_review = fields.Boolean(compute="_compute_can")
    discrepancy_count = fields.Integer(
        string="All Discrepancies",
        compute="_compute_discrepancy_count",
        help="Differences found on the transfer, settled ones included.",
    )
    line_count = fields.Integer(string="Number of Lines", compute="_compute_line_count")
    shown_quantities = fields.Char(
        compute="_compute_shown_quantities",
        help="The quantities that say something on this transfer, for its screen.",
    )
    sale_order_count = fields.Integer(
        string="Sales Orders",
        compute="_compute_sale_order_count",
        help="Orders that wait for goods of this transfer, as far as you may see them.",
    )

    @api.depends(
        "lane_id",
        "state",
        "ship_status",
        "emergency_review",
        "line_ids.in_transit_qty",
        "line_ids.to_ship_qty",
        "picking_ids.state",
    )
    @api.depends_context("uid")
    def _compute_can(self):
        may_write, may_review = self.has_access("write"), self._is_reviewer()
        for transfer in self:
            by_sender = may_write and transfer._is_side("source")
            by_receiver = may_write and transfer._is_side("destination")
            state, legs = transfer.state, transfer._open_legs()
            moving = state in ON_THE_WAY
            requesters = transfer.user_id | transfer.create_uid
            transfer.can_request = by_receiver and state == "draft"
            transfer.can_withdraw = by_receiver and state == "requested"
            transfer.can_pick = by_sender and "pick" in legs
            transfer.can_ship = by_sender and "ship" in legs
            transfer.can_depart = by_sender and state == "shipped"
            transfer.can_receive = by_receiver and moving and "receive" in legs
            transfer.can_take_back = by_sender and "return" in legs
            transfer.can_return = (
                may_write and moving and transfer.line_ids._total("in_transit_qty")
            )
            transfer.can_cancel = (
                may_write
                and state in ("draft", "requested", "approved")
                and transfer.ids
            )
            transfer.can_cancel_rest = may_write and transfer.ship_status == "partly"
            transfer.can_close = may_write and state == "reconciled"
            transfer.can_review = (
                by_sender
                and may_review
                and transfer.emergency_review == "pending"
                and self.env.user not in requesters
            )

    def _open_legs(self):
        """The legs of the transfer that have an operation to be done."""
        # As superuser: the operations of the other end are not the user's to see.
        return {
            self._leg_of(picking)
            for picking in self.sudo().picking_ids
            if picking.state not in ("done", "cancel")
        }

    def _leg_of(self, picking):
        """The leg of an operation of the transfer, steps within a branch included."""
        at_sender = picking.branch_id == self.source_branch_id
        return picking.transfer_leg or ("pick" if at_sender else "store")

    @api.depends("discrepancy_ids")
    def _compute_discrepancy_count(self):
        groups = self.env["distribution.transfer.discrepancy"]._read_group(
            [("transfer_id", "in", self.ids)], ["transfer_id"], ["__count"]
        )
        counts = {transfer.id: count for transfer, count in groups}
        for transfer in self:
            transfer.discrepancy_count = counts.get(transfer.id, 0)

    @api.depends("line_ids")
    def _compute_line_count(self):
        groups = self.env["distribution.transfer.line"]._read_group(
            [("transfer_id", "in", self.ids)], ["transfer_id"], ["__count"]
        )
        counts = {transfer.id: count for transfer, count in groups}
        for transfer in self:
            transfer.line_count = counts.get(transfer.id, 0)

    @api.depends(*(f"line_ids.{name}" for name in QUANTITIES))
    def _compute_shown_quantities(self):
        for transfer in self:
            shown = [name for name in QUANTITIES if transfer.line_ids._total(name)]
            transfer.shown_quantities = ",".join(shown)

    @api.depends("line_ids.sale_line_id")
    @api.depends_context("uid")
    def _compute_sale_order_count(self):
        for transfer in self:
            transfer.sale_order_count = len(transfer._sale_orders())

    def _sale_orders(self):
        """The orders that wait for the goods, as far as the user may see them."""
        if not self.env["sale.order"].has_access("read"):
            return self.env["sale.order"]
        # As superuser: whose orders they are is asked below.
        orders = self.sudo().line_ids.sale_line_id.order_id
        return orders.with_env(self.env)._filtered_access("read")

    # Opening what belongs to it.

    def action_pick(self):
        """Open the operation that brings the goods to where trucks are loaded.

        :raises UserError: there is none, or the user works at the other end
        """
        return self._open_leg("pick", "source")

    def action_ship(self):
        """Open the operation that loads the next truck.

        :raises UserError: there is none, or the user works at the other end
        """
        return self._open_leg("ship", "source")

    def action_take_back(self):
        """Open the operation by which the sender receives what comes back.

        :raises UserError: there is none, or the user works at the other end
        """
        return self._open_leg("return", "source")

    def _open_leg(self, leg, side):
        self.ensure_one()
        self._ensure_side(side)
        pickings = self.picking_ids.filtered(
            lambda p: self._leg_of(p) == leg and p.state not in ("done", "cancel")
        )
        if not pickings:
            raise UserError(
                self.env._("%s has no such operation to be done.", self.name)
            )
        ready = pickings.filtered(lambda p: p.state == "assigned") or pickings
        return ready.sorted("id")[0].get_formview_action()

    def action_view_sale_orders(self):
        """Open the orders that wait for goods of the transfer."""
        self.ensure_one()
        orders = self._sale_orders()
        if len(orders) == 1:
            return orders.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action.update(name=self.name, domain=[("id", "in", orders.ids)], context={})
        return action

    def action_object(self):
        """Ask for the note with which the user objects to an emergency."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Object to %s", self.name),
            "res_model": "distribution.transfer.objection",
            "view_mode": "form",
            "target": "new",
            "context": {"default_transfer_id": self.id},
        }


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    departure_date = fields.Datetime(related="transfer_id.departure_date")
    arrival_date = fields.Datetime(related="transfer_id.arrival_date")
