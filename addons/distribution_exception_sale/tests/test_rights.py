from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestRights(SaleExceptionCase):
    """Whoever may not read an order does not learn what is wrong with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("sale_late")
        cls.other = cls._new_seller("branch_operator", "xs_other")

    def _assert_hidden(self, one, user):
        mine = one.with_user(user)
        self.assertFalse(mine.search([("id", "=", one.id)]))
        self.assertFalse(mine.search([("name", "ilike", "Bolt")]))
        events = self.env["distribution.exception.event"].with_user(user)
        self.assertFalse(events.search([("exception_id", "=", one.id)]))
        for attempt in (
            lambda: mine.read(["name"]),
            lambda: mine.export_data(["name"]),
            lambda: mine.action_resolve(),
            lambda: mine.action_tell_customer(),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_operator_of_another_branch(self):
        if "distribution.branch" not in self.env:
            self.skipTest("There are no branches here.")
        region = self.env["distribution.region"].create({"name": "XS", "code": "XS"})
        here, there = self.env["distribution.branch"].create(
            [
                {"name": name, "code": name, "region_id": region.id}
                for name in ("XSA", "XSB")
            ]
        )
        self.olga.branch_ids, self.other.branch_ids = here, there
        self.depot = here.warehouse_id
        line = self._sell(5, days=1)
        one = self._look(self.rule)[line]
        self.assertEqual(one.branch_id, here)
        self.assertTrue(one.with_user(self.olga).search([("id", "=", one.id)]))
        self._assert_hidden(one, self.other)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.other.write({"company_id": company.id, "company_ids": company.ids})
        line = self._sell(5, days=1)
        self._assert_hidden(self._look(self.rule)[line], self.other)

    def test_other_role(self):
        self.rule.role_ids = self.env.ref("distribution_base.group_finance_controller")
        self._sell(5, days=1)
        [one] = self._look(self.rule).values()
        self.assertFalse(one.with_user(self.olga).search([("id", "=", one.id)]))
        with self.assertRaises(AccessError):
            one.with_user(self.olga).read(["detail"])
