from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestExistingBranch(TemplateCase):
    """A template is brought to a branch that exists, such as an acquired one."""

    def test_the_branch_brings_its_own_name(self):
        Opening = self.env["distribution.branch.opening"].with_user(self.boss)
        opening = Opening.create(
            {"template_id": self.template.id, "branch_id": self.north.id}
        )
        self.assertEqual(opening.name, "North")
        self.assertEqual(opening.code, "NOR")
        self.assertEqual(opening.region_id, self.region_north)

    def test_the_form(self):
        action = self.north.with_user(self.boss).action_apply_template()
        Opening = self.env["distribution.branch.opening"].with_user(self.boss)
        form = Form(Opening.with_context(**action["context"]))
        form.template_id = self.template
        opening = form.save()
        self.assertEqual((opening.name, opening.branch_id), ("North", self.north))

    def test_preview_shows_creations_changes_and_what_is_kept(self):
        self.lane_line.transit_days = 3
        opening = self._prepare(branch_id=self.north.id, name="North", code="NOR")
        lines = self._preview(opening)
        change = lines.filtered(lambda x: x.action == "change" and not x.is_side)
        self.assertEqual(
            change.mapped(lambda x: (x.name, x.field_label, x.value_from, x.value_to)),
            [
                ("Lane CEN → NOR", "Transit Days", "1", "3"),
                ("Lane CEN → NOR", "Saturday", "Yes", "No"),
                ("Lane CEN → NOR", "Sunday", "Yes", "No"),
            ],
        )
        created = lines.filtered(lambda x: x.action == "create")
        self.assertEqual(set(created.mapped("model")), {"stock.location"})
        kept = lines.filtered(lambda x: x.action == "keep")
        self.assertEqual(kept.mapped("name"), ["Warehouse North", "Branch [NOR] North"])
        self.assertEqual(opening.create_count, 3)
        self.assertEqual(opening.change_count, 1)
        self.assertEqual(opening.keep_count, 2)

    def test_a_location_of_the_same_name_is_taken_over(self):
        stock = self.north.warehouse_id.lot_stock_id
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": stock.id}
        )
        self._open(branch_id=self.north.id)
        self.assertEqual(self._location(self.north, "Shelf"), shelf)
        self.assertEqual(shelf.location_role, "picking")
        shelf.name = "Renamed"
        line = self._drift(self.north)
        self.assertEqual(line.value_template, "Shelf")

    def test_undo_restores_the_branch(self):
        self.template.write(
            {"reception_steps": "two_steps", "delivery_steps": "pick_ship"}
        )
        self.lane_line.transit_days = 3
        before = self._all_counts()
        opening = self._open(branch_id=self.north.id)
        self.assertEqual(self.lane_north.transit_days, 3)
        self.assertEqual(self.north.warehouse_id.delivery_steps, "pick_ship")
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})
        self.assertEqual(self.lane_north.transit_days, 1)
        self.assertTrue(self.lane_north.saturday)
        self.assertEqual(self.north.warehouse_id.delivery_steps, "ship_only")
        self.assertEqual(self.north.warehouse_id.reception_steps, "one_step")
        self.assertFalse(self.north.template_id)

    def test_undo_leaves_the_documents_of_the_branch(self):
        order = self._sell(self.olga, self.north, 2)
        opening = self._open(branch_id=self.north.id)
        opening.action_undo()
        self.assertTrue(order.exists())
        self.assertTrue(self.north.exists())

    def test_a_newer_template_follows(self):
        first = self._open()
        branch = first.branch_id
        newer = self._new_template("Depot 2", delivery_steps="pick_ship")
        second = self._open(
            branch_id=branch.id, template_id=newer.id, name=branch.name, code="EAS"
        )
        self.assertEqual(branch.template_id, newer)
        self.assertFalse(self._drift(branch))
        with self.assertRaisesRegex(UserError, "Undo that first"):
            first.action_undo()
        second.action_undo()
        self.assertEqual(branch.template_id, self.template)
        first.action_undo()
        self.assertFalse(branch.exists())

    def test_a_branch_that_has_a_manager_without_email(self):
        self.bea.email = False
        self.north.manager_id = self.bea
        self.assertEqual(self._open(branch_id=self.north.id).state, "applied")
