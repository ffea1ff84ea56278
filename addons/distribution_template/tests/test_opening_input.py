from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestOpeningInput(TemplateCase):
    """Bad input is refused with the name and the cure, and leaves nothing behind."""

    def assertInvalid(self, words, **values):
        before = self._all_counts()
        with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
            self._prepare(**values)
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_bad_codes(self):
        for code in ("E", "eas", "E-S", "É1"):
            self.assertInvalid(f"{code} cannot be the code of branch", code=code)

    def test_code_of_a_branch(self):
        self.assertInvalid("branch North has it", code="NOR")

    def test_code_of_a_closed_branch(self):
        self.west.action_close()
        self.assertInvalid("branch West has it", code="WES")

    def test_code_of_a_warehouse_without_branch(self):
        self.env["stock.warehouse"].create({"name": "Shed", "code": "SHED"})
        self.assertInvalid("warehouse Shed has it", code="SHED")

    def test_code_of_another_opening(self):
        self._prepare("EAS")
        self.assertInvalid("the opening of Depot EAS has it", code="EAS", name="Other")

    def test_code_in_one_call(self):
        values = {
            "template_id": self.template.id,
            "region_id": self.region_north.id,
            "code": "EAS",
        }
        Opening = self.env["distribution.branch.opening"].with_user(self.boss)
        with self.assertRaisesRegex(ValidationError, "EAS: the opening of"):
            Opening.create([{**values, "name": "One"}, {**values, "name": "Two"}])

    def test_name_of_a_warehouse(self):
        self.assertInvalid("name North exists already", name="North")

    def test_no_central_branch(self):
        (self.lane_north | self.lane_west).action_archive()
        self.central.branch_type = "depot"
        opening = self._prepare()
        with self.assertRaisesRegex(UserError, "Lane from Central warehouse.*has none"):
            opening.action_preview()

    def test_two_central_branches(self):
        self.west.branch_type = "central"
        opening = self._prepare()
        self.assertFalse(opening.source_branch_id)
        with self.assertRaisesRegex(UserError, "Choose one as the source branch"):
            opening.action_preview()
        opening.source_branch_id = self.west
        opening.action_preview()
        opening.action_apply()
        self.assertEqual(opening.branch_id.lane_in_ids.source_branch_id, self.west)

    def test_a_lane_to_itself(self):
        self.lane_line.peer_branch_id = self.north
        opening = self._prepare(branch_id=self.north.id)
        with self.assertRaisesRegex(UserError, "to itself"):
            opening.action_preview()

    def test_barcode_of_another_location(self):
        self.env["stock.location"].create({"name": "Old", "barcode": "EAS-SHELF"})
        opening = self._prepare()
        with self.assertRaisesRegex(UserError, "EAS-SHELF: Old has it"):
            opening.action_preview()

    def test_user_without_email(self):
        self.wim.email = False
        person = [Command.create({"user_id": self.wim.id, "job_id": self.clerk.id})]
        self.assertInvalid("wim.*without an email", person_ids=person)

    def test_manager_without_email(self):
        self.wim.email = False
        self.assertInvalid("wim.*without an email", manager_id=self.wim.id)

    def test_user_of_another_company(self):
        other = self.env["res.company"].create({"name": "Acquired Ltd"})
        zoe = self._new_user(
            "branch_operator", "zoe", company_id=other.id, company_ids=other.ids
        )
        person = [Command.create({"user_id": zoe.id, "job_id": self.clerk.id})]
        self.assertInvalid("zoe.*not a user of company", person_ids=person)

    def test_portal_user(self):
        pia = new_test_user(self.env, login="pia", groups="base.group_portal")
        person = [Command.create({"user_id": pia.id, "job_id": self.clerk.id})]
        self.assertInvalid("pia.*own staff", person_ids=person)

    def test_job_of_another_template(self):
        job = self._new_template("Other").job_ids[0]
        person = [Command.create({"user_id": self.wim.id, "job_id": job.id})]
        self.assertInvalid("has no such job. It has: Clerk, Chief", person_ids=person)

    def test_template_is_changed_under_the_people(self):
        person = [Command.create({"user_id": self.wim.id, "job_id": self.clerk.id})]
        opening = self._prepare(person_ids=person)
        with self.assertRaisesRegex(ValidationError, "no such job"):
            opening.template_id = self._new_template("Other")
