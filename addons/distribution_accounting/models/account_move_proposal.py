from odoo import models

from .keys import keeping


class AccountMove(models.Model):
    """A proposal of a branch may be made by anybody; only confirming it ends it."""

    _inherit = "account.move"

    def write(self, vals):
        if vals == {"branch_proposed": True}:
            return super(AccountMove, keeping(self)).write(vals)
        if "branch_id" in vals:
            # Choosing a branch ends the proposal, whatever the form says.
            vals = {key: x for key, x in vals.items() if key != "branch_proposed"}
        return super().write(vals)

    def copy_data(self, default=None):
        """What is copied before it is confirmed is to be confirmed, too."""
        copies = super().copy_data(default)
        for move, vals in zip(self, copies, strict=True):
            if move.branch_proposed:
                vals["branch_proposed"] = True
        return copies
