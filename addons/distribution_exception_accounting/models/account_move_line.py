from odoo import models


class AccountMoveLine(models.Model):
    """A posted item whose branch or due date changes is looked at again."""

    _inherit = "account.move.line"

    # Sweeps look for them among millions that have one.
    _exception_branch_idx = models.Index(
        "(id) WHERE parent_state = 'posted' AND branch_id IS NULL "
        "AND branch_split IS NOT TRUE"
    )

    def write(self, vals):
        result = super().write(vals)
        posted = self.browse()
        if not vals.keys().isdisjoint({"branch_id", "branch_split", "date_maturity"}):
            posted = self.filtered(lambda line: line.parent_state == "posted")
        self.env["distribution.exception"]._recheck(self._name, posted.ids)
        if "date_maturity" in vals:
            moves = posted.move_id
            self.env["distribution.exception"]._recheck(moves._name, moves.ids)
        return result
