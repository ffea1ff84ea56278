"""Periods of the branch P&L: what the options choose, and what it is compared with."""

from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils, format_date

Period = namedtuple("Period", "key label start stop")
DAY = relativedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
PERIODS = (
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "custom",
)
COMPARISONS = ("before", "year")


class DistributionBranchPnl(models.AbstractModel):
    _name = "distribution.branch.pnl"
    _description = "Branch P&L"

    @api.model
    def _periods(self, options, company):
        """The period of the options, then those it is compared with, as they want it."""
        start, stop, unit = self._period_chosen(options, company)
        months = MONTHS.get(unit) or self._whole_months(start, stop)
        unit = "month" if months == 1 else unit
        periods = [self._period("now", start, stop, unit)]
        if "before" in options["compare"]:
            length = relativedelta(months=months) if months else stop - start + DAY
            periods.append(self._period("before", start - length, start - DAY, unit))
        if "year" in options["compare"]:
            year = relativedelta(years=1)
            # By the day after the end, so that February ends on its own last day.
            end = stop + DAY - year - DAY
            periods.append(self._period("year", start - year, end, unit))
        return periods

    @api.model
    def _period_chosen(self, options, company):
        """(first day, last day, unit) of what the options choose."""
        choice, today = options["period"], fields.Date.context_today(self)
        if choice == "custom":
            return *self._custom_dates(options), "custom"
        which, unit = choice.split("_")
        if unit == "year":
            dates = company.compute_fiscalyear_dates(today)
            if which == "last":
                dates = company.compute_fiscalyear_dates(dates["date_from"] - DAY)
            return dates["date_from"], dates["date_to"], unit
        start = date_utils.start_of(today, unit)
        if which == "last":
            start -= relativedelta(months=MONTHS[unit])
        return start, start + relativedelta(months=MONTHS[unit]) - DAY, unit

    @api.model
    def _whole_months(self, start, stop):
        """How many months are from one day to another, or 0 where one is not whole."""
        after = stop + DAY
        if start.day > 1 or after.day > 1:
            return 0
        return 12 * (after.year - start.year) + after.month - start.month

    @api.model
    def _custom_dates(self, options):
        try:
            start = fields.Date.to_date(options["date_from"])
            stop = fields.Date.to_date(options["date_to"])
        except (TypeError, ValueError):
            start = stop = None
        if not start or not stop or start > stop:
            raise UserError(
                self.env._(
                    "Choose the first and the last day of the period; the last day cannot "
                    "be before the first one."
                )
            )
        return start, stop

    @api.model
    def _period(self, key, start, stop, unit):
        return Period(key, self._period_label(start, stop, unit), start, stop)

    @api.model
    def _period_label(self, start, stop, unit):
        if unit == "month":
            return format_date(self.env, start, date_format="MMMM y")
        if unit == "quarter":
            return format_date(self.env, start, date_format="QQQ y")
        if unit == "year" and (start.month, start.day) == (1, 1):
            return format_date(self.env, start, date_format="y")
        return self.env._(
            "%(start)s to %(stop)s",
            start=format_date(self.env, start),
            stop=format_date(self.env, stop),
        )
