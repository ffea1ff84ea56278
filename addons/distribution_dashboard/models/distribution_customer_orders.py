from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

# Read outside of any environment, and translated when they are shown.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

MILESTONES = {
    "promised": _lt("Promised"),
    "allocated": _lt("Allocated"),
    "picked": _lt("Picked"),
    "shipped": _lt("Shipped"),
    "in_transit": _lt("In transit"),
    "delivered": _lt("Delivered"),
    "invoiced": _lt("Invoiced"),
}
MOST_ORDERS = 40
DIGITS = 3
# What orders and moves are read for: at once for all of them.
ORDER_FIELDS = [
    "name",
    "branch_id",
    "date_order",
    "commitment_date",
    "amount_untaxed",
    "currency_id",
    "client_order_ref",
]
MOVE_FIELDS = [
    "sale_line_id",
    "state",
    "product_qty",
    "quantity",
    "picked",
    "date",
    "location_dest_id",
    "picking_type_id",
]


@dataclass
class Progress:
    """How far the goods of an order are: quantities, and the last date of each."""

    wanted: float = 0.0
    allocated: float = 0.0
    picked: float = 0.0
    delivered: float = 0.0
    # Moves of the warehouse before the goods leave it, where it has such steps.
    to_pick: float = 0.0
    pick_done: float = 0.0
    on_lanes: float = 0.0
    shipped: float = 0.0
    travelling: float = 0.0
    ordered: float = 0.0
    invoiced: float = 0.0
    dates: dict = field(default_factory=dict)
    expected: object = None

    def on(self, key, moment):
        """Keep the last moment of a milestone."""
        if moment and (key not in self.dates or moment > self.dates[key]):
            self.dates[key] = moment


