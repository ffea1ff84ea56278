import random
from collections import defaultdict, deque

from odoo.tests import tagged

from .facts_common import FactsCase

DAYS = 6
# Costs come of deliveries, and these are valued to the cent.
CENTS = 0.002


@tagged("post_install", "-at_install")
class TestFactsOfStock(FactsCase):
    """Figures of stock after a random week, worked out once more from its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.bolt | cls.tape | cls.wire
        cls.random = random.Random(1)
        cls.costs, cls.kept = {}, {}
        cls()._live()  # once for all tests

    @classmethod
    def _set_up_goods(cls):
        cls.wire = cls._new_product("Wire", categ_id=cls.perpetual.id)

    # The week.

    def _live(self):
        for number in range(DAYS):
            with self._at(number, 6):
                self._receive_goods()
            with self._at(number, 8):
                self._deliver_goods()
            with self._at(number, 9):
                self._bring_back()
            if number in (1, 3):
                self._carry_along(number, received=number == 1)
            with self._at(number, 15):
                self._change_cost(number)
            with self._at(number, 16):
                self._take_stock(number)
            # What Odoo works out and says at the end of that day.
            self.costs[number] = {x: x.standard_price for x in self.products}
            with self._at(number, 22, 30):  # the next day already
                self._go(self.bolt, self._shelf(self.central), self.customers, 1)
            if number in (1, 3):
                self._remember(number)

    def _receive_goods(self):
        for branch in (self.central, self.north):
            product = self.random.choice(self.products)
            price = self.random.randint(300, 600) / 100
            self._supply(branch, self.random.randint(20, 60), price, product)
        source, target = self.suppliers, self._shelf(self.central)
        self._go(self.bolt, source, target, 2, self.dozen)

    def _deliver_goods(self):
        for branch in (self.central, self.north):
            shelf = self._shelf(branch)
            for product in self.products:
                there = product.with_context(location=shelf.id).qty_available
                if there > 3:
                    quantity = self.random.randint(1, int(there / 3))
                    self._go(product, shelf, self.customers, quantity)
                if there > 40:
                    self._go(product, shelf, self.customers, 1, self.dozen)

    def _bring_back(self):
        self._go(self.bolt, self.customers, self._shelf(self.central), 1)

    def _carry_along(self, number, received):
        with self._at(number, 10):
            transfer = self._request(quantities={self.bolt: 6}, reason="balancing")
            self._ship(transfer)
        if received:
            with self._at(number, 12):
                self._receive(transfer, {self.bolt: 4})

    def _change_cost(self, number):
        self.tape.standard_price = 4 + number / 10
        if number == 2:
            self.wire.standard_price = 5.5

    def _take_stock(self, number):
        for product in self.products:
            shelf = self._shelf(self.central)
            there = product.with_context(location=shelf.id).qty_available
            difference = self.random.choice((-1, 0, 0, 2))
            self._count(product, self.central, max(there + difference, 0))

    # The same figures, from records.

    def _values(self, number):
        """{(branch, product): (quantity, cost)} at the end of that day."""
        stock = self._stock(self.products, number)
        return {key: (x, self.costs[number][key[1]]) for key, x in stock.items()}

    def _left(self, number, lookback, targets=("customer", "production", "transit")):
        """{(branch, product): quantity that left in the last days, less what came back}."""
        first = self._day(number - lookback + 1)
        left = defaultdict(float)
        for line in self._history(self.products, number):
            if self._local_day(line.move_id.date) < first:
                continue
            source, target = line.location_id, line.location_dest_id
            if source.usage == "internal" and target.usage in targets:
                left[source.branch_id, line.product_id] += self._amount(line)
            elif source.usage == "customer" and target.usage == "internal":
                left[target.branch_id, line.product_id] -= self._amount(line)
        return {key: x for key, x in left.items() if x > 0}

    def _by_branch(self, number, values):
        sums = defaultdict(lambda: (0.0, 0.0))
        for (branch, _product), pair in values.items():
            key = self._day(number), branch.id
            sums[key] = tuple(a + b for a, b in zip(sums[key], pair, strict=True))
        return dict(sums)

    # Tests.

    def test_stock_value(self):
        for number in range(DAYS):
            expected = self._by_branch(
                number,
                {key: (x * cost, 0) for key, (x, cost) in self._values(number).items()},
            )
            own = {self.central.id, self.north.id}
            found = self._of_products("stock_value", number)
            self.assertSums(found, expected, places=2, off=CENTS)
            self.assertEqual({branch for _day, branch in found}, own)

    def _of_products(self, code, number, start=None, **parameters):
        """The sums of the products of this test."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for row in self._facts(code, number, start, **parameters):
            if row["res_id"] in self.products.ids:
                self.assertTrue(row["label"])
                total = sums[row["day"], row["branch_id"]]
                total[0] += float(row["numerator"])
                total[1] += float(row["denominator"] or 0)
        return {key: tuple(total) for key, total in sums.items() if any(total)}

    def test_a_day_of_a_period_is_as_that_day_alone(self):
        days = self._of_products("stock_value", DAYS - 1, start=0)
        for number in range(DAYS):
            one = self._of_products("stock_value", number)
            self.assertTrue(one)
            for key, total in one.items():
                self.assertAlmostEqual(days[key][0], total[0], places=4)

    def test_inventory_turns(self):
        expected = defaultdict(lambda: (0.0, 0.0))
        for number in range(DAYS):
            day = self._day(number)
            for (branch, _one), (x, cost) in self._values(number).items():
                sums = expected[day, branch.id]
                expected[day, branch.id] = sums[0], sums[1] + x * cost
        for move in self._history(self.products, DAYS - 1).move_id:
            sign = {"customer": 1}.get(move.location_dest_id.usage)
            sign = sign or {"customer": -1}.get(move.location_id.usage, 0)
            key = self._local_day(move.date), move.branch_id.id
            expected[key] = (
                expected[key][0] + sign * 365 * abs(move.value),
                expected[key][1],
            )
        found = self._of_products("inventory_turns", DAYS - 1, start=0)
        self.assertSums(found, expected, places=2, off=CENTS)

    def test_days_of_stock(self):
        number, lookback = DAYS - 1, 3
        left = self._left(number, lookback)
        expected = {
            key: (x * cost, left.get(key, 0) / lookback * cost)
            for key, (x, cost) in self._values(number).items()
        }
        found = self._of_products("days_of_stock", number, lookback=lookback)
        self.assertSums(found, self._by_branch(number, expected), places=2, off=CENTS)

    def test_excess(self):
        number, lookback, days = DAYS - 1, 4, 2
        left = self._left(number, lookback)
        expected = {
            key: (max(x - left.get(key, 0) / lookback * days, 0) * cost, 0)
            for key, (x, cost) in self._values(number).items()
        }
        found = self._of_products(
            "excess_stock_value", number, lookback=lookback, days=days
        )
        self.assertSums(found, self._by_branch(number, expected), places=2, off=CENTS)

    def _layers(self, product, number):
        """[(day, quantity)] of receipts that are left: goods pass through a queue.

        What customers bring back takes the place in the queue that it left.
        """
        queue, gone = deque(), []
        for line in self._history(product, number):
            source, target = line.location_id, line.location_dest_id
            quantity = self._amount(line)
            owners = self._owner_of(source), self._owner_of(target)
            if owners[0] is None and owners[1] is not None:
                if source.usage == "customer":
                    _pass(gone, queue, quantity, back=True)
                else:
                    queue.append([self._local_day(line.move_id.date), quantity])
            elif owners[1] is None and owners[0] is not None:
                _pass(queue, gone, quantity, back=False)
        return queue

    def _ages(self, number, after):
        """{product: (age in days, share that is older)}."""
        ages = {}
        for product in self.products:
            layers = [
                ((self._day(number) - day).days, quantity)
                for day, quantity in self._layers(product, number)
            ]
            whole = sum(quantity for _age, quantity in layers)
            old = sum(quantity for age, quantity in layers if age > after)
            if whole:
                age = sum(age * quantity for age, quantity in layers) / whole
                ages[product] = age, old / whole
        return ages

    def test_age(self):
        for number in (2, DAYS - 1):
            ages = self._ages(number, 0)
            expected = {
                key: (x * cost * ages[key[1]][0], x * cost)
                for key, (x, cost) in self._values(number).items()
            }
            found = self._of_products("stock_age", number)
            self.assertSums(
                found, self._by_branch(number, expected), places=2, off=CENTS
            )

    def test_aged(self):
        for number, after in ((3, 1), (4, 2)):
            ages = self._ages(number, after)
            expected = {
                key: (x * cost * ages[key[1]][1], 0)
                for key, (x, cost) in self._values(number).items()
            }
            found = self._of_products("aged_stock_value", number, aged_after=after)
            expected = self._by_branch(number, expected)
            self.assertSums(found, expected, places=2, off=CENTS)

    def test_stockouts(self):
        number, lookback = DAYS, 3
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.wire.id,
                "warehouse_id": self.west.warehouse_id.id,
                "location_id": self._shelf(self.west).id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_warehouse_orderpoint SET create_date = %s WHERE id = %s",
            (self._end(number - 1), rule.id),
        )
        with self._at(number, 17):  # what is on hold cannot be promised
            shelf = self._shelf(self.central)
            hold = self.env["stock.location"].create(
                {
                    "name": "Hold",
                    "location_id": shelf.id,
                    "location_role": "quality_hold",
                }
            )
            there = self.bolt.with_context(location=shelf.id).qty_available
            self._go(self.bolt, shelf, hold, there)
        stock = self._stock(self.products, number, lambda place: place.is_promisable)
        wanted = {*self._left(number, lookback), (self.west, self.wire)}
        expected = {key: (int(stock.get(key, 0) <= 0), 1) for key in wanted}
        found = self._of_products("stockout_rate", number, lookback=lookback)
        self.assertSums(found, self._by_branch(number, expected))
        self.assertEqual(found[self._day(number), self.west.id], (1, 1))
        self.assertEqual(stock.get((self.central, self.bolt), 0), 0)
        self.assertIn((self.central, self.bolt), wanted)
        before = self._of_products("stockout_rate", number - 1, lookback=lookback)
        self.assertFalse([b for _day, b in before if b == self.west.id])

    def _counts(self):
        counts = self._history(self.products).move_id.filtered("is_inventory")
        return [
            (
                (self._local_day(move.date), self.central.id),
                move.value * (1 if move.location_id.usage == "inventory" else -1),
                move.quantity,
            )
            for move in counts
        ]

    def test_accuracy(self):
        expected = defaultdict(lambda: (0, 0))
        for key, _value, quantity in self._counts():
            exact, counts = expected[key]
            expected[key] = exact + (not quantity), counts + 1
        found = self._sums("stock_accuracy", DAYS - 1, start=0)
        self.assertSums(found, expected)
        self.assertEqual(sum(counts for _exact, counts in found.values()), 3 * DAYS)
        self.assertNotIn(sum(exact for exact, _x in found.values()), (0, 3 * DAYS))

    def test_variance(self):
        for code, of in (("count_variance", abs), ("count_variance_net", float)):
            expected = defaultdict(lambda: (0, 0))
            for key, value, _quantity in self._counts():
                expected[key] = expected[key][0] + of(value), 0
            self.assertSums(self._sums(code, DAYS - 1, start=0), expected)

    def test_goods_of_others_are_no_stock(self):
        number = DAYS - 1
        before = [self._of_products("stock_value", day) for day in (number - 1, number)]
        with self._at(number, 18):
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": self.bolt.id,
                    "location_id": self._shelf(self.central).id,
                    "owner_id": self.vendor.id,
                    "inventory_quantity": 50,
                }
            ).action_apply_inventory()
        after = [self._of_products("stock_value", day) for day in (number - 1, number)]
        self.assertEqual(after, before)

    def test_what_is_sent_back_was_not_wanted(self):
        """Damaged goods that a branch returns to the sender are no demand there."""
        number = DAYS + 1
        with self._at(number, 8):
            self._count(self.wire, self.central, 20)
            transfer = self._request(quantities={self.wire: 10}, reason="balancing")
            self._ship(transfer)
        with self._at(number, 10):
            picking = self._picking(transfer, "receive").with_user(self.olga)
            picking.action_unload(
                [{"move_id": picking.move_ids.id, "quantity": 6, "damaged": 4}]
            )
            damaged = self._discrepancy(transfer).with_user(self.bea)
            damaged.action_settle("return")
        moves = self.env["stock.move"].search([("transfer_leg", "=", "send_back")])
        self.assertEqual(moves.quantity, 4)
        paces = {
            row["branch_id"]: float(row["denominator"] or 0)
            for row in self._facts("days_of_stock", number, lookback=1)
            if row["res_id"] == self.wire.id
        }
        cost = self.wire.standard_price
        self.assertAlmostEqual(paces[self.central.id], 10 * cost, 2)
        self.assertFalse(paces[self.north.id])

    def test_goods_without_stock_are_not_turned(self):
        glue = self._new_product("Glue", is_storable=False, standard_price=3.0)
        with self._at(DAYS, 10):
            move = self._go(glue, self._shelf(self.central), self.customers, 5)
        self.assertEqual(move.value, 15)
        for code in ("inventory_turns", "dio"):
            products = {row["res_id"] for row in self._facts(code, DAYS)}
            self.assertIn(self.bolt.id, products)
            self.assertNotIn(glue.id, products)

    def test_another_company_of_the_group(self):
        """It is a customer where it was sold to; what it sold is a receipt."""
        number = DAYS + 2
        between = self.env.ref("stock.stock_location_inter_company")
        between.active = True
        shelf = self._shelf(self.central)
        with self._at(number, 10):
            order = self._order(self.central, 3, product=self.bolt)
            line = {"sale_line_id": order.order_line.id}
            sold = self._go(self.bolt, shelf, between, 3, **line)
            back = self._go(self.bolt, between, shelf, 1, **line)
            self._go(self.bolt, between, shelf, 5)  # bought there
        [fact] = [
            row
            for row in self._facts("inventory_turns", number)
            if (row["res_id"], row["branch_id"]) == (self.bolt.id, self.central.id)
        ]
        self.assertAlmostEqual(
            float(fact["numerator"]), 365 * (abs(sold.value) - abs(back.value)), 2
        )
        self.assertTrue(fact["numerator"])

    def test_past_days_come_out_the_same(self):
        self.assertKept()

    def test_no_data_no_rows(self):
        for code in ("stock_value", "inventory_turns", "stock_age", "stock_accuracy"):
            self.assertFalse(self._facts(code, -40), code)


def _pass(source, target, quantity, back):
    """Goods leave a queue at its front, or come back to its front."""
    while quantity > 1e-9 and source:
        layer = source[-1] if back else source[0]
        taken = min(quantity, layer[1])
        layer[1] -= taken
        quantity -= taken
        if back:
            target.appendleft([layer[0], taken])
        else:
            target.append([layer[0], taken])
        if layer[1] <= 1e-9:
            source.pop() if back else source.popleft()
