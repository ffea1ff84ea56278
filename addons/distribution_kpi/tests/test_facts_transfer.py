from collections import defaultdict
from datetime import timedelta

from odoo.tests import tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestFactsOfTransfers(FactsCase):
    """Trucks that arrive on time, late, in parts and never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = {}
        cls()._drive()

    def _load(self, number, lane, quantities, load=None):
        with self._at(number, 8):
            transfer = self._request(
                lane=lane,
                quantities=quantities,
                reason="balancing",
                user=self.olga if lane == self.lane_north else self.wim,
            )
            self._ship(transfer, load)
        return transfer

    def _unload(self, transfer, number, hour, quantities=None):
        user = self.olga if transfer.lane_id == self.lane_north else self.wim
        with self._at(number, hour):
            self._receive(transfer, quantities, user)

    def _drive(self):
        north, west = self.lane_north, self.lane_west
        bolt, nut = self.product, self.nut
        with self._at(0, 6):
            for product in bolt | nut:
                self._count(product, self.central, 1000)
        late = self._load(0, north, {bolt: 10, nut: 20})
        in_time = self._load(0, west, {bolt: 5})
        self._unload(in_time, 1, 7)
        parts = self._load(1, north, {bolt: 30}, {bolt: 20})
        self._unload(parts, 2, 10, {bolt: 15})
        never = self._load(2, west, {bolt: 7, nut: 3})
        self._remember(2)
        self._unload(late, 3, 20)
        with self._at(4, 9):
            self._ship(parts)
        # Read by whoever works it out once more.
        type(self).transfers = (late | in_time | parts | never).sudo()

    def _received(self):
        return self.transfers.filtered("received_date")

    def test_delay(self):
        self.assertGreaterEqual(len(self._received()), 2)
        delays, late = {}, {}
        for transfer in self._received():
            due = transfer.latest_arrival_date or transfer.arrival_date
            hours = (transfer.received_date - due) / timedelta(hours=1)
            day = self._local_day(transfer.received_date)
            key = day, transfer.destination_branch_id.id
            self.assertNotIn(key, delays, "one a day, so that a day tells one of them")
            delays[key] = max(hours, 0), 1
            late[key] = int(hours > 0), 1
        self.assertEqual({x for x, _one in late.values()}, {0, 1})
        self.assertSums(self._sums("transfer_delay", 8, start=0), delays)
        self.assertSums(self._sums("transfer_late_share", 8, start=0), late)

    def test_the_latest_arrival_counts_where_there_is_one(self):
        transfer = self._received().filtered(
            lambda one: one.received_date > one.arrival_date
        )[:1]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_transfer SET latest_arrival_date = %s WHERE id = %s",
            (transfer.received_date - timedelta(hours=2), transfer.id),
        )
        rows = self._facts("transfer_delay", 8, start=0)
        [row] = [row for row in rows if row["res_id"] == transfer.id]
        self.assertAlmostEqual(float(row["numerator"]), 2)
        self.assertEqual(row["label"], transfer.name)

    def _on_road(self, number):
        """{line: [[since, quantity]]}: shipments as a queue, which arrivals leave."""
        end, roads = self._end(number), {}
        for line in self.transfers.line_ids:
            queue = []
            moves = self.env["stock.move"].search([("transfer_line_id", "=", line.id)])
            moves = moves.filtered(
                lambda move: move.state == "done" and move.date < end
            )
            for move in moves.sorted("date"):
                if move.location_dest_id.usage == "transit":
                    queue.append([move.date, move.quantity])
                elif move.location_id.usage == "transit":
                    left = move.quantity
                    while left:
                        taken = min(left, queue[0][1])
                        queue[0][1] -= taken
                        left -= taken
                        queue = queue[1:] if not queue[0][1] else queue
            if queue:
                roads[line] = queue
        return roads

    def test_on_the_road(self):
        ages = set()
        for number in range(6):
            value, aged = defaultdict(float), defaultdict(float)
            for line, queue in self._on_road(number).items():
                key = self._day(number), line.source_branch_id.id
                for since, quantity in queue:
                    days = (self._end(number) - since) / timedelta(days=1)
                    worth = quantity * line.product_id.standard_price
                    value[key] += worth
                    aged[key] += worth * days
                    ages.add(days)
            self.assertSums(
                self._sums("in_transit_value", number),
                {key: (x, 0) for key, x in value.items()},
            )
            self.assertSums(
                self._sums("in_transit_age", number),
                {key: (aged[key], x) for key, x in value.items()},
            )
        self.assertGreater(len(ages), 3)

    def test_what_is_on_the_road_is_a_part_of_the_stock(self):
        with self._at(7, 8):
            product = self._new_product("Washer", standard_price=3.0)
            self._count(product, self.central, 10)
        self._load(7, self.lane_north, {product: 10})
        [row] = [
            row for row in self._facts("stock_value", 7) if row["res_id"] == product.id
        ]
        self.assertEqual((row["branch_id"], row["numerator"]), (self.central.id, 30))
        rows = self._facts("in_transit_value", 7)
        self.assertIn(30, [row["numerator"] for row in rows])

    def test_past_days_come_out_the_same(self):
        self.assertKept()

    def test_no_data_no_rows(self):
        for code in ("transfer_delay", "in_transit_value", "in_transit_age"):
            self.assertFalse(self._facts(code, -3), code)
