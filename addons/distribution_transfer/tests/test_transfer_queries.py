from lxml import etree

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common import TransferCase

FEW, MANY = 20, 60
# What batches and caches may differ by between few lines and many.
SLACK = 3
# (model, view, its type) of what the menus open.
LISTS = (
    ("transfer", "distribution_transfer_view_list", "list"),
    ("transfer", "distribution_transfer_view_kanban", "kanban"),
    ("transfer.line", "distribution_transfer_line_view_list", "list"),
    (
        "transfer.discrepancy",
        *("distribution_transfer_discrepancy_view_list", "list"),
    ),
    ("transit.report", "distribution_transit_report_view_list", "list"),
)


@tagged("post_install", "-at_install")
class TestTransferQueries(TransferCase):
    """What a transfer costs by itself does not grow with its lines.

    Stock Odoo asks the database for each move that it confirms and does. So a transfer is
    compared, in the same run, with as many moves between two warehouses that are no
    branches: two pickings whose moves are chained, as those of a transfer are. `stan` works
    there. Reordering rules rest: Odoo runs them for pickings that are confirmed by hand.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "stock.group_stock_user,stock.group_stock_multi_locations"
        cls.stan = new_test_user(cls.env, "stan", groups=groups)
        cls.shed, cls.barn = cls.env["stock.warehouse"].create(
            [{"name": "Shed", "code": "SHED"}, {"name": "Barn", "code": "BARN"}]
        )
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("stock.no_auto_scheduler", "True")
        cls.barn.resupply_wh_ids = cls.shed
        cls.transit = cls.company.internal_transit_location_id
        cls.products = cls.env["product.product"].create(
            [
                {"name": f"Product {n}", "is_storable": True, "standard_price": 2.0}
                for n in range(MANY)
            ]
        )
        quants = cls.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            [
                {
                    "product_id": product.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "inventory_quantity": 1000,
                }
                for product in cls.products
                for warehouse in (cls.central.warehouse_id, cls.shed)
            ]
        ).action_apply_inventory()

    def _queries(self, function):
        """The number of queries of a request of its own, with what it leaves to write."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def assertOwnPartIsConstant(self, ours, plain):
        """`ours(count)` costs as much more than `plain(count)` for many as for few.

        Both return {step: number of queries}.
        """
        ours(2), plain(2)  # warms the caches
        own = {}
        for count in (FEW, MANY):
            theirs = plain(count)
            own[count] = {
                step: queries - theirs.get(step, 0)
                for step, queries in ours(count).items()
            }
        for step in own[FEW]:
            self.assertLessEqual(own[MANY][step], own[FEW][step] + SLACK, (step, own))

    # With the suite.

    def _asked(self, count):
        quantities = dict.fromkeys(self.products[:count], 1)
        return self._transfer(quantities=quantities, reason="balancing")

    def _carry(self, count, unload=None):
        transfer = self._asked(count)
        queries = {"request": self._queries(transfer.action_request)}
        out = self._picking(transfer, "ship").with_user(self.cora)
        queries["ship"] = self._queries(out.button_validate)
        receipt = self._picking(transfer, "receive").with_user(self.bea)
        unload = unload or type(receipt).button_validate
        queries["receive"] = self._queries(lambda: unload(receipt))
        queries["close"] = self._queries(transfer.action_close)
        self.assertEqual(transfer.state, "closed")
        self.assertEqual(len(transfer.line_ids), count)
        return queries

    def _unload_as_expected(self, receipt):
        """As the receiving at the dock tells it."""
        receipt.action_unload(
            [
                {"move_id": move.id, "quantity": move.product_uom_qty}
                for move in receipt.move_ids
            ]
        )

    # Without.

    def _carry_plain(self, count):
        out = self._plain_picking(self.shed.out_type_id, count)
        receipt = self._plain_picking(self.barn.in_type_id, count, out.move_ids)
        both = out | receipt
        queries = {
            "request": self._queries(lambda: [x.action_confirm() for x in both]),
            "ship": self._queries(out.button_validate),
            # A transfer reads all chains at once; so it is done here, to be compared.
            "receive": self._queries(
                lambda: (receipt.move_ids.move_dest_ids, receipt.button_validate())
            ),
        }
        self.assertEqual(set(both.move_ids.mapped("state")), {"done"})
        return queries

    def _plain_picking(self, operation, count, origins=()):
        way = [self.shed.lot_stock_id, self.transit, self.barn.lot_stock_id]
        start, end = way[1:] if origins else way[:2]
        places = {"location_id": start.id, "location_dest_id": end.id}
        origins = origins or [self.env["stock.move"]] * count
        moves = [
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "move_orig_ids": [Command.set(origin.ids)],
                **places,
            }
            for product, origin in zip(self.products[:count], origins, strict=True)
        ]
        return (
            self.env["stock.picking"]
            .with_user(self.stan)
            .create(
                {
                    "picking_type_id": operation.id,
                    "move_ids": [Command.create(values) for values in moves],
                    **places,
                }
            )
        )

    # Supply by rules.

    def _procurements(self, warehouse, route, count):
        values = {
            "route_ids": route,
            "warehouse_id": warehouse,
            "date_planned": fields.Datetime.add(fields.Datetime.now(), days=3),
        }
        return [
            self.env["stock.rule"].Procurement(
                product,
                1,
                product.uom_id,
                warehouse.lot_stock_id,
                "Replenish",
                "TEST",
                self.company,
                values,
            )
            for product in self.products[:count]
        ]

    def _supply(self, warehouse, route, count):
        wanted = self._procurements(warehouse, route, count)
        return {"supply": self._queries(lambda: self.env["stock.rule"].run(wanted))}

    def _supply_north(self, count):
        Line = self.env["distribution.transfer.line"]
        before = Line.search([])
        warehouse, route = self.north.warehouse_id, self.lane_north.route_id
        queries = self._supply(warehouse, route, count)
        lines = Line.search([]) - before
        self.assertEqual(len(lines), count)
        self.assertEqual(len(lines.transfer_id), 1, "one transfer for the departure")
        self.assertEqual(lines.transfer_id.state, "approved")
        lines.transfer_id.action_cancel()  # else the next ones join it
        return queries

    def _supply_plain(self, count):
        return self._supply(self.barn, self.barn.resupply_route_ids, count)

    def _supply_by_hand(self, count):
        """What Odoo asks to find the rules, and a transfer with these lines."""
        warehouse, route = self.north.warehouse_id, self.lane_north.route_id
        wanted = self._procurements(warehouse, route, count)
        Rule = self.env["stock.rule"]

        def look_up():
            for item in wanted:
                Rule._get_rule(item.product_id, item.location_id, item.values)

        def ask():
            self._asked(count).action_request()

        return {"supply": self._queries(look_up) + self._queries(ask)}

    # Screens.

    def _some(self, count):
        """As many transfers approved, on the road, and with a difference."""
        quantities = dict.fromkeys(self.products[:2], 5)
        for _number in range(count):
            _new, sent, lost = (
                self._request(quantities=quantities, reason="balancing")
                for _state in range(3)
            )
            self._ship(sent)
            self._ship(lost)
            self._receive(lost, {self.products[0]: 4})

    def _opened(self, model, view, view_type):
        """What a client asks for: all fields of the view, with the names of links."""
        view = self.env.ref(f"distribution_transfer.{view}")
        records = self.env[model].with_user(self.paul)
        views = records.get_views([(view.id, view_type)])
        names = views["models"][model]["fields"]
        arch = etree.fromstring(views["views"][view_type]["arch"])
        shown = {node.get("name") for node in arch.iter("field")} & names.keys()
        specification = {
            name: {"fields": {"display_name": {}}}
            if names[name]["type"] == "many2one"
            else {}
            for name in shown
        }
        return lambda: records.web_search_read([], specification, limit=80)

    # The rules.

    def test_carrying(self):
        self.assertOwnPartIsConstant(self._carry, self._carry_plain)

    def test_carrying_by_policy(self):
        self._govern(1e9)
        self._govern(-1, measure="transfer_cover", worse_below=True)
        self._govern(1e9, measure="transfer_deviation")
        self.assertOwnPartIsConstant(self._carry, self._carry_plain)

    def test_unloading_as_expected(self):
        self.assertOwnPartIsConstant(
            lambda count: self._carry(count, self._unload_as_expected),
            self._carry_plain,
        )

    def test_supply(self):
        self.assertOwnPartIsConstant(self._supply_north, self._supply_by_hand)

    def test_supply_costs_no_more_than_two_pickings(self):
        self._supply_north(2), self._supply_plain(2)
        ours, plain = self._supply_north(MANY), self._supply_plain(MANY)
        self.assertLessEqual(ours["supply"], plain["supply"])

    def test_asking_for_approval(self):
        self._govern(0.5)
        self._asked(2).action_request()
        few, many = (
            self._queries(self._asked(count).action_request) for count in (FEW, MANY)
        )
        self.assertLessEqual(many, few + SLACK)

    def test_opening_lists(self):
        opened = {
            view: self._opened(f"distribution.{model}", view, view_type)
            for model, view, view_type in LISTS
        }
        self._some(2)
        for read in opened.values():
            read()
        few = {view: self._queries(read) for view, read in opened.items()}
        rows = {view: len(read()["records"]) for view, read in opened.items()}
        self._some(5)
        for view, read in opened.items():
            self.assertGreater(len(read()["records"]), rows[view], view)
            self.assertLessEqual(self._queries(read), few[view], view)

    def test_opening_the_board(self):
        records = self.env["distribution.transfer"].with_user(self.paul)
        domain = [("board_stage", "!=", False)]

        def read():
            return records.web_read_group(
                domain, ["board_stage"], ["__count", "value:sum"], auto_unfold=True
            )

        self._some(2)
        read()
        few = self._queries(read)
        self._some(5)
        self.assertLessEqual(self._queries(read), few)
        counts = {row["board_stage"]: row["__count"] for row in read()["groups"]}
        self.assertGreaterEqual(counts["to_reconcile"], 7)

    def test_opening_a_transfer(self):
        """Its form asks as often for many lines as for few."""
        lines = self.env["distribution.transfer.line"]
        shown = [name for name in lines._fields if name.endswith("_qty")]
        specification = {"line_ids": {"fields": dict.fromkeys([*shown, "value"], {})}}
        costs = []
        for count in (2, FEW, MANY):
            transfer = self._asked(count)
            transfer.action_request()
            costs.append(self._queries(lambda x=transfer: x.web_read(specification)))
        self.assertLessEqual(costs[2], costs[1])
