from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionExceptionThreshold(models.Model):
    """The threshold of a rule for a branch, for a product category, or for both."""

    _name = "distribution.exception.threshold"
    _description = "Threshold of an Exception Rule"
    _order = "rule_id, branch_id, category_id, id"
    _rec_name = "rule_id"

    rule_id = fields.Many2one(
        "distribution.exception.rule", required=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(
        "distribution.branch",
        ondelete="cascade",
        help="Only for this branch. Empty: for all.",
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        ondelete="cascade",
        help="Only for products of this category and those below it. Empty: for all.",
    )
    value = fields.Float(
        string="Threshold",
        required=True,
        help="Less than this is no exception. The most particular line counts: that of "
        "the branch before that of the category.",
    )

    _scope_unique = models.UniqueIndex(
        "(rule_id, branch_id, category_id) NULLS NOT DISTINCT",
        "A rule has one threshold for a branch and category.",
    )
    _value_positive = models.Constraint(
        "CHECK (value >= 0)", "A threshold cannot be negative."
    )

    @api.constrains("branch_id", "category_id")
    def _check_scope(self):
        for line in self:
            if not (line.branch_id or line.category_id):
                raise ValidationError(
                    self.env._(
                        "Name a branch or a category; the threshold for everything is "
                        "that of the rule itself."
                    )
                )
