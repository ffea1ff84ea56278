"""Six weeks of transfers along the lanes. Needs the suite.

The same plan that `writer_transfer.py` carries out in plain Odoo: here each is a governed
transfer, asked for by the people of its depot and worked on by those of each end.
"""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.distribution_transfer.models.own import own

from .dating import date_creation, date_operation, date_picking
from .documents import ARRIVED_STAGES, SHIPPED_STAGES
from .shipping import validate
from .writer import Writer
from .writer_account_freight import FreightWriter

SHORT_NOTE = "The pallet was open at one side. Counted twice."
# Hours before the departure at which a step was done.
HOURS_BEFORE = {"pick": 4, "pack": 3, "ship": 1}


class TransferHistoryWriter(Writer):
    theme = "transfers"

    def run(self):
        planned = [t for t in self.plan.transfers if t.branch in self.book.lanes]
        if not planned:
            return
        self._plan_of = {}
        self._create(planned)
        self._carry_out()

    # Asking.

    def _create(self, planned):
        for key in self.book.lanes:
            mine = [transfer for transfer in planned if transfer.branch == key]
            if mine:
                Transfer = self.env["distribution.transfer"].with_user(
                    self.book.user(f"operator.{key}")
                )
                made = own(Transfer).create([self._values(t) for t in mine])
                self._plan_of.update(zip(made.ids, mine, strict=True))
        transfers = self.env["distribution.transfer"].browse(self._plan_of)
        self._all = transfers.with_env(self.env)
        date_creation(self._all, [self._asked(transfer) for transfer in self._all])
        own(self._all)._launch()
        waiting = self._all.filtered(lambda transfer: transfer.state != "approved")
        if waiting:
            raise AssertionError(f"{waiting[0].name} should be approved by now")

    def _values(self, planned):
        lane = self.book.lanes[planned.branch]
        departure, arrival = self._schedule(lane, planned)
        has_left = planned.stage in SHIPPED_STAGES
        return {
            "lane_id": lane.id,
            "departure_date": departure,
            "arrival_date": arrival,
            "left_date": has_left and departure,
            "shipped_date": has_left and departure - timedelta(hours=1),
            "line_ids": [
                Command.create(
                    {
                        "product_id": self.book.products[line.product],
                        "requested_qty": line.quantity,
                    }
                )
                for line in planned.lines
            ],
        }

    def _schedule(self, lane, planned):
        if planned.stage not in SHIPPED_STAGES:
            return lane._schedule(planned.stage == "requested" and planned.arrival)
        morning = datetime.combine(planned.shipped.date(), time.min)
        departure = lane.next_departure(morning)
        return departure, lane.expected_arrival(departure)

    def _asked(self, transfer):
        """When it was asked for: the day before it left, or just now."""
        asked = transfer.departure_date - timedelta(hours=22)
        return min(asked, fields.Datetime.now() - timedelta(hours=3))

    # Carrying out.

    def _at(self, *stages):
        return self._all.filtered(lambda t: self._plan_of[t.id].stage in stages)

    def _carry_out(self):
        shipped = self._at(*SHIPPED_STAGES)
        self._step(shipped | self._at("picked"), "pick")
        for step in ("pack", "ship"):
            self._step(shipped, step)
        self._drop_remainders(shipped)
        self._receive(self._at("done"))
        self._receive_short(self._at("short"))
        FreightWriter(self.book).run(self._all, self._plan_of)
        self._finish(self._at(*ARRIVED_STAGES))
        self._expect(self._at("transit", "transit_late"))

    def _step(self, transfers, step):
        """Validate what is reserved of one step of all of them, as its storeman."""
        pickings = transfers.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("draft", "done", "cancel")
                and not picking.backorder_id
                and picking._transfer_step() == step
            )
        )
        storeman = self.book.user("picker.central")
        self._validate(pickings.with_user(storeman))
        for picking in pickings.filtered(lambda picking: picking.state == "done"):
            moment = picking.transfer_id.departure_date
            moment -= timedelta(hours=HOURS_BEFORE[step])
            date_picking(picking, min(moment, fields.Datetime.now()))
        date_operation(pickings.filtered(lambda picking: picking.state == "done"))

    def _validate(self, pickings):
        pickings.move_ids._action_assign()
        moves = pickings.move_ids.filtered("quantity")
        if moves:
            validate(pickings, moves)

    def _drop_remainders(self, transfers):
        """What the centre did not have was ordered again."""
        partly = transfers.filtered(lambda x: x.ship_status == "partly")
        if partly:
            partly.action_cancel_rest()
        nothing = transfers.filtered(lambda x: x.state == "approved")
        if nothing:
            nothing.action_cancel()

    def _receipts(self, transfers):
        return transfers.picking_ids.filtered(
            lambda picking: (
                picking.transfer_leg == "receive"
                and picking.state not in ("done", "cancel")
            )
        )

    def _receive(self, transfers):
        """Everything arrived."""
        for key, pickings in self._receipts(transfers).grouped(self._branch).items():
            storeman = self.book.user(f"operator.{key}")
            self._validate(pickings.with_user(storeman))
        self._date_receipts(transfers)

    def _branch(self, picking):
        return self._plan_of[picking.transfer_id.id].branch

    def _receive_short(self, transfers):
        """Some of the first product is missing."""
        for picking in self._receipts(transfers):
            storeman = self.book.user(f"operator.{self._branch(picking)}")
            entries = [
                {"move_id": move.id, "quantity": move.quantity}
                for move in picking.move_ids.filtered("quantity")
            ]
            entries[0]["quantity"] -= max(1, entries[0]["quantity"] // 4)
            entries[0].update(note=SHORT_NOTE, fault="shipper")
            picking.with_user(storeman).action_unload(entries)
        self._date_receipts(transfers)
        found = transfers.discrepancy_ids
        moments = [self._plan_of[x.transfer_id.id].received for x in found]
        date_creation(found, moments)
        for discrepancy, moment in zip(found, moments, strict=True):
            discrepancy.date_due = moment.date() + timedelta(days=3)

    def _date_receipts(self, transfers):
        done = transfers.picking_ids.filtered(
            lambda x: x.transfer_leg == "receive" and x.state == "done"
        )
        for picking in done:
            date_picking(picking, self._received(picking.transfer_id))
        date_operation(done)

    def _received(self, transfer):
        """As planned; on the day on which it was expected, in time."""
        received = self._plan_of[transfer.id].received
        arrival = transfer.lane_id.expected_arrival(transfer.left_date)
        if received.date() == arrival.date():
            return min(received, arrival - timedelta(minutes=10))
        return received

    def _finish(self, transfers):
        """Say when they arrived; close those without a difference."""
        for transfer in transfers.filtered("left_date"):
            arrival = transfer.lane_id.expected_arrival(transfer.left_date)
            received = self._received(transfer)
            own(transfer).write(
                {
                    "received_date": received,
                    "arrival_date": arrival,
                    "latest_arrival_date": False,
                }
            )
        settled = transfers.filtered(lambda x: x.state == "reconciled")
        settled.action_close()
        for transfer in settled:
            own(transfer).closed_date = transfer.received_date + timedelta(hours=3)

    def _expect(self, transfers):
        """As the trips before them have taken; whoever is delayed has called."""
        own(transfers)._set_arrival()
        now = fields.Datetime.now()
        for transfer in transfers & self._at("transit"):
            if transfer.arrival_date < now:
                own(transfer).write(
                    {
                        "arrival_date": self._plan_of[transfer.id].arrival,
                        "latest_arrival_date": False,
                    }
                )
