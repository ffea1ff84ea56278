from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestRegion(NetworkCase):
    def test_names_and_counts_follow_the_tree(self):
        self.assertEqual(self.region_north.complete_name, "Network / North")
        self.assertEqual(self.region_north.branch_count, 1)
        self.assertEqual(self.network.branch_count, 3)
        self.network.name = "All"
        self.assertEqual(self.region_north.complete_name, "All / North")

    def test_a_planner_makes_one_in_the_form(self):
        form = Form(self.env["distribution.region"].with_user(self.paul))
        form.name = "South"
        form.code = "RS"
        form.parent_id = self.network
        self.assertEqual(form.save().complete_name, "Network / South")

    def test_a_branch_manager_makes_none(self):
        with self.assertRaises(AccessError):
            self.env["distribution.region"].with_user(self.bea).create(
                {"name": "Mine", "code": "M"}
            )

    def test_a_region_is_no_part_of_itself(self):
        with self.assertRaises(UserError):
            self.network.parent_id = self.region_north

    def test_codes_are_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["distribution.region"].create({"name": "North 2", "code": "RN"})
            self.env.flush_all()

    def test_a_region_in_use_is_kept(self):
        with self.assertRaisesRegex(UserError, "Network / North is in use by North"):
            self.region_north.with_user(self.boss).unlink()
        self.assertTrue(self.region_north.exists())

    def test_an_empty_region_goes(self):
        region = self.env["distribution.region"].create({"name": "Empty", "code": "E"})
        region.with_user(self.boss).unlink()
        self.assertFalse(region.exists())

    def test_import_names_the_bad_row(self):
        Region = self.env["distribution.region"].with_user(self.paul)
        result = Region.load(
            ["name", "code", "parent_id"],
            [["Good", "GOOD", "Network"], ["Bad", "BAD", "Nowhere"]],
        )
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][0]["rows"], {"from": 1, "to": 1})
        self.assertIn("Nowhere", result["messages"][0]["message"])
        self.assertFalse(Region.search([("code", "=", "GOOD")]))

    def test_cycle_error_names_the_region(self):
        region = self.env["distribution.region"].create({"name": "Loop", "code": "L"})
        child = region.create({"name": "Child", "code": "LC", "parent_id": region.id})
        with self.assertRaises(UserError):
            region.parent_id = child
