from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import NetworkCase

DOCUMENTS = (
    "sale.order",
    "sale.order.line",
    "purchase.order",
    "purchase.order.line",
    "stock.picking",
    "stock.move",
    "stock.move.line",
    "stock.warehouse.orderpoint",
    "stock.scrap",
    "account.move",
    "account.move.line",
)
REPORTS = ("sale.report", "purchase.report", "account.invoice.report")


@tagged("post_install", "-at_install")
class TestBranchRights(NetworkCase):
    """North has one of every document; a user of the west depot tries everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A foreign user with all the application rights there are, but for the role.
        cls.thief = cls._new_user("branch_manager", "thief", branch_ids=cls.west.ids)
        cls.thief.group_ids += cls.env.ref("account.group_account_manager")
        cls.thief.group_ids += cls.env.ref("account.group_account_user")
        cls.thief.group_ids += cls.env.ref("purchase.group_purchase_manager")
        cls.thief.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.thief.group_ids += cls.env.ref("stock.group_stock_manager")
        cls.thief.group_ids += cls.env.ref("base.group_allow_export")
        cls._count(cls.product, cls.north, 20)

    def setUp(self):
        super().setUp()
        self.sale = self._sell(self.olga, self.north, 2)
        self._do(self.sale.picking_ids, self.olga)
        self.invoice = self.sale._create_invoices()
        self.invoice.action_post()
        self.purchase = self._buy(self.bea, self.north, 5)
        self.orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.product.id, "warehouse_id": self.north.warehouse_id.id}
        )
        self.scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.product.id,
                "scrap_qty": 1,
                "location_id": self.north.warehouse_id.lot_stock_id.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _of_north(self, model):
        field = {
            "stock.scrap": "location_id.branch_id",
            "sale.report": "warehouse_id.branch_id",
            "purchase.report": "picking_type_id.branch_id",
            "account.invoice.report": "move_id.branch_id",
        }.get(model, "branch_id")
        records = self.env[model].search([(field, "=", self.north.id)])
        self.assertTrue(records, f"North has no {model}, so this test proves nothing")
        return records, field

    def test_search_finds_nothing(self):
        for model in (*DOCUMENTS, *REPORTS):
            records, field = self._of_north(model)
            Model = self.env[model].with_user(self.thief)
            self.assertFalse(Model.search([("id", "in", records.ids)]), model)
            self.assertFalse(Model.search([(field, "=", self.north.id)]), model)
            self.assertEqual(Model.search_count([("id", "in", records.ids)]), 0, model)

    def test_grouping_counts_nothing(self):
        for model in (*DOCUMENTS, *REPORTS):
            records, _field = self._of_north(model)
            groups = (
                self.env[model]
                .with_user(self.thief)
                .formatted_read_group([("id", "in", records.ids)], [], ["__count"])
            )
            self.assertEqual(groups[0]["__count"], 0, model)

    def test_reading_is_refused(self):
        for model in DOCUMENTS:
            records, _field = self._of_north(model)
            for record in records.with_user(self.thief):
                with self.assertRaises(AccessError, msg=model):
                    record.read(["create_date"])

    def test_export_is_refused(self):
        for model in DOCUMENTS:
            records, _field = self._of_north(model)
            with self.assertRaises(AccessError, msg=model):
                records.with_user(self.thief).export_data(["id", "create_date"])

    def test_names_are_not_found(self):
        for model, record in (
            ("sale.order", self.sale),
            ("purchase.order", self.purchase),
            ("stock.picking", self.sale.picking_ids),
            ("account.move", self.invoice),
        ):
            found = self.env[model].with_user(self.thief).name_search(record.name)
            self.assertFalse(found, model)

    def test_writing_and_deleting_is_refused(self):
        for model in DOCUMENTS:
            records, _field = self._of_north(model)
            with self.assertRaises(AccessError, msg=model):
                records[:1].with_user(self.thief).write({"company_id": False})
            with self.assertRaises(AccessError, msg=model):
                records[:1].with_user(self.thief).unlink()

    def test_buttons_are_refused(self):
        receipt = self.purchase.picking_ids
        for button in (
            self.sale.with_user(self.thief)._action_cancel,
            self.purchase.with_user(self.thief).button_cancel,
            receipt.with_user(self.thief).button_validate,
            receipt.with_user(self.thief).action_cancel,
            receipt.move_ids.with_user(self.thief)._action_cancel,
            self.invoice.with_user(self.thief).button_draft,
            self.orderpoint.with_user(self.thief).action_replenish,
            self.scrap.with_user(self.thief).action_validate,
        ):
            with self.assertRaises(UserError, msg=button.__name__):
                button()
        self.assertEqual(receipt.state, "assigned")
        self.assertEqual(self.invoice.state, "posted")

    def test_nothing_is_created_for_another_branch(self):
        with self.assertRaises(AccessError):
            self._sell(self.thief, self.north, 1, confirm=False)
        with self.assertRaises(AccessError):
            self._buy(self.thief, self.north, 1, confirm=False)
        with self.assertRaises(AccessError):
            self.env["stock.warehouse.orderpoint"].with_user(self.thief).create(
                {
                    "product_id": self._new_product("Other").id,
                    "warehouse_id": self.north.warehouse_id.id,
                }
            )

    def test_counts_in_another_branch_are_refused(self):
        quant = self.env["stock.quant"].search(
            [("branch_id", "=", self.north.id), ("product_id", "=", self.product.id)]
        )
        before = quant.quantity
        thief = quant.with_user(self.thief).with_context(inventory_mode=True)
        with self.assertRaises(AccessError):
            thief.write({"inventory_quantity": 1000})
            thief.action_apply_inventory()
        with self.assertRaises(AccessError):
            self.env["stock.quant"].with_user(self.thief).with_context(
                inventory_mode=True
            ).create(
                {
                    "product_id": self.product.id,
                    "location_id": self.north.warehouse_id.lot_stock_id.id,
                    "inventory_quantity": 1000,
                }
            ).action_apply_inventory()
        self.env.invalidate_all()
        self.assertEqual(quant.quantity, before)

    def test_a_document_cannot_be_moved_into_ones_own_branch(self):
        order = self._sell(self.wim, self.west, 1, confirm=False)
        with self.assertRaises(AccessError):
            order.with_user(self.wim).warehouse_id = self.north.warehouse_id
        with self.assertRaises(AccessError):
            self.sale.with_user(self.wim).warehouse_id = self.west.warehouse_id

    def test_membership_cannot_be_taken(self):
        for user in (self.olga, self.bea, self.rita, self.thief):
            with self.assertRaises(AccessError):
                self.north.with_user(user).user_ids = [(4, user.id)]
            with self.assertRaises(AccessError):
                user.with_user(user).branch_ids = self.north
            with self.assertRaises(AccessError):
                self.region_north.with_user(user).manager_id = user

    def test_a_user_without_a_role_has_no_branch(self):
        nobody = self._new_user(None, "nobody")
        nobody.group_ids += self.env.ref("stock.group_stock_manager")
        self.assertTrue(nobody.branch_restricted)
        found = self.env["stock.picking"].with_user(nobody).search([])
        self.assertFalse(found.branch_id)

    def test_customers_of_the_portal_still_see_their_orders(self):
        buyer, stranger = (
            new_test_user(self.env, login=login, groups="base.group_portal")
            for login in ("portal_buyer", "portal_stranger")
        )
        buyer.partner_id.parent_id = self.customer
        self.assertFalse(buyer.branch_restricted)
        self.sale.with_user(buyer).read(["name"])
        with self.assertRaises(AccessError):
            self.sale.with_user(stranger).read(["name"])

    def test_rights_follow_membership_at_once(self):
        order = self.sale.with_user(self.wim)
        with self.assertRaises(AccessError):
            order.read(["name"])
        self.north.user_ids += self.wim
        order.read(["name"])
        self.north.user_ids -= self.wim
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            order.read(["name"])

    def test_rights_follow_the_role_at_once(self):
        order = self.sale.with_user(self.wim)
        planner = self.env.ref("distribution_base.group_network_planner")
        self.wim.group_ids += planner
        order.read(["name"])
        self.wim.group_ids -= planner
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            order.read(["name"])

    def test_the_branch_manager_need_not_be_listed(self):
        with self.assertRaises(AccessError):
            self.sale.with_user(self.wim).read(["name"])
        self.north.manager_id = self.wim
        self.sale.with_user(self.wim).read(["name"])

    def test_regional_managers_have_all_branches_of_their_regions(self):
        rita = self.rita
        self.assertEqual(rita.allowed_branch_ids, self.north)
        self.sale.with_user(rita).read(["name"])
        self.network.manager_id = rita
        rita.invalidate_recordset()
        self.assertEqual(rita.allowed_branch_ids, self.central | self.north | self.west)
        self.network.manager_id = self.olga
        self.olga.invalidate_recordset()
        self.assertEqual(
            self.olga.allowed_branch_ids, self.north, "an operator manages no region"
        )

    def test_network_roles_see_all(self):
        for role in ("network_planner", "auditor", "administrator"):
            user = self._new_user(role, f"sees_{role}")
            self.assertFalse(user.branch_restricted, role)
            self.sale.picking_ids.with_user(user).read(["name"])
        buyer = self._new_user("central_buyer", "buyer")
        self.purchase.with_user(buyer).read(["name"])
        controller = self._new_user("finance_controller", "controller")
        self.invoice.with_user(controller).read(["name"])

    def test_both_ends_of_a_lane_see_its_transfers_and_a_third_does_not(self):
        self._count(self.product, self.central, 10)
        ship, receive = self._replenish(self.lane_north, 2)
        for picking in (ship, receive):
            for user in (self.cora, self.olga):
                picking.with_user(user).read(["name"])
                picking.move_ids.with_user(user).read(["product_uom_qty"])
            with self.assertRaises(AccessError):
                picking.with_user(self.wim).read(["name"])
        with self.assertRaises(AccessError):
            self._do(ship, self.olga)
        with self.assertRaises(AccessError):
            self._do(receive, self.cora)
        with self.assertRaises(AccessError):
            ship.with_user(self.olga).action_cancel()
        with self.assertRaises(AccessError):
            ship.with_user(self.olga).move_ids._set_date_deadline("2026-01-01")

    def test_superuser_chain_gives_no_right_to_the_users_own_hand(self):
        self._count(self.product, self.central, 10)
        ship, receive = self._replenish(self.lane_north, 2)
        ship.with_user(self.cora).action_cancel()
        with self.assertRaises(AccessError):
            receive.move_ids.with_user(self.cora).write({"product_uom_qty": 99})
