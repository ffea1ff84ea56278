"""Analytic lines of posted items follow them, and nothing else.

Odoo writes the distribution of an item anew where its analytic lines change, unless the
context says not to. A client can say so too, so that it could take the branch out of the
analytic reports while the item keeps it.
"""

from odoo import api, models
from odoo.exceptions import UserError

# An object of this process, which no client can send: see keys.py.
_KEY, _OWNER = "distribution_accounting_following", object()


def _following(records):
    """`records` as Odoo's own code makes their analytic lines anew."""
    return records.with_context(**{_KEY: _OWNER})


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ensure_follows_item()
        return lines

    def write(self, vals):
        says = {self._branch_column(), "amount", "move_line_id", "company_id"}
        if says & set(vals):
            self._ensure_follows_item()
        result = super().write(vals)
        if says & set(vals):
            self._ensure_follows_item()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_branch(self):
        self._ensure_follows_item()

    @api.model
    def _branch_column(self):
        return self.env["account.analytic.plan"]._branch_column()

    def _ensure_follows_item(self):
        """Refuse a change by hand of what a posted item says of branches.

        :raises UserError: naming the item
        """
        if self.env.context.get(_KEY) is _OWNER:
            return
        column = self._branch_column()
        for line in self:
            item = line.move_line_id
            if line[column] and item.parent_state == "posted":
                raise UserError(
                    self.env._(
                        "%s is posted, so its analytic lines follow it. A controller "
                        "corrects its branch with a reason under Correct Branch.",
                        item.display_name,
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _inverse_analytic_distribution(self):
        return super(AccountMoveLine, _following(self))._inverse_analytic_distribution()


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        return super(AccountMove, _following(self)).button_draft()
