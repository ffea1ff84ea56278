from dataclasses import dataclass, field
from datetime import date, timedelta

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
    """Days in the time zone of companies, for which facts are asked.

    Moments and days are told apart by the database alone: it may know other rules of a zone
    than Python does, and what one of them puts on another day would be on none.
    """

    start: date
    end: date  # included
    tz: str
    company_ids: tuple
    parameters: dict

    @property
    def begin_utc(self):
        """The first moment of the period (in UTC), as `SQL`."""
        return self._midnight(SQL("%s::date", self.start))

    @property
    def end_utc(self):
        """The first moment after the period (in UTC), as `SQL`."""
        return self._midnight(SQL("%s::date", self.end + timedelta(days=1)))

    def day_of(self, column):
        """The day that a timestamp column (in UTC) falls on, as `SQL`."""
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", column, self.tz)

    def end_of(self, column):
        """The first moment (in UTC) after the day in a date column, as `SQL`."""
        return self._midnight(SQL("(%s + 1)", column))

    def has(self, column):
        """Whether a timestamp column (in UTC) falls within the period, as `SQL`."""
        return SQL(
            "(%(column)s >= %(begin)s AND %(column)s < %(end)s)",
            column=column,
            begin=self.begin_utc,
            end=self.end_utc,
        )

    def _midnight(self, day):
        """The first moment (in UTC) of a day, as `SQL`.

        Where clocks are put back to midnight there are two of it, and the first one counts.
        """
        midnight = SQL(
            "((%s::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC')", day, self.tz
        )
        earlier = SQL("(%s - INTERVAL '1 hour')", midnight)
        return SQL(
            "(CASE WHEN %(day_before)s = %(day)s THEN %(earlier)s ELSE %(midnight)s END)",
            day_before=self.day_of(earlier),
            day=day,
            earlier=earlier,
            midnight=midnight,
        )
