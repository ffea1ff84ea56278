from datetime import timedelta

from odoo import Command
from odoo.tests import Form, tagged

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestDimensionOfDocuments(AccountingCase):
    """Several branches on one document, other plans, money and landed costs."""

    def _named(self, line):
        return line._named_branches()

    def test_one_invoice_for_orders_of_two_branches(self):
        orders = self.env["sale.order"]
        for branch in (self.north, self.west):
            self._purchase(branch, 50)
            order = self._order(branch, 10)
            self._validate_all(order.picking_ids)
            orders |= order
        invoice = self._invoice(orders)
        self.assertEqual(len(invoice), 1)
        sales = invoice.invoice_line_ids
        self.assertEqual(sales.mapped("branch_id"), self.north | self.west)
        for line in sales:
            costs = invoice.line_ids.filtered(lambda x, o=line: x.cogs_origin_id == o)
            self.assertEqual(len(costs), 2)
            self.assertEqual(costs.branch_id, line.branch_id)
        self.assertFalse(invoice.line_ids._without_branch())

    def test_order_line_follows_the_warehouse(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        with Form(order) as form:
            form.warehouse_id = self.north.warehouse_id
            with form.order_line.new() as line:
                line.product_id = self.bolt
        line = order.order_line
        expected = {str(self.north.analytic_account_id.id): 100.0}
        self.assertEqual(line.analytic_distribution, expected)
        with Form(order) as form:
            form.warehouse_id = self.west.warehouse_id
        expected = {str(self.west.analytic_account_id.id): 100.0}
        self.assertEqual(line.analytic_distribution, expected)

    def test_other_plan_is_crossed(self):
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        move, build = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("Move", "Build")]
        )
        part = {str(move.id): 25.0, str(build.id): 75.0}
        bill = self._charge(100, self.north, analytic_distribution=part)
        bill.action_post()
        north = self.north.analytic_account_id
        self.assertEqual(
            bill.invoice_line_ids.analytic_distribution,
            {f"{move.id},{north.id}": 25.0, f"{build.id},{north.id}": 75.0},
        )
        analytic = bill.invoice_line_ids.analytic_line_ids
        self.assertEqual(sum(analytic.mapped("amount")), -100)
        column = self.env["account.analytic.plan"]._branch_plan()._column_name()
        self.assertEqual(analytic.mapped(column), north)

    def test_order_moved_after_the_invoice(self):
        """What is posted stays where it was."""
        self._purchase(self.north, 50)
        invoice = self._sale(self.north, 5)
        order = invoice.line_ids.sale_line_ids.order_id
        order.sudo().warehouse_id = self.west.warehouse_id
        self.env.flush_all()
        self.assertEqual(invoice.line_ids.branch_id, self.north)

    def test_document_in_draft_moves_its_lines(self):
        bill = self._charge(10, self.north)
        bill.branch_id = self.west
        self.assertEqual(self._named(bill.invoice_line_ids), self.west)
        with Form(bill) as form:
            form.branch_id = self.central
        self.assertEqual(self._named(bill.invoice_line_ids), self.central)
        bill.action_post()
        self.assertEqual(bill.line_ids.branch_id, self.central)

    def test_payment_has_the_branch_of_its_invoice(self):
        self._purchase(self.north, 50)
        invoice = self._sale(self.north, 5)
        wizard = self.env["account.payment.register"].with_user(self.nora)
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        payment = wizard.with_context(**context).create({})._create_payments()
        self.assertEqual(payment.branch_id, self.north)
        self.assertEqual(payment.move_id.line_ids.branch_id, self.north)

    def test_exchange_difference(self):
        currencies = self.env.ref("base.EUR") | self.env.ref("base.GBP")
        foreign = (currencies - self.company.currency_id)[:1]
        foreign.active = True
        today = self.env.cr.now().date()
        for days, rate in ((30, 2.0), (0, 4.0)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": foreign.id,
                    "name": today - timedelta(days=days),
                    "rate": rate,
                    "company_id": self.company.id,
                }
            )
        bill = self._charge(100, self.north)
        bill.write(
            {"currency_id": foreign.id, "invoice_date": today - timedelta(days=30)}
        )
        bill.date = bill.invoice_date
        bill.action_post()
        wizard = self.env["account.payment.register"].with_user(self.nora)
        context = {"active_model": "account.move", "active_ids": bill.ids}
        payment = wizard.with_context(**context).create({"payment_date": today})
        payment._create_payments()
        exchange = self.company.currency_exchange_journal_id
        entries = self.env["account.move"].search([("journal_id", "=", exchange.id)])
        self.assertTrue(entries)
        self.assertEqual(entries.line_ids.branch_id, self.north)
        self.assertFalse(entries.line_ids._without_branch())

    def test_landed_cost(self):
        order = self._supply(self.north, 100)
        freight = self.env["product.product"].create(
            {"name": "Sea freight", "type": "service", "landed_cost_ok": True}
        )
        freight.property_account_expense_id = self.rent
        cost = self.env["stock.landed.cost"].create(
            {
                "picking_ids": [Command.set(order.picking_ids.ids)],
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": freight.id,
                            "price_unit": 50,
                            "split_method": "by_quantity",
                            "account_id": self.rent.id,
                        }
                    )
                ],
            }
        )
        cost.button_validate()
        entry = cost.account_move_id
        self.assertEqual(self._balances(self.stock_account), {self.north: 50})
        self.assertEqual(entry.line_ids.branch_id, self.north)
        self.assertFalse(entry.line_ids._without_branch())

    def test_scrap(self):
        self._purchase(self.north, 50)
        waste = self._account("Waste", "expense")
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.bolt.id,
                "scrap_qty": 2,
                "location_id": self.north.warehouse_id.lot_stock_id.id,
            }
        )
        scrap.scrap_location_id.valuation_account_id = waste
        scrap.action_validate()
        self.assertEqual(self._balances(waste), {self.north: 8})
        self.assertEqual(self._balances(self.stock_account), {self.north: 192})

    def test_count(self):
        """A count may find or miss goods; it is the branch that bears it."""
        self._purchase(self.north, 50)
        shrinkage = self._account("Shrinkage", "expense")
        self.bolt.property_stock_inventory.valuation_account_id = shrinkage
        self._count(self.bolt, self.north, 47)
        self.assertEqual(self._balances(shrinkage), {self.north: 12})
