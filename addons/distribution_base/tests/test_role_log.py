from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestRoleLog(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            login="it_admin",
            groups="base.group_erp_manager,base.group_partner_manager",
        )
        cls.operator = cls.env.ref("distribution_base.group_branch_operator")
        cls.manager = cls.env.ref("distribution_base.group_branch_manager")

    def _log_of(self, user):
        logs = self.env["distribution.role.log"].search(
            [("user_id", "=", user.id)], order="id"
        )
        return [(log.change, log.group_id, log.changed_by_id) for log in logs]

    def test_a_role_given_with_the_user_is_logged(self):
        user = (
            self.env["res.users"]
            .with_user(self.admin)
            .create(
                {"name": "New", "login": "new", "group_ids": [(4, self.operator.id)]}
            )
        )
        self.assertEqual(self._log_of(user), [("granted", self.operator, self.admin)])

    def test_changing_a_role_logs_both_sides(self):
        user = self._new_user("branch_operator", "olga")
        user.with_user(self.admin).write(
            {"group_ids": [(3, self.operator.id), (4, self.manager.id)]}
        )
        self.assertEqual(
            self._log_of(user)[1:],
            [
                ("granted", self.manager, self.admin),
                ("revoked", self.operator, self.admin),
            ],
        )

    def test_a_role_given_from_the_group_is_logged(self):
        user = self._new_user(None, "plain")
        self.operator.with_user(self.admin).write({"user_ids": [(4, user.id)]})
        self.assertEqual(self._log_of(user), [("granted", self.operator, self.admin)])

    def test_other_changes_are_not(self):
        user = self._new_user("branch_operator", "olga")
        before = self._log_of(user)
        user.group_ids += self.env.ref("base.group_partner_manager")
        user.name = "Olga"
        self.assertEqual(self._log_of(user), before)

    def test_who_may_read_it(self):
        self._new_user("branch_operator", "olga")
        Log = self.env["distribution.role.log"]
        self.assertTrue(Log.with_user(self._new_user("auditor", "audrey")).search([]))
        with self.assertRaises(AccessError):
            Log.with_user(self._new_user("branch_manager", "bea")).search([])
