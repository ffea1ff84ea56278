"""A product that is kept by lots, so that the wrong lot can arrive. Needs the suite."""

from datetime import timedelta

from .dating import date_first_costs
from .tools import ean13
from .writer import Writer
from .writer_stock import opening_moment

COST = 11.4
# Name of the lot, and how much of it the central warehouse had at first.
LOTS = {"TL-2406": 60, "TL-2409": 40}


class LotWriter(Writer):
    theme = "lots"

    def run(self):
        settings = self.plan.settings
        product = self.env["product.product"].create(
            {
                "name": "Thread Locker, Medium Strength, 50 ml",
                "default_code": "LOT-TL-0050",
                "barcode": ean13(settings.numbered_from + settings.skus),
                "categ_id": self.book.categories[self.plan.categories[0].code],
                "type": "consu",
                "is_storable": True,
                "tracking": "lot",
                "standard_price": COST,
                "list_price": 18.9,
                "weight": 0.08,
                "invoice_policy": "delivery",
                "purchase_method": "receive",
            }
        )
        moment = opening_moment(settings)
        self._count(product, self._lots(product)).action_apply_inventory(moment)
        date_first_costs(product, moment - timedelta(days=1))
        self.book.batch_product = product
        self.book.opening_extra = COST * sum(LOTS.values())

    def _lots(self, product):
        return self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in LOTS]
        )

    def _count(self, product, lots):
        shelf = self.book.shelves.get("central")
        location = shelf or self.book.warehouses["central"].lot_stock_id
        Quant = self.env["stock.quant"].with_context(inventory_mode=True)
        return Quant.create(
            [
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "location_id": location.id,
                    "inventory_quantity": LOTS[lot.name],
                }
                for lot in lots
            ]
        )
