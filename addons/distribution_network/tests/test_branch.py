from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestBranch(NetworkCase):
    def test_an_administrator_opens_one_in_the_form(self):
        form = Form(self.env["distribution.branch"].with_user(self.boss))
        form.name = "South Depot"
        form.code = "SOU"
        form.region_id = self.network
        branch = form.save()
        self.assertEqual(branch.warehouse_id.code, "SOU")
        self.assertEqual(branch.warehouse_id.name, "South Depot")
        self.assertEqual(branch.warehouse_id.branch_id, branch)
        self.assertEqual(branch.display_name, "[SOU] South Depot")

    def test_the_second_warehouse_of_a_company_needs_no_settings_right(self):
        internal = self.env.ref("base.group_user")
        settings = self.env.ref("stock.group_stock_multi_warehouses")
        settings |= self.env.ref("stock.group_stock_multi_locations")
        internal.implied_ids -= settings
        self.assertFalse(self.boss.has_group("base.group_system"))
        self._open_branch_as(self.boss, "South Depot", "SOU")
        self.assertLessEqual(settings, internal.implied_ids)

    def _open_branch_as(self, user, name, code):
        return (
            self.env["distribution.branch"]
            .with_user(user)
            .create({"name": name, "code": code, "region_id": self.network.id})
        )

    def test_nobody_else_opens_one(self):
        for user in (self.olga, self.bea, self.rita, self.paul):
            with self.assertRaises(AccessError):
                self.env["distribution.branch"].with_user(user).create(
                    {"name": "X", "code": "XX", "region_id": self.network.id}
                )

    def test_an_existing_warehouse_becomes_a_branch(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Old", "code": "OLD"})
        branch = self._open_branch(
            "Old", "OLD", self.network, warehouse_id=warehouse.id
        )
        self.assertEqual(branch.warehouse_id, warehouse)
        self.assertEqual(warehouse.in_type_id.branch_id, branch)
        self.assertEqual(warehouse.lot_stock_id.branch_id, branch)

    def test_codes_are_checked_before_a_warehouse_is_made(self):
        count = self.env["stock.warehouse"].search_count([])
        for code in ("n", "nor", "TOOLONG", "A B", "Ä1", ""):
            with self.assertRaises(UserError, msg=code):
                self._open_branch("Bad", code or False, self.network)
        self.assertEqual(self.env["stock.warehouse"].search_count([]), count)

    def test_a_taken_code_names_its_owner(self):
        with self.assertRaisesRegex(ValidationError, "NOR: North has it"):
            self._open_branch("Second North", "NOR", self.network)

    def test_two_rows_with_one_code_make_nothing(self):
        values = {"name": "Twin", "code": "TWI", "region_id": self.network.id}
        with self.assertRaisesRegex(ValidationError, "another line"):
            self.env["distribution.branch"].create([values, dict(values)])
        self.assertFalse(self.env["stock.warehouse"].search([("code", "=", "TWI")]))

    def test_a_code_of_a_plain_warehouse_is_refused_by_name(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Plain", "code": "PLA"})
        with self.assertRaisesRegex(ValidationError, "PLA: Plain has it"):
            self._open_branch("Copy", "PLA", self.network)
        self.assertFalse(warehouse.branch_id)

    def test_a_warehouse_serves_one_branch(self):
        with self.assertRaises(UserError):
            self._open_branch(
                "Thief", "THI", self.network, warehouse_id=self.north.warehouse_id.id
            )

    def test_the_main_warehouse_stays(self):
        with self.assertRaisesRegex(UserError, "cannot leave"):
            self.north.warehouse_id.branch_id = self.west

    def test_renaming_reaches_the_warehouse_and_the_lanes(self):
        self.north.write({"code": "NTH", "name": "Far North"})
        self.assertEqual(self.north.warehouse_id.code, "NTH")
        self.assertEqual(self.lane_north.name, "CEN → NTH")
        self.assertIn("NTH", self.lane_north.transit_location_id.name)
        self.assertIn("Far North", self.lane_north.route_id.name)

    def test_copying_asks_for_nothing(self):
        copy = self.north.copy()
        self.assertNotEqual(copy.code, "NOR")
        self.assertNotEqual(copy.warehouse_id, self.north.warehouse_id)

    def test_a_code_is_not_cut_to_size(self):
        with self.assertRaisesRegex(ValidationError, "NORTH1 cannot be the code"):
            self.north.code = "NORTH1"

    def test_an_unused_branch_can_be_deleted_and_a_used_one_not(self):
        branch = self._open_branch_as(self.boss, "Mistake", "MIS")
        warehouse = branch.warehouse_id
        branch.unlink()
        self.assertFalse(branch.exists())
        self.assertFalse(warehouse.branch_id)
        with self.assertRaisesRegex(UserError, "has lanes"):
            self.north.with_user(self.boss).unlink()
        self.lane_north.unlink()
        self._count(self.product, self.north, 1)
        with self.assertRaisesRegex(UserError, "Close it instead"):
            self.north.with_user(self.boss).unlink()

    def test_figures_of_the_branch(self):
        self._count(self.product, self.central, 50)
        self._replenish(self.lane_north, 5)
        self._sell(self.olga, self.north, 2)
        central = self.central.with_user(self.cora)
        self.assertEqual((central.product_count, central.out_count), (1, 1))
        north = self.north.with_user(self.olga)
        self.assertEqual((north.in_count, north.out_count), (1, 1))
        north.out_picking_ids.scheduled_date = "2020-01-01 00:00:00"
        north.invalidate_recordset()
        self.assertEqual(north.late_count, 1)

    def test_figures_of_another_branch_are_not_shown(self):
        self._sell(self.olga, self.north, 2)
        north = self.north.with_user(self.wim)
        self.assertFalse(north.is_own)
        self.assertEqual(north.out_count, 0)

    def test_buttons_open_what_they_count(self):
        self._sell(self.olga, self.north, 2)
        north = self.north.with_user(self.olga)
        action = north.action_view_outgoing()
        found = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(len(found), north.out_count)
        for button in ("action_view_incoming", "action_view_late", "action_view_stock"):
            action = getattr(north, button)()
            self.env[action["res_model"]].with_user(self.olga).search(action["domain"])
