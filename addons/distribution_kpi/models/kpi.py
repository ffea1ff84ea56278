from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytz

from odoo.tools import SQL

THEMES = (
    "service",
    "backlog",
    "stock",
    "transfer",
    "purchase",
    "warehouse",
    "margin",
    "finance",
    "control",
)
UNITS = (
    "percent",
    "money",
    "days",
    "hours",
    "count",
    "ratio",
    "per_hour",
    "units",
)
# What a figure is split by besides the branch, and the column of the facts that says it.
DIMENSIONS = {
    "category": "category_id",
    "segment": "industry_id",
    "channel": "team_id",
}


@dataclass(frozen=True)
class Kpi:
    """The definition of a KPI (docs/measures.md). Words are lazily translated."""

    code: str
    name: object
    description: object
    formula: object
    theme: str
    unit: str
    direction: str  # "up": more is better; "down": less is better
    kind: str  # "flow": facts of the days of a period; "state": as at the end of a day
    model: str  # whose records the facts are
    facts: str  # method of distribution.kpi.facts that returns their query
    scale: float = 1
    # What a customer may change, and what each is called.
    parameters: dict = field(default_factory=dict)
    parameter_names: dict = field(default_factory=dict)
    # Models without which there are no facts.
    needs: tuple = ()
    # Those of DIMENSIONS that make sense.
    dimensions: tuple = tuple(DIMENSIONS)

    @property
    def is_sum(self):
        """Whether facts have no denominator: without any, the figure is 0 and not unknown."""
        return self.unit in ("money", "count", "units")


@dataclass(frozen=True)
class Period:
    """Days in the time zone of companies, for which facts are asked."""

    start: date
    end: date  # included
    tz: str
    company_ids: tuple
    parameters: dict

    @property
    def begin_utc(self):
        """The first moment of the period, as a naive datetime in UTC."""
        return self._midnight(self.start)

    @property
    def end_utc(self):
        """The first moment after the period, as a naive datetime in UTC."""
        return self._midnight(self.end + timedelta(days=1))

    def day_of(self, column):
        """The day that a timestamp column (in UTC) falls on, as `SQL`."""
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", column, self.tz)

    def end_of(self, column):
        """The first moment (in UTC) after the day in a date column, as `SQL`."""
        return SQL(
            "(((%s + 1)::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC')",
            column,
            self.tz,
        )

    def has(self, column):
        """Whether a timestamp column (in UTC) falls within the period, as `SQL`."""
        return SQL(
            "(%(column)s >= %(begin)s AND %(column)s < %(end)s)",
            column=column,
            begin=self.begin_utc,
            end=self.end_utc,
        )

    def _midnight(self, day):
        zone, midnight = pytz.timezone(self.tz), datetime(day.year, day.month, day.day)
        # The first of two, where clocks are put back to midnight; where they are put on at
        # midnight, that is a moment of the day before, and the day begins an hour later.
        local = zone.normalize(zone.localize(midnight, is_dst=True))
        if local.date() < day:
            local = zone.localize(midnight, is_dst=False)
        return local.astimezone(pytz.utc).replace(tzinfo=None)
