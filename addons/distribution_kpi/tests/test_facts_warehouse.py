import random
from collections import defaultdict

import pytz

from odoo.tests import tagged

from .facts_common import ZONE, FactsCase

STEPS = {
    "pick_lines_per_hour": "pick",
    "pack_lines_per_hour": "pack",
    "ship_lines_per_hour": "ship",
    "receipt_lines_per_hour": "receive",
}


@tagged("post_install", "-at_install")
class TestFactsOfWork(FactsCase):
    """Operations of a depot that picks, packs and ships, and of one that only ships."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(2)
        cls.north.warehouse_id.delivery_steps = "pick_pack_ship"
        cls.ned = cls._new_user("branch_operator", "ned", branch_ids=cls.north.ids)
        cls()._work()  # once for all tests

    def _work(self):
        with self._at(-1):
            for branch in self.central | self.north:
                for product in self.bolt | self.tape:
                    self._count(product, branch, 500)
        for number in range(3):
            for _n in range(3):
                self._deliver(number, self.central, (self.cora,))
                self._deliver(number, self.north, (self.olga, self.ned))
            self._unload(number, self.north, (self.olga, self.ned))

    def _deliver(self, number, branch, people):
        products = self.random.choice((self.bolt, self.bolt | self.tape))
        with self._at(number, 7):
            orders = self._order(branch, 2, product=products[0])
            if len(products) > 1:
                line = orders.order_line
                line.copy({"order_id": orders.id, "product_id": products[1].id})
        hour = self.random.choice((8, 9, 21))
        while picking := orders.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        ):
            user = self.random.choice(people)
            with self._at(number, hour, self.random.randint(0, 59)):
                self._do(picking[:1], user)
            hour += self.random.choice((0, 1, 2))

    def _unload(self, number, branch, people):
        with self._at(number, 6):
            order = self._buy(self.nora, branch, 5, self.bolt)
        with self._at(number, 12):
            self._do(order.picking_ids, self.random.choice(people))

    def _step(self, picking):
        operation, warehouse = picking.picking_type_id, picking.branch_id.warehouse_id
        if operation == warehouse.pick_type_id:
            return "pick"
        if operation == warehouse.pack_type_id:
            return "pack"
        return {"outgoing": "ship", "incoming": "receive"}.get(operation.code)

    def _worked_out(self, step):
        """{(day, branch): (lines, hours)} from the operations, one by one."""
        lines, hours = defaultdict(int), defaultdict(set)
        pickings = self.env["stock.picking"].search([("state", "=", "done")])
        for picking in pickings:
            if self._step(picking) != step:
                continue
            for line in picking.move_line_ids:
                moment = pytz.utc.localize(line.move_id.date)
                moment = moment.astimezone(pytz.timezone(ZONE))
                key = moment.date(), picking.branch_id.id
                lines[key] += 1
                hours[key].add((line.write_uid, moment.hour))
        return {key: (count, len(hours[key])) for key, count in lines.items()}

    def test_lines_per_hour(self):
        for code, step in STEPS.items():
            with self.subTest(code):
                self.env.flush_all()
                expected = self._worked_out(step)
                self.assertSums(self._sums(code, 4, start=-1), expected)

    def test_each_step_is_done_where_there_is_one(self):
        for code in ("pick_lines_per_hour", "pack_lines_per_hour"):
            found = {branch for _day, branch in self._sums(code, 4, start=0)}
            self.assertEqual(found, {self.north.id}, code)
        shipped = {branch for _d, branch in self._sums("ship_lines_per_hour", 4, 0)}
        self.assertEqual(shipped, {self.north.id, self.central.id})

    def test_an_hour_of_two_people_is_two_hours(self):
        day = 10
        for user in (self.olga, self.ned, self.ned):
            with self._at(day, 6):
                order = self._buy(self.nora, self.north, 1, self.bolt)
            with self._at(day, 12, 30):
                self._do(order.picking_ids, user)
        found = self._sums("receipt_lines_per_hour", day)
        self.assertSums(found, {(self._day(day), self.north.id): (3, 2)})
        labels = {row["label"] for row in self._facts("receipt_lines_per_hour", day)}
        self.assertEqual(len(labels), 3)

    def test_steps_within_a_branch_change_no_stock(self):
        products = self.bolt | self.tape  # 4.00 each, always
        for number in range(-1, 3):
            expected = defaultdict(lambda: (0, 0))
            for (branch, _product), quantity in self._stock(products, number).items():
                key = self._day(number), branch.id
                expected[key] = expected[key][0] + 4 * quantity, 0
            found = defaultdict(lambda: (0, 0))
            for row in self._facts("stock_value", number):
                if row["res_id"] in products.ids:
                    key = row["day"], row["branch_id"]
                    found[key] = found[key][0] + float(row["numerator"]), 0
            self.assertSums(found, expected, places=2)

    def test_no_data_no_rows(self):
        for code in STEPS:
            self.assertFalse(self._facts(code, -20), code)
