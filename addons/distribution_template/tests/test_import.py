from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestImport(TemplateCase):
    """Files are imported whole or not at all, and a bad row is named."""

    HEADER = ["name", "code", "template_id", "region_id"]

    def _load(self, model, header, rows):
        return self.env[model].with_user(self.boss).load(header, rows)

    def assertBadRow(self, result, words):
        self.assertFalse(result["ids"])
        self.assertRegex(" ".join(m["message"] for m in result["messages"]), words)

    def _load_openings(self, *rows):
        rows = [[*row, "Depot", "Network / North"] for row in rows]
        return self._load("distribution.branch.opening", self.HEADER, rows)

    def test_openings(self):
        result = self._load_openings(["East", "EAS"], ["Coast", "COA"])
        self.assertFalse(result["messages"])
        openings = self.env["distribution.branch.opening"].browse(result["ids"])
        openings = openings.with_user(self.boss)
        openings.action_preview()
        openings.action_apply()
        self.assertEqual(set(openings.branch_id.mapped("code")), {"EAS", "COA"})

    def test_a_bad_code(self):
        before = self._all_counts()
        result = self._load_openings(["East", "EAS"], ["Coast", "coast!"])
        self.assertBadRow(result, "coast! cannot be the code of branch Coast")
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_a_taken_code(self):
        result = self._load_openings(["East", "EAS"], ["Norway", "NOR"])
        self.assertBadRow(
            result, "Norway cannot have the code NOR: branch North has it"
        )

    def test_the_same_code_twice(self):
        result = self._load_openings(["East", "EAS"], ["Coast", "EAS"])
        self.assertBadRow(result, "cannot have the code EAS")
        self.assertFalse(self.env["distribution.branch.opening"].search([]))

    def test_locations_of_a_template(self):
        header = ["template_id", "name", "location_role", "barcode_suffix"]
        result = self._load(
            "distribution.template.location",
            header,
            [["Depot", "Yard", "Reserve", "YARD"], ["Depot", "Cage", "", "no good"]],
        )
        self.assertBadRow(result, "no good cannot be the barcode of location Cage")
        self.assertFalse(
            self.template.location_ids.filtered(lambda x: x.name == "Yard")
        )

    @mute_logger("odoo.sql_db")
    def test_jobs_with_an_unknown_role(self):
        header = ["template_id", "name", "group_id"]
        result = self._load(
            "distribution.template.job",
            header,
            [["Depot", "Driver", "Branch operator"], ["Depot", "Boss", "Emperor"]],
        )
        self.assertBadRow(result, "Emperor")
        result = self._load(
            "distribution.template.job",
            [*header[:2], "group_id/id"],
            [["Depot", "Boss", "base.group_system"]],
        )
        self.assertBadRow(result, "Job Boss of template Depot cannot give")
        self.assertEqual(len(self.template.job_ids), 2)
