"""What a detector is, and the arithmetic of the rank."""

from dataclasses import dataclass

from odoo.tools import SQL

# How much an exception of a customer or vendor of this class weighs.
SERVICE_CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
WEIGHTS = {"a": 1.5, "b": 1.0, "c": 0.7}
# Where nothing becomes too late, acting today is half as good as acting at the last moment.
NO_DEADLINE = 0.5
# The weight goes on growing for this many days after the deadline, up to twice.
DAYS_OVERDUE = 10


@dataclass(frozen=True)
class Detector:
    """A set-based query that finds records with a condition.

    Registered in `distribution.exception.rule._detectors()` by the addon that owns the
    data. docs/exceptions.md has the columns that its query returns.
    """

    code: str
    model: str
    name: str
    measure: str  # what is measured, with its unit: "days late"
    query: str  # method of the rule: (only) -> SQL
    resolve: str = ""  # method of the exception that does the usual thing
    resolve_label: str = ""
    flush: tuple = ()  # models whose pending changes the query must see
    # Seen by its roles even without the right to read the record: what it tells is meant
    # for them, such as the failure of a job.
    by_role: bool = False


def closeness(too_late_at, now):
    """How near the deadline is: 1 at the deadline, less before, up to 2 afterwards.

    :param datetime too_late_at: None where nothing becomes too late
    """
    if not too_late_at:
        return NO_DEADLINE
    hours = (too_late_at - now).total_seconds() / 3600
    if hours >= 0:
        return 24 / (24 + hours)
    return 1 + min(-hours / 24, DAYS_OVERDUE) / DAYS_OVERDUE


def closeness_sql(too_late_at, now):
    """The same as SQL: see `closeness`."""
    hours = SQL("EXTRACT(EPOCH FROM (%s - %s)) / 3600", too_late_at, now)
    return SQL(
        """CASE WHEN %(deadline)s IS NULL THEN %(none)s
                WHEN %(hours)s >= 0 THEN 24 / (24 + %(hours)s)
                ELSE 1 + LEAST(-(%(hours)s) / 24, %(days)s) / %(days)s END""",
        deadline=too_late_at,
        hours=hours,
        none=NO_DEADLINE,
        days=float(DAYS_OVERDUE),
    )


def weight_sql(service_class):
    """The weight of a service class as SQL; 1 where there is none."""
    cases = SQL(" ").join(
        SQL("WHEN %s THEN %s", code, weight) for code, weight in WEIGHTS.items()
    )
    return SQL("(CASE %s %s ELSE 1.0 END)", service_class, cases)
