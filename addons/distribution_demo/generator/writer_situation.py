"""What goes wrong today, so that each rule finds something. Needs the suite.

Only what the six weeks before do not bring by themselves: a vendor moves a date, a truck
does not leave, goods are sold too cheaply, a customer owes too much, goods leave that the
books do not have.
"""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded
from odoo.addons.distribution_transfer.models.own import own

from .accounts import CONTRACTS
from .dating import date_creation, date_picking
from .writer import Writer

MOVED_DAYS = 8
# Of the list price: what somebody took without asking, just above what needs approval.
GIVEN = 0.86
# Credit limits by the number of a contract: the harbour project is past its own.
CREDIT_LIMITS = {0: 90000.0, 2: 120000.0, 4: 60000.0, 6: 35000.0}
EMERGENCY_DAYS = 3
HOLD_DAYS, HELD = 6, 4
# By how much a bill, or the cost of what was sold, is more than agreed.
DEARER = 1.07
ASKED_HOURS = 46


class SituationWriter(Writer):
    theme = "situations"

    def run(self):
        if not self.plan.sales:
            return
        self._now = fields.Datetime.now()
        self._move_vendor_dates()
        self._hold_trucks()
        self._age_emergencies()
        self._give_prices()
        self._limit_credit()
        self._hold_goods()
        self._bill_too_much()
        self._wait_for_answers()

    @property
    def _depots(self):
        return [key for key in self.book.branches if key != "central"]

    def _move_vendor_dates(self):
        """One vendor of each branch says that it takes longer."""
        lines = self.env["purchase.order.line"].search(
            [
                ("state", "=", "purchase"),
                ("qty_received", "=", 0),
                ("date_planned", ">", self._now),
            ],
            order="id",
        )
        for own_lines in lines.grouped("branch_id").values():
            own_lines[0].date_planned += timedelta(days=MOVED_DAYS)

    def _hold_trucks(self):
        """A truck that should have left yesterday is still at the sender."""
        for key in self._depots[1:]:
            lane = self.book.lanes.get(key)
            waiting = self.env["distribution.transfer"].search(
                [("lane_id", "=", lane.id), ("state", "=", "approved")],
                order="id",
                limit=1,
            )
            yesterday = datetime.combine(self._now.date(), time.min)
            departure = lane.last_departure_arriving_by(yesterday)
            own(waiting).write(
                {
                    "departure_date": departure,
                    "arrival_date": lane.expected_arrival(departure),
                    "latest_arrival_date": False,
                }
            )

    def _age_emergencies(self):
        pending = self.env["distribution.transfer"].search(
            [("emergency_review", "=", "pending"), ("state", "!=", "cancelled")]
        )
        moment = self._now - timedelta(days=EMERGENCY_DAYS)
        date_creation(pending, [moment] * len(pending))

    def _give_prices(self):
        """A depot gives a price that nobody agreed to; for another one the goods of an
        order have become dearer than they were sold for.
        """
        first, second = [*self._depots, *self._depots][:2]
        for line in self._open_line(first):
            line.price_unit = round(line.pricelist_price * GIVEN, 2)
        for line in self._open_line(second):
            line.purchase_price = round(line.price_reduce_taxexcl * DEARER, 2)

    def _open_line(self, key):
        """The largest line of a branch that can still be changed."""
        return self.env["sale.order.line"].search(
            [
                ("order_id.warehouse_id", "=", self.book.warehouses[key].id),
                ("state", "=", "sale"),
                ("qty_invoiced", "=", 0),
                ("qty_delivered", "=", 0),
                ("discount", "=", 0),
            ],
            order="price_subtotal desc, id",
            limit=1,
        )

    def _limit_credit(self):
        self.company.account_use_credit_limit = True
        for index, limit in CREDIT_LIMITS.items():
            partner_id = self.book.contract_customers.get(index)
            if partner_id:
                partner = self.env["res.partner"].browse(partner_id)
                partner.credit_limit = limit
                key = CONTRACTS[index].branch
                partner.user_id = self.book.user(f"manager.{key}")

    def _hold_goods(self):
        """Goods wait to be inspected; some of them the books did not have."""
        for number, key in enumerate(self._depots):
            hold = self.env["stock.location"].search(
                [
                    ("branch_id", "=", self.book.branches[key].id),
                    ("location_role", "=", "quality_hold"),
                    ("usage", "=", "internal"),
                ],
                limit=1,
            )
            quant = self._quant(key)
            if not hold or not quant:
                continue
            # The last depot put aside more than it had.
            is_last = key == self._depots[-1] and number
            quantity = quant.quantity + 2 if is_last else min(HELD, quant.quantity)
            self._move_aside(quant, hold, quantity)

    def _quant(self, key):
        """Goods on a shelf that nobody has reserved, few of them."""
        shelf = self.book.shelves.get(key) or self.book.warehouses[key].lot_stock_id
        return self.env["stock.quant"].search(
            [
                ("location_id", "=", shelf.id),
                ("quantity", ">", 0),
                ("reserved_quantity", "=", 0),
                ("inventory_quantity_set", "=", False),
                ("lot_id", "=", False),
            ],
            order="quantity, id",
            limit=1,
        )

    def _move_aside(self, quant, hold, quantity):
        product, warehouse = quant.product_id, hold.warehouse_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": quant.location_id.id,
                "location_dest_id": hold.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": quant.location_id.id,
                            "location_dest_id": hold.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        moment = self._now - timedelta(days=HOLD_DAYS)
        date_picking(picking, moment)
        date_creation(picking, [moment])
        held = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "=", hold.id)]
        )
        date_creation(held, [moment] * len(held))

    def _bill_too_much(self):
        """A vendor's bill asks for more than was agreed; it is not posted yet."""
        order = self.env["purchase.order"].search(
            [("state", "=", "purchase"), ("invoice_status", "=", "to invoice")],
            order="amount_total desc, id",
            limit=1,
        )
        if not order:
            return
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")[:1]
        bill.invoice_date = fields.Date.today() - timedelta(days=2)
        line = bill.invoice_line_ids.sorted("price_subtotal", reverse=True)[:1]
        line.price_unit = round(line.price_unit * DEARER, 2)
        bill.ref = f"{order.partner_id.ref}-{order.id:05d}"

    def _wait_for_answers(self):
        """Somebody was asked back, and has not answered since."""
        asked = self.env["distribution.approval.request"].search(
            [("state", "=", "pending"), ("asked_back", "=", True)]
        )
        guarded(asked).requested_date = self._now - timedelta(hours=ASKED_HOURS)
