from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestPeople(TemplateCase):
    """The job in a branch gives its role, and membership of the branch."""

    def _open_with(self, *people, code="EAS", **values):
        lines = [
            Command.create({"user_id": user.id, "job_id": job.id})
            for user, job in people
        ]
        return self._open(code, person_ids=lines, **values)

    def test_role_and_membership(self):
        opening = self._open_with((self.wim, self.chief))
        self.assertTrue(self.wim.has_group("distribution_base.group_branch_manager"))
        self.assertIn(opening.branch_id, self.wim.branch_ids)
        self.assertIn(self.west, self.wim.branch_ids)

    def test_preview_names_roles(self):
        opening = self._prepare(
            person_ids=[
                Command.create({"user_id": self.wim.id, "job_id": self.chief.id})
            ]
        )
        lines = self._preview(opening).filtered(lambda x: x.model == "res.users")
        name = f"{self.wim.name}, Chief"
        self.assertEqual(
            lines.mapped(lambda x: (x.name, x.field_label, x.value_from, x.value_to)),
            [
                (name, "Branches", "[WES] West", "Branch [EAS] Depot EAS"),
                (name, "Role", "Branch operator", "Branch manager"),
            ],
        )

    def test_a_higher_role_is_kept(self):
        self._open_with((self.bea, self.clerk))
        self.assertTrue(self.bea.has_group("distribution_base.group_branch_manager"))

    def test_giving_a_role_is_logged_with_who_gave_it(self):
        self._open_with((self.wim, self.chief))
        log = self.env["distribution.role.log"].search([("user_id", "=", self.wim.id)])[
            0
        ]
        self.assertEqual((log.role, log.change), ("Branch manager", "granted"))
        self.assertEqual(log.changed_by_id, self.boss)

    def test_an_auditor_stays_an_auditor(self):
        audrey = self._new_user("auditor", "audrey")
        self._open_with((audrey, self.chief))
        with self.assertRaises(AccessError):
            self.product.with_user(audrey).name = "Written"

    def test_undo_takes_only_what_it_gave(self):
        opening = self._open_with((self.bea, self.chief))
        opening.action_undo()
        self.assertTrue(self.bea.has_group("distribution_base.group_branch_manager"))
        self.assertEqual(self.bea.branch_ids, self.north)
