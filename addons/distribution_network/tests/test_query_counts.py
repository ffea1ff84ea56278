from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestQueryCounts(NetworkCase):
    """Our own code asks the database as often for many records as for few."""

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, few, many):
        """`many` needs no more queries than `few`; both run once before, to warm caches."""
        few()
        many()
        baseline = self._count_queries(few)
        self.assertLessEqual(self._count_queries(many), baseline)

    def test_figures_of_branches(self):
        branches = self.central | self.north | self.west
        fields = ["product_count", "in_count", "out_count", "late_count", "is_own"]
        self.assertSameQueries(
            lambda: self.north.with_user(self.boss).read(fields),
            lambda: branches.with_user(self.boss).read(fields),
        )

    def test_timetables(self):
        lanes = self.lane_north | self.lane_west
        self.assertSameQueries(
            lambda: self.lane_north.get_schedule(), lambda: lanes.get_schedule()
        )

    def test_the_timetable_asks_nothing_for_the_second_date(self):
        lane = self.lane_north
        lane.get_schedule("2026-03-02 10:00:00")
        with self.assertQueryCount(0):
            for day in range(2, 28):
                lane.get_schedule(f"2026-03-{day:02d} 10:00:00")

    def test_rights_of_users(self):
        users = self.olga | self.wim | self.cora
        some = self._count_queries(lambda: users[:1].mapped("branch_restricted"))
        more = self._count_queries(lambda: users.mapped("branch_restricted"))
        self.assertLessEqual(more, some + 2)

    def test_record_rules_ask_once(self):
        orders = self.env["sale.order"].with_user(self.olga)
        orders.search([])
        with self.assertQueryCount(1):
            orders.search([], limit=80)

    def test_branches_of_moves(self):
        products = self.env["product.product"].union(
            *(self._new_product(f"P{number}") for number in range(12))
        )
        warehouse = self.north.warehouse_id

        def make(some):
            self.env["stock.move"].create(
                [
                    {
                        "product_id": product.id,
                        "product_uom_qty": 1,
                        "location_id": warehouse.lot_stock_id.id,
                        "location_dest_id": self.customer.property_stock_customer.id,
                        "picking_type_id": warehouse.out_type_id.id,
                    }
                    for product in some
                ]
            )

        self.assertSameQueries(lambda: make(products[:2]), lambda: make(products))
