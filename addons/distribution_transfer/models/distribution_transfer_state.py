import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .distribution_transfer import LIVE
from .own import own

_logger = logging.getLogger(__name__)

# How far a transfer is. It never goes back, but for a difference that is found late.
ORDER = ("approved", "shipped", "in_transit", "received", "reconciled")
CLOSE_DAYS = "distribution_transfer.close_days"


class DistributionTransfer(models.Model):
    """The states of a transfer; the diagram is in docs/transfers.md."""

    _inherit = "distribution.transfer"

    ship_status = fields.Selection(
        [("no", "Not shipped"), ("partly", "Partly shipped"), ("full", "Shipped")],
        string="Shipping",
        compute="_compute_progress",
        store=True,
        help="Partly: a remainder is still to be shipped.",
    )
    receipt_status = fields.Selection(
        [("no", "Not received"), ("partly", "Partly received"), ("full", "Received")],
        string="Receipt",
        compute="_compute_progress",
        store=True,
        help="Partly: something was received, and something is in transit or still to be "
        "shipped.",
    )
    reservation_status = fields.Selection(
        [("no", "Not reserved"), ("partly", "Partly reserved"), ("full", "Reserved")],
        string="Reservation",
        compute="_compute_progress",
        store=True,
        help="Whether what is still to be shipped is set aside at the sender.",
    )
    open_discrepancy_count = fields.Integer(
        string="Open Discrepancies", compute="_compute_open_discrepancy_count"
    )

    @api.depends(
        "line_ids.to_ship_qty",
        "line_ids.shipped_qty",
        "line_ids.in_transit_qty",
        "line_ids.received_qty",
        "line_ids.reserved_qty",
    )
    def _compute_progress(self):
        for transfer in self:
            lines = transfer.line_ids
            to_ship, shipped, on_road, received, reserved = (
                lines._total(name)
                for name in (
                    *("to_ship_qty", "shipped_qty", "in_transit_qty"),
                    *("received_qty", "reserved_qty"),
                )
            )
            transfer.ship_status = _status(shipped, to_ship)
            transfer.receipt_status = _status(received, to_ship + on_road)
            transfer.reservation_status = _status(reserved, to_ship - reserved)

    def _compute_open_discrepancy_count(self):
        groups = self.env["distribution.transfer.discrepancy"]._read_group(
            [
                ("transfer_id", "in", self.ids),
                ("state", "in", ("open", "waiting", "requested")),
            ],
            ["transfer_id"],
            ["__count"],
        )
        counts = {transfer.id: count for transfer, count in groups}
        for transfer in self:
            transfer.open_discrepancy_count = counts.get(transfer.id, 0)

    # Asking.

    def action_request(self):
        """The receiving branch asks for the goods.

        Inside the policy the transfer is approved at once and its operations are made;
        else it waits for the sending branch, and the answer says for whom.

        :raises UserError: naming what is wrong with the transfer
        """
        self._ensure_side("destination")
        self._ensure_state("draft")
        self._lock()  # before anything is written: of two who ask, one waits here
        self._check_request()
        # Who asks, and so neither agrees nor reviews, is whoever presses the button.
        own(self).write({"user_id": self.env.uid})
        return self._launch()

    def _launch(self):
        """Ask for approval; carry out what needs none."""
        self._lock()
        cleared = self._approval_submit()
        cleared._approve()
        return self._approval_answer(cleared)

    def _approve(self):
        """The sender agrees: make the operations."""
        if not self:
            return
        own(self).write({"state": "approved"})
        self._create_operations()
        self._set_freight()
        for transfer in self:
            _logger.info("transfer %s: approved, operations made", transfer.name)

    def _check_request(self):
        now = fields.Datetime.now()
        for transfer in self:
            transfer._check_ends()
            if not transfer.line_ids:
                raise UserError(
                    self.env._("%s has no lines: add what is needed.", transfer.name)
                )
            if transfer.date_wanted and transfer.date_wanted < now:
                raise UserError(
                    self.env._(
                        "%s is needed by a date that is over. Choose a later one, or "
                        "leave it empty for the next truck.",
                        transfer.name,
                    )
                )
            if transfer.reason == "emergency" and not transfer.reason_note:
                raise UserError(
                    self.env._(
                        "An emergency needs an explanation: say on %s what happened.",
                        transfer.name,
                    )
                )
            if transfer.departure_date and transfer.departure_date < now:
                # The timetable is for everybody who asks.
                lane = transfer.lane_id.sudo()
                schedule = lane._schedule(transfer.date_wanted)
                own(transfer).write(
                    dict(zip(("departure_date", "arrival_date"), schedule, strict=True))
                )
        self.line_ids._check_stocked()

    # Approval: the states.

    def _approval_requested(self):
        return super(DistributionTransfer, own(self))._approval_requested()

    def _approval_released(self):
        """A request that was refused ends the transfer; one that lapsed does not."""
        refused = self.filtered(lambda x: x.approval_state == "rejected")
        own(refused._approval_waiting()).write({"state": "rejected"})
        others = own(self - refused)
        return super(DistributionTransfer, others)._approval_released()

    def _approval_complete(self):
        self._ensure_state("draft", "requested")
        self._lock()
        cleared = self._approval_submit()
        cleared._approve()

    def action_withdraw(self):
        """Take the request back, to change it or to drop it."""
        self._ensure_side("destination")
        self._ensure_state("requested")
        self._approval_open_requests().action_withdraw()
        waiting = self._approval_waiting()
        own(waiting).write({"state": "draft"})

    # On the way.

    def action_depart(self):
        """The truck has left."""
        self._ensure_side("source")
        self._ensure_state("shipped")
        self._depart()

    def _depart(self, moment=None):
        moment = moment or fields.Datetime.now()
        own(self).write({"left_date": moment})
        self._set_arrival()
        self._sync_state()
        self._notify_departure()

    def action_close(self):
        """Close transfers of which nothing is open.

        :raises UserError: something is in transit, or a difference is not settled
        """
        self.check_access("write")
        self._lock()
        for transfer in self:
            if transfer.state != "reconciled":
                raise UserError(transfer._not_closable())
        own(self).write({"state": "closed", "closed_date": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _not_closable(self):
        self.ensure_one()
        reasons = []
        on_road = self.line_ids.filtered(
            lambda line: line._is_more(line.in_transit_qty, 0)
        )
        if on_road:
            reasons.append(
                self.env._(
                    "%(count)s products are in transit, such as %(product)s",
                    count=len(on_road),
                    product=on_road[0].product_id.display_name,
                )
            )
        if self.open_discrepancy_count:
            reasons.append(
                self.env._(
                    "%s discrepancies are not settled", self.open_discrepancy_count
                )
            )
        if self.line_ids._total("to_ship_qty"):
            reasons.append(self.env._("a remainder is still to be shipped"))
        return self.env._(
            "%(transfer)s cannot be closed: it is %(state)s; %(reasons)s.",
            transfer=self.name,
            state=self._state_label(),
            reasons=", ".join(reasons) or self.env._("nothing was received yet"),
        )

    def action_cancel(self):
        """Nobody needs the goods any more, or the sender has none.

        Before anything was shipped it cancels the transfer, afterwards it is refused: what
        is on the road is returned to the sender, and a remainder is cancelled by
        `action_cancel_rest`.
        """
        self.check_access("write")
        self._lock()
        for transfer in self:
            if transfer.state == "cancelled":
                raise UserError(self.env._("%s is cancelled already.", transfer.name))
            if transfer.line_ids._total("shipped_qty"):
                raise UserError(
                    self.env._(
                        "%(transfer)s has left %(branch)s and cannot be cancelled. Use "
                        "Return to Sender for what is on the road, or Cancel Remainder "
                        "for what is not shipped.",
                        transfer=transfer.name,
                        branch=transfer.source_branch_id.display_name,
                    )
                )
        self._ensure_state("draft", "requested", "approved")
        self._open_moves()._action_cancel()
        own(self - self._cancelled()).write({"state": "cancelled"})

    def _cancelled(self):
        """Those that the cancelling of their moves has cancelled already."""
        return self.filtered(lambda transfer: transfer.state == "cancelled")

    def action_cancel_rest(self):
        """Cancel what was not shipped of transfers that were shipped in part."""
        self.check_access("write")
        self._lock()
        for transfer in self:
            if transfer.ship_status != "partly":
                raise UserError(
                    self.env._("%s has no remainder to be shipped.", transfer.name)
                )
        self._open_moves().filtered(
            lambda move: move.transfer_leg in ("pick", "ship")
        )._action_cancel()

    def action_return_to_sender(self):
        """Send back what is on the road; the sender receives it again.

        :raises UserError: nothing is on the road
        """
        self.check_access("write")
        self._lock()
        for transfer in self:
            held = transfer._refuse_at_the_door()
            if not held:
                raise UserError(
                    self.env._("Nothing of %s is on the road.", transfer.name)
                )
            with held.env["stock.move"]._settling():
                lines = held.transfer_line_id
                lines._shrink_receipts({x.transfer_line_id: x.quantity for x in held})
                own(held).write({"resolution": "return"})
                own(held)._expect_return()
        self.line_ids._sync_discrepancies()
        self._sync_state()

    def _refuse_at_the_door(self):
        """Discrepancies for everything on the road that has none yet."""
        lines = self.sudo().line_ids  # recorded for both ends
        values = [
            line._prepare_discrepancy("refused", line.in_transit_qty - line.short_qty)
            for line in lines
            if line._is_more(line.in_transit_qty, line.short_qty)
        ]
        receipts = lines._open_receipts().picking_id
        receipts.transfer_unloaded = True
        return self.env["distribution.transfer.discrepancy"]._record(values)

    def _open_moves(self):
        return self._moves().filtered(lambda move: move.state not in ("done", "cancel"))

    # Following the moves.

    def _sync_state(self):
        """Bring the state to what the moves and the discrepancies say.

        Called wherever goods of a transfer have moved, or a difference was found or
        settled. Writes what has changed only.
        """
        for transfer in self.filtered(lambda transfer: transfer.state in LIVE):
            values = transfer._prepare_progress()
            if values:
                _logger.info("transfer %s: %s", transfer.name, values.get("state"))
                own(transfer).write(values)

    def _prepare_progress(self):
        """What has changed in the state of one transfer, and when it did."""
        self.ensure_one()
        state, now, values = self._found_state(), fields.Datetime.now(), {}
        late_find = self.state == "reconciled" and state == "received"
        if state == "cancelled" or late_find or _is_further(state, self.state):
            values["state"] = state
        if state in ("received", "reconciled") and not self.received_date:
            values["received_date"] = now
        if state in ORDER[1:] and not self.shipped_date:
            values["shipped_date"] = now
        return values

    def _found_state(self):
        """The state that follows from the quantities of the lines."""
        lines = self.line_ids
        if not lines._total("shipped_qty"):
            return "approved" if lines._total("to_ship_qty") else "cancelled"
        if lines._total("to_ship_qty") or lines._undisputed():
            return "in_transit" if self.left_date else "shipped"
        if lines.discrepancy_ids.filtered(lambda x: x._is_open()):
            return "received"
        return "received" if lines._total("in_transit_qty") else "reconciled"

    def _ensure_state(self, *states):
        """:raises UserError: one of the transfers is in another state"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for transfer in self:
            if transfer.state not in states:
                raise UserError(
                    self.env._(
                        "%(transfer)s is %(state)s; this is for transfers that are "
                        "%(states)s.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                        states=", ".join(labels[state].lower() for state in states),
                    )
                )

    def _lock(self):
        """Let nobody else change these transfers until the transaction ends.

        The rows are touched, not just locked: whoever began before then sees that his
        picture is old, and is served once more from the start.
        """
        if not self.ids:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE distribution_transfer SET write_date = write_date
                    WHERE id IN (SELECT id FROM distribution_transfer
                                  WHERE id IN %s ORDER BY id FOR UPDATE)""",
                tuple(self.ids),
            ),
            log_exceptions=False,
        )

    # Jobs.

    @api.model
    def _cron_follow(self):
        """Trucks that should have left have left; reconciled transfers are closed."""
        now = fields.Datetime.now()
        due = self.search([("state", "=", "shipped"), ("departure_date", "<=", now)])
        leaving = due.try_lock_for_update().grouped("departure_date")
        for moment, transfers in leaving.items():
            transfers._depart(moment)
        parameters = self.env["ir.config_parameter"].sudo()  # nobody may read them
        days = int(parameters.get_param(CLOSE_DAYS, 2))
        before = fields.Datetime.subtract(now, days=days)
        settled = self.search(
            [("state", "=", "reconciled"), ("received_date", "<=", before)]
        ).try_lock_for_update()
        if settled:
            settled.action_close()


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    def _total(self, name):
        """Sum of a quantity over lines of any units: good for telling whether it is 0."""
        return sum(
            line[name] for line in self if not line.product_uom_id.is_zero(line[name])
        )

    def _undisputed(self):
        """What is in transit, and not said to be missing, refused or wrong."""
        return sum(
            max(line.in_transit_qty - line.short_qty, 0)
            for line in self
            if line._is_more(line.in_transit_qty, line.short_qty)
        )

    def _check_stocked(self):
        """Replenishment is for what the receiver keeps; other reasons are for the rest."""
        asked = self.filtered(
            lambda line: (
                line.transfer_id.reason == "replenishment"
                and not line.transfer_id.is_automatic
            )
        )
        if not asked:
            return
        Orderpoint = self.env["stock.warehouse.orderpoint"].sudo()  # of any branch
        kept = Orderpoint._read_group(
            [
                ("product_id", "in", asked.product_id.ids),
                ("warehouse_id.branch_id", "in", asked.destination_branch_id.ids),
            ],
            ["warehouse_id", "product_id"],
        )
        kept = {(warehouse.branch_id, product) for warehouse, product in kept}
        for line in asked:
            if (line.destination_branch_id, line.product_id) not in kept:
                raise UserError(
                    self.env._(
                        "%(product)s is not stocked at %(branch)s: it has no reordering "
                        "rule there. Make one, or choose another reason than "
                        "replenishment.",
                        product=line.product_id.display_name,
                        branch=line.destination_branch_id.display_name,
                    )
                )


def _status(done, rest):
    digits = 6
    if not round(done, digits):
        return "no"
    return "partly" if round(rest, digits) > 0 else "full"


def _is_further(state, than):
    return ORDER.index(state) > ORDER.index(than) if state in ORDER else False
