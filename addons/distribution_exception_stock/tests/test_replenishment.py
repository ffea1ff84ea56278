from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .common import StockExceptionCase


@tagged("post_install", "-at_install")
class TestShortage(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_shortage")

    def test_opens_updates_closes_and_opens_again(self):
        self._count(3)
        point = self._want(10, 20)
        exception = self._sweep(self.rule)[point]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 7,
                    "amount": 28.0,
                    "name": "Yard · [E-200] Hex bolt",
                    "detail": "3 Units on hand, 0 on the way, at least 10 wanted",
                    "company_id": self.company.id,
                    "too_late_at": False,
                }
            ],
        )
        self._bring(4)
        self._recheck(self.rule, point)
        self.assertEqual((exception.state, exception.measure), ("open", 3))
        self.assertIn("4 on the way", exception.detail)
        coming = self._bring(3)
        self._recheck(self.rule, point)
        self.assertEqual(exception.state, "closed")
        coming._action_cancel()
        self._sweep(self.rule)
        self.assertRecordValues(
            exception, [{"state": "open", "measure": 3, "reopened_count": 1}]
        )

    def test_what_is_no_shortage(self):
        self._count(10)
        bolt = self._want(10, 20)
        other = self._want(0, 20, product=self._new_product("Nut"))
        archived = self._want(5, 9, product=self._new_product("Pin"), active=False)
        found = self._sweep(self.rule)
        for point in bolt | other | archived:
            self.assertNotIn(point, found)

    def test_a_warehouse_that_was_given_up_needs_nothing(self):
        point = self._want(10, 20, self.depot)
        self.assertIn(point, self._sweep(self.rule))
        self.depot.active = False
        self.assertEqual(self._sweep(self.rule)[point].state, "closed")

    def test_stock_of_other_warehouses_and_on_hold_is_none(self):
        self._count(50, self.depot)
        held = self.env["stock.location"].create(
            {
                "name": "Hold",
                "location_id": self.yard.view_location_id.id,
                **self._on_hold(),
            }
        )
        self._count(50, location=held)
        point = self._want(10, 20)
        self.assertEqual(self._sweep(self.rule)[point].measure, 10)

    def test_moving_inside_the_warehouse_brings_nothing(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.yard.lot_stock_id.id}
        )
        self._count(3, location=shelf)
        self._move(3, shelf, self.yard.lot_stock_id)
        point = self._want(10, 20)
        self.assertEqual(self._sweep(self.rule)[point].measure, 7)
        bin_point = self._want(5, 9, location_id=shelf.id)
        self.assertNotIn(bin_point, self._sweep(self.rule))

    def test_units_of_the_product(self):
        self._count(3)
        point = self._want(30, 40)
        dozen = self.env.ref("uom.product_uom_dozen")
        self._bring(1, product_uom=dozen.id)
        exception = self._sweep(self.rule)[point]
        self.assertEqual((exception.measure, exception.amount), (15, 60.0))

    def test_in_the_language_of_the_company_whoever_looks(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.env["product.product"].with_context(lang="fr_FR")
        french.browse(self.product.id).name = "Vis"
        unit = self.product.uom_id.with_context(lang="fr_FR")
        unit.name = "pièces"
        self.company.partner_id.lang = "fr_FR"
        words = (
            "%(on_hand)s %(unit)s on hand, %(incoming)s on the way, at least %(least)s "
            "wanted"
        )
        ours = ("distribution_exception_stock", "fr_FR")
        known = {ours: {words: "%(on_hand)s %(unit)s en stock, %(least)s voulus"}}
        point = self._want(5, 20)
        with patch.dict(code_translations.python_translations, known):  # as a .po would
            for lang in (None, "en_US", "fr_FR"):
                shortage = self._sweep(self.rule.with_context(lang=lang))[point]
                self.assertEqual(shortage.name, "Yard · [E-200] Vis")
                self.assertEqual(shortage.detail, "0 pièces en stock, 5 voulus")

    def test_too_late_when_customers_wait(self):
        point = self._want(10, 20)
        today = self._day(0).replace(hour=0, minute=0, second=0)
        exception = self._sweep(self.rule)[point]
        self.assertEqual(exception.too_late_at, today)
        delivery = self._deliver(2, due=4)
        self._deliver(2, self.depot, due=1)
        self._recheck(self.rule, point)
        self.assertEqual(exception.too_late_at, delivery.date)

    def _on_hold(self):
        """What makes a location one whose stock cannot be promised."""
        if "location_role" in self.env["stock.location"]._fields:
            return {"location_role": "quality_hold"}
        return {"usage": "inventory"}


@tagged("post_install", "-at_install")
class TestExcess(StockExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("stock_excess")

    def test_opens_updates_closes_and_opens_again(self):
        self._count(50)
        self._count(4, self.depot)
        here, there = self._want(10, 20), self._want(15, 30, self.depot)
        found = self._sweep(self.rule)
        self.assertNotIn(there, found)
        exception = found[here]
        self.assertRecordValues(
            exception,
            [
                {
                    "state": "open",
                    "measure": 11,
                    "amount": 44.0,
                    "detail": "30 Units free above the maximum; Depot is 11 short",
                }
            ],
        )
        there.product_min_qty = 50
        self._recheck(self.rule, here)
        self.assertEqual(exception.measure, 30)
        self._bring(46, self.depot)
        self._recheck(self.rule, here)
        self.assertEqual(exception.state, "closed")
        there.product_min_qty = 60
        self._sweep(self.rule)
        self.assertRecordValues(
            exception, [{"state": "open", "measure": 10, "reopened_count": 1}]
        )

    def test_what_is_reserved_is_no_excess(self):
        self._count(50)
        here, _there = self._want(10, 20), self._want(15, 30, self.depot)
        delivery = self._deliver(28)
        delivery._action_assign()
        self.assertEqual(self._sweep(self.rule)[here].measure, 2)

    def test_shortest_warehouse_is_named(self):
        shop = self.env["stock.warehouse"].create({"name": "Shop", "code": "SHP"})
        self._count(50)
        here = self._want(10, 20)
        self._want(5, 30, self.depot)
        self._want(9, 30, shop)
        wanted = self._deliver(2, shop, due=2)
        exception = self._sweep(self.rule)[here]
        self.assertIn("Shop is 9 short", exception.detail)
        self.assertEqual(exception.too_late_at, wanted.date)

    def test_another_company_is_another_matter(self):
        company = self.env["res.company"].create({"name": "Fjord Trade"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self._count(50)
        here = self._want(10, 20)
        self._want(15, 30, warehouse, company_id=company.id)
        self.assertNotIn(here, self._sweep(self.rule))
