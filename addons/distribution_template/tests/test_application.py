from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestApplication(TemplateCase):
    """The evidence of what was done outlives what it is about."""

    def _evidence(self, opening):
        return self.env["distribution.template.application"].search(
            [("opening_ref", "=", opening.id)]
        )

    def test_who_when_and_everything(self):
        opening = self._open()
        evidence = self._evidence(opening)
        self.assertEqual(evidence.kind, "apply")
        self.assertEqual(evidence.user_id, self.boss)
        self.assertEqual(evidence.template_name, "Depot")
        self.assertEqual(evidence.branch_code, "EAS")
        self.assertEqual(evidence.branch_ref, opening.branch_id.id)
        self.assertIn("Created Lane CEN → EAS", evidence.report)
        self.assertIn("EAS: Receipts", evidence.report)
        shelf = self._location(opening.branch_id, "Shelf")
        entry = next(
            e
            for e in evidence.entries
            if (e["model"], e["id"]) == ("stock.location", shelf.id)
        )
        self.assertEqual(entry["values"]["barcode"], "EAS-SHELF")

    def test_it_lists_what_the_preview_said(self):
        opening = self._prepare()
        expected = self._expected(self._preview(opening))
        opening.action_apply()
        created = {}
        for entry in self._evidence(opening).entries:
            created[entry["model"]] = created.get(entry["model"], 0) + 1
        self.assertEqual(created, expected)

    def test_undo_adds_a_second_and_keeps_the_first(self):
        opening = self._open()
        branch_id = opening.branch_id.id
        opening.action_undo()
        undone, applied = self._evidence(opening)
        self.assertEqual((applied.kind, undone.kind), ("apply", "undo"))
        self.assertEqual(applied.branch_ref, branch_id)
        self.assertEqual(undone.branch_name, "Depot EAS")
        self.assertIn("Removed Lane CEN → EAS", undone.report)

    def test_it_outlives_opening_and_template(self):
        opening = self._open()
        opening.action_undo()
        evidence = self._evidence(opening)
        opening.unlink()
        self.template.with_user(self.boss).unlink()
        self.assertEqual(len(evidence.exists()), 2)
        self.assertEqual(set(evidence.mapped("template_name")), {"Depot"})

    def test_nobody_edits_it(self):
        evidence = self._evidence(self._open()).with_user(self.boss)
        for act in (
            lambda: evidence.write({"template_name": "Another"}),
            lambda: evidence.sudo().write({"report": ""}),
            lambda: evidence.unlink(),
            lambda: evidence.copy(),
            lambda: evidence.create({"kind": "apply"}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_who_reads_it(self):
        evidence = self._evidence(self._open())
        audrey = self._new_user("auditor", "audrey")
        self.assertTrue(evidence.with_user(audrey).read(["report"]))
        for user in (self.bea, self.paul, self.olga):
            with self.assertRaises(AccessError):
                evidence.with_user(user).read(["report"])

    def test_the_buttons_lead_there(self):
        opening = self._open()
        action = opening.action_view_applications()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]),
            self._evidence(opening),
        )
        self.assertEqual(opening.action_view_branch()["res_id"], opening.branch_id.id)
        action = opening.branch_id.action_view_template()
        self.assertEqual(action["res_id"], self.template.id)
