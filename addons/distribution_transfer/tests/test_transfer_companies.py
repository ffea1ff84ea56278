from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TransferCase


@tagged("post_install", "-at_install")
class TestTransferCompanies(TransferCase):
    """Each company has its own transfers, numbers and locations of losses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Supply"})
        here = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.other.ids))
        region = here["distribution.region"].create({"name": "Other", "code": "OTH"})
        first, second = here["distribution.branch"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "region_id": region.id,
                    "company_id": cls.other.id,
                    "calendar_id": False,
                }
                for name, code in (("There", "OTA"), ("Yonder", "OTB"))
            ]
        )
        cls.other_lane = here["distribution.lane"].create(
            {"source_branch_id": first.id, "destination_branch_id": second.id}
        )
        cls.otis = cls._new_user(
            "network_planner",
            "otis",
            company_id=cls.other.id,
            company_ids=cls.other.ids,
        )

    def test_each_sees_its_own(self):
        ours = self._request()
        theirs = self._transfer(self.otis, self.other_lane, reason="balancing")
        self.assertEqual(theirs.company_id, self.other)
        Transfer = self.env["distribution.transfer"]
        self.assertNotIn(ours, Transfer.with_user(self.otis).search([]))
        self.assertNotIn(theirs, Transfer.with_user(self.paul).search([]))
        with self.assertRefused(".", AccessError):
            ours.with_user(self.otis).note = "mine"
        with self.assertRefused(".", AccessError):
            theirs.with_user(self.paul).action_request()

    def test_another_companys_lane(self):
        with self.assertRefused(".", (AccessError)):
            self._transfer(self.paul, self.other_lane)

    def test_another_companys_product(self):
        product = self._new_product("Theirs", company_id=self.other.id)
        with self.assertRefused(".", UserError):
            self._transfer(
                line_ids=[
                    Command.create({"product_id": product.id, "requested_qty": 1})
                ]
            )

    def test_losses_are_the_companys_own(self):
        ours, theirs = (
            company._transfer_loss_location() for company in (self.company, self.other)
        )
        self.assertNotEqual(ours, theirs)
        self.assertEqual(theirs.company_id, self.other)
