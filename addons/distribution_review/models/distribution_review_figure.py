from odoo import api, fields, models

from odoo.addons.distribution_kpi.models.distribution_kpi_figures import STATUSES


class DistributionReviewFigure(models.Model):
    """What a KPI was in the period of a review, as it was known at the cut-off.

    Evidence: a restatement of the KPI, another target or a new definition change nothing.
    """

    _name = "distribution.review.figure"
    _description = "Figure of a Review"
    _inherit = ["distribution.evidence.mixin"]
    _order = "review_id desc, sequence, id"
    _check_company_auto = True

    review_id = fields.Many2one(
        "distribution.review",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    section = fields.Char(readonly=True, help="The part of the review.")
    sequence = fields.Integer(readonly=True)
    kpi_id = fields.Many2one(
        "distribution.kpi",
        string="KPI",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    version_id = fields.Many2one(
        "distribution.kpi.version",
        string="Definition",
        readonly=True,
        ondelete="restrict",
        help="What the KPI meant on the last day of the period.",
    )
    scope = fields.Selection(
        [("none", "No branch"), ("company", "Company"), ("branch", "Branch")],
        required=True,
        readonly=True,
        help="The whole company, a branch, or what belongs to no branch.",
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    unit = fields.Selection(related="kpi_id.unit")
    direction = fields.Selection(related="kpi_id.direction")
    is_measured = fields.Boolean(
        readonly=True, help="Whether there was anything to measure."
    )
    measured_until = fields.Date(
        readonly=True, help="The last day of the period that was measured by then."
    )
    value = fields.Float(
        string="Figure", digits=(16, 4), readonly=True, aggregator=None
    )
    numerator = fields.Float(
        digits=0,
        readonly=True,
        aggregator=None,
        help="What was added up above the line of the formula.",
    )
    denominator = fields.Float(
        digits=0, readonly=True, aggregator=None, help="And below the line."
    )
    has_target = fields.Boolean(readonly=True)
    target = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    has_previous = fields.Boolean(readonly=True)
    previous = fields.Float(
        digits=(16, 4),
        readonly=True,
        aggregator=None,
        help="As many days before.",
    )
    status = fields.Selection(
        STATUSES, readonly=True, help="The figure beside the target of then."
    )
    place = fields.Char(
        string="Where", compute="_compute_words", help="The branch, or the company."
    )
    shown_value = fields.Char(
        string="Shown", compute="_compute_words", help="The figure with its unit."
    )
    shown_target = fields.Char(
        compute="_compute_words", help="The target with its unit."
    )
    shown_previous = fields.Char(
        string="Before", compute="_compute_words", help="As many days before."
    )

    _once = models.UniqueIndex(
        "(review_id, kpi_id, scope, COALESCE(branch_id, 0))",
        "A figure is kept once.",
    )

    @api.depends("kpi_id", "value")
    @api.depends_context("lang")
    def _compute_words(self):
        for figure in self:
            show = figure.kpi_id.with_company(figure.company_id)._shown
            figure.place = figure.branch_id.name or (
                figure.company_id.name
                if figure.scope == "company"
                else self.env._("No branch")
            )
            figure.shown_value = figure.is_measured and show(figure.value)
            figure.shown_target = figure.has_target and show(figure.target)
            figure.shown_previous = figure.has_previous and show(figure.previous)

    @api.depends("kpi_id", "branch_id")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = f"{figure.kpi_id.name}, {figure.place}"

    def action_open_items(self):
        """The records behind the figure, as they are today."""
        self.ensure_one()
        self.check_access("read")
        review = self.review_id
        return self.kpi_id.action_open_items(
            review.period_from,
            review.period_to,
            branch_ids=self.branch_id.ids,
            domain=[("branch_id", "=", False)] if self.scope == "none" else None,
        )

    def _in_words(self):
        """The figure beside its target."""
        if not (self.is_measured and self.has_target):
            return self.shown_value or self.env._("Not measured")
        return self.env._(
            "%(value)s, target %(target)s",
            value=self.shown_value,
            target=self.shown_target,
        )

    def _money_missed(self):
        """By how much a figure in money misses its target; 0 where it is no money."""
        is_money = self.unit == "money" and self.status in ("near", "bad")
        return abs(self.value - self.target) if is_money else 0.0
