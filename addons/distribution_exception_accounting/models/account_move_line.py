from odoo import models

WATCHED = {"branch_id", "branch_split", "date_maturity"}


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
        if WATCHED & vals.keys():
            posted = self.filtered(lambda line: line.parent_state == "posted")
            self.env["distribution.exception"]._recheck(self._name, posted.ids)
        return result

    def _recheck_exceptions(self):
        """Have those looked at again in which something may be found."""
        found = self._without_branch() | self.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.env["distribution.exception"]._recheck(self._name, found.ids)
