from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestCompanies(NetworkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Acquired Ltd"})
        cls.env.user.company_ids += cls.other
        cls.their_region = cls.env["distribution.region"].create(
            {"name": "Theirs", "code": "T", "company_id": cls.other.id}
        )
        cls.theirs = cls._open_branch(
            "Theirs",
            "NOR",  # the same code as ours: codes are unique within a company
            cls.their_region,
            company_id=cls.other.id,
            calendar_id=False,
        )

    def test_each_company_has_its_own_codes(self):
        self.assertEqual(self.theirs.code, self.north.code)
        self.assertEqual(self.theirs.warehouse_id.company_id, self.other)

    def test_records_of_another_company_are_not_seen(self):
        for record in (self.their_region, self.theirs):
            for user in (self.olga, self.paul, self.boss):
                Model = self.env[record._name].with_user(user)
                self.assertFalse(Model.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["name"])

    def test_a_branch_stays_in_its_company(self):
        with self.assertRaises(UserError):
            self._open_branch("Mixed", "MIX", self.their_region)
        with self.assertRaises(UserError):
            self.north.region_id = self.their_region

    def test_a_lane_joins_branches_of_one_company(self):
        with self.assertRaises(UserError):
            self._open_lane(self.central, self.theirs)
