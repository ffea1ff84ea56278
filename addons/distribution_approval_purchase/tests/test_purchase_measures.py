from odoo import Command, fields
from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseMeasures(PurchaseCase):
    def _euro(self, rate=2.0):
        """A currency of which `rate` make one of the company's."""
        currency = self.env["res.currency"].create({"name": "TTT", "symbol": "T"})
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": rate, "currency_id": currency.id}
        )
        return currency

    # Amount and quantity.

    def test_amount_is_untaxed_in_company_currency(self):
        tax = self.env["account.tax"].create(
            {"name": "T", "amount": 25, "type_tax_use": "purchase"}
        )
        order = self._buy(
            self.bert,
            lines=[
                self._line(10, 10, discount=10, tax_ids=tax.ids),
                Command.create(
                    {"display_type": "line_note", "name": "!", "product_qty": 0}
                ),
            ],
            currency_id=self._euro().id,
        )
        self.assertEqual(self._measure(order, "purchase_amount"), 45)
        self.assertEqual(order._approval_amount(), {order.id: 45})

    def test_a_tax_in_the_price_is_no_amount(self):
        tax = self.env["account.tax"].create(
            {
                "name": "T",
                "amount": 25,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        order = self._buy(self.bert, lines=[self._line(1, 125, tax_ids=tax.ids)])
        self.assertEqual(self._measure(order, "purchase_amount"), 100)
        forged = order.with_context(force_price_include=False)
        self.assertEqual(self._measure(forged, "purchase_amount"), 100)

    def test_stored_totals_are_not_believed(self):
        order = self._buy(self.bert, 10, currency_id=self._euro().id)
        order.write({"currency_rate": 1000, "amount_untaxed": 0.01})
        order.order_line.write({"price_subtotal": 0.01, "product_uom_qty": 0.01})
        self.assertEqual(self._measure(order, "purchase_amount"), 50)
        self.assertEqual(self._measure(order, "purchase_quantity"), 10)

    def test_quantity_is_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._buy(
            self.bert,
            lines=[self._line(2, product_uom_id=dozen.id), self._line(1)],
        )
        self.assertEqual(self._measure(order, "purchase_quantity"), 25)

    # Price.

    def test_price_rise_is_over_the_last_confirmed_price(self):
        self._buy(self.bert, 1, 8).button_confirm()
        self._buy(self.bine, 1, 10, partner_id=self.other_vendor.id).button_confirm()
        self._buy(self.bert, 1, 50)  # not confirmed
        cancelled = self._buy(self.bert, 1, 60)
        cancelled.button_confirm()
        cancelled.button_cancel()
        order = self._buy(self.bert, lines=[self._line(5, 9), self._line(5, 12)])
        self.assertAlmostEqual(self._measure(order, "purchase_price_rise"), 20)

    def test_price_rise_compares_units_currencies_and_discounts(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._buy(
            self.bert,
            lines=[self._line(1, 300, product_uom_id=dozen.id, discount=20)],
            currency_id=self._euro().id,
        ).button_confirm()
        order = self._buy(self.bert, 1, 11)
        self.assertAlmostEqual(self._measure(order, "purchase_price_rise"), 10)

    def test_without_a_last_price_there_is_no_rise(self):
        order = self._buy(self.bert, 1, 1000)
        self.assertIsNone(self._measure(order, "purchase_price_rise"))

    def test_a_free_sample_is_no_last_price(self):
        self._buy(self.bert, 1, 10).button_confirm()
        self._buy(self.bert, lines=[self._line(1, 10, discount=100)]).button_confirm()
        self._buy(self.bert, 1, 0).button_confirm()
        order = self._buy(self.bert, 1, 15)
        self.assertAlmostEqual(self._measure(order, "purchase_price_rise"), 50)

    def test_other_companies_have_other_prices(self):
        self._buy(self.bert, 1, 10).button_confirm()
        company = self.env["res.company"].create({"name": "Other"})
        line = self._line(1, 20, tax_ids=[])
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": company.id,
                "order_line": [line],
            }
        )
        self.assertIsNone(self._measure(order, "purchase_price_rise"))

    def test_a_confirmed_order_is_compared_with_those_before(self):
        first, second, third = (
            self._buy(self.bert, 1, price) for price in (10, 15, 30)
        )
        for month, order in enumerate((first, second, third), 1):
            order.button_confirm()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE purchase_order SET create_date = %s, date_approve = %s WHERE id = %s",
                [f"2020-0{month}-01", f"2020-0{month}-02", order.id],
            )
        self.env.invalidate_all()
        self.assertIsNone(self._measure(first, "purchase_price_rise"))
        self.assertAlmostEqual(self._measure(second, "purchase_price_rise"), 50)
        self.assertAlmostEqual(self._measure(third, "purchase_price_rise"), 100)

    # Need.

    def test_deviation_from_what_leaves_the_warehouse(self):
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "delay": 3,
            }
        )
        self._sold(self.product, 90)
        self._sold(self.product, 90, days_ago=80)
        self._sold(self.product, 900, days_ago=100)
        order = self._buy(self.bert, lines=[self._line(10), self._line(20)])
        # 180 in 90 days are 2 a day, for 3 + 7 days; both lines are of one product.
        self.assertAlmostEqual(self._measure(order, "purchase_need_deviation"), 50)
        self.env["ir.config_parameter"].set_param(
            "distribution_approval_purchase.review_days", "12"
        )
        self.assertAlmostEqual(self._measure(order, "purchase_need_deviation"), 0)

    def test_goods_for_another_warehouse_are_demand(self):
        other = self.env["stock.warehouse"].create({"name": "Shop", "code": "SHP"})
        transit = self.company.internal_transit_location_id
        transit.active = True
        self._sold(self.product, 90, destination=transit)
        self._sold(self.other, 90)
        lines = self._buy(self.bert, lines=[self._line(7)]).sudo().order_line
        self.assertEqual(lines._approval_daily_demand(), {lines.id: 1})
        order = self._buy(self.bert, 7, picking_type_id=other.in_type_id.id)
        self.assertIsNone(self._measure(order, "purchase_need_deviation"))

    def test_scrap_and_returns_are_no_demand(self):
        scrap = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        for place in (scrap, self.env.ref("stock.stock_location_suppliers")):
            self._sold(self.product, 90, destination=place)
        order = self._buy(self.bert, 7)
        self.assertIsNone(self._measure(order, "purchase_need_deviation"))

    # What approvers are told.

    def test_facts_and_details(self):
        self._buy(self.bert, 1, 10).button_confirm()
        self._sold(self.product, 90)
        order = self._buy(self.bert, 14, 15)
        self.assertEqual(
            [text for _label, text in order._approval_facts()[order.id]],
            ["Nordic Bolts, $\xa0210.00", "50 %, Hex bolt", "100 %, Hex bolt"],
        )
        details = order._approval_details()[order.id]
        self.assertEqual(len(details["columns"]), 7)
        self.assertEqual(
            details["rows"], [["Hex bolt", "14", "Units", "15", "10", "50", "7"]]
        )

    def test_the_setup_makes_a_policy_that_can_be_put_in_force(self):
        # Whoever leads a branch is for the glue with branches to say.
        group = self.env.ref("distribution_base.group_branch_manager")
        self.patch(
            self.registry["distribution.approval.setup.line"],
            "_first_authority",
            lambda _line: {"authority": "group", "group_id": group.id},
        )
        setup = self.env["distribution.approval.setup"].create({})
        line = setup.line_ids.filtered(
            lambda line: line.document_model == "purchase.order"
        )
        (setup.line_ids - line).is_chosen = False
        setup.conflict_ids = False
        setup.action_apply()
        policy = self.Policy.search(
            [("document_model", "=", "purchase.order"), ("state", "=", "active")]
        )
        self.assertEqual(len(policy.rule_ids), 3)
        order = self._buy(self.bert, 1, line.second_limit)
        request = self._ask(order)
        self.assertEqual(len(request.sudo().task_ids), 2)

    def test_the_simulation_looks_at_confirmed_orders(self):
        policy = self._govern((None, 1000), (1000, None, self._step()), activate=False)
        self._buy(self.bert, 1, 5000).button_confirm()
        simulation = self.env["distribution.approval.simulation"].create(
            {"policy_id": policy.id}
        )
        simulation._action_open()
        self.assertGreaterEqual(simulation.needed_count, 1)
        self.assertEqual(simulation.date_from < fields.Date.today(), True)
