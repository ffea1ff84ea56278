"""Opening stock through inventory, and reordering rules. Plain Odoo."""

from datetime import datetime, time, timedelta

from .dating import date_creation, date_first_costs
from .writer import Writer

HISTORY_MARGIN = timedelta(days=7)
REPLENISH_PER_BRANCH = 10


def opening_moment(settings):
    """The evening on which the opening stock was counted, before any document.

    It is the day before the first month of the books begins.
    """
    first = settings.today - timedelta(weeks=settings.weeks) - HISTORY_MARGIN
    first = min(first, settings.months[0] - timedelta(days=1))
    return datetime.combine(first, time(18, 0))


class StockWriter(Writer):
    """Counts the opening stock in, as a warehouse would: a quantity counted, applied.

    Applying a count makes a done stock move, so the stock is valued at its cost.
    """

    theme = "opening stock"

    def run(self):
        moment = opening_moment(self.plan.settings)
        # Lines come product by product: a product's average cost is then computed once.
        for chunk in self.batches(self.plan.stock, 1000, "opening stock"):
            quants = self._quants().create([self._quant_values(line) for line in chunk])
            quants.action_apply_inventory(moment)
            self.env.flush_all()
            self.env.invalidate_all()
        date_first_costs(
            self.env["product.product"].browse(self.book.products),
            moment - timedelta(days=1),
        )

    def _quants(self):
        # `import_file` tells Odoo that no quant of these products exists yet.
        return self.env["stock.quant"].with_context(
            inventory_mode=True, import_file=True
        )

    def _quant_values(self, line):
        shelf = self.book.shelves.get(line.branch)
        location = shelf or self.book.warehouses[line.branch].lot_stock_id
        return {
            "product_id": self.book.products[line.product],
            "location_id": location.id,
            "inventory_quantity": line.quantity,
        }


class OrderpointWriter(Writer):
    """Reordering rules: depots along their lane, the centre from vendors.

    Created last, so that the history before them does not set them off.
    """

    theme = "reordering rules"

    def run(self):
        planner = self.book.user("planner")
        # What branches keep was decided when their stock was counted first.
        moment = opening_moment(self.plan.settings)
        # Odoo deletes manual rules that the superuser created once they are met, so
        # these are the planner's; superuser rights, as installing is nobody's own work.
        Orderpoint = self.env["stock.warehouse.orderpoint"].with_user(planner).sudo()
        for chunk in self.batches(self.plan.orderpoints, 1000, "reordering rules"):
            points = Orderpoint.create([self._values(line) for line in chunk])
            date_creation(points, [moment] * len(points))
            self.env.flush_all()
            self.env.invalidate_all()

    def _values(self, line):
        warehouse = self.book.warehouses[line.branch]
        route = self.book.routes.get(line.branch)
        return {
            "product_id": self.book.products[line.product],
            "warehouse_id": warehouse.id,
            "location_id": warehouse.lot_stock_id.id,
            "product_min_qty": line.minimum,
            "product_max_qty": line.maximum,
            "trigger": "auto" if line.is_automatic else "manual",
            "route_id": route.id if route else False,
        }


class ReplenishmentWriter(Writer):
    """Last night's scheduler: some of what is short is on order, the rest waits."""

    theme = "replenishment"

    def run(self):
        if not self.plan.sales:
            return
        for warehouse in self.book.warehouses.values():
            short = self.env["stock.warehouse.orderpoint"].search(
                [
                    ("warehouse_id", "=", warehouse.id),
                    ("trigger", "=", "auto"),
                    ("qty_to_order_computed", ">", 0),
                ],
                order="id",
                limit=REPLENISH_PER_BRANCH,
            )
            short._procure_orderpoint_confirm(
                company_id=self.company, raise_user_error=False
            )
