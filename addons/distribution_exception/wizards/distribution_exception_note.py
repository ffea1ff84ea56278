from odoo import fields, models


class DistributionExceptionNote(models.TransientModel):
    """Note the cause of exceptions, and what was done."""

    _name = "distribution.exception.note"
    _description = "Cause and Action of Exceptions"

    exception_ids = fields.Many2many("distribution.exception", required=True)
    cause = fields.Char(help="Why it happened.")
    done = fields.Char(string="Done About It", help="What was done.")

    def action_confirm(self):
        """Keep the note with each of them."""
        self.ensure_one()
        self.exception_ids.action_note(self.cause, self.done)
        return {"type": "ir.actions.act_window_close"}
