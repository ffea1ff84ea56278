from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import NetworkCase

FIGURES = (
    "qty_available",
    "free_qty",
    "virtual_available",
    "incoming_qty",
    "outgoing_qty",
)


@tagged("post_install", "-at_install")
class TestQuantities(NetworkCase):
    """What a user may see of documents never changes how much stock there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count(cls.product, cls.central, 50)
        cls._count(cls.product, cls.north, 20)
        cls._count(cls.product, cls.west, 10)

    def setUp(self):
        super().setUp()
        self._sell(self.olga, self.north, 3)
        self._sell(self.wim, self.west, 4)
        self._buy(self.bea, self.north, 7)
        ship, _receive = self._replenish(self.lane_west, 6)
        self._do(ship)
        self._replenish(self.lane_north, 2)

    def _figures(self, user, **context):
        self.env.invalidate_all()
        product = self.product.with_user(user).with_context(**context)
        return {figure: product[figure] for figure in FIGURES}

    def test_every_role_sees_the_same_figures(self):
        everybody = self.olga, self.wim, self.cora, self.bea, self.rita, self.paul
        warehouses = (self.central | self.north | self.west).warehouse_id
        for context in (
            {},
            *({"warehouse_id": warehouse.id} for warehouse in warehouses),
            {"to_date": "2099-01-01"},
            {"to_date": "2020-01-01"},
            {"location": self.lane_west.transit_location_id.id},
        ):
            expected = self._figures(self.boss, **context)
            for user in everybody:
                self.assertEqual(
                    self._figures(user, **context), expected, (user.login, context)
                )

    def test_the_figures_are_right(self):
        at_west = self._figures(self.olga, warehouse_id=self.west.warehouse_id.id)
        self.assertEqual(
            at_west,
            {
                "qty_available": 10,
                "free_qty": 6,
                "incoming_qty": 6,
                "outgoing_qty": 4,
                "virtual_available": 12,
            },
        )

    def test_templates_too(self):
        for user in (self.olga, self.wim):
            self.env.invalidate_all()
            template = self.product.product_tmpl_id
            mine, all_ = template.with_user(user), template.with_user(self.boss)
            self.assertEqual(mine.virtual_available, all_.virtual_available)
            self.assertEqual(mine.incoming_qty, all_.incoming_qty)

    def test_reordering_rules_too(self):
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": self.north.warehouse_id.id,
                "product_min_qty": 100,
                "product_max_qty": 120,
            }
        )
        expected = orderpoint.with_user(self.boss).qty_forecast
        self.env.invalidate_all()
        self.assertEqual(orderpoint.with_user(self.bea).qty_forecast, expected)

    def test_demand_too(self):
        # Of the 30 days before now: what was sold in this test was sold yesterday.
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        moves.date = fields.Datetime.now() - timedelta(days=1)
        for context in ({}, {"warehouse_id": self.west.warehouse_id.id}):
            product = self.product.with_context(suggest_based_on="30_days", **context)
            expected = product.with_user(self.boss).monthly_demand
            self.assertTrue(expected)
            for user in (self.olga, self.wim, self.bea):
                self.env.invalidate_all()
                self.assertEqual(product.with_user(user).monthly_demand, expected)

    def test_the_order_line_shows_them(self):
        order = self._sell(self.olga, self.north, 1, confirm=False)
        line = order.order_line
        expected = line.with_user(self.boss).virtual_available_at_date
        self.env.invalidate_all()
        self.assertEqual(line.with_user(self.olga).virtual_available_at_date, expected)

    def test_stock_of_other_branches_is_readable(self):
        quants = self.env["stock.quant"].with_user(self.wim)
        found = quants.search([("product_id", "=", self.product.id)])
        self.assertLessEqual(self.central | self.north | self.west, found.branch_id)
