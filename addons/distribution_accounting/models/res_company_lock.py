from odoo import api, fields, models
from odoo.exceptions import UserError

from .keys import is_keeping

LOCK = "fiscalyear_lock_date"


class ResCompany(models.Model):
    """A month that is closed is opened by Open Again alone, not by moving the lock."""

    _inherit = "res.company"

    def write(self, vals):
        if LOCK in vals and not is_keeping(self):
            self._ensure_months_stay_closed(fields.Date.to_date(vals[LOCK]))
        return super().write(vals)

    def _ensure_months_stay_closed(self, lock):
        """Refuse a lock before the end of a closed month.

        :raises UserError: naming the month
        """
        # As superuser: a month is closed for everybody.
        Closing = self.env["distribution.closing"].sudo()
        domain = [("company_id", "in", self.ids), ("state", "=", "closed")]
        if lock:
            domain.append(("date_to", ">", lock))
        for month in Closing.search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(month)s of %(company)s is closed. Have it opened again under "
                    "Month Close before the books are unlocked.",
                    month=month.name,
                    company=month.company_id.name,
                )
            )


class AccountLockException(models.Model):
    _inherit = "account.lock_exception"

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        for exception in exceptions:
            if exception.lock_date_field == LOCK:
                exception.company_id._ensure_months_stay_closed(exception.lock_date)
        return exceptions
