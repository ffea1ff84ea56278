"""Live transfers in every state. Needs the suite.

What is short, damaged or wrong is in `writer_difference.py`.
"""

from math import ceil

from .writer_goods import TransferPeopleWriter

DEAR_VALUE = 3200.0
WHY_CANCELLED = "The customer has cancelled the order."


class GovernedWriter(TransferPeopleWriter):
    theme = "live transfers"

    def run(self):
        if not self.book.lanes:
            return
        self._write_requests()
        self._write_at_the_sender()
        self._write_on_the_road()
        self._write_ended()
        self._write_emergencies()
        self._write_customer_order()
        self._write_balancing()
        self.env.cr.flush()

    def _lane(self, number):
        key = self._depot(number)
        return key, self.book.lanes[key]

    def _write_requests(self):
        """Drafts, and what waits for the manager of the central warehouse."""
        key, lane = self._lane(0)
        self._draft(f"operator.{key}", lane, self._goods(3))
        scarce = self._scarce()
        self._ask(self._draft(f"operator.{key}", lane, scarce), "action_request")
        key, lane = self._lane(1)
        dear = self._dear()
        self._ask(
            self._draft(
                f"manager.{key}", lane, dear, reason_note="Open house next week"
            ),
            "action_request",
        )
        key, lane = self._lane(2)
        rejected = self._ask(
            self._draft(f"manager.{key}", lane, self._dear()), "action_request"
        )
        self._decide(
            rejected, "reject", "You have six weeks of these on your own shelves."
        )

    def _scarce(self):
        """All that the centre has left of a product."""
        shelf = self._shelf("central")
        product = min(
            (x for x in shelf if shelf[x] >= 3),
            key=lambda x: shelf[x] * x.standard_price,
        )
        quantity = shelf[product]
        self._take(product, quantity)
        return {product.id: quantity}

    def _dear(self):
        """Of the dearest product, for more than the policy lets pass."""
        shelf = self._shelf("central")
        product = max(shelf, key=lambda x: x.standard_price)
        self._take(product, 0)
        return {product.id: ceil(DEAR_VALUE / product.standard_price)}

    def _write_at_the_sender(self):
        """To pick, to ship, partly shipped, and loaded."""
        key, lane = self._lane(2)
        self._agreed(f"operator.{key}", lane, self._goods(4))
        key, lane = self._lane(0)
        self._load(self._agreed(f"operator.{key}", lane, self._goods(3)), "pick")
        key, lane = self._lane(1)
        goods = self._goods(3)
        first = next(iter(goods))
        partly = self._agreed(f"operator.{key}", lane, goods)
        self._load(partly, quantities={first: goods[first] // 3})
        key, lane = self._lane(2)
        self._load(self._agreed(f"operator.{key}", lane, self._goods(2)))

    def _write_on_the_road(self):
        """On the road; one truck is late."""
        key, lane = self._lane(0)
        coming = self._load(self._agreed(f"operator.{key}", lane, self._goods(3)))
        coming.with_user(self.book.user("operator.central")).write(
            {"tracking_reference": "BH-77120"}
        )
        self._promise(self._leave(coming, is_new=True))
        key, lane = self._lane(1)
        late = self._load(self._agreed(f"operator.{key}", lane, self._goods(2)))
        self._leave(late, days=5)
        self._freely(late)._report_late()

    def _write_ended(self):
        """Reconciled, closed and cancelled."""
        key, lane = self._lane(2)
        arrived = self._load(self._agreed(f"operator.{key}", lane, self._goods(2)))
        self._unload(self._leave(arrived))
        key, lane = self._lane(0)
        closed = self._load(self._agreed(f"operator.{key}", lane, self._goods(2)))
        self._unload(self._leave(closed))
        self._like(f"manager.{key}", closed).action_close()
        cancelled = self._agreed(f"operator.{key}", lane, self._goods(2))
        cancelled.message_post(body=WHY_CANCELLED)
        self._like(f"operator.{key}", cancelled).action_cancel()

    def _write_emergencies(self):
        """One to be reviewed, one that was accepted, one that should have waited."""
        outcomes = (
            ("Line stopped at a customer: bearings seized.", None),
            ("Burst hose on the customer's press.", "Right to send it."),
            ("Shelf empty.", "An empty shelf is no emergency: order in time."),
        )
        for number, (what, said) in enumerate(outcomes):
            key, lane = self._lane(number + 2)
            goods = self._cheap(lane.emergency_cap / 4)
            transfer = self._draft(
                *(f"operator.{key}", lane, goods),
                reason="emergency",
                reason_note=what,
                priority="1",
            )
            transfer.action_request()
            mine = self._like("manager.central", transfer)
            if number == 1:
                mine.action_review_accept(said)
            elif said:
                mine.action_review_object(said)

    def _cheap(self, highest):
        """Goods worth no more than `highest`, for each emergency others."""
        shelf = self._shelf("central")
        product = next(
            x for x in shelf if shelf[x] >= 8 and 4 * x.standard_price <= highest
        )
        self._take(product, 4)
        return {product.id: 4}

    def _write_customer_order(self):
        """A customer of a depot wants what only the centre keeps."""
        key, lane = self._lane(0)
        central = self.book.warehouses["central"]
        rare = [self.book.products[x.index] for x in self.plan.products if x.abc == "C"]
        here = self.env["product.product"].browse(rare)
        here = here.with_context(warehouse_id=central.id)
        product = next(x for x in here if x.free_qty >= 2)
        customer = next(x for x in self.plan.customers if x.branch == key)
        order = self._as(f"operator.{key}", "sale.order").create(
            {
                "partner_id": self.book.customers[customer.index],
                "warehouse_id": self.book.warehouses[key].id,
                "client_order_ref": "PO-9104",
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": 2,
                            "route_ids": [(6, 0, lane.route_id.ids)],
                        },
                    )
                ],
            }
        )
        order.action_confirm()
        transfers = self.env["distribution.transfer.line"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )
        self._clear(transfers.transfer_id, "A customer waits for it.")

    def _write_balancing(self):
        """The planner lets one depot help out the other."""
        depots = self._depots[:2]
        lane = self.book.lanes.get(tuple(self.book.branches[key] for key in depots))
        if not lane:
            return
        for is_loaded in (True, False):
            transfer = self._agreed(
                *("planner", lane, self._goods(2, 3, depots[0])),
                reason="balancing",
                reason_note="Three months of stock at one end",
            )
            if is_loaded:
                self._promise(self._leave(self._load(transfer), is_new=True))
