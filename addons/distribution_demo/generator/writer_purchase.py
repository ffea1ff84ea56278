"""Purchase orders at every stage, their receipts and bills. Plain Odoo."""

from .dating import date_creation
from .documents import RECEIVED_STAGES
from .shipping import ship
from .writer import Writer


class PurchaseWriter(Writer):
    theme = "purchases"

    def run(self):
        purchases = self._purchases()
        orders = self.create_all(
            "purchase.order",
            [self._order_values(purchase) for purchase in purchases],
            50,
        )
        self._planned = dict(zip(orders.ids, purchases, strict=True))
        self._confirm(orders)
        self._receive(orders)
        self._bill(self._at(orders, "billed"))

    def _purchases(self):
        return self.plan.purchases

    def _order_values(self, purchase):
        warehouse = self.book.warehouses[purchase.branch]
        is_local = warehouse != next(iter(self.book.warehouses.values()))
        buyer = f"manager.{purchase.branch}" if is_local else "buyer"
        return {
            "partner_id": self.book.vendors[purchase.vendor],
            "picking_type_id": warehouse.in_type_id.id,
            "date_order": purchase.ordered,
            "user_id": self.book.user(buyer).id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": self.book.products[line.product],
                        "product_qty": line.quantity,
                        "price_unit": line.price,
                        "date_planned": purchase.expected,
                    },
                )
                for line in purchase.lines
            ],
        }

    def _at(self, orders, *stages):
        return orders.filtered(lambda order: self._planned[order.id].stage in stages)

    def _confirm(self, orders):
        self._at(orders, "sent").state = "sent"
        confirmed = orders - self._at(orders, "draft", "sent")
        confirmed.button_confirm()
        for order in confirmed:
            order.date_approve = self._planned[order.id].ordered
        date_creation(orders, [self._planned[order.id].ordered for order in orders])

    def _receive(self, orders):
        received = self._at(orders, *RECEIVED_STAGES)
        partial = self._at(orders, "partial")
        self._ship(received - partial)
        self._ship(partial, halve=True)

    def _ship(self, orders, halve=False):
        moments = {
            reference.id: self._planned[order.id].received
            for order in orders
            for reference in order.reference_ids
        }
        ship(self.env, moments, halve=halve)

    def _bill(self, orders):
        bills = self.env["account.move"]
        for order in orders.filtered(
            lambda order: order.invoice_status == "to invoice"
        ):
            order.action_create_invoice()
            bill = order.invoice_ids
            bill.invoice_date = self._planned[order.id].received.date()
            bill.ref = f"{order.partner_id.ref}-{order.id:05d}"
            bills += bill
        bills.sorted(lambda bill: (bill.invoice_date, bill.id)).action_post()
