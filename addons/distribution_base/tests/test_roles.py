from odoo.tests import tagged

from .common import ROLES, DistributionCase


@tagged("post_install", "-at_install")
class TestRoles(DistributionCase):
    def test_every_role_is_under_the_one_privilege(self):
        privilege = self.env.ref("distribution_base.privilege_distribution")
        for role in ROLES:
            group = self.env.ref(f"distribution_base.group_{role}")
            self.assertEqual(group.privilege_id, privilege, role)

    def test_each_role_makes_an_internal_user(self):
        for role in ROLES:
            user = self._new_user(role, f"role_{role}")
            self.assertTrue(user._is_internal(), role)

    def test_lower_roles_do_not_hold_higher_ones(self):
        operator = self._new_user("branch_operator", "olga")
        for role in ROLES[1:]:
            self.assertFalse(
                operator.has_group(f"distribution_base.group_{role}"), role
            )

    def test_no_role_may_change_settings(self):
        for role in ROLES:
            user = self._new_user(role, f"settings_{role}")
            self.assertFalse(user.has_group("base.group_system"), role)

    def test_the_administrator_is_no_auditor(self):
        boss = self._new_user("administrator", "boss")
        self.assertFalse(boss.has_group("distribution_base.group_auditor"))
