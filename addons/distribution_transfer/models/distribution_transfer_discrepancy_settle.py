import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from .own import own

_logger = logging.getLogger(__name__)

# How each kind may be settled.
RESOLUTIONS = {
    "short": ("later", "found", "counted", "return", "claim", "write_off"),
    "refused": ("later", "return", "claim", "write_off"),
    "damaged": ("accept", "return", "claim", "write_off"),
    "over": ("accept", "return"),
    "wrong_item": ("correct", "return"),
    "wrong_lot": ("correct", "return"),
}
# What changes the stock of one end is for the people of that end.
SIDES = {
    ("over", "accept"): "source",
    ("short", "found"): "source",
    ("short", "counted"): "destination",
    ("wrong_item", "correct"): "source",
    ("wrong_lot", "correct"): "source",
    ("damaged", "accept"): "destination",
}
LOSSES = ("claim", "write_off")


class DistributionTransferDiscrepancy(models.Model):
    """How a discrepancy is settled: the decision, and what follows for goods and ledger.

    The moves are made in `distribution_transfer_discrepancy_moves.py`.
    """

    _inherit = "distribution.transfer.discrepancy"

    _approval_gate = True
    _approval_passed_states = ("resolved", "waiting")
    _approval_cancelled_states = ("cancelled",)
    _approval_waiting_state = "requested"
    _approval_draft_state = "open"
    _approval_guarded_fields = ("kind", "quantity", "resolution", "fault", "value")

    def action_settle(
        self,
        resolution,
        quantity=None,
        fault=None,
        note=None,
        expected_date=None,
        count_move_id=None,
    ):
        """Settle a discrepancy.

        :param resolution: a code of the field `resolution` that fits the kind
        :param quantity: how much of it, in the unit of the line; all of it by default.
            The rest stays open as a discrepancy of its own.
        :param fault: who is at fault; as it is by default
        :param note: added to what was seen
        :param expected_date: when goods that arrive later are expected
        :param count_move_id: the move of the count that explains it
        :return: True, or what the client is told where approval is needed
        :raises UserError: it is settled, or cannot be settled so
        """
        self.ensure_one()
        self.check_access("write")
        self.transfer_id.sudo()._lock()  # both ends change it
        self._ensure_settles(resolution)
        if quantity is not None:
            self._split_off(quantity)
        values = {"resolution": resolution, "expected_date": expected_date}
        if resolution == "claim":
            fault = "carrier"
        if fault:
            values["fault"] = fault
        if note:
            values["note"] = "\n".join(filter(None, [self.note, note]))
        if count_move_id:
            # As superuser: the receiver may settle by a count of the sender.
            count = self.env["stock.move"].sudo().browse(count_move_id)
            self._ensure_explains(count, resolution)
            values["count_move_id"] = count.id
        elif resolution == "counted":
            raise UserError(
                self.env._(
                    "Choose the count that found the goods of %s, or make one.",
                    self.name,
                )
            )
        own(self).write(values)
        return self._settle()

    def _settle(self):
        cleared = self._approval_submit()
        for discrepancy in cleared:
            # As superuser: the moves are of both ends. Who may decide was checked.
            own(discrepancy.sudo())._carry_out()
        return self._approval_answer(cleared)

    def _approval_complete(self):
        self.transfer_id.sudo()._lock()  # as in action_settle
        self._settle()

    def _approval_requested(self):
        return super(DistributionTransferDiscrepancy, own(self))._approval_requested()

    def _approval_released(self):
        released = own(self)
        released._approval_waiting().write({"resolution": False})
        return super(DistributionTransferDiscrepancy, released)._approval_released()

    def _ensure_settles(self, resolution):
        labels = dict(self._selection_resolution())
        if not self._is_open() or self.state == "requested":
            state = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: nothing can be done about it now.",
                    name=self.name,
                    state=state[self.state].lower(),
                )
            )
        if self.state == "waiting" and self.resolution != "later":
            raise UserError(
                self.env._(
                    "%(name)s is being settled already: %(how)s.",
                    name=self.name,
                    how=labels[self.resolution],
                )
            )
        if resolution not in RESOLUTIONS[self.kind]:
            raise UserError(
                self.env._(
                    "%(name)s cannot be settled by %(how)s. Choose one of: %(options)s.",
                    name=self.name,
                    how=labels.get(resolution, resolution),
                    options=", ".join(labels[x] for x in RESOLUTIONS[self.kind]),
                )
            )
        side = SIDES.get((self.kind, resolution))
        if side:
            self.transfer_id._ensure_side(side)

    def _split_off(self, quantity):
        """Keep `quantity`; the rest becomes a discrepancy of its own."""
        line = self.transfer_line_id
        if not line._is_more(quantity, 0) or line._is_more(quantity, self.quantity):
            raise UserError(
                self.env._(
                    "%(name)s is about %(quantity)s %(unit)s: settle more than none, and "
                    "not more than that.",
                    name=self.name,
                    quantity=f"{self.quantity:g}",
                    unit=self.product_uom_id.name,
                )
            )
        rest = self.quantity - quantity
        if not line._is_more(rest, 0):
            return
        share = self.currency_id.round(self.value * quantity / self.quantity)
        self.env.flush_all()
        copied = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in (
                *("transfer_line_id", "kind", "fault", "note", "user_id", "date_due"),
                *("lot_id", "other_lot_id", "other_product_id", "photo_ids"),
            )
        }
        own(self).write({"quantity": quantity, "value": share})
        own(self.sudo()).create(  # by whoever settles a part
            [{**copied, "quantity": rest, "value": self.value_of(rest)}]
        )

    def value_of(self, quantity):
        """Value of a quantity of this discrepancy, at its own cost."""
        self.ensure_one()
        cost = self.value / self.quantity if self.quantity else 0.0
        return self.currency_id.round(cost * quantity)

    def _finish(self, resolution=None):
        """It is settled; what is expected and how far the transfer is follows."""
        values = {
            "state": "resolved",
            "resolved_date": fields.Datetime.now(),
            "resolved_by_id": self.env.uid,
        }
        if resolution:
            values["resolution"] = resolution
        own(self).write(values)
        for discrepancy in self:
            _logger.info(
                "discrepancy %s: settled, %s", discrepancy.name, discrepancy.resolution
            )

    def _settle_arrived(self, quantity):
        """Goods that were missing have arrived: settle as many as they are."""
        order = {"later": 0, False: 1}
        for discrepancy in self.sorted(
            lambda x: (order.get(x.resolution, 2), x.kind != "short", x.id)
        ):
            line = discrepancy.transfer_line_id
            if not line._is_more(quantity, 0):
                break
            if line._is_more(discrepancy.quantity, quantity):
                discrepancy._split_off(quantity)
            quantity -= discrepancy.quantity
            discrepancy._finish("arrived")

    # Approval: by value of what is lost.

    @api.model
    def _approval_kind_name(self):
        return self.env._("Loss on a transfer")

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            **super()._approval_measures(),
            "transfer_loss_value": {
                "label": env._("Value of the loss"),
                "unit": "money",
                "help": env._(
                    "Of what is written off or claimed from the carrier, at cost."
                ),
            },
        }

    def _approval_measure_transfer_loss_value(self, lines):
        return lines._approval_amount()

    def _approval_amount(self):
        return {x.id: x.value for x in self if x.resolution in LOSSES}

    def _approval_facts(self):
        env, facts = self.env, {}
        labels = dict(self._selection_resolution())
        faults = dict(self._fields["fault"]._description_selection(env))
        for x in self:
            what = f"{x.quantity:g} {x.product_uom_id.name} {x.product_id.display_name}"
            facts[x.id] = [
                (env._("Transfer"), f"{x.transfer_id.name}, {x.lane_id.name}"),
                (env._("Goods"), f"{what}, {x._approval_money(x.value)}"),
                (
                    env._("Settled by"),
                    f"{labels.get(x.resolution, '')}; {faults[x.fault]}",
                ),
            ]
        return facts

    @api.model
    def _approval_dimensions(self):
        return {
            **super()._approval_dimensions(),
            "branch": "fault_branch_id",
            "lane": "lane_id",
        }

    @api.model
    def _approval_default_limits(self):
        return {"first_limit": 250.0, "second_limit": 2500.0}

    @api.model
    def _approval_default_rules(self, line):
        first, second = line._first_authority(), line._second_authority()
        limits = [line.first_limit, line.second_limit]
        steps = [[first], [first, second]]
        return [
            line._prepare_rule(
                self.env._("Value"), "transfer_loss_value", limits, steps
            )
        ]
