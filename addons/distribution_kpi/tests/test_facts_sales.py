from collections import defaultdict

from odoo import Command, fields

from .common import KpiCase, StreamMixin

SERVICE = (
    "line_fill_rate",
    "unit_fill_rate",
    "value_fill_rate",
    "order_fill_rate",
    "on_time_in_full",
    "order_accuracy",
)


class TestFactsOfSales(StreamMixin, KpiCase):
    """Figures of a random stream of sales, worked out once more from the records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("test_stream_has_everything")
        cls.orders = maker._stream(2026)
        cls.branches, cls.kept = maker.branches, maker.kept
        cls.dropped_on, cls.glue = maker.dropped_on, maker.glue

    def test_stream_has_everything(self):
        """The other tests compare something: each kind of event is in the stream."""
        moves = self.orders.order_line.move_ids
        done = moves.filtered(lambda move: move.state == "done")
        self.assertTrue(self.orders.filtered(lambda order: order.state == "cancel"))
        self.assertTrue(
            done.filtered(lambda move: move.location_id.usage == "customer")
        )
        self.assertTrue(self.orders.invoice_ids)
        self.assertTrue(self.dropped_on)
        lines = self.orders.order_line
        self.assertIn("service", lines.product_id.mapped("type"))
        self.assertIn(0, lines.mapped("price_unit"))
        self.assertIn(self.dozen, lines.product_uom_id)
        self.assertGreater(len(self.orders.currency_id), 1)
        late = [
            line
            for line in self.orders.order_line
            for move in line.move_ids
            if move.state == "done" and move.date > line.first_promised_at
        ]
        self.assertTrue(late)

    # Comparing.

    def _compare(self, code, reckoned, numbers):
        """Snapshots of each day by branch, and items, are what was reckoned.

        :param reckoned: {(day, branch): [numerator, denominator]}
        """
        compared = 0
        kpi = self._kpi(code)
        for number in numbers:
            day = self._day(number)
            self.assertFalse(self._take(number, code), kpi.failure)
            items = self._items(code, number)._read_group(
                [], ["branch_id"], ["numerator:sum", "denominator:sum"]
            )
            items = {branch: (top, bottom) for branch, top, bottom in items}
            rows = {row.branch_id: row for row in self._rows(code, number)}
            for branch in self.branches:
                expected = reckoned.get((day, branch))
                row = rows.get(branch)
                if expected is None or not (expected[0] or expected[1]):
                    self.assertFalse(row and (row.numerator or row.denominator))
                    continue
                compared += 1
                self.assertTrue(row, f"{code} of {branch.name} on {day}")
                for found in ((row.numerator, row.denominator), items[branch]):
                    self.assertAlmostEqual(
                        found[0], expected[0], 4, (code, day, branch)
                    )
                    self.assertAlmostEqual(
                        found[1] or 0, expected[1] or 0, 4, (code, day, branch)
                    )
        self.assertGreater(compared, 4, f"too little to compare: {code} shows nothing")

    def _lines(self, orders=None):
        """Those of goods."""
        lines = (orders or self.orders).order_line
        return lines.filtered(lambda line: line.product_id.type == "consu")

    def _delivered(self, line, number, back=True):
        """Units that the customer had at the end of a day.

        :param back: less what came back
        """
        end, total = self._end(number), 0.0
        for move in line.move_ids:
            if move.state != "done" or move.date >= end:
                continue
            units = move.product_uom._compute_quantity(
                move.quantity, line.product_id.uom_id, round=False
            )
            to, since = move.location_dest_id.usage, move.location_id.usage
            if to == "customer" and (
                not move.origin_returned_move_id or move.to_refund
            ):
                total += units
            elif since == "customer" and move.to_refund and back:
                total -= units
        return total

    def _ordered(self, line):
        return line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )

    def _value(self, line):
        return line.price_subtotal / line.order_id.currency_rate

    def _promise(self, line):
        return self._number(line.first_promised_at)

    # Service.

    def test_fill_rates(self):
        rates = {code: defaultdict(lambda: [0.0, 0.0]) for code in SERVICE[:3]}
        for line in self._lines():
            number = self._promise(line)
            key = (self._day(number), line.branch_id)
            ordered, value = self._ordered(line), self._value(line)
            filled = min(max(self._delivered(line, number), 0), ordered)
            for code, part, whole in (
                ("line_fill_rate", float(filled >= ordered), 1),
                ("unit_fill_rate", filled, ordered),
                ("value_fill_rate", value * filled / ordered, value),
            ):
                rates[code][key][0] += part
                rates[code][key][1] += whole
        for code, reckoned in rates.items():
            with self.subTest(code):
                self._compare(code, reckoned, range(self.days + 3))

    def test_orders_in_full(self):
        rates = {code: defaultdict(lambda: [0.0, 0.0]) for code in SERVICE[3:5]}
        for order in self.orders:
            lines = self._lines(order)
            last = max(self._promise(line) for line in lines)
            key = (self._day(last), order.branch_id)
            for code, day_of in (
                ("order_fill_rate", lambda line, last=last: last),
                ("on_time_in_full", self._promise),
            ):
                full = all(
                    self._delivered(line, day_of(line)) >= self._ordered(line)
                    for line in lines
                )
                rates[code][key][0] += full
                rates[code][key][1] += 1
        for code, reckoned in rates.items():
            with self.subTest(code):
                self._compare(code, reckoned, range(self.days + 3))

    def test_order_accuracy(self):
        settled = 14
        reckoned = defaultdict(lambda: [0.0, 0.0])
        numbers = range(settled, settled + self.days + 2)
        for line in self._lines():
            for number in numbers:
                done = line.move_ids.filtered(
                    lambda move, number=number: (
                        move.state == "done" and move.date < self._end(number)
                    )
                )
                shipped = done.filtered(
                    lambda move: (
                        move.location_dest_id.usage == "customer"
                        and (not move.origin_returned_move_id or move.to_refund)
                    )
                )
                if not shipped:
                    continue
                last = max(self._number(move.date) for move in shipped)
                if last + settled != number:
                    continue
                back = done.filtered(lambda move: move.location_id.usage == "customer")
                right = (
                    self._delivered(line, number) == self._ordered(line) and not back
                )
                key = (self._day(number), line.branch_id)
                reckoned[key][0] += right
                reckoned[key][1] += 1
        self._compare("order_accuracy", reckoned, numbers)

    # Cycle time.

    def test_confirmed_to_shipped(self):
        reckoned = defaultdict(lambda: [0.0, 0.0])
        for picking in self.orders.picking_ids:
            if picking.state == "done" and picking.picking_type_code == "outgoing":
                key = (self._local_day(picking.date_done), picking.sale_id.branch_id)
                taken = picking.date_done - picking.sale_id.date_order
                reckoned[key][0] += taken.total_seconds() / 3600
                reckoned[key][1] += 1
        self._compare("confirm_to_ship", reckoned, range(self.days + 1))

    def test_shipped_to_invoiced(self):
        reckoned = defaultdict(lambda: [0.0, 0.0])
        for invoice in self.orders.invoice_ids:
            number = (invoice.invoice_date - self.fixed).days
            goods = invoice.invoice_line_ids.sale_line_ids.move_ids.filtered(
                lambda move, number=number: (
                    move.state == "done"
                    and move.location_dest_id.usage == "customer"
                    and move.date < self._end(number)
                )
            )
            if invoice.move_type != "out_invoice" or not goods:
                continue
            last = self._local_day(max(goods.mapped("date")))
            key = (invoice.invoice_date, invoice.branch_id)
            reckoned[key][0] += (invoice.invoice_date - last).days
            reckoned[key][1] += 1
        self._compare("ship_to_invoice", reckoned, range(self.days + 1))

    # Backlog.

    def _open(self, number):
        """{line: units open} at the end of a day."""
        end, found = self._end(number), {}
        for line in self._lines():
            order = line.order_id
            confirmed = order.date_order < end and line.create_date < end
            gone = order.state == "cancel" and order.cancelled_at < end
            gone = gone or self.dropped_on.get(order, number + 1) <= number
            open_units = self._ordered(line) - self._delivered(line, number, back=False)
            if confirmed and not gone and open_units > 0.000001:
                found[line] = open_units
        return found

    def _open_value(self, line, units):
        return self._value(line) * units / self._ordered(line)

    def test_backlog(self):
        sums = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        buckets = {
            "backorder_age_0_2": (0, 2),
            "backorder_age_3_7": (3, 7),
            "backorder_age_8_30": (8, 30),
            "backorder_age_over_30": (31, 9999),
        }
        numbers = (*range(self.days + 5), self.days + 9, self.days + 40)
        for number in numbers:
            for line, units in self._open(number).items():
                key = (self._day(number), line.branch_id)
                value, age = self._open_value(line, units), number - self._promise(line)
                sums["backlog_value"][key][0] += value
                sums["backlog_lines"][key][0] += 1
                if age >= 0:
                    sums["backorder_age"][key][0] += age
                    sums["backorder_age"][key][1] += 1
                for code, (first, last) in buckets.items():
                    if first <= age <= last:
                        sums[code][key][0] += value
        for code in ("backlog_value", "backlog_lines", "backorder_age", *buckets):
            with self.subTest(code):
                few = code in ("backorder_age_8_30", "backorder_age_over_30")
                if few:
                    self._compare_few(code, sums[code], numbers)
                else:
                    self._compare(code, sums[code], numbers)

    def _compare_few(self, code, reckoned, numbers):
        """As `_compare`, where only the last days have any."""
        self.assertTrue(reckoned, code)
        for number in numbers:
            self._take(number, code)
            for branch in self.branches:
                expected = reckoned.get((self._day(number), branch), [0.0])[0]
                rows = self._rows(code, number)
                found = rows.filtered(lambda row, b=branch: row.branch_id == b)
                self.assertAlmostEqual(sum(found.mapped("numerator")), expected, 4)

    def test_backlog_at_risk(self):
        reckoned = defaultdict(lambda: [0.0, 0.0])
        products = self.bolt | self.tape
        for number in range(self.days + 1):
            stock = self._stock(
                products, number, lambda place: place.usage == "internal"
            )
            lines = self._open(number)
            lines = {x: lines[x] for x in lines if x.product_id.is_storable}
            for line in sorted(lines, key=lambda x: (x.first_promised_at, x.id)):
                held = max(stock.get((line.branch_id, line.product_id), 0), 0)
                stock[line.branch_id, line.product_id] = held - min(held, lines[line])
                short = lines[line] - min(held, lines[line])
                if short and self._promise(line) <= number + 2:
                    key = (self._day(number), line.branch_id)
                    reckoned[key][0] += self._open_value(line, short)
        self._compare("backlog_at_risk", reckoned, range(self.days + 1))

    def test_goods_without_stock_are_never_at_risk(self):
        with self._at(1):
            short = self._new_product("Short", standard_price=1)
            order = self._order_of(
                self.north, {short: 2, self.glue: 2}, fields.Datetime.now()
            )
            self.env.flush_all()
        open_lines = self._items("backlog_lines", 1).search([]).mapped("res_id")
        self.assertLessEqual(set(order.order_line.ids), set(open_lines))
        at_risk = self._items("backlog_at_risk", 1).search([]).mapped("res_id")
        self.assertEqual(
            order.order_line.filtered(lambda line: line.id in at_risk).product_id, short
        )

    # Margin.

    def test_margin_is_that_of_the_report(self):
        """The steps of the margin report before freight, by day and branch."""
        sums = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        report = self.env["distribution.branch.margin"].search(
            [("branch_id", "in", self.branches.ids)]
        )
        for row in report.filtered(lambda row: row.move_id in self.orders.invoice_ids):
            key = (row.date, row.branch_id)
            income = row.net_sales - row.claims
            for code, top, bottom in (
                ("net_sales", income, 0),
                ("gross_margin", income - row.cost, income),
                ("margin_leakage", row.discount, 0),
                ("margin_leakage_rate", row.discount, row.list_value),
            ):
                sums[code][key][0] += top
                sums[code][key][1] += bottom
        self.assertTrue(any(total[0] for total in sums["margin_leakage"].values()))
        for code, reckoned in sums.items():
            with self.subTest(code):
                self._compare(code, reckoned, range(self.days + 1))

    def test_dimensions_add_up_to_the_branch(self):
        """Rows by category, segment and channel have the sums of the rows by branch."""
        self._take(3, "line_fill_rate", "backlog_value", "gross_margin")
        for code in ("line_fill_rate", "backlog_value", "gross_margin"):
            whole = sum(self._rows(code, 3).mapped("numerator"))
            self.assertTrue(whole)
            for dimension in ("category", "segment", "channel"):
                rows = self._rows(code, 3, dimension)
                self.assertAlmostEqual(sum(rows.mapped("numerator")), whole, 4)
                self.assertGreaterEqual(len(rows), len(self._rows(code, 3)))

    def test_line_is_open_since_it_was_added(self):
        """A line of a later day is left out of the days before; an imported one is not."""
        promised = fields.Datetime.to_datetime(self._day(9))
        for imported in (False, True):
            with self._at(1):
                order = self._order_of(self.north, {self.bolt: 2}, promised)
            with self._at(3):
                order.write(
                    {
                        "order_line": [
                            Command.create(
                                {"product_id": self.tape.id, "product_uom_qty": 1}
                            )
                        ]
                    }
                )
                # What is imported is made in one go, long after it was confirmed.
                self._made_now(order.order_line[0 if imported else 1 :])
            self.env.flush_all()
            for number, lines in ((0, 0), (1, 1 + imported), (3, 2)):
                items = self._items("backlog_lines", number).search([])
                found = items.filtered(lambda i, o=order: i.res_id in o.order_line.ids)
                self.assertEqual(len(found), lines, (imported, number))

    def test_past_days_come_out_the_same(self):
        """All KPIs, whatever was delivered, dropped, paid and cancelled since."""
        self.assertEqual(set(self.kept), {2, 4})
        self.assertKept()

    def test_past_day_comes_out_the_same(self):
        """Days are measured in any order, long after, and it makes no difference."""
        self._take(2, "backlog_value")
        first = [row.numerator for row in self._rows("backlog_value", 2)]
        with self._at(self.days + 1):
            for order in self.orders.filtered(lambda order: order.state == "sale"):
                self._deliver(order)
        kpi = self._kpi("backlog_value")
        zone, version = "Europe/Oslo", kpi.version_id
        self.assertTrue(
            kpi._measure(self._day(2), zone, (self.company.id,), version, "Once more")
        )
        again = [row.numerator for row in self._rows("backlog_value", 2)]
        self.assertEqual(first, again)
