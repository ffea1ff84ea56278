from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestTemplate(ReviewCase):
    """What a review is about is chosen; what is shipped finds its rules and KPIs."""

    def test_shipped_reviews(self):
        weekly = self.env.ref("distribution_review.distribution_review_template_weekly")
        monthly = self.env.ref(
            "distribution_review.distribution_review_template_monthly"
        )
        self.assertIn("purchase_late", weekly.section_ids.rule_ids.mapped("detector"))
        self.assertIn("backlog_at_risk", weekly.section_ids.kpi_ids.mapped("code"))
        self.assertIn("margin_leakage", monthly.section_ids.kpi_ids.mapped("code"))
        self.assertTrue(monthly.section_ids[-1:].all_targets)

    def test_every_shipped_kpi_exists(self):
        sections = self.env["distribution.review.section"].search(
            [("adopts", "!=", False)]
        )
        codes = {code for section in sections for code in section.adopts.split()}
        conditions = {
            code
            for code in codes
            if code.partition("_")[0] in ("sale", "purchase", "transfer", "account")
            or code.startswith("stock_")
        }
        kpis = set(self.env["distribution.kpi"].search([]).mapped("code"))
        self.assertFalse(codes - kpis - conditions)

    def test_a_rule_that_comes_later_finds_its_section(self):
        section = self.template.section_ids
        section.adopts = "branch_without_hours"
        rule = self.env["distribution.exception.rule"].create(
            {
                "name": "No hours",
                "detector": "branch_without_hours",
                "role_ids": [
                    (4, self.env.ref("distribution_base.group_branch_operator").id)
                ],
            }
        )
        self.assertIn(rule, section.rule_ids)

    def test_an_administrator_plans_a_review(self):
        Template = self.env["distribution.review.template"].with_user(self.boss)
        with Form(Template) as form:
            form.name = "Friday review"
            form.weekday = "4"
            with form.section_ids.new() as section:
                section.name = "Service"
                section.kpi_ids.add(self.kpi)
        template = form.record
        self.assertEqual(template.next_cut_off.weekday(), 4)
        self.assertTrue(self._open(template=template, user=self.boss))
        with self.assertRaisesRegex(UserError, "Archive the templates"):
            template.unlink()
        copy = template.copy()
        self.assertEqual(copy.section_ids.kpi_ids, self.kpi)

    def test_others_read_it(self):
        for user in (self.bea, self.paul, self.fiona, self.aude):
            self.assertTrue(self.template.with_user(user).name)
            with self.assertRaises(AccessError):
                self.template.with_user(user).name = "Mine"

    def test_a_template_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.template.company_id = other
        self.boss.company_ids |= other
        both = self.template.with_context(
            allowed_company_ids=(self.company | other).ids
        )
        with self.assertRaisesRegex(UserError, "change to that company"):
            self._open(user=self.boss, template=both)
