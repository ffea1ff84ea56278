from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LedgerCase


@tagged("post_install", "-at_install")
class TestFiveHundred(LedgerCase):
    """Five hundred documents of all kinds, posted as people post them."""

    def test_no_item_is_without_branch(self):
        before = max(self.env["account.move"].search([]).ids, default=0)
        self.branches = [self.central, self.north, self.west]
        self._buy(100)
        self._know_sizes()
        invoices = self._sell_many(120)
        self._know_sizes()
        for invoice in invoices[:40]:
            self._refund(invoice)
        self._charge_many(70)
        self._book_entries(235)
        self._know_sizes()
        self._carry_many(20)
        self._scrap_many(20)
        self._close()
        self.env.flush_all()
        posted = self.env["account.move"].search(
            [("id", ">", before), ("state", "=", "posted")]
        )
        self.assertGreaterEqual(len(posted), 500)
        self.assertGreaterEqual(len(posted.journal_id), 4)
        items = posted.line_ids
        self.assertFalse(items._without_branch())
        self.assertFalse(
            items.filtered(lambda x: not x.branch_id and not x.branch_split)
        )
        self.assertEqual(len(items.branch_id), 3)

    def _know_sizes(self):
        """Tell PostgreSQL how much there is; within one transaction it never hears of it,
        and takes minutes for what Odoo asks of payments."""
        self.env.flush_all()
        for table in (
            *("account_move", "account_move_line", "account_partial_reconcile"),
            *("stock_move", "stock_move_line", "stock_quant", "stock_picking"),
            *("sale_order_line", "purchase_order_line"),
        ):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _product(self, number):
        return self.tape if number % 2 else self.bolt

    def _branch_of(self, number):
        return self.branches[number % 3]

    def _buy(self, count):
        orders = self.env["purchase.order"]
        for number in range(count):
            branch, product = self._branch_of(number), self._product(number)
            orders |= self._supply(branch, 20 + number % 7, 4.0, product)
        orders.action_create_invoice()
        orders.invoice_ids.invoice_date = self.env.cr.now().date()
        orders.invoice_ids.action_post()

    def _sell_many(self, count):
        Order = self.env["sale.order"].with_user(self.nora)
        orders = Order.create(
            [
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self._branch_of(number).warehouse_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1 + number % 4,
                                "price_unit": 9.99,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for product in (self.bolt, self.tape)
                    ],
                }
                for number in range(count)
            ]
        )
        orders.action_confirm()
        self._validate_together(orders.picking_ids)
        invoices = orders._create_invoices(grouped=True)
        self.assertEqual(len(invoices), count)
        invoices.action_post()
        return invoices

    def _validate_together(self, pickings):
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty
        pickings.move_ids.picked = True
        pickings.with_context(skip_sms=True, skip_backorder=True).button_validate()

    def _charge_many(self, count):
        """Services without an order, some of them shared by two branches."""
        bills = self.env["account.move"].with_user(self.nora)
        for number in range(count):
            branch, other = self._branch_of(number), self._branch_of(number + 1)
            part = {
                str(branch.analytic_account_id.id): 66.67,
                str(other.analytic_account_id.id): 33.33,
            }
            values = {"analytic_distribution": part} if number % 5 == 0 else {}
            bills |= self._charge(10.01 + number, branch, **values)
        bills.action_post()

    def _book_entries(self, count):
        cash = self._account("Cash box", "asset_cash")
        for number in range(count):
            lines = [(self.rent, 5, None), (cash, -5, None)]
            entry = self._entry(lines, branch_id=self._branch_of(number).id)
            entry.action_post()

    def _carry_many(self, count):
        for product in (self.bolt, self.tape):
            self._stock_at(self.north, product)
        for number in range(count):
            transfer = self._request(quantities={self._product(number): 2})
            self._ship(transfer)
            self._receive(transfer)

    def _scrap_many(self, count):
        waste = self._account("Waste", "expense")
        for number in range(count):
            location = self._branch_of(number).warehouse_id.lot_stock_id
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": self.bolt.id,
                    "scrap_qty": 1,
                    "location_id": location.id,
                }
            )
            scrap.scrap_location_id.valuation_account_id = waste
            self.assertIs(scrap.action_validate(), True)
