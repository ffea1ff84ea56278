from odoo.tests import TransactionCase, tagged

from .common import StockApprovalMixin


@tagged("post_install", "-at_install")
class TestMeasures(StockApprovalMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()

    def _value(self, document):
        found = self.env["distribution.approval.engine"]._evaluate(document)
        return round(found[document.id].findings[0].value, 2)

    def test_value_less_and_more(self):
        self._policy(1000)
        self.assertEqual(self._value(self._count(97)), 30)
        self.assertEqual(self._value(self._count(103)), 30)

    def test_value_at_the_cost_of_the_company(self):
        self._policy(1000)
        other = self.env["res.company"].create({"name": "Other"})
        self.bolt.with_company(other).standard_price = 99
        quant = self._count(97).with_company(self.env.company)
        self.assertEqual(self._value(quant), 30)

    def test_value_at_the_cost_of_the_lot(self):
        self._policy(1000)
        product = self._product("Lot", 10, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": product.id})
        quant = self._on_hand(product, 10, lot=lot)
        product.categ_id = self.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        product.lot_valuated = True
        lot.standard_price = 25
        self.assertEqual(self._value(self._count(8, quant)), 50)

    def test_quantity(self):
        self._policy(1000, "stock_variance_quantity")
        self.assertEqual(self._value(self._count(97)), 3)
        self.assertEqual(self._value(self._count(104)), 4)

    def test_percent_of_what_is_on_hand(self):
        self._policy(1000, "stock_variance_percent")
        self.assertEqual(self._value(self._count(97)), 3)
        self.assertEqual(self._value(self._count(300)), 200)
        empty = self._on_hand(self._product("Nut", 1), 1)
        empty.quantity = 0
        self.assertEqual(self._value(self._count(7, empty)), 100)
        self.assertEqual(self._value(self._count(0, empty)), 0)

    def test_scraps_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.bolt.id,
                "product_uom_id": dozen.id,
                "scrap_qty": 2,
                "location_id": self.stock.id,
            }
        )
        self._policy(1000, "scrap_value", "stock.scrap")
        self.assertEqual(self._value(scrap), 240)
        self.env["distribution.approval.policy"].search([]).action_retire()
        self._policy(1000, "scrap_quantity", "stock.scrap")
        self.assertEqual(self._value(scrap), 24)

    def test_what_the_last_days_would_have_needed(self):
        """Each adjustment that was applied is a count of its own, also of one product."""
        cheap = self._on_hand(self._product("Washer", 1), 100)
        for quantity, quant in ((95, None), (85, None), (90, cheap)):
            self._count(quantity, quant, self.mia).action_apply_inventory()
        policy = self._policy(100)
        self.env["distribution.approval.policy"].browse(policy.id).action_retire()
        draft = self.env["distribution.approval.policy"].browse(
            policy.action_new_version()["res_id"]
        )
        result = self.env["distribution.approval.simulation"].browse(
            draft.action_simulate()["res_id"]
        )
        here = self.env["stock.quant"]._approval_past(
            self.env.company, result.date_from, 3
        )
        self.assertEqual(sorted(here.mapped("inventory_diff_quantity")), [-10, -10, -5])
        found = self.env["distribution.approval.engine"]._evaluate(
            here, draft._compile()
        )
        self.assertEqual(sum(bool(one.needed) for one in found.values()), 1)
        self.assertGreaterEqual(result.document_count, 3)
        self.assertGreaterEqual(result.needed_count, 1)
        self.assertFalse(any(result.line_ids.mapped("has_documents")))
