from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import TemplateCase

WRITING = ("INSERT", "UPDATE", "DELETE")


class RecordedQueries:
    """The statements that run inside, as text."""

    def __init__(self, cursor):
        self.cursor = cursor

    def __enter__(self):
        found = []
        execute = self.cursor.execute

        def record(query, *args, **kwargs):
            found.append(str(getattr(query, "code", query)).strip())
            return execute(query, *args, **kwargs)

        self.cursor.execute = record
        return found

    def __exit__(self, *_exception):
        del self.cursor.execute


@tagged("post_install", "-at_install")
class TestOpening(TemplateCase):
    """Draft, preview, apply, and apply once more."""

    def test_preview_writes_nothing_but_its_own_lines(self):
        opening = self._prepare()
        before = self._all_counts()
        lines = self._preview(opening)
        self.assertEqual(self._difference(before, self._all_counts()), {})
        self.assertEqual(opening.state, "previewed")
        self.assertEqual(set(lines.mapped("action")), {"create"})

    def test_apply_creates_what_the_preview_says(self):
        opening = self._prepare()
        expected = self._expected(self._preview(opening))
        before = self._all_counts()
        opening.action_apply()
        self.assertEqual(self._difference(before, self._all_counts()), expected)

    def test_preview_can_be_read_by_a_person(self):
        lines = self._preview(self._prepare())
        by_name = {line.name: line for line in lines}
        self.assertEqual(
            by_name["Location EAS/Stock/Shelf"].value_to,
            "Role: Picking; Barcode: EAS-SHELF",
        )
        self.assertEqual(
            by_name["Lane CEN → EAS"].value_to,
            "Leaves Mon–Fri at 16:00; days on the road: 1",
        )
        self.assertIn("Location EAS/Damaged", by_name)
        self.assertIn(
            "Name: Depot EAS; Code: EAS", by_name["Branch [EAS] Depot EAS"].value_to
        )

    def test_what_is_opened(self):
        opening = self._open(manager_id=self.bea.id)
        branch = opening.branch_id
        self.assertEqual(opening.state, "applied")
        self.assertEqual(branch.region_id, self.region_north)
        self.assertEqual(branch.manager_id, self.bea)
        self.assertEqual(branch.partner_id.city, "Eastport")
        self.assertEqual(branch.warehouse_id.partner_id, branch.partner_id)
        self.assertEqual(branch.warehouse_id.code, "EAS")
        self.assertEqual(branch.template_id, self.template)
        self.assertEqual(branch.lane_in_ids.source_branch_id, self.central)
        rack, shelf = self._location(branch, "Rack"), self._location(branch, "Shelf")
        self.assertEqual(rack.location_id, shelf)
        self.assertEqual(shelf.location_id, branch.warehouse_id.lot_stock_id)
        self.assertEqual(shelf.barcode, "EAS-SHELF")
        self.assertTrue(shelf.is_promisable)

    def test_damaged_goods_are_not_below_stock(self):
        branch = self._open().branch_id
        damaged = self._location(branch, "Damaged")
        self.assertEqual(damaged.location_id, branch.warehouse_id.view_location_id)
        self.assertFalse(damaged.is_promisable)

    def test_steps_of_the_template(self):
        self.template.write(
            {"reception_steps": "two_steps", "delivery_steps": "pick_pack_ship"}
        )
        warehouse = self._open().branch_id.warehouse_id
        self.assertEqual(warehouse.reception_steps, "two_steps")
        self.assertEqual(warehouse.delivery_steps, "pick_pack_ship")

    def test_applying_once_more_changes_nothing(self):
        opening = self._open()
        before = self._all_counts()
        evidence = self.env["distribution.template.application"].search_count([])
        self.env.flush_all()
        statements = self._written_by(opening.action_apply)
        self.assertEqual(statements, [])
        self.assertEqual(self._difference(before, self._all_counts()), {})
        self.assertEqual(
            self.env["distribution.template.application"].search_count([]), evidence
        )
        self.assertEqual(set(self._preview(opening).mapped("action")), {"keep"})

    def _written_by(self, action):
        """The statements of `action` that write."""
        self.env.invalidate_all()
        with RecordedQueries(self.env.cr) as found:
            action()
            self.env.flush_all()
        return [query for query in found if query.split()[0] in WRITING]

    def test_apply_needs_a_preview(self):
        opening = self._prepare()
        with self.assertRaisesRegex(UserError, "Preview it first"):
            opening.action_apply()

    def test_what_changed_since_the_preview_is_not_applied_unseen(self):
        opening = self._prepare()
        opening.action_preview()
        self.lane_line.transit_days = 5
        with self.assertRaisesRegex(UserError, "changed since"):
            opening.action_apply()
        self.assertFalse(opening.branch_id)
        opening.action_preview()
        opening.action_apply()
        self.assertEqual(opening.branch_id.lane_in_ids.transit_days, 5)

    def test_another_input_makes_it_a_draft_again(self):
        opening = self._prepare()
        opening.action_preview()
        opening.name = "Depot Eastport"
        self.assertEqual(opening.state, "draft")
        self.assertFalse(opening.line_ids)

    def test_what_was_carried_out_is_kept(self):
        opening = self._open()
        for values in ({"code": "XXX"}, {"branch_id": self.north.id}, {"street": "2"}):
            with self.assertRaises(UserError):
                opening.write(values)
        with self.assertRaises(UserError):
            opening.unlink()

    def test_the_form(self):
        Opening = self.env["distribution.branch.opening"].with_user(self.boss)
        form = Form(Opening)
        form.template_id = self.template
        form.name = "Form Depot"
        form.code = "frm"
        form.region_id = self.region_west
        with form.person_ids.new() as person:
            person.user_id = self.olga
            person.job_id = self.clerk
        opening = form.save()
        self.assertEqual(opening.code, "FRM")
        self.assertEqual(opening.source_branch_id, self.central)
        opening.action_preview()
        opening.action_apply()
        self.assertIn(self.olga, opening.branch_id.user_ids)

    def test_several_at_once_or_none(self):
        openings = self._prepare("EA1") | self._prepare("EA2")
        openings.action_preview()
        openings.action_apply()
        self.assertEqual(openings.branch_id.mapped("code"), ["EA1", "EA2"])

    def test_an_undone_opening_can_be_used_again(self):
        opening = self._open()
        opening.action_undo()
        opening.action_draft()
        opening.action_preview()
        opening.action_apply()
        self.assertEqual(opening.branch_id.code, "EAS")
