from odoo import fields, models
from odoo.exceptions import UserError

from .distribution_closing import OPEN
from .keys import keeping


class DistributionClosing(models.Model):
    """The value of the stock at the last day is in the books.

    Odoo has a job for monthly closings, which never posts: it looks for companies whose
    period is a day and a month at once. So a month close posts it, at a button.
    """

    _inherit = "distribution.closing"

    def action_post_valuation(self):
        """Post what the stock of the last day is worth more, or less, than its books.

        :raises AccessError: the user is no finance controller
        :raises UserError: the month is closed or not over, or accounts are missing
        """
        self._ensure_controller()
        for closing in self:
            if closing.state not in OPEN:
                raise UserError(self.env._("%s is closed already.", closing.name))
            if closing.date_to >= fields.Date.context_today(closing):
                raise UserError(
                    self.env._(
                        "%s is not over: its stock is valued after its last day.",
                        closing.name,
                    )
                )
            # As superuser: a closing is of all branches.
            company = closing.company_id.sudo()
            if company._action_close_stock_valuation(at_date=closing.date_to):
                company.action_close_stock_valuation(
                    at_date=closing.date_to, auto_post=True
                )
            keeping(closing).valuation_on = fields.Datetime.now()
            closing._refresh()
        return True

    def _check_valuation(self):
        """Missing where it was never posted, or goods of the month moved since."""
        since = self.valuation_on or self._posted_valuation().create_date
        if not since:
            return {False: (1, 0.0)}
        count = self.env["stock.move"].search_count(self._moved_since_domain(since))
        return {False: (count, 0.0)}

    def _posted_valuation(self):
        """The last closing entry of the stock of the last day."""
        entries = self.company_id._stock_closings()
        return entries.filtered(lambda move: move.date == self.date_to)[-1:]

    def _moved_since_domain(self, since):
        """Goods whose value changed after it was posted, by a move or a late bill."""
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "done"),
            ("date", "<=", self._last_moment()),
            ("date", ">=", self.date_from),
            ("write_date", ">", since),
            "|",
            ("is_in", "=", True),
            ("is_out", "=", True),
        ]

    def _evidence_valuation(self, _branch):
        since = self.valuation_on or self._posted_valuation().create_date
        changed = self._moved_since_domain(since) if since else []
        if changed and self.env["stock.move"].search_count(changed, limit=1):
            return {"res_model": "stock.move", "domain": changed}
        return {
            "res_model": "account.move",
            "domain": [("id", "in", self.company_id._stock_closings().ids)],
        }
