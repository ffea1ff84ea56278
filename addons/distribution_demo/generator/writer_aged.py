"""What has been on the shelves for long: goods that nobody asks for. Plain Odoo."""

from datetime import timedelta

from .accounts import ASSORTMENT
from .dating import date_first_costs
from .demand import SURELY_LOW
from .tools import stream
from .writer import Writer
from .writer_stock import opening_moment

# How many products of the depots, and of those that the centre alone keeps: one in so many
# of the catalogue, at most.
DEPOT_PRODUCTS = 2
CENTRAL_PRODUCTS, ONE_IN = 6, 50
# Days before today on which they came.
OLDEST, NEWEST = 420, 210


class AgedWriter(Writer):
    """Dates the opening stock of some products back to when it was bought."""

    theme = "aged stock"

    def run(self):
        rng = stream(self.plan.settings, "aged")
        first = opening_moment(self.plan.settings)
        today = self.plan.settings.today
        for index in self._slow_movers():
            age = timedelta(days=rng.randint(NEWEST, OLDEST))
            moment = first - age + (today - first.date())
            self._date(self.product(index), min(moment, first))

    def _slow_movers(self):
        """Indexes of what is sold least, and is not called off by contract."""
        kept = sorted((x for x in self.plan.products if x.abc != "C"), key=_slowest)
        rare = sorted((x for x in self.plan.products if x.abc == "C"), key=_slowest)
        chosen = kept[SURELY_LOW + ASSORTMENT :][:DEPOT_PRODUCTS]
        number = min(CENTRAL_PRODUCTS, 1 + self.plan.settings.skus // ONE_IN)
        return [product.index for product in (*chosen, *rare[:number])]

    def _date(self, product, moment):
        moves = self.env["stock.move"].search(
            [("product_id", "=", product.id), ("state", "=", "done")]
        )
        moves.date = moment
        quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
        quants.in_date = moment
        date_first_costs(product, moment - timedelta(days=1))


def _slowest(product):
    return -product.rank
