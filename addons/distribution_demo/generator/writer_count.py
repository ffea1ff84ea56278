"""Counts: what was counted in the past weeks, what is off, what is late. Plain Odoo."""

from datetime import timedelta

from .tools import at, stream, workday
from .writer import Writer

# A round of counts every so many days, in each branch, of so many places.
AGES = (4, 11, 18, 25, 32, 39, 46, 53)
PLACES = 8
# Of how many counts one is off, by the key of a branch; elsewhere one in `OFF`.
OFF_BY_BRANCH = {"north": 40, "south": 12}
OFF = 22
# What is off is worth about so much, and is never more than this share of what is there.
OFF_VALUE = 60.0
OFF_SHARE = 0.25
# Planned for so many days ago, and not done yet, in each branch.
OVERDUE = (9, 3)


class CountWriter(Writer):
    theme = "counts"

    def run(self):
        if not self.plan.sales:
            return
        self._rng = stream(self.plan.settings, "counts")
        for key in self.book.warehouses:
            self._write_branch(key)

    def _write_branch(self, key):
        quants = self._quants(key)
        late, counted = quants[: len(OVERDUE)], quants[len(OVERDUE) :]
        self._plan_late(key, late)
        number = 0
        for age in AGES:
            places = counted[number : number + PLACES]
            number += PLACES
            if places:
                self._count(key, places, age)

    def _quants(self, key):
        """Where a branch keeps its stock, in an order of chance."""
        shelf = self.book.shelves.get(key) or self.book.warehouses[key].lot_stock_id
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "=", shelf.id),
                ("quantity", ">=", 4),
                ("lot_id", "=", False),
            ],
            order="id",
        )
        wanted = len(AGES) * PLACES + len(OVERDUE)
        return quants.browse(self._rng.sample(quants.ids, min(wanted, len(quants))))

    def _count(self, key, quants, age):
        day = workday(self.plan.settings.today - timedelta(days=age))
        one_in = OFF_BY_BRANCH.get(key, OFF)
        quants = quants.with_context(inventory_mode=True)
        for quant in quants:
            found = quant.quantity
            if not self._rng.randrange(one_in):
                found += self._difference(quant)
            quant.inventory_quantity = found
        quants.action_apply_inventory(at(day, self._rng))

    def _difference(self, quant):
        """More is missing than is found."""
        cost = quant.product_id.standard_price or 1.0
        most = max(1, int(quant.quantity * OFF_SHARE))
        units = min(most, max(1, round(OFF_VALUE / cost)))
        return self._rng.choice((-units, -units, units))

    def _plan_late(self, key, quants):
        storeman = self.book.user(f"operator.{key}")
        for quant, age in zip(quants, OVERDUE, strict=False):
            quant.with_context(inventory_mode=True).write(
                {
                    "inventory_date": self.plan.settings.today - timedelta(days=age),
                    "user_id": storeman.id,
                }
            )
