from odoo import fields, models


class DistributionTransferObjection(models.TransientModel):
    """Why an emergency should have waited for approval."""

    _name = "distribution.transfer.objection"
    _description = "Object to an Emergency"

    transfer_id = fields.Many2one(
        "distribution.transfer", required=True, ondelete="cascade"
    )
    note = fields.Char(
        string="Why", required=True, help="Why it should have waited for approval."
    )

    def action_object(self):
        """Record the objection on the transfer."""
        self.ensure_one()
        self.transfer_id.action_review_object(self.note)
        return {"type": "ir.actions.act_window_close"}