class DistributionCustomerPage(models.AbstractModel):
    """Open orders of a customer, and how far each of them is."""

    _inherit = "distribution.customer.page"

    @api.model
    def _orders(self, partner):
        """Open orders, the earliest promise first; false where they are not for the reader.

        Open is what is confirmed, and not delivered or not invoiced in full.
        """
        Order = self.env["sale.order"]
        if not Order.has_access("read"):
            return False
        unfinished = Domain("delivery_status", "in", ("pending", "started", "partial"))
        domain = (
            Domain("partner_id", "child_of", partner.id)
            & Domain("state", "=", "sale")
            & (unfinished | Domain("invoice_status", "=", "to invoice"))
        )
        orders = Order.search_fetch(
            domain, ORDER_FIELDS, order="commitment_date, id", limit=MOST_ORDERS
        )
        progress = self._progress(orders)
        rows = [self._order_row(order, progress[order.id]) for order in orders]
        return {"rows": rows, "total": Order.search_count(domain)}

    @api.model
    def _progress(self, orders):
        """{order id: Progress}, in a constant number of queries."""
        found = defaultdict(Progress)
        lines = orders.order_line.filtered(lambda line: not line.display_type)
        for line in lines:
            order = found[line.order_id.id]
            order.ordered += line.product_uom_qty
            order.invoiced += min(line.qty_invoiced, line.product_uom_qty)
            if line.first_promised_at:
                first = order.dates.get("promised")
                order.dates["promised"] = min(
                    filter(None, [first, line.first_promised_at])
                )
        order_of = {line.id: line.order_id.id for line in lines}
        self._add_moves(found, order_of)
        self._add_transfers(found, order_of)
        self._add_invoices(found, order_of)
        return found

    @api.model
    def _add_moves(self, found, order_of):
        """What the warehouses have done, as far as the reader may see their moves."""
        Move = self.env["stock.move"]
        if not Move.has_access("read"):
            return
        moves = Move.search_fetch(
            [("sale_line_id", "in", list(order_of)), ("state", "!=", "cancel")],
            MOVE_FIELDS,
        )
        reserved = self._reserved_at(moves)
        for move in moves:
            order = found[order_of[move.sale_line_id.id]]
            usage = move.location_dest_id.usage
            if usage == "customer":
                self._add_delivery(order, move, reserved.get(move.id))
            elif usage == "internal" and move.picking_type_id.code == "internal":
                order.to_pick += move.product_qty
                if move.state == "done":
                    order.pick_done += move.product_qty
                    order.on("picked", move.date)

    @api.model
    def _add_delivery(self, order, move, reserved_at):
        is_done = move.state == "done"
        quantity = move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )
        order.wanted += move.product_qty
        order.allocated += quantity
        if move.picked or is_done:
            order.picked += quantity
        if quantity:
            order.on("allocated", reserved_at)
        if is_done:
            order.delivered += quantity
            order.on("delivered", move.date)
        elif not order.expected or move.date > order.expected:
            order.expected = move.date

    @api.model
    def _reserved_at(self, moves):
        """{move id: when its goods were reserved last}."""
        groups = self.env["stock.move.line"]._read_group(
            [("move_id", "in", moves.ids), ("quantity", ">", 0)],
            ["move_id"],
            ["create_date:max"],
        )
        return {move.id: moment for move, moment in groups}

    @api.model
    def _add_transfers(self, found, order_of):
        """Goods that another branch sends for the order."""
        Line = self.env["distribution.transfer.line"]
        if not Line.has_access("read"):
            return
        lines = Line.search(
            [("sale_line_id", "in", list(order_of)), ("state", "!=", "cancel")]
        )
        for line in lines:
            order = found[order_of[line.sale_line_id.id]]
            order.on_lanes += line.approved_qty
            order.shipped += line.shipped_qty
            order.travelling += line.in_transit_qty
            order.on("shipped", line.transfer_id.shipped_date)
            if line.in_transit_qty:
                order.on("arrival", line.transfer_id.arrival_date)
            order.on("in_transit", line.transfer_id.received_date)

    @api.model
    def _add_invoices(self, found, order_of):
        Item = self.env["account.move.line"]
        if not Item.has_access("read"):
            return
        groups = Item._read_group(
            [
                ("sale_line_ids", "in", list(order_of)),
                ("parent_state", "=", "posted"),
            ],
            ["sale_line_ids"],
            ["date:max"],
        )
        for line, day in groups:
            if line.id in order_of:
                found[order_of[line.id]].on("invoiced", day)

    # Words.

    @api.model
    def _order_row(self, order, progress):
        promised = progress.dates.get("promised") or order.commitment_date
        is_delivered = _share(progress.delivered, progress.wanted) == 1
        now = fields.Datetime.now()
        is_late = bool(promised and not is_delivered and promised < now)
        expected = progress.expected
        will_be_late = (
            promised and not is_delivered and expected and expected > promised
        )
        return {
            "id": order.id,
            "name": order.name,
            "reference": order.client_order_ref or "",
            "branch": order.branch_id.name or "",
            "amount": self.env["distribution.board"]._money(
                order.amount_untaxed, order.currency_id
            ),
            "is_late": is_late,
            "trouble": self._trouble(is_late, will_be_late, expected),
            "milestones": [
                self._milestone(key, share, moment)
                for key, share, moment in self._steps(progress, promised)
            ],
        }

    @api.model
    def _trouble(self, is_late, will_be_late, expected):
        if is_late:
            return self.env._("Late")
        if will_be_late:
            day = format_date(
                self.env, fields.Datetime.context_timestamp(self, expected)
            )
            return self.env._("Will be late: expected on %(day)s", day=day)
        return ""

    @api.model
    def _steps(self, progress, promised):
        """(milestone, which share of it is done, when); None: the order has no such step."""
        dates = progress.dates
        delivered = _share(progress.delivered, progress.wanted)
        picked = _share(progress.picked, progress.wanted)
        if progress.to_pick:
            picked = _share(progress.pick_done, progress.to_pick)
        shipped, travelled = delivered, None
        if progress.on_lanes:
            shipped = _share(progress.shipped, progress.on_lanes)
            travelled = _share(
                progress.shipped - progress.travelling, progress.on_lanes
            )
        arrival = dates.get("arrival") or dates.get("in_transit")
        return [
            ("promised", promised and 1 or 0, promised),
            (
                "allocated",
                _share(progress.allocated, progress.wanted),
                dates.get("allocated"),
            ),
            ("picked", picked, dates.get("picked") or dates.get("delivered")),
            ("shipped", shipped, dates.get("shipped") or dates.get("delivered")),
            ("in_transit", travelled, arrival),
            ("delivered", delivered, dates.get("delivered")),
            (
                "invoiced",
                _share(progress.invoiced, progress.ordered),
                dates.get("invoiced"),
            ),
        ]

    @api.model
    def _milestone(self, key, share, moment):
        if share is None:
            state, words = "none", self.env._("not needed")
        elif share >= 1:
            state, words = "done", self.env._("done")
        elif share > 0:
            state, words = "part", self.env._("%d %% done", int(share * 100))
        else:
            state, words = "open", self.env._("open")
        return {
            "key": key,
            "label": self.env["distribution.board"]._word(MILESTONES[key]),
            "state": state,
            "words": words,
            "date": self._day(moment) if share or key == "in_transit" else "",
        }

    @api.model
    def _day(self, moment):
        """The day of a date, or of a moment where the reader is."""
        if not moment:
            return ""
        if isinstance(moment, datetime):
            moment = fields.Datetime.context_timestamp(self, moment)
        return format_date(self.env, moment)


def _share(part, whole):
    """Which share of a quantity is done: 0 to 1, and 1 only for all of it."""
    if not whole:
        return 0.0
    if float_compare(part, whole, precision_digits=DIGITS) >= 0:
        return 1.0
    return max(part / whole, 0.0)
