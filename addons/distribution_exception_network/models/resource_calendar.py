from datetime import datetime, time, timedelta

import pytz

from odoo import models

# Longer than this ahead, a calendar says nothing useful.
LONGEST_DAYS = 400


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _after_opening_hours(self, moment, hours, zone):
        """The moment when `hours` opening hours have passed since `moment`; both UTC.

        By the clock where the calendar has no opening hours. A day that is closed at an
        opening does not count until the next one.
        """
        weekly = self._weekly_hours()
        if not any(weekly) or hours <= 0:
            return moment + timedelta(hours=hours)
        zone = pytz.timezone(zone)
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
        left = timedelta(hours=hours)
        for offset in range(LONGEST_DAYS):
            day = local.date() + timedelta(days=offset)
            for opens, closes in weekly[day.weekday()]:
                begin, end = (_at(day, hour) for hour in (opens, closes))
                begin = max(begin, local)
                if begin >= end or self._is_closed_at(begin):
                    continue
                if end - begin >= left:
                    done = zone.localize(begin + left)
                    return done.astimezone(pytz.utc).replace(tzinfo=None)
                left -= end - begin
        return moment + timedelta(hours=hours)


def _at(day, hour):
    return datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
