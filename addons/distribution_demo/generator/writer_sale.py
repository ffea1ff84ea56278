"""Sales orders at every stage, their deliveries, invoices and payments. Plain Odoo."""

from datetime import timedelta

from .dating import date_creation
from .documents import DELIVERED_STAGES
from .shipping import ship
from .writer import Writer

PAYMENT_DAYS = 14


class SaleWriter(Writer):
    theme = "sales"

    def run(self):
        sales = self._sales()
        orders = self.create_all(
            "sale.order", [self._order_values(sale) for sale in sales], 50
        )
        self._planned = dict(zip(orders.ids, sales, strict=True))
        self._confirm(orders)
        self._deliver(orders)
        self._invoice(orders)

    def _sales(self):
        return self.plan.sales

    def _customer(self, sale):
        return self.book.customers[sale.customer]

    def _order_values(self, sale):
        values = {
            "partner_id": self._customer(sale),
            "warehouse_id": self.book.warehouses[sale.branch].id,
            "date_order": sale.ordered,
            "commitment_date": sale.promised,
            "client_order_ref": f"PO-{4100 + sale.number * 7}",
            "user_id": self.book.user(f"operator.{sale.branch}").id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": self.book.products[line.product],
                        "product_uom_qty": line.quantity,
                        "price_unit": line.price,
                        "discount": line.discount,
                    },
                )
                for line in sale.lines
            ],
        }
        if self.book.teams:
            values["team_id"] = self.book.teams[sale.channel].id
        return values

    def _at(self, orders, *stages):
        return orders.filtered(lambda order: self._planned[order.id].stage in stages)

    def _confirm(self, orders):
        self._at(orders, "sent").state = "sent"
        self._at(orders, "cancelled")._action_cancel()
        confirmed = orders.filtered(lambda order: order.state == "draft") - self._at(
            orders, "draft"
        )
        for chunk in self.batches(confirmed, 40, "orders confirmed"):
            chunk.action_confirm()
        for order in confirmed:
            order.date_order = self._planned[order.id].ordered
        date_creation(orders, [self._planned[order.id].ordered for order in orders])
        lines = orders.order_line
        date_creation(lines, [self._planned[x.order_id.id].ordered for x in lines])

    def _deliver(self, orders):
        delivered = self._at(orders, *DELIVERED_STAGES)
        partial = self._at(orders, "partial")
        for chunk in self.batches(delivered - partial, 40, "orders delivered"):
            self._ship(chunk)
        self._ship(partial, halve=True)

    def _ship(self, orders, halve=False):
        moments = {
            reference.id: self._planned[order.id].delivered
            for order in orders
            for reference in order.stock_reference_ids
        }
        ship(self.env, moments, halve=halve)

    def _invoice(self, orders):
        billable = self._at(orders, "paid", "invoiced").filtered(
            lambda order: order.invoice_status == "to invoice"
        )
        if not billable:
            return
        invoices = billable._create_invoices(grouped=True)
        for invoice in invoices:
            order = invoice.line_ids.sale_line_ids.order_id
            invoice.invoice_date = self._planned[order.id].delivered.date()
        invoices = invoices.sorted(lambda invoice: (invoice.invoice_date, invoice.id))
        invoices.action_post()
        self._pay(self._at(orders, "paid").invoice_ids & invoices)

    def _pay(self, invoices):
        yesterday = self.plan.settings.today - timedelta(days=1)
        by_day = invoices.grouped(
            lambda invoice: min(
                invoice.invoice_date + timedelta(days=PAYMENT_DAYS), yesterday
            )
        )
        for day in sorted(by_day):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=by_day[day].ids
            ).create({"payment_date": day, "group_payment": False})._create_payments()
