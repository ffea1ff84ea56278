from odoo.tests import tagged

from .common import DEPOTS, UNDER_WAY, ReferenceCase


@tagged("post_install", "-at_install")
class TestStock(ReferenceCase):
    def test_stock_is_valued_at_its_cost(self):
        valued = self.env["stock.location"].search([("is_valued_internal", "=", True)])
        products = self.products.with_context(location=valued.ids)
        self.assertTrue(products)
        for product in products.filtered("qty_available"):
            self.assertGreater(product.total_value, 0, product.default_code)
            self.assertAlmostEqual(
                product.total_value,
                product.qty_available * product.standard_price,
                delta=max(0.05, product.total_value * 0.001),
                msg=product.default_code,
            )

    def test_the_opening_entry_is_the_opening_stock(self):
        account = self.env.company.account_stock_valuation_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("move_id.ref", "=", "Opening balance")]
        )
        self.assertEqual(lines.branch_id, self.central | self.depots)
        counted = self._opening_moves()
        for line in lines:
            mine = counted.filtered(
                lambda x, branch=line.branch_id: x.location_dest_id.branch_id == branch
            )
            self.assertAlmostEqual(line.debit, sum(mine.mapped("value")), delta=1)

    def test_every_warehouse_has_stock(self):
        stocked = self.env["stock.quant"]._read_group(
            [("location_id.usage", "=", "internal"), ("quantity", ">", 0)],
            ["warehouse_id"],
            ["product_id:count_distinct"],
        )
        count = dict(stocked)
        self.assertGreater(count[self.central.warehouse_id], len(self.products) * 0.95)
        for depot in self.depots:
            self.assertGreater(count[depot.warehouse_id], len(self.products) * 0.4)

    def test_stock_is_on_the_shelves_of_the_template(self):
        for warehouse in self.warehouses:
            groups = self.env["stock.quant"]._read_group(
                [("warehouse_id", "=", warehouse.id), ("quantity", ">", 0)],
                ["location_id"],
                ["quantity:sum"],
            )
            held = {location: quantity for location, quantity in groups}
            fullest = max(held, key=held.get)
            self.assertEqual(fullest.location_id, warehouse.lot_stock_id)
            self.assertEqual(fullest.location_role, "picking")

    def test_one_stock_is_negative_on_purpose(self):
        """Goods of the last depot were put aside that the books do not have."""
        negative = self.env["stock.quant"].search(
            [("quantity", "<", 0), ("location_id.usage", "in", ("internal", "transit"))]
        )
        self.assertEqual(len(negative), 1)
        self.assertEqual(negative.location_id.branch_id, self.depots[-1])

    def test_nothing_is_where_nobody_works(self):
        strays = self.env["stock.quant"].search(
            [
                ("quantity", "!=", 0),
                ("location_id.usage", "=", "internal"),
                ("warehouse_id", "not in", self.warehouses.ids),
            ]
        )
        self.assertFalse(strays)

    def test_each_lane_holds_what_is_under_way_on_it(self):
        lanes = self.depots.lane_in_ids.filtered(
            lambda lane: lane.source_branch_id == self.central
        )
        self.assertEqual(len(lanes), len(DEPOTS))
        for lane in lanes:
            held = self._held(lane.transit_location_id)
            self.assertTrue(held, lane.name)
            self.assertEqual(held, self._shipped_less_received(lane), lane.name)
            self.assertEqual(held, self._reserved_for_receipt(lane), lane.name)

    def _held(self, location):
        groups = self.env["stock.quant"]._read_group(
            [("location_id", "=", location.id)], ["product_id"], ["quantity:sum"]
        )
        return {product: quantity for product, quantity in groups if quantity}

    def _sum(self, domain):
        return dict(
            self.env["stock.move"]._read_group(domain, ["product_id"], ["quantity:sum"])
        )

    def _shipped_less_received(self, lane):
        done, transit = ("state", "=", "done"), lane.transit_location_id.id
        shipped = self._sum([done, ("location_dest_id", "=", transit)])
        received = self._sum([done, ("location_id", "=", transit)])
        rest = {p: shipped[p] - received.get(p, 0) for p in shipped}
        return {product: quantity for product, quantity in rest.items() if quantity}

    def _reserved_for_receipt(self, lane):
        transit = lane.transit_location_id.id
        waiting = self._sum([("state", "in", UNDER_WAY), ("location_id", "=", transit)])
        return {product: quantity for product, quantity in waiting.items() if quantity}

    def test_depots_are_resupplied_along_their_lanes(self):
        Orderpoint = self.env["stock.warehouse.orderpoint"]
        for depot in self.depots:
            lane = depot.lane_in_ids.filtered(
                lambda lane: lane.source_branch_id == self.central
            )
            rules = Orderpoint.search([("warehouse_id", "=", depot.warehouse_id.id)])
            self.assertTrue(rules)
            self.assertEqual(rules.route_id, lane.route_id)

    def test_the_centre_buys(self):
        rule = self.env["stock.warehouse.orderpoint"].search(
            [("warehouse_id", "=", self.central.warehouse_id.id)], limit=1
        )
        self.assertIn("buy", rule.rule_ids.mapped("action"))

    def test_costs_are_the_average_of_what_was_received(self):
        """Bought dearer or cheaper than planned, the cost has followed."""
        changed = (
            self.env["purchase.order.line"]
            .search([("qty_received", ">", 0), ("product_id", "in", self.products.ids)])
            .filtered(
                lambda line: line.price_unit != line.product_id.seller_ids[:1].price
            )
        )
        self.assertTrue(changed)
