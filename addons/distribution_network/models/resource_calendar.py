from datetime import datetime, time, timedelta

import pytz

from odoo import api, models, tools

# After this many closed days in a row a calendar says nothing useful about opening.
LONGEST_CLOSURE_DAYS = 60


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _is_closed_at(self, moment):
        """Whether a closing period of the calendar covers `moment`.

        :param datetime moment: naive, in the time zone of the calendar
        """
        if not self:
            return False
        return any(start <= moment < end for start, end in self._closing_periods())

    def _closed_weekdays(self):
        """The weekdays, Monday is 0, without any opening; none without opening hours."""
        hours = self._weekly_hours() if self else ()
        return (
            [day for day, spans in enumerate(hours) if not spans] if any(hours) else []
        )

    def _is_closed_on(self, day):
        """Whether the calendar is closed all day: no opening hours, or a closing day."""
        noon = datetime.combine(day, time(12))
        return day.weekday() in self._closed_weekdays() or self._is_closed_at(noon)

    def _opening_at_or_after(self, moment):
        """The first moment at or after `moment` at which the calendar is open.

        Both naive, in the time zone of the calendar. `moment` itself where there is no
        calendar, or where it has no opening within two months.
        """
        hours = self._weekly_hours() if self else ()
        if not any(hours):
            return moment
        for offset in range(LONGEST_CLOSURE_DAYS):
            day = moment.date() + timedelta(days=offset)
            for start, end in hours[day.weekday()]:
                opening = max(moment, _at(day, start))
                if opening <= _at(day, end) and not self._is_closed_at(opening):
                    return opening
        return moment

    @tools.ormcache("self.id")
    def _closing_periods(self):
        """The closing periods as naive (start, end) in the calendar's time zone."""
        zone = pytz.timezone(self.tz or "UTC")
        # As superuser: whoever asks for a date need not see the calendar's details. A
        # leave without a resource is a closing day, not somebody's holiday.
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [("calendar_id", "in", [self.id, False]), ("resource_id", "=", False)]
            )
        )
        return tuple(
            tuple(
                pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
                for moment in (leave.date_from, leave.date_to)
            )
            for leave in leaves
            if not leave.company_id or leave.company_id == self.company_id
        )

    @tools.ormcache("self.id")
    def _weekly_hours(self):
        """For each weekday, Monday first, the (from, to) hours, earliest first."""
        week = [[] for _day in range(7)]
        lines = self.sudo().attendance_ids  # as above
        for line in lines.filtered(lambda line: line.day_period != "lunch"):
            if not line.display_type:
                week[int(line.dayofweek)].append((line.hour_from, line.hour_to))
        return tuple(tuple(sorted(day)) for day in week)

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        self.env.registry.clear_cache()
        return attendances

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._clear_closing_days()
        return leaves

    def write(self, vals):
        self._clear_closing_days()
        result = super().write(vals)
        self._clear_closing_days()
        return result

    def unlink(self):
        self._clear_closing_days()
        return super().unlink()

    def _clear_closing_days(self):
        """Forget the cached closing days. Holidays of one person are no closing days."""
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()


def _at(day, hour):
    minutes = round(hour * 60)
    return datetime.combine(day, time()) + timedelta(minutes=minutes)
