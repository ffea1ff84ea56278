from lxml import etree

from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestEveryMenuOpens(NetworkCase):
    """Each role opens each menu it has, and the first records behind it.

    A record rule that hides a document may make another document unreadable, where that
    one follows a link to the hidden one. With documents of every branch about, this finds
    such links, on our screens and on Odoo's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count(cls.product, cls.central, 50)
        cls._count(cls.product, cls.north, 20)
        cls.product.route_ids += cls.lane_north.route_id

    def setUp(self):
        super().setUp()
        order = self._sell(self.olga, self.north, 30, route=self.lane_north.route_id)
        ship = self.env["stock.picking"].search(
            [("lane_id", "=", self.lane_north.id), ("branch_id", "=", self.central.id)]
        )
        self._do(ship, self.cora)
        self._sell(self.wim, self.west, 1)
        sold = self._sell(self.cora, self.central, 2)
        self._do(sold.picking_ids, self.cora)
        sold._create_invoices().action_post()
        self._buy(self.bea, self.north, 5)
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": self.north.warehouse_id.id,
                "route_id": self.lane_north.route_id.id,
                "product_min_qty": 100,
                "product_max_qty": 100,
            }
        )
        self.order = order
        self.env.flush_all()

    def _check_role(self, role, **values):
        user = self._new_user(role, f"opens_{role}", **values)
        opened = 0
        for menu in self._menus_of(user):
            action = menu.sudo().action
            if action and action._name == "ir.actions.act_window":
                with self.subTest(role=role, menu=menu.complete_name):
                    self._open(user, action)
                    opened += 1
        self.assertGreater(opened, 5, role)

    def _menus_of(self, user):
        """The menus the user can get to: visible, as is every one above."""
        Menu = self.env["ir.ui.menu"].with_user(user)
        visible = Menu._visible_menu_ids()
        return Menu.browse(visible).filtered(
            lambda menu: visible.issuperset(map(int, menu.parent_path.split("/")[:-1]))
        )

    def _open(self, user, action):
        self.env.invalidate_all()
        Model = self.env[action.res_model].with_user(user)
        kinds = [kind for _id, kind in action.views]
        views = Model.get_views(list(action.views))["views"]
        records = Model.search([], limit=4)
        for kind in kinds:
            if kind not in ("list", "form", "kanban"):
                continue
            spec = self._specification(etree.fromstring(views[kind]["arch"]), Model)
            if kind == "form":
                records[:1].web_read(spec)
            else:
                Model.web_search_read([], spec, limit=4)

    def _specification(self, node, model):
        """What the web client asks for to show the view."""
        spec = {}
        for field in node.iter("field"):
            inside = next((a for a in field.iterancestors("field")), None)
            name = field.get("name")
            if inside is not None or name not in model._fields:
                continue
            spec[name] = {}
            kind = model._fields[name]
            if kind.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif kind.type in ("one2many", "many2many"):
                comodel = self.env[kind.comodel_name].with_user(model.env.user)
                views = [view for view in field if view.tag in ("list", "kanban")]
                inner = self._specification(views[0], comodel) if views else {}
                spec[name] = {"fields": inner or {"display_name": {}}}
        return spec

    def test_branch_operator(self):
        self._check_role("branch_operator", branch_ids=self.north.ids)

    def test_branch_operator_of_the_sender(self):
        self._check_role("branch_operator", branch_ids=self.central.ids)

    def test_branch_manager(self):
        self._check_role("branch_manager", branch_ids=self.north.ids)

    def test_regional_manager(self):
        self._check_role("regional_manager", branch_ids=self.west.ids)

    def test_network_planner(self):
        self._check_role("network_planner")

    def test_central_buyer(self):
        self._check_role("central_buyer")

    def test_finance_controller(self):
        self._check_role("finance_controller")

    def test_auditor(self):
        self._check_role("auditor")

    def test_administrator(self):
        self._check_role("administrator")

    def test_the_forecast_report(self):
        for user in (self.olga, self.cora, self.wim, self.bea):
            for warehouse in (
                False,
                *(self.central | self.north | self.west).warehouse_id,
            ):
                with self.subTest(
                    user=user.login, warehouse=warehouse and warehouse.code
                ):
                    self._open_forecast(user, warehouse)

    def _open_forecast(self, user, warehouse):
        self.env.invalidate_all()
        Report = self.env["stock.forecasted_product_product"].with_user(user)
        context = {"warehouse_id": warehouse.id} if warehouse else {}
        docs = Report.with_context(**context).get_report_values(self.product.ids)[
            "docs"
        ]
        self.assertTrue(docs["lines"] is not None)
        product = self.product.with_user(user).with_context(**context)
        shown = docs["product"][product.id]["virtual_available"]
        self.assertEqual(shown, product.virtual_available)

    def test_a_clerk_opens_the_order_with_its_lane(self):
        order = self.order.with_user(self.olga)
        self.env.invalidate_all()
        views = order.get_views([(False, "form")])["views"]
        spec = self._specification(etree.fromstring(views["form"]["arch"]), order)
        order.web_read(spec)
        action = order.action_view_delivery()
        self.env["stock.picking"].with_user(self.olga).search(
            action.get("domain") or []
        )
