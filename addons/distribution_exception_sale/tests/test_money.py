from odoo import Command, fields
from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestMoney(SaleExceptionCase):
    """Prices under the pricelist, margins under the floor, customers over their limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade = cls.env["product.pricelist"].create(
            {
                "name": "Trade",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 20,
                            "min_quantity": 10,
                        }
                    )
                ],
            }
        )

    def _invoice(self, line):
        line.order_id.sudo()._create_invoices().action_post()

    def test_price_below_the_pricelist(self):
        rule = self._rule("sale_price", threshold=10)
        line, fair = self._sell(5, price=8.0), self._sell(5, price=9.5)
        found = self._look(rule)
        self.assertNotIn(fair, found)
        one = found[line]
        self.assertEqual((one.measure, one.amount), (20, 10))
        self.assertEqual(one.detail, "Sold at 8.00; the pricelist says 10.00.")
        self.assertEqual(one.too_late_at, line.first_promised_at)
        line.price_unit = 10
        self.assertFalse(self._look(rule, line))

    def test_discount_of_the_pricelist_is_none(self):
        rule = self._rule("sale_price", threshold=1)
        given = self._sell(20, price=8.0, pricelist_id=self.trade.id)
        own = self._sell(5, price=8.0, pricelist_id=self.trade.id)
        self.assertEqual(given.pricelist_price, 8)
        self.assertEqual([*self._look(rule)], [own])

    def test_discount_by_hand(self):
        rule = self._rule("sale_price", threshold=10)
        line = self._sell(5)
        self.assertFalse(self._look(rule))
        line.discount = 15
        self.assertEqual(self._look(rule)[line].measure, 15)

    def test_pricelist_of_that_day(self):
        """A price list that changes later makes no exception of old orders."""
        rule = self._rule("sale_price", threshold=10)
        line = self._sell(5)
        self.bolt.list_price = 100
        self.assertFalse(self._look(rule))
        self.assertEqual(line.pricelist_price, 10)

    def test_quotations_and_invoiced_lines(self):
        rule = self._rule("sale_price", threshold=10)
        self._sell(5, price=8.0, confirm=False)
        self.bolt.invoice_policy = "order"
        line = self._sell(5, price=8.0)
        self.assertEqual([*self._look(rule)], [line])
        self._invoice(line)
        self.assertFalse(self._look(rule))

    def test_rules_are_read_once(self):
        """Confirming many lines reads the rules of the pricelist once."""
        products = self.bolt
        for number in range(8):
            products += self._product(f"Bolt {number}")
        counts = []
        for number in (2, 2, 8):  # the first one fills caches
            lines = [
                Command.create({"product_id": product.id, "price_unit": 5.0})
                for product in products[:number]
            ]
            lines = self._sell(
                confirm=False, pricelist_id=self.trade.id, order_line=lines
            )
            lines.order_id.state = "sale"
            self.env.flush_all()
            self.env.invalidate_all()
            lines = lines.browse(lines.ids)
            before = self.env.cr.sql_log_count
            with self.env.protecting([lines._fields["pricelist_price"]], lines):
                lines._compute_pricelist_price()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_nobody_writes_the_pricelist_price(self):
        line = self._sell(5, price=8.0)
        with self.assertRaisesRegex(Exception, "are kept as they were"):
            line.write({"pricelist_price": 8.0})

    def test_margin(self):
        if "purchase_price" not in self.env["sale.order.line"]._fields:
            self.skipTest("Lines have no cost here.")
        rule = self._rule("sale_margin", margin_floor=20)
        thin, fine = self._sell(5, price=4.5), self._sell(5, price=5.0)
        loss, gift = self._sell(5, price=2.0), self._sell(5, price=0.0)
        found = self._look(rule)
        self.assertNotIn(fine, found)
        self.assertEqual(found[thin].measure, 8.89)
        self.assertEqual(found[thin].amount, 2)
        self.assertEqual((found[loss].measure, found[loss].amount), (120, 12))
        self.assertEqual((found[gift].measure, found[gift].amount), (120, 20))
        self.assertEqual(
            found[loss].detail,
            "The margin is -100.0 percent; the floor is 20.0 percent.",
        )
        rule.threshold = 100
        self.assertEqual({*self._look(rule)}, {loss, gift})

    def _owing_customer(self, limit):
        self.company.account_use_credit_limit = True
        customer = self.env["res.partner"].create({"name": "Slow Payer"})
        customer.credit_limit = limit
        self.assertTrue(customer.use_partner_credit_limit)
        return customer, self._rule(
            "sale_credit", domain=f"[('id', '=', {customer.id})]"
        )

    def test_credit_limit(self):
        customer, rule = self._owing_customer(100)
        first = self._sell(8, partner_id=customer.id)
        self.assertFalse(self._look(rule))
        second = self._sell(7, days=5, partner_id=customer.id)
        one = self._look(rule)[customer]
        self.assertEqual((one.measure, one.amount), (50, 50))
        self.assertEqual(one.too_late_at, second.first_promised_at)
        self.assertEqual(one.partner_id, customer)
        customer.credit_limit = 200
        self.assertFalse(self._look(rule, customer))
        customer.credit_limit = 140
        self.bolt.invoice_policy = "order"
        (first + second).order_id.order_line.invalidate_recordset()
        self._invoice(first)
        found = self._look(rule)
        self.assertEqual(found[customer], one)
        self.assertEqual((one.amount, one.reopened_count), (10, 1))

    def test_credit_limit_of_contacts_and_drafts(self):
        customer, rule = self._owing_customer(100)
        branch = self.env["res.partner"].create(
            {"name": "Works", "parent_id": customer.id, "type": "invoice"}
        )
        self.bolt.invoice_policy = "order"
        line = self._sell(12, partner_id=customer.id, partner_invoice_id=branch.id)
        self.assertEqual(self._look(rule)[customer].amount, 20)
        line.order_id.sudo()._create_invoices()
        self.assertEqual(self._look(rule)[customer].amount, 20, "a draft counts too")

    def test_limits_not_in_use(self):
        customer, rule = self._owing_customer(100)
        self._sell(20, partner_id=customer.id)
        self.company.account_use_credit_limit = False
        self.assertFalse(self._look(rule))
        self.assertEqual(rule.state, "ok")
        self.assertTrue(fields.Datetime.now() >= rule.swept_at)
