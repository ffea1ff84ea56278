from datetime import date, datetime, time

from odoo import fields, models


class ResCompany(models.Model):
    """A closing of the stock is of the end of its day."""

    _inherit = "res.company"

    def _stock_closings(self):
        """The posted entries that closed the valuation of the stock, in order."""
        self.ensure_one()
        # As superuser: parameters are read by administrators alone.
        parameters = self.env["ir.config_parameter"].sudo()
        ids = parameters.get_param(f"{self.id}.stock_valuation_closing_ids") or ""
        entries = self.env["account.move"].browse([int(x) for x in ids.split(",") if x])
        return entries.exists().filtered(lambda move: move.state == "posted")

    def _action_close_stock_valuation(self, at_date=None):
        """Odoo takes a day as its first moment, so that what moved on it is left out."""
        if isinstance(at_date, str):
            at_date = fields.Date.to_date(at_date)
        if isinstance(at_date, date) and not isinstance(at_date, datetime):
            at_date = datetime.combine(at_date, time.max).replace(microsecond=0)
        return super()._action_close_stock_valuation(at_date)

    def _get_last_closing_date(self):
        """Odoo says when the entry was posted; what moved until then and after the day
        of the entry is not in it."""
        last, entry = super()._get_last_closing_date(), self._stock_closings()[-1:]
        if not last or not entry:
            return last
        return min(last, datetime.combine(entry.date, time.max).replace(microsecond=0))
