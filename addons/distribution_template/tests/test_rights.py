from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import TemplateCase

OTHERS = (
    "branch_operator",
    "branch_manager",
    "regional_manager",
    "network_planner",
    "central_buyer",
    "finance_controller",
    "auditor",
)
READERS = ("network_planner", "auditor")


@tagged("post_install", "-at_install")
class TestRights(TemplateCase):
    """An administrator opens branches. A planner and an auditor read. Nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._new_user(role, f"some_{role}") for role in OTHERS}
        cls.nobody = cls._new_user(None, "nobody")

    def _strangers(self):
        return [*self.users.values(), self.nobody]

    def assertDenied(self, model, method, args, user):
        """Refused through the door that every protocol of RPC takes."""
        with self.assertRaises(AccessError), self.cr.savepoint():
            call_kw(self.env[model].with_user(user), method, args, {})

    def test_who_may_create(self):
        values = {
            "template_id": self.template.id,
            "name": "Theirs",
            "code": "THE",
            "region_id": self.region_north.id,
        }
        for user in self._strangers():
            self.assertDenied("distribution.branch.opening", "create", [values], user)
            self.assertDenied("distribution.template", "create", [{"name": "X"}], user)

    def test_who_may_press_the_buttons(self):
        opening = self._prepare()
        buttons = ("action_preview", "action_apply", "action_undo", "action_draft")
        before = self._all_counts()
        for user in self._strangers():
            for button in buttons:
                self.assertDenied(opening._name, button, [opening.ids], user)
        opening.action_preview()
        opening.action_apply()
        for user in self._strangers():
            self.assertDenied(opening._name, "action_undo", [opening.ids], user)
        self.assertTrue(opening.branch_id)
        self.assertGreater(
            self._all_counts()["distribution.branch"], before["distribution.branch"]
        )

    def test_who_may_read(self):
        opening = self._open()
        records = [
            opening,
            opening.line_ids,
            self.template,
            self.template.location_ids,
            self.template.lane_ids,
            self.template.job_ids,
        ]
        for role, user in self.users.items():
            for record in records:
                self.assertEqual(
                    record.with_user(user).has_access("read"), role in READERS, role
                )
                for mode in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(mode))

    def test_a_branch_role_reads_the_branch_without_its_template(self):
        branch = self._open().branch_id
        self.olga.branch_ids += branch
        values = branch.with_user(self.olga).read()[0]
        for field in ("template_id", "opening_id", "opening_ids", "drift_count"):
            self.assertNotIn(field, values)
            with self.assertRaises(AccessError):
                branch.with_user(self.olga).read([field])
        for button in ("action_view_drift", "action_view_template"):
            self.assertDenied(branch._name, button, [branch.ids], self.olga)

    def test_how_far_an_opening_is_cannot_be_written(self):
        opening = self._prepare()
        for values in (
            {"state": "applied"},
            {"applied_by_id": self.paul.id},
            {"line_ids": [(5,)]},
        ):
            self.assertDenied(opening._name, "write", [opening.ids, values], self.boss)
        values = {"template_id": self.template.id, "name": "X", "code": "XX"}
        values.update(region_id=self.region_north.id, state="applied")
        self.assertDenied(opening._name, "create", [values], self.boss)
        self.assertDenied(opening._name, "_advance", [opening.ids, {}], self.boss)

    def test_parts_and_engine_cannot_be_called_from_outside(self):
        part = "distribution.template.part.people"
        for method in ("describe", "preview", "apply", "undo", "drift", "_writable"):
            self.assertDenied(part, method, [[], []], self.boss)
        for method in ("_plan", "_apply", "_undo"):
            self.assertDenied("distribution.template.engine", method, [[]], self.boss)

    def test_an_administrator_gives_roles_and_no_other_group(self):
        """The superuser rights behind a job reach no further than the roles."""
        wim = self.wim.with_user(self.boss)
        with self.assertRaises(AccessError):
            wim.write({"group_ids": [(4, self.env.ref("base.group_system").id)]})
        self.clerk.flush_recordset()
        # Even where the database names another group, the role is checked again.
        self.env.cr.execute(
            "UPDATE distribution_template_job SET group_id = %s WHERE id = %s",
            [self.env.ref("base.group_system").id, self.clerk.id],
        )
        self.clerk.invalidate_recordset()
        opening = self._prepare(
            person_ids=[(0, 0, {"user_id": self.wim.id, "job_id": self.clerk.id})]
        )
        with self.assertRaises(AccessError):
            opening.action_preview()
        self.assertFalse(self.wim.has_group("base.group_system"))
