from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestTemplate(TemplateCase):
    """What a template may say."""

    def test_a_circle_of_locations_is_named(self):
        rack = self.template.location_ids.filtered(lambda x: x.name == "Rack")
        with self.assertRaisesRegex(ValidationError, "Shelf → Rack → Shelf"):
            self.shelf.parent_id = rack

    def test_a_location_inside_itself(self):
        with self.assertRaisesRegex(ValidationError, "Shelf → Shelf"):
            self.shelf.parent_id = self.shelf

    def test_a_location_of_another_template(self):
        other = self._new_template("Other").location_ids[0]
        with self.assertRaisesRegex(ValidationError, "belongs to template Other"):
            self.shelf.parent_id = other

    def test_a_circle_in_one_call_leaves_no_template(self):
        before = self.env["distribution.template"].search_count([])
        Template = self.env["distribution.template"].with_user(self.boss)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            template = Template.create({"name": "Round"})
            one, two = template.location_ids.create(
                [{"template_id": template.id, "name": name} for name in ("A", "B")]
            )
            one.parent_id = two
            two.parent_id = one
        self.assertEqual(self.env["distribution.template"].search_count([]), before)

    def test_two_locations_of_one_name(self):
        with self.assertRaisesRegex(
            ValidationError, "two locations with the name Shelf"
        ):
            self.shelf.copy({"barcode_suffix": False})

    def test_a_barcode_that_no_scanner_reads(self):
        with self.assertRaisesRegex(ValidationError, "a b cannot be the barcode"):
            self.shelf.barcode_suffix = "a b"

    def test_a_barcode_for_two_locations(self):
        damaged = self.template.location_ids.filtered(lambda x: x.name == "Damaged")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            damaged.barcode_suffix = "SHELF"
            damaged.flush_recordset()

    def test_unknown_role(self):
        group = self.env.ref("base.group_system")
        with self.assertRaisesRegex(
            ValidationError, "Job Root of template Depot cannot"
        ):
            self.template.job_ids = [
                Command.create({"name": "Root", "group_id": group.id})
            ]

    def test_a_lane_needs_another_end_and_a_day(self):
        with self.assertRaisesRegex(ValidationError, "neither which branch nor"):
            self.lane_line.peer_type = False
        with self.assertRaisesRegex(ValidationError, "at least one departure day"):
            self.lane_line.write(
                dict.fromkeys(
                    ("monday", "tuesday", "wednesday", "thursday", "friday"), False
                )
            )

    def test_a_second_lane_for_the_same_pair(self):
        with self.assertRaisesRegex(ValidationError, "two lanes of the same kind"):
            self.lane_line.copy()

    def test_two_lines_that_find_the_same_branch_make_one_lane(self):
        self.lane_line.copy({"peer_branch_id": self.central.id, "transit_days": 3})
        branch = self._open().branch_id
        self.assertEqual(len(branch.lane_in_ids), 1)
        self.assertEqual(branch.lane_in_ids.transit_days, 1)

    def test_supply_by_a_lane_that_is_not_there(self):
        self.lane_line.direction = "out"
        category = self.env["product.category"].create({"name": "Bolts"})
        with self.assertRaisesRegex(ValidationError, "the template has none"):
            self.template.replenishment_ids = [
                Command.create({"categ_id": category.id})
            ]

    def test_copy_keeps_the_tree(self):
        duplicate = self.template.with_user(self.boss).copy()
        self.assertEqual(duplicate.name, "Depot (copy)")
        rack = duplicate.location_ids.filtered(lambda x: x.name == "Rack")
        self.assertEqual(rack.parent_id.template_id, duplicate)
        self.assertEqual(len(duplicate.location_ids), 3)
        self.assertEqual(len(duplicate.lane_ids), 1)
        self.assertEqual(len(duplicate.job_ids), 2)

    def test_a_template_in_use_is_kept(self):
        self._open()
        with self.assertRaisesRegex(UserError, "in use by .*EAS"):
            self.template.with_user(self.boss).unlink()
        self.template.with_user(self.boss).action_archive()

    def test_open_a_branch_from_the_template(self):
        action = self.template.with_user(self.boss).action_open_branch()
        self.assertEqual(action["context"], {"default_template_id": self.template.id})
        self._open()
        self.assertEqual(self.template.branch_count, 1)
        action = self.template.with_user(self.boss).action_view_branches()
        self.assertEqual(
            self.env["distribution.branch"].search(action["domain"]).code, "EAS"
        )
