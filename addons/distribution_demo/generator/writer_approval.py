"""Approval policies, and requests in every state. Needs the suite.

Every request is made and decided as the person whose business it is, through the buttons.
"""

from datetime import timedelta

from odoo import fields

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .writer_people import PeopleWriter

# The limits of the set-up, by document: the branch decides from the first one on, head
# office too from the second. Sales in percent of discount, all else in money.
LIMITS = {
    "purchase.order": (1500.0, 15000.0),
    "sale.order": (15.0, 25.0),
    "stock.quant": (150.0, 1500.0),
    "stock.scrap": (75.0, 750.0),
    "distribution.transfer": (2500.0, 10000.0),
    "distribution.transfer.discrepancy": (100.0, 1000.0),
}
HOURS = 8.0
# One person must not do both on one document.
PAIRS = {("approve", "receive"), ("receive", "bill"), ("bill", "pay")}


class ApprovalWriter(PeopleWriter):
    theme = "approvals"

    def run(self):
        self._set_up()
        self._write_delegation()
        self._write_purchases()
        self._write_sales()
        self._write_counts()
        self._write_scraps()
        self._escalate()

    def _set_up(self):
        """Answer the three questions as an administrator."""
        setup = self._as("administrator", "distribution.approval.setup").create(
            {"hours": HOURS}
        )
        for line in setup.line_ids:
            first, second = LIMITS.get(line.document_model, (0, 0))
            line.write(
                {
                    "is_chosen": bool(first),
                    "first_limit": first,
                    "second_limit": second,
                }
            )
        setup.conflict_ids = setup.conflict_ids.filtered(
            lambda pair: (pair.duty, pair.other_duty) in PAIRS
        )
        setup.action_apply()

    def _write_delegation(self):
        """The manager of the last region is away for two weeks."""
        today = fields.Date.today()
        last = self._depots[-1]
        self._as(f"regional.{last}", "distribution.approval.delegation").create(
            {
                "user_id": self.book.user(f"regional.{last}").id,
                "delegate_id": self.book.user("planner").id,
                "date_from": today,
                "date_to": today + timedelta(days=14),
                "reason": "Holiday",
            }
        )

    # Requests.

    def _write_purchases(self):
        """Local buying: the manager asks, and the region decides."""
        north, west, *_rest = [*self._depots, *self._depots]
        last = self._depots[-1]
        self._ask(self._purchase(north, 2400), "button_confirm")
        self._ask(self._purchase(last, 3100), "button_confirm")

        asked = self._ask(self._purchase(west, 1900), "button_confirm")
        self._decide(
            asked, "ask_back", "Two weeks ago you had 60 left. What are they for?"
        )
        approved = self._ask(self._purchase(north, 4200), "button_confirm")
        self._decide(approved, "approve", "Agreed with the vendor on the phone.")
        rejected = self._ask(self._purchase(west, 5200), "button_confirm")
        self._decide(
            rejected, "reject", "The central warehouse has these; ask for a transfer."
        )
        order = self._purchase(north, 2800)
        changed = self._ask(order, "button_confirm")
        order.order_line[:1].product_qty *= 2
        if changed.state != "superseded":
            raise AssertionError("a change of a line must supersede the request")
        withdrawn = self._ask(self._purchase(last, 1700), "button_confirm")
        withdrawn.with_user(withdrawn.requester_id).action_withdraw(
            reason="The customer has cancelled."
        )
        handed = self._ask(self._purchase("central", 16500, "buyer"), "button_confirm")
        self._decide(
            handed,
            "delegate",
            "Please look at the price.",
            user_id=self.book.user("planner").id,
        )

    def _purchase(self, key, value, buyer=None):
        """What a branch has bought before, over about `value`, of whoever buys there."""
        warehouse = self.book.warehouses[key]
        past = self.env["purchase.order"].search(
            [
                ("picking_type_id", "=", warehouse.in_type_id.id),
                ("state", "=", "purchase"),
            ],
            order="id",
        )
        model = past[self._next_number() % len(past)]
        bought = model.order_line.filtered("price_unit")[:2]
        return self._as(buyer or f"manager.{key}", "purchase.order").create(
            {
                "partner_id": model.partner_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": line.product_id.id,
                            "product_qty": max(
                                round(value / len(bought) / line.price_unit), 1
                            ),
                            "price_unit": round(line.price_unit * 1.04, 2),
                        },
                    )
                    for line in bought
                ],
            }
        )

    def _write_sales(self):
        """The counter gives discounts; the manager of the branch decides."""
        north, west, *_rest = [*self._depots, *self._depots]
        self._ask(
            self._sale(north, 18, "Competitor's offer of 12 October"), "action_confirm"
        )
        self._ask(self._sale(west, 20, "Large order in sight"), "action_confirm")
        approved = self._ask(self._sale(west, 16, "Damaged box"), "action_confirm")
        self._decide(approved, "approve", "Fine for this box.")
        rejected = self._ask(
            self._sale(north, 30, "Customer insists"), "action_confirm"
        )
        self._decide(rejected, "reject", "Below what we pay for it.")

    def _sale(self, key, discount, reason):
        number = self._next_number()
        customers = self.book.customers
        return self._as(f"operator.{key}", "sale.order").create(
            {
                "partner_id": customers[number % len(customers)],
                "warehouse_id": self.book.warehouses[key].id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product(
                                (number * 11 + offset) % len(self.book.products)
                            ).id,
                            "product_uom_qty": 40,
                            "discount": discount,
                            "price_reason": reason,
                        },
                    )
                    for offset in range(2)
                ],
            }
        )

    def _write_counts(self):
        """Counts that differ: one waits, one is approved."""
        north, west, *_rest = [*self._depots, *self._depots]
        self._ask(self._count(north, 400), "action_apply_inventory")
        approved = self._ask(self._count(west, 220), "action_apply_inventory")
        self._decide(approved, "approve", "The missing box was in the returns.")

    def _count(self, key, value):
        """Somebody counts less of a product than the system has, by about `value`."""
        location = self.book.warehouses[key].lot_stock_id
        quant = next(
            quant
            for quant in self.env["stock.quant"].search(
                [
                    ("location_id", "child_of", location.id),
                    ("quantity", ">", 0),
                    ("inventory_quantity_set", "=", False),
                ],
                order="id",
            )
            if quant.available_quantity * quant.product_id.standard_price > value * 1.2
        )
        missing = round(value / quant.product_id.standard_price + 0.5)
        mine = (
            self._as(f"operator.{key}", "stock.quant")
            .with_context(inventory_mode=True)
            .browse(quant.id)
        )
        mine.inventory_quantity = quant.quantity - missing
        return mine

    def _write_scraps(self):
        """Broken goods: one waits for the manager."""
        key = self._depots[0]
        location = self.book.warehouses[key].lot_stock_id
        quant = next(
            quant
            for quant in self.env["stock.quant"].search(
                [("location_id", "child_of", location.id), ("quantity", ">", 0)],
                order="id desc",
            )
            if quant.available_quantity * quant.product_id.standard_price > 250
        )
        scrap = self._as(f"operator.{key}", "stock.scrap").create(
            {
                "product_id": quant.product_id.id,
                "scrap_qty": round(200 / quant.product_id.standard_price + 0.5),
                "location_id": quant.location_id.id,
            }
        )
        self._ask(scrap, "action_validate")

    def _escalate(self):
        """The oldest request has waited for longer than its time limit."""
        request = self.env["distribution.approval.request"].search(
            [("state", "=", "pending"), ("res_model", "=", "sale.order")],
            order="id",
            limit=1,
        )
        yesterday = fields.Datetime.now() - timedelta(days=1)
        guarded(request.task_ids).write(
            {"asked_date": yesterday, "deadline": yesterday + timedelta(hours=HOURS)}
        )
        self.env["distribution.approval.task"]._cron_escalate()
