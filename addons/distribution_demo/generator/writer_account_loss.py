"""Goods that were scrapped in each month of the books. Needs the suite."""

from datetime import datetime, time, timedelta

from .accounts import SCRAPS
from .dating import date_entries
from .writer import Writer

DAY = 22
LIKELY = 30


class ScrapWriter(Writer):
    theme = "scrap"

    def run(self):
        if not self.book.scrap_location or not self.plan.sales:
            return
        for month in self.plan.settings.months:
            day = min(
                month + timedelta(days=DAY - 1),
                self.plan.settings.today - timedelta(days=1),
            )
            for key, value, why in SCRAPS:
                if key in self.book.branches:
                    self._scrap(key, value, why, datetime.combine(day, time(13, 0)))

    def _scrap(self, key, value, why, moment):
        scraps = self.env["stock.scrap"].create(
            [
                {
                    "product_id": product.id,
                    "scrap_qty": quantity,
                    "location_id": self.book.shelves[key].id,
                    "scrap_location_id": self.book.scrap_location.id,
                    "origin": why,
                }
                for product, quantity in self._goods(key, value).items()
            ]
        )
        scraps.do_scrap()
        scraps.date_done = moment
        scraps.move_ids.date = moment
        entries = scraps.move_ids.account_move_id
        date_entries(entries, [moment.date()] * len(entries))

    def _goods(self, key, value):
        """Some of the products of which most is there, worth `value` together."""
        warehouse = self.book.warehouses[key]
        here = self._likely(key).with_context(warehouse_id=warehouse.id)
        worth = {x: x.free_qty * x.standard_price for x in here if x.free_qty > 4}
        chosen = {}
        for product in sorted(worth, key=lambda x: -worth[x])[:4]:
            most = product.free_qty // 3
            quantity = min(most, round(value / product.standard_price))
            if quantity >= 1:
                chosen[product] = quantity
                value -= quantity * product.standard_price
        return chosen

    def _likely(self, key):
        """What the branch had most of at first; the stock of all would take long to read."""
        lines = [line for line in self.plan.stock if line.branch == key]
        costs = {line: self.plan.products[line.product].cost for line in lines}
        lines.sort(key=lambda line: -line.quantity * costs[line])
        ids = [self.book.products[line.product] for line in lines[:LIKELY]]
        return self.env["product.product"].browse(ids)
