from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AccountingCase

MARGIN = "distribution.branch.margin"
STEPS = (
    "list_value",
    "discount",
    "net_sales",
    "cost",
    "freight",
    "claims",
    "margin",
)


@tagged("post_install", "-at_install")
class TestBranchMargin(AccountingCase):
    """What is left of the list price of what is invoiced."""

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.env.user)
        (self.bolt | self.tape).lst_price = 12
        self.freight = self._account("Haulage", "expense_direct_cost")
        self.freight.branch_section = "freight"

    def _steps(self, domain, user=None):
        """The steps of lines, as the screen shows them."""
        self.env.flush_all()
        report = self.env[MARGIN].with_user(user or self.fiona).get_waterfall(domain)
        return {name: round(report["totals"][name], 2) for name in STEPS}

    def assertSteps(self, domain, *amounts):
        self.assertEqual(self._steps(domain), dict(zip(STEPS, amounts, strict=True)))

    def _of(self, invoice):
        return [("move_id", "=", invoice.id)]

    # The list price of the day.

    def test_list_price_is_kept(self):
        order = self._order(self.north, 2, price=9)
        self.assertEqual(order.order_line.list_price_unit, 12)
        self.bolt.lst_price = 50
        self.assertEqual(order.order_line.list_price_unit, 12)
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.order_line.list_price_unit, 12)

    def _foreign_pricelist(self):
        """A price list in a currency of which two are one of the company's."""
        foreign = self.env.ref("base.EUR") | self.env.ref("base.USD")
        foreign = (foreign - self.company.currency_id)[:1]
        foreign.active = True
        foreign.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "rate": 2, "name": "2020-01-01"}
        )
        return self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )

    def test_list_price_in_the_unit_and_currency_of_the_line(self):
        pricelist = self._foreign_pricelist()
        tax = self.env["account.tax"].create(
            {
                "name": "Tax within",
                "amount": 20,
                "price_include_override": "tax_included",
            }
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        order = (
            self.env["sale.order"]
            .with_user(self.nora)
            .create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self.north.warehouse_id.id,
                    "pricelist_id": pricelist.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.bolt.id,
                                "product_uom_id": dozen.id,
                                "price_unit": 200,
                                "tax_ids": [Command.set(tax.ids)],
                            }
                        )
                    ],
                }
            )
        )
        # 12 each, 144 a dozen, 288 abroad, of which 240 without the tax.
        self.assertAlmostEqual(order.order_line.list_price_unit, 240)
        order.action_confirm()
        self._supply(self.north, 12)
        self._validate_all(order.picking_ids)
        invoice = self._invoice(order)
        steps = self._steps(self._of(invoice))
        # In company currency: 120 list, 83.33 sold.
        self.assertEqual(steps["list_value"], 120)
        self.assertEqual(steps["net_sales"], 83.33)
        self.assertEqual(steps["discount"], 36.67)

    def test_list_price_cannot_be_chosen(self):
        values = {
            "partner_id": self.customer.id,
            "order_line": [
                Command.create({"product_id": self.bolt.id, "list_price_unit": 99})
            ],
        }
        order = self.env["sale.order"].with_user(self.nora).create(values)
        self.assertEqual(order.order_line.list_price_unit, 12)
        with self.assertRaises(UserError):
            order.order_line.list_price_unit = 99

    def test_list_price_in_the_form(self):
        with Form(self.env["sale.order"].with_user(self.boss)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.bolt
                line.price_unit = 11
        order = form.save()
        self.assertEqual(order.order_line.list_price_unit, 12)

    # Steps.

    def test_steps_of_a_sale(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)  # 10.00 each, cost 4.00
        self.assertSteps(self._of(invoice), 120, 20, 100, 40, 0, 0, 60)

    def test_discount_of_the_line(self):
        self._purchase(self.north, 100)
        order = self._order(self.north, 10, price=12)
        order.order_line.discount = 25
        self._validate_all(order.picking_ids)
        invoice = self._invoice(order)
        self.assertSteps(self._of(invoice), 120, 30, 90, 40, 0, 0, 50)

    def test_cost_of_what_is_valued_at_the_closing(self):
        self.tape.standard_price = 3
        self._supply(self.north, 10, product=self.tape)
        order = self._order(self.north, 10, product=self.tape)
        self._validate_all(order.picking_ids)
        invoice = self._invoice(order)
        self.assertSteps(self._of(invoice), 120, 20, 100, 30, 0, 0, 70)
        line = self.env[MARGIN].search(self._of(invoice))
        self.assertIn(line.cost_origin, ("order", "product"))

    def test_claims(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)
        note = self._refund(invoice)
        self.assertSteps(self._of(note), 0, 0, 0, -40, 0, 100, -60)
        both = [("move_id", "in", (invoice | note).ids)]
        self.assertSteps(both, 120, 20, 100, 0, 0, 100, 0)
        order = invoice.line_ids.sale_line_ids.order_id
        self.assertSteps([("order_id", "=", order.id)], 120, 20, 100, 0, 0, 100, 0)

    def test_line_without_order(self):
        line = {
            "name": "Advice",
            "account_id": self.sales.id,
            "price_unit": 100,
            "discount": 10,
            "tax_ids": [Command.clear()],
        }
        invoice = (
            self.env["account.move"]
            .with_user(self.nora)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": self.today,
                    "branch_id": self.north.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )
        invoice.action_post()
        self.assertSteps(self._of(invoice), 100, 10, 90, 0, 0, 0, 90)

    def test_down_payment_is_no_discount(self):
        self._supply(self.north, 100)
        order = self._order(self.north, 10)
        self.env["sale.advance.payment.inv"].with_user(self.nora).with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "fixed", "fixed_amount": 30}
        ).create_invoices()
        order.invoice_ids.action_post()
        self._validate_all(order.picking_ids)
        order._create_invoices(final=True).action_post()
        steps = self._steps([("order_id", "=", order.id)])
        self.assertEqual((steps["list_value"], steps["discount"]), (120, 20))
        self.assertEqual((steps["net_sales"], steps["margin"]), (100, 60))

    # Freight.

    def _freight(self, amount, branch, category=None):
        entry = self._entry(
            [(self.freight, amount, branch), (self.rent, -amount, branch)]
        )
        entry.line_ids[0].category_id = category
        entry.action_post()

    def test_freight_of_a_category_and_of_the_branch(self):
        self.tape.standard_price = 4
        self._purchase(self.north, 100)
        self._supply(self.north, 100, product=self.tape)
        bolts = self._sale(self.north, 10)  # cost 40
        more = self._sale(self.north, 20)  # cost 80
        tapes = self._sale(self.north, 20, product=self.tape)  # cost 80
        self._purchase(self.west, 100)
        elsewhere = self._sale(self.west, 10)
        self._freight(12, self.north, self.perpetual)
        self._freight(20, self.north)
        # 12 over 120 of the category, 20 over 200 of the branch.
        for invoice, freight in ((bolts, 8), (more, 16), (tapes, 8), (elsewhere, 0)):
            self.assertEqual(self._steps(self._of(invoice))["freight"], freight)
        self.assertEqual(self._steps([])["freight"], 32)

    def test_freight_of_a_category_that_sold_nothing(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)
        self._freight(15, self.north, self.periodic)
        self.assertEqual(self._steps(self._of(invoice))["freight"], 15)

    def test_freight_of_other_months(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)
        entry = self._entry(
            [(self.freight, 9, self.north), (self.rent, -9, self.north)]
        )
        entry.date = self.today.replace(day=1) - timedelta(days=1)
        entry.action_post()
        self.assertEqual(self._steps(self._of(invoice))["freight"], 0)

    # Ties.

    def test_sales_are_those_that_are_posted(self):
        """Net sales less claims are the items of the lines, to the cent."""
        tax = self.env["account.tax"].create({"name": "Tax 7.5", "amount": 7.5})
        self._purchase(self.north, 100)
        self._purchase(self.west, 100)
        for branch, price in ((self.north, 3.335), (self.west, 7.77)):
            order = self._order(branch, 7, price=price)
            order.order_line.discount = 3
            order.order_line.tax_ids = tax
            self._validate_all(order.picking_ids)
            self._invoice(order)
        self._refund(self._sale(self.north, 3, price=1.11))
        self._sale(self.west, 1, price=0)
        lines = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
                ("move_id.move_type", "in", ["out_invoice", "out_refund"]),
                ("company_id", "=", self.company.id),
                ("date", ">=", self.env[MARGIN]._this_year()[0]),
            ]
        )
        income = -sum(lines.mapped("balance"))
        steps = self._steps([])
        self.assertAlmostEqual(steps["net_sales"] - steps["claims"], income, 2)
        self.assertAlmostEqual(
            steps["list_value"] - steps["discount"], steps["net_sales"]
        )
        rest = steps["net_sales"] - steps["cost"] - steps["freight"] - steps["claims"]
        self.assertAlmostEqual(rest, steps["margin"], 2)
        costs = self.env["account.move.line"].search(
            [
                ("cogs_origin_id", "in", lines.ids),
                ("account_id.internal_group", "=", "expense"),
            ]
        )
        self.assertAlmostEqual(steps["cost"], sum(costs.mapped("balance")), 2)

    def test_line_of_several_branches(self):
        invoice = self._sale_of_services()
        steps = self._steps(self._of(invoice))
        self.assertEqual(steps["net_sales"], 100)
        for branch, amount in ((self.north, 33.33), (self.west, 66.67)):
            domain = [*self._of(invoice), ("branch_id", "=", branch.id)]
            self.assertEqual(self._steps(domain)["net_sales"], amount)

    def _sale_of_services(self):
        invoice = (
            self.env["account.move"]
            .with_user(self.nora)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": self.today,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Service contract",
                                "account_id": self.sales.id,
                                "price_unit": 100,
                                "tax_ids": [Command.clear()],
                                "analytic_distribution": {
                                    str(self.north.analytic_account_id.id): 33.33,
                                    str(self.west.analytic_account_id.id): 66.67,
                                },
                            }
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice
