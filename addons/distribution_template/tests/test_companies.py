from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TemplateCase


@tagged("post_install", "-at_install")
class TestCompanies(TemplateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Acquired Ltd"})
        cls.env.user.company_ids += cls.other
        cls.otto = cls._new_user(
            "administrator",
            "otto",
            company_id=cls.other.id,
            company_ids=cls.other.ids,
        )
        cls.their_region = cls.env["distribution.region"].create(
            {"name": "Theirs", "code": "T", "company_id": cls.other.id}
        )

    def _open_theirs(self, **values):
        values = {
            "user": self.otto,
            "company_id": self.other.id,
            "region_id": self.their_region.id,
            **values,
        }
        return self._open("EAS", **values)

    def test_a_template_for_every_company(self):
        self.template.lane_ids.unlink()
        ours, theirs = self._open("EAS"), self._open_theirs()
        self.assertEqual(theirs.branch_id.warehouse_id.company_id, self.other)
        self.assertEqual(theirs.branch_id.code, ours.branch_id.code)
        shelves = self._location(ours.branch_id, "Shelf") | self._location(
            theirs.branch_id, "Shelf"
        )
        self.assertEqual(shelves.company_id, self.company | self.other)

    def test_a_user_of_both_companies(self):
        """The opening's company counts, not the one the user works in now."""
        self.template.lane_ids.unlink()
        self.boss.company_ids += self.other
        companies = (self.company | self.other).ids
        boss = self.boss.with_context(allowed_company_ids=companies)
        before = self._all_counts()
        opening = self._prepare(
            user=boss, company_id=self.other.id, region_id=self.their_region.id
        ).with_context(allowed_company_ids=companies)
        opening.action_preview()
        opening.action_apply()
        branch = opening.branch_id
        self.assertEqual(branch.partner_id.parent_id, self.other.partner_id)
        locations = self.env["stock.location"].search([("branch_id", "=", branch.id)])
        self.assertEqual(locations.company_id, self.other)
        self.assertEqual(branch.warehouse_id.in_type_id.company_id, self.other)
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_the_other_companys_central_branch_is_not_found(self):
        with self.assertRaisesRegex(UserError, "company Acquired Ltd has none"):
            self._open_theirs()

    def test_a_lane_to_a_named_branch_stays_in_its_company(self):
        self.lane_line.peer_branch_id = self.central
        with self.assertRaises(UserError):  # an AccessError is one too
            self._open_theirs()

    def test_a_template_of_one_company_is_not_seen_in_another(self):
        self.template.company_id = self.company
        template = self.template.with_user(self.otto)
        self.assertFalse(template.search([("id", "=", template.id)]))
        for record in (
            template,
            self.template.location_ids.with_user(self.otto),
            self.template.job_ids.with_user(self.otto),
        ):
            with self.assertRaises(AccessError):
                record.read(["name"])
        with self.assertRaises(UserError):
            self._open_theirs()

    def test_a_template_of_one_company_names_its_own_branches(self):
        self.template.company_id = self.other
        with self.assertRaisesRegex(UserError, "belongs to company Acquired Ltd"):
            self.lane_line.peer_branch_id = self.central

    def test_openings_and_evidence_stay_in_their_company(self):
        opening = self._open()
        evidence = self.env["distribution.template.application"].search([], limit=1)
        for record in (opening, opening.line_ids, evidence):
            with self.assertRaises(AccessError):
                record.with_user(self.otto).read([])
                record.with_user(self.otto).check_access("read")
        with self.assertRaises(AccessError):
            opening.with_user(self.otto).action_undo()

    def test_a_region_of_another_company(self):
        with self.assertRaises(UserError):
            self._prepare(region_id=self.their_region.id)

    def test_a_source_of_another_company(self):
        self.template.lane_ids.unlink()
        theirs = self._open_theirs().branch_id
        with self.assertRaises(UserError):
            self._prepare("MIX", source_branch_id=theirs.id)
