from odoo.tests import tagged

from .duty_common import DutyCase


@tagged("post_install", "-at_install")
class TestDutyBreach(DutyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Breach = cls.env["distribution.duty.breach"]
        cls.pair = cls._keep_roles_apart("branch_operator", "network_planner")
        cls.planner = cls.env.ref("distribution_base.group_network_planner")
        cls.rita = cls._new_user("regional_manager", "rita")
        cls.people = cls.olga + cls.carl + cls.rita

    def _breaches(self, user=None):
        """Those of the people of this test; a database has users of its own."""
        self.env.invalidate_all()
        breaches = self.Breach.with_user(user or self.audrey).search([])
        return breaches.sudo().filtered(lambda breach: breach.user_id in self.people)

    def test_one_role_is_no_breach(self):
        self.assertFalse(self._breaches())

    def test_both_roles(self):
        self.olga.group_ids += self.planner
        breach = self._breaches()
        self.assertEqual(breach.user_id, self.olga)
        self.assertEqual(breach.conflict_id, self.pair)
        self.assertEqual(breach.group_id, self.pair.group_id)
        self.assertEqual(breach.other_group_id, self.planner)
        self.assertEqual(breach.display_name, f"Olga Berg: {self.pair.name}")
        self.assertFalse(breach.company_id)

    def test_a_role_that_comes_with_another(self):
        """A regional manager is a branch manager, who is a branch operator."""
        self.rita.group_ids += self.planner
        breach = self._breaches()
        self.assertEqual(breach.user_id, self.rita)
        self.assertEqual(breach.origin, "Regional manager, Network planner")

    def test_both_come_with_one(self):
        breach = self.Breach.search([("user_id", "=", self.boss.id)])
        self.assertEqual(breach.conflict_id, self.pair)
        self.assertEqual(breach.origin, "Administrator")

    def test_a_role_taken_away(self):
        self.olga.group_ids += self.planner
        self.assertTrue(self._breaches())
        self.olga.group_ids -= self.planner
        self.assertFalse(self._breaches())

    def test_a_group_that_now_brings_a_role(self):
        self.env.ref("distribution_base.group_finance_controller").implied_ids += (
            self.planner + self.pair.group_id
        )
        self.assertEqual(self._breaches().user_id, self.carl)

    def test_an_archived_user_is_left_out(self):
        self.olga.group_ids += self.planner
        self.olga.active = False
        self.assertFalse(self._breaches())

    def test_an_archived_pair_is_left_out(self):
        self.olga.group_ids += self.planner
        self.pair.active = False
        self.assertFalse(self._breaches())

    def test_a_pair_of_actions_has_no_breach(self):
        pair = self._keep_apart("receive", "bill")
        self.assertFalse(self.Breach.search([("conflict_id", "=", pair.id)]))

    def test_the_id_says_which_breach_it_is(self):
        self.olga.group_ids += self.planner
        before = self._breaches().id
        self._keep_roles_apart("network_planner", "finance_controller")
        self.rita.group_ids += self.planner
        after = self._breaches().filtered(lambda breach: breach.user_id == self.olga)
        self.assertEqual(after.id, before)

    def test_a_pair_of_a_company_is_about_those_who_work_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.pair.company_id = other
        (self.olga + self.rita).group_ids += self.planner
        self.olga.company_ids += other
        self.audrey.company_ids += other
        auditor = self.audrey.with_context(allowed_company_ids=other.ids)
        breach = self.Breach.with_user(auditor).with_context(
            allowed_company_ids=other.ids
        )
        self.assertEqual(breach.search([]).user_id & self.people, self.olga)
        self.assertFalse(self._breaches(self.carl))

    def test_the_pair_counts_its_breaches(self):
        before = self.pair.breach_count
        self.olga.group_ids += self.planner
        self.env.invalidate_all()
        self.assertEqual(self.pair.breach_count, before + 1)
        action = self.pair.with_user(self.audrey).action_view_breaches()
        self.assertEqual(
            self.Breach.search_count(action["domain"]), self.pair.breach_count
        )

    def test_grouped_by_user_and_role(self):
        (self.olga + self.rita).group_ids += self.planner
        groups = self.Breach.with_user(self.audrey)._read_group(
            [("user_id", "in", self.people.ids)],
            ["group_id"],
            ["user_id:recordset", "__count"],
        )
        self.assertEqual(groups, [(self.pair.group_id, self.olga + self.rita, 2)])
