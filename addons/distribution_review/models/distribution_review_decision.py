from odoo import fields, models

# What people decide. "carried" is said by the next review, of what was left undecided.
DECISIONS = [
    ("accepted", "Accepted"),
    ("action", "Action"),
    ("watch", "Watch"),
    ("none", "No action"),
]
CARRIED = ("carried", "Taken to the next review")


class DistributionReviewDecision(models.Model):
    """Who decided what on an item, and when: evidence, also of what was changed later."""

    _name = "distribution.review.decision"
    _description = "Decision in a Review"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _check_company_auto = True

    item_id = fields.Many2one(
        "distribution.review.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "distribution.branch", readonly=True, ondelete="restrict", check_company=True
    )
    decision = fields.Selection([*DECISIONS, CARRIED], readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="restrict",
        help="Empty where the next review took the item over.",
    )
    decided_at = fields.Datetime(string="At", required=True, readonly=True)
