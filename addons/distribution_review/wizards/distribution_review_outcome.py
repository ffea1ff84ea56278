from odoo import fields, models


class DistributionReviewOutcome(models.TransientModel):
    """Asks what came of actions when they end."""

    _name = "distribution.review.outcome"
    _description = "Outcome of Actions"

    action_ids = fields.Many2many(
        "distribution.review.action",
        "distribution_review_outcome_rel",
        string="Actions",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("done", "Done"), ("dropped", "Dropped")],
        string="Ends As",
        required=True,
        readonly=True,
        default="done",
    )
    note = fields.Char(
        string="Outcome", required=True, help="What came of it, or why it is dropped."
    )

    def action_confirm(self):
        """End the actions."""
        self.ensure_one()
        self.action_ids._finish(self.state, self.note)
        return {"type": "ir.actions.act_window_close"}
