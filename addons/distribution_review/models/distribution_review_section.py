from odoo import api, fields, models


class DistributionReviewSection(models.Model):
    """A part of a review: which KPIs, and which rules whose exceptions come up."""

    _name = "distribution.review.section"
    _description = "Section of a Review"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "distribution.review.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kpi_ids = fields.Many2many(
        "distribution.kpi",
        "distribution_review_section_kpi_rel",
        string="KPIs",
        help="Their figures are frozen, by branch and for the company. A branch that "
        "misses its target has an item for it.",
    )
    all_targets = fields.Boolean(
        string="All with a Target",
        help="Beside these, each KPI that has a target when the review opens.",
    )
    rule_ids = fields.Many2many(
        "distribution.exception.rule",
        "distribution_review_section_rule_rel",
        string="Exception Rules",
        help="Their open exceptions are items, the first of the ranking before others.",
    )
    item_limit = fields.Integer(
        string="Items per Branch",
        required=True,
        default=5,
        help="At most so many exceptions of the section in a branch.",
    )
    adopts = fields.Char(
        readonly=True,
        help="Codes of conditions and KPIs that the section takes in when the addon that "
        "brings them is installed.",
    )

    _limit_positive = models.Constraint(
        "CHECK (item_limit > 0)", "A section has at least one item for a branch."
    )

    @api.model
    def _adopt_known(self):
        """Take in the rules and KPIs of the installed addons that are shipped for it."""
        # Run at installation, so by nobody; archived ones too, as they may come back.
        everything = {"active_test": False}
        rules = self.env["distribution.exception.rule"].with_context(**everything)
        kpis = self.env["distribution.kpi"].with_context(**everything)
        self._adopt(rules.search([]), kpis.search([]))  # pylint: disable=no-search-all

    @api.model
    def _adopt(self, rules, kpis):
        by_code = {}
        for rule in rules:
            by_code.setdefault(rule.detector, []).append(rule.id)
        kpi_by_code = {kpi.code: kpi.id for kpi in kpis}
        # As superuser: whoever adds a rule need not have a right to templates.
        for section in self.sudo().search([("adopts", "!=", False)]):
            codes = section.adopts.split()
            new_rules = [rule for code in codes for rule in by_code.get(code, ())]
            new_kpis = [kpi_by_code[code] for code in codes if code in kpi_by_code]
            section.write(
                {
                    "rule_ids": [(4, rule) for rule in new_rules],
                    "kpi_ids": [(4, kpi) for kpi in new_kpis],
                }
            )
