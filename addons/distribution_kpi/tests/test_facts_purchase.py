from collections import defaultdict
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestFactsOfPurchase(FactsCase):
    """Orders that are due, with what came of them and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = {}
        cls()._buy_for_a_week()

    def _promise(self, branch, due, quantity, product=None, uom=None, price=4.0):
        """A line that is confirmed for noon of the day with that number."""
        product = product or self.bolt
        order = (
            self.env["purchase.order"]
            .with_user(self.nora)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": branch.warehouse_id.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                "product_uom_id": (uom or product.uom_id).id,
                                "price_unit": price,
                                "date_planned": self._noon(due),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.button_confirm()
        line = order.order_line
        self.assertEqual(line.first_confirmed_date, self._noon(due))
        return line

    def _noon(self, number):
        return datetime.combine(self._day(number), datetime.min.time()) + timedelta(
            hours=12
        )

    def _arrive(self, line, number, quantity=None, hour=9, last=False):
        """Some or all of what is to come; without a remainder if it is the last."""
        with self._at(number, hour):
            picking = line.order_id.picking_ids.filtered(
                lambda one: one.state not in ("done", "cancel")
            )
            picking.move_ids.quantity = quantity or picking.move_ids.product_uom_qty
            picking.move_ids.picked = True
            context = {"skip_sms": True, "skip_backorder": True}
            if last:
                context["picking_ids_not_to_backorder"] = picking.ids
            picking.with_context(**context).button_validate()
        return picking

    def _send_back(self, picking, number, quantity, refund=True):
        with self._at(number, 15):
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            wizard.product_return_moves.quantity = quantity
            wizard.product_return_moves.to_refund = refund
            back = self.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
            self._do(back)

    def _buy_for_a_week(self):
        with self._at(0, 6):
            on_time = self._promise(self.north, 2, 10)
            early = self._promise(self.north, 3, 1, uom=self.dozen, price=48)
            in_parts = self._promise(self.north, 2, 10)
            late = self._promise(self.west, 2, 5, self.tape)
            never = self._promise(self.north, 2, 7, price=3.5)
            short = self._promise(self.west, 2, 8)
            returned = self._promise(self.north, 3, 4)
            replaced = self._promise(self.west, 4, 6)
            moved = self._promise(self.north, 1, 3)
            cancelled = self._promise(self.north, 2, 9)
            given_up = self._promise(self.north, 2, 11)
        with self._at(1, 8):
            cancelled.order_id.button_cancel()
        self._arrive(early, 1)
        moved.date_planned = self._noon(5)
        self._arrive(in_parts, 1, 4)
        for number in range(2):
            self._remember(number)
        self._arrive(on_time, 2, hour=21)
        self._arrive(late, 2, hour=23)  # after midnight
        self._remember(2)
        self._arrive(short, 3, 6, last=True)
        back = self._arrive(returned, 3)
        self._send_back(back, 4, 2)
        self._send_back(self._arrive(replaced, 4), 4, 1, refund=False)
        self._arrive(in_parts, 4)
        self._remember(4)
        with self._at(5, 8):
            given_up.order_id.button_cancel()
        self._arrive(moved, 5)
        self._remember(5)
        lines = on_time | early | in_parts | late | never | short | returned | replaced
        # Read by whoever works it out once more.
        type(self).lines = (lines | moved | cancelled | given_up).sudo()
        type(self).cancelled_on = {cancelled: 1, given_up: 5}

    # The same, line by line.

    def _arrived(self, line, before):
        """How much of a line was there before a moment, in the unit of the product."""
        total = 0.0
        for move in line.move_ids.filtered(lambda move: move.state == "done"):
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            if move.date >= before:
                continue
            if move.location_dest_id.usage == "supplier":
                total -= quantity if move.to_refund else 0
            else:
                total += quantity
        return total

    def _kept(self, line, number):
        """Whether the order of a line was not cancelled by the end of that day."""
        return number < self.cancelled_on.get(line, 99)

    def _overdue(self, number):
        found = {}
        for line in self.lines:
            open_quantity = line.product_uom_qty - self._arrived(
                line, self._end(number)
            )
            to_come = line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    or (move.state == "done" and move.date >= self._end(number))
                )
            )
            due = line.first_confirmed_date < self._end(number)
            if self.cancelled_on.get(line):
                to_come = self._kept(line, number)
            if due and to_come and open_quantity > 0:
                found[line] = open_quantity
        return found

    def test_overdue(self):
        seen = set()
        for number in range(7):
            lines, values = defaultdict(int), defaultdict(float)
            for line, quantity in self._overdue(number).items():
                key = self._day(number), line.branch_id.id
                price = line.price_subtotal / line.product_uom_qty
                lines[key] += 1
                values[key] += quantity * price
                seen.add(line)
            found = self._sums("overdue_receipt_lines", number)
            self.assertEqual(found, {key: (x, 0) for key, x in lines.items()})
            found = self._sums("overdue_receipt_value", number)
            self.assertEqual(set(found), set(values))
            for key, value in values.items():
                self.assertAlmostEqual(found[key][0], value, places=2)
        self.assertGreater(len(seen), 3)

    def test_what_nobody_waits_for_is_not_overdue(self):
        days = {
            number: {
                row["res_id"] for row in self._facts("overdue_receipt_lines", number)
            }
            for number in range(7)
        }
        never = self.lines.filtered(lambda line: line.product_qty == 7)
        short = self.lines.filtered(lambda line: line.product_qty == 8)
        self.assertEqual([never.id in days[x] for x in (1, 2, 6)], [False, True, True])
        self.assertEqual([x for x in days if short.id in days[x]], [2])
        given_up = self.lines.filtered(lambda line: line.product_qty == 11)
        self.assertEqual([x for x in days if given_up.id in days[x]], [2, 3, 4])

    def _judged(self, within):
        sums = defaultdict(lambda: (0, 0))
        for line in self.lines:
            due = self._local_day(line.first_confirmed_date)
            number = (due - self.fixed).days + within
            if not self._kept(line, number):
                continue
            full = self._arrived(line, self._end(number)) >= line.product_uom_qty
            key = self._day(number), line.branch_id.id
            sums[key] = sums[key][0] + full, sums[key][1] + 1
        return sums

    def test_on_time(self):
        found = self._sums("vendor_on_time", 10, start=0)
        self.assertSums(found, self._judged(0))
        whole = tuple(map(sum, zip(*found.values(), strict=True)))
        self.assertEqual(
            whole,
            (4, 10),
            "all that was due counts, also what never came or was given up",
        )

    def test_on_time_with_some_patience(self):
        found = self._sums("vendor_on_time", 10, start=0, within=1)
        self.assertSums(found, self._judged(1))
        self.assertNotEqual(found, self._sums("vendor_on_time", 10, start=0))

    def test_in_full(self):
        found = self._sums("vendor_in_full", 15, start=0)
        self.assertSums(found, self._judged(7))
        whole = tuple(map(sum, zip(*found.values(), strict=True)))
        self.assertEqual(whole, (6, 9))

    def test_delay(self):
        expected = defaultdict(lambda: (0, 0))
        for line in self.lines:
            due = self._local_day(line.first_confirmed_date)
            moves = line.move_ids.filtered(
                lambda move: (
                    move.state == "done" and move.location_dest_id.usage != "supplier"
                )
            )
            for day in {self._local_day(move.date) for move in moves}:
                key = day, line.branch_id.id
                late = max((day - due).days, 0)
                expected[key] = expected[key][0] + late, expected[key][1] + 1
        found = self._sums("vendor_delay", 10, start=0)
        self.assertSums(found, expected)
        self.assertEqual(sum(late for late, _count in found.values()), 1 + 1 + 2 + 4)

    def test_past_days_come_out_the_same(self):
        self.assertKept()

    def test_the_value_is_in_the_money_of_the_company(self):
        with self._at(8, 8):
            line = self._promise(self.west, 9, 10, price=6)
        order = line.order_id.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET currency_rate = 2 WHERE id = %s", (order.id,)
        )
        rows = self._facts("overdue_receipt_value", 9)
        [row] = [row for row in rows if row["res_id"] == line.id]
        self.assertEqual(row["numerator"], 30)
        self.assertIn(order.name, row["label"])

    def test_no_data_no_rows(self):
        for code in ("overdue_receipt_lines", "vendor_on_time", "vendor_delay"):
            self.assertFalse(self._facts(code, -3), code)
