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

    def _stock_of_theirs(self, user, **context):
        self.env.invalidate_all()
        product = self.product.with_user(user).with_context(**context)
        return product.qty_available, product.free_qty, product.virtual_available

    def test_stock_of_another_company_is_not_told(self):
        """Quantities are counted as superuser; the companies must stay the user's."""
        shelf = self.theirs.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.product, shelf, 77)
        for user in (self.olga, self.boss):
            for context in (
                {},
                {"location": shelf.id},
                {"warehouse_id": self.theirs.warehouse_id.id},
                {"location": shelf.id, "to_date": "2099-01-01"},
            ):
                figures = self._stock_of_theirs(user, **context)
                self.assertEqual(figures, (0, 0, 0), (user.login, context))

    def test_claiming_another_company_is_refused(self):
        shelf = self.theirs.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.product, shelf, 77)
        for figure in ("qty_available", "monthly_demand"):
            self.env.invalidate_all()
            forged = self.product.with_user(self.olga).with_context(
                allowed_company_ids=[self.other.id]
            )
            with self.assertRaises(AccessError, msg=figure):
                forged[figure]
