import logging
import time
from collections import defaultdict
from datetime import timedelta

import pytz
from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .distribution_kpi_ratio_mixin import ratio
from .kpi import DIMENSIONS, Period

_logger = logging.getLogger(__name__)

# What the job measures of the past: nothing before its first days, no gap longer than that.
FIRST_DAYS = 31
LONGEST_GAP = 92
FACT_COLUMNS = SQL(
    "fact.day, fact.company_id, fact.branch_id, fact.category_id, fact.industry_id, "
    "fact.team_id, fact.res_id, fact.label, fact.numerator, fact.denominator"
)


class DistributionKpi(models.Model):
    """Measuring: for a KPI and a day one statement adds up the facts of all branches."""

    _inherit = "distribution.kpi"

    @api.model
    def _take_snapshots(self, day, kpis=None, companies=None):
        """Measure a day, for those KPIs and companies that have no figure of it yet.

        A KPI whose facts cannot be read is marked with the reason; the others go on. What
        was measured stays as it is until it is restated.

        :param day: date in the time zone of each company
        :param kpis: all that are not archived, by default
        :param companies: all, by default
        :return: the KPIs that failed
        """
        kpis = self._measurable(kpis)
        taken = self._taken(kpis, day)
        failed = self.browse()
        for zone, members in self._company_zones(companies).items():
            versions = kpis._version_on(day)
            for kpi in kpis:
                waiting = tuple(c for c in members if (kpi.id, c) not in taken)
                if waiting and kpi.id in versions:
                    version = versions[kpi.id]
                    if not kpi._measure(day, zone, waiting, version):
                        failed |= kpi
        return failed

    @api.model
    def _measurable(self, kpis=None):
        """KPIs that this installation can measure, and that are not archived."""
        if kpis is None:
            # As superuser: the job measures for everybody.
            kpis = self.sudo().search([("state", "!=", False)])
        return kpis.filtered(lambda kpi: kpi.active and not kpi._why_unavailable())

    @api.model
    def _taken(self, kpis, day):
        """{(kpi id, company id)} that were measured for the day."""
        self.env.flush_all()
        return set(
            self.env.execute_query(
                SQL(
                    """SELECT kpi_id, company_id FROM distribution_kpi_run
                        WHERE is_current AND day = %s AND kpi_id IN %s""",
                    day,
                    tuple(kpis.ids) or (0,),
                )
            )
        )

    @api.model
    def _company_zones(self, companies=None):
        """{time zone: ids of the companies there}."""
        Company = self.env["res.company"].sudo()  # it asks for time zones only
        if companies:
            companies = Company.browse(companies.ids)
        else:
            companies = Company.search([("active", "=", True)])
        zones = defaultdict(tuple)
        for company in companies:
            zones[company.resource_calendar_id.tz or "UTC"] += (company.id,)
        return dict(zones)

    def _measure(self, day, zone, company_ids, version, reason=False):
        """Measure a KPI for a day; False if it failed, with the reason on the KPI.

        Each is in a savepoint of its own, so one that fails leaves nothing behind.
        """
        self.ensure_one()
        started = time.monotonic()
        period = Period(day, day, zone, company_ids, self._parameters(version))
        try:
            with self.env.cr.savepoint():
                self._record_run(period, version, reason)
        except (errors.SerializationFailure, errors.DeadlockDetected):
            raise  # not the fault of the KPI: whoever measures tries again
        except errors.UniqueViolation:
            # Somebody else measured it in the same moment: what they added counts.
            _logger.info("KPI %s of %s was measured by another job", self.code, day)
            return True
        except Exception as error:  # pylint: disable=broad-except
            # A query of an addon or a customer's parameter may fail in any way.
            _logger.warning("KPI %s of %s failed", self.code, day, exc_info=True)
            self._mark("failed", self._failure_text(error))
            return False
        self._mark("ok")
        _logger.debug(
            "KPI %s of %s: %.2f s", self.code, day, time.monotonic() - started
        )
        return True

    @api.model
    def _failure_text(self, error):
        lines = str(error).strip().splitlines()
        return (lines[0] if lines else type(error).__name__)[:500]

    def _parameters(self, version):
        """The parameters of a version; new ones as the code has them."""
        definition = self._definition(self.code)
        return {**definition.parameters, **(version.parameters or {})}

    def _record_run(self, period, version, reason):
        """Add the measuring of a day, and the figures, in place of what counted before."""
        Run = self.env["distribution.kpi.run"]
        if reason:
            earlier = [
                ("kpi_id", "=", self.id),
                ("day", "=", period.start),
                ("company_id", "in", period.company_ids),
                ("is_current", "=", True),
            ]
            # As superuser: what is restated belongs to all who read it.
            guarded(Run.sudo().search(earlier)).write({"is_current": False})
            self.env.flush_all()  # before the new one: only one of them may count
        runs = guarded(Run).create(
            [
                {
                    "kpi_id": self.id,
                    "version_id": version.id,
                    "company_id": company_id,
                    "day": period.start,
                    "reason": reason,
                }
                for company_id in period.company_ids
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(self._snapshot_sql(period, tuple(runs.ids)))

    def _facts(self, period):
        """The facts of the period and its companies, as `SQL`."""
        definition = self._definition(self.code)
        # As superuser: the query names tables, and asks for nothing that is anybody's.
        Facts = self.env["distribution.kpi.facts"].sudo()
        query = getattr(Facts, definition.facts)
        return SQL(
            """SELECT %(columns)s FROM (%(facts)s) fact
                WHERE fact.company_id IN %(companies)s
                  AND fact.day BETWEEN %(start)s AND %(end)s""",
            columns=FACT_COLUMNS,
            facts=query(period),
            companies=period.company_ids,
            start=period.start,
            end=period.end,
        )

    def _snapshot_sql(self, period, run_ids):
        """The figures of a day: by branch, and by branch with each other dimension."""
        definition = self._definition(self.code)
        columns = {name: DIMENSIONS[name] for name in definition.dimensions}
        sets = [SQL("(fact.company_id, fact.branch_id)")] + [
            SQL("(fact.company_id, fact.branch_id, fact.%s)", SQL.identifier(column))
            for column in columns.values()
        ]
        return SQL(
            """INSERT INTO distribution_kpi_snapshot (
                      run_id, kpi_id, version_id, company_id, day, branch_id, region_id,
                      dimension, category_id, industry_id, team_id, is_state, scale,
                      numerator, denominator, value)
               SELECT run.id, run.kpi_id, run.version_id, run.company_id, run.day,
                      total.branch_id, branch.region_id, total.dimension,
                      total.category_id, total.industry_id, total.team_id,
                      %(is_state)s, %(scale)s, total.numerator, total.denominator,
                      %(scale)s * total.quotient
                 FROM (-- Apart from what it is grouped and joined with: PostgreSQL takes the
                       -- facts for a handful of rows, and would loop over them.
                       WITH fact AS MATERIALIZED (%(facts)s)
                       SELECT fact.company_id, fact.branch_id, %(dimension)s AS dimension,
                              %(split)s,
                              SUM(fact.numerator) AS numerator,
                              SUM(fact.denominator) AS denominator,
                              %(ratio)s AS quotient
                         FROM fact
                        GROUP BY GROUPING SETS (%(sets)s)) total
                 JOIN distribution_kpi_run run
                   ON run.company_id = total.company_id AND run.id IN %(runs)s
            LEFT JOIN distribution_branch branch ON branch.id = total.branch_id""",
            is_state=definition.kind == "state",
            scale=definition.scale,
            dimension=_dimension_sql(columns),
            split=_split_sql(columns),
            ratio=ratio(SQL("fact.numerator"), SQL("fact.denominator")),
            facts=self._facts(period),
            sets=SQL(", ").join(sets),
            runs=run_ids,
        )

    # The job.

    @api.model
    def _cron_measure(self):
        """Measure the days that are over and have no figures, then restate what was asked.

        A day is over after midnight in the time zone of the company. Each KPI of a day and
        zone is a transaction; the next call goes on where this one was stopped.
        """
        Cron = self.env["ir.cron"]
        waiting = self._days_to_measure()
        Restatement = self.env["distribution.kpi.restatement"]
        Cron._commit_progress(remaining=len(waiting) + Restatement._days_left())
        failed = set()
        for day, kpi, zone, company_ids, version in waiting:
            # One that failed is tried again by the next call, not for each day.
            if kpi.id not in failed:
                if not kpi._measure(day, zone, company_ids, version):
                    failed.add(kpi.id)
            if not Cron._commit_progress(1):
                return
        Restatement._go_on()

    @api.model
    def _days_to_measure(self):
        """What is over and has no figures: (day, KPI, zone, company ids, version), by day."""
        kpis = self._measurable()
        last = self._last_days(kpis)
        versions = {}
        found = []
        for zone, members in self._company_zones().items():
            yesterday = self._today_in(zone) - timedelta(days=1)
            missing = defaultdict(tuple)
            for kpi in kpis:
                for company_id in members:
                    for day in _days_after(last.get((kpi.id, company_id)), yesterday):
                        missing[day, kpi] += (company_id,)
            for (day, kpi), company_ids in missing.items():
                if day not in versions:
                    versions[day] = kpis._version_on(day)
                if kpi.id in versions[day]:
                    version = versions[day][kpi.id]
                    found.append((day, kpi, zone, company_ids, version))
        return sorted(found, key=lambda entry: (entry[0], entry[1].sequence))

    @api.model
    def _last_days(self, kpis):
        """{(kpi id, company id): last day that was measured}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT kpi_id, company_id, MAX(day) FROM distribution_kpi_run
                    WHERE is_current AND kpi_id IN %s GROUP BY 1, 2""",
                tuple(kpis.ids) or (0,),
            )
        )
        return {(kpi, company): day for kpi, company, day in rows}

    @api.model
    def _today_in(self, zone):
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(zone)).date()

    @api.model
    def _ensure_over(self, day):
        """Refuse days that are not over in the companies of the user."""
        for zone in self._company_zones(self.env.companies):
            if day >= self._today_in(zone):
                raise UserError(
                    self.env._(
                        "%(day)s is not over yet: a day is measured after it has ended.",
                        day=format_date(self.env, day),
                    )
                )


def _days_after(last, yesterday):
    """Days to be measured, the earliest first."""
    first = yesterday - timedelta(days=FIRST_DAYS - 1)
    if last:
        first = max(
            last + timedelta(days=1), yesterday - timedelta(days=LONGEST_GAP - 1)
        )
    count = (yesterday - first).days + 1
    return [first + timedelta(days=number) for number in range(count)]


def _dimension_sql(columns):
    """Which of the grouping sets a row is of, as `SQL`."""
    if not columns:
        return SQL("'branch'")
    cases = SQL(" ").join(
        SQL("WHEN GROUPING(fact.%s) = 0 THEN %s", SQL.identifier(column), name)
        for name, column in columns.items()
    )
    return SQL("CASE %s ELSE 'branch' END", cases)


def _split_sql(columns):
    """The columns that rows are split by, as `SQL`; null for those that are not."""
    return SQL(", ").join(
        SQL("fact.%(name)s AS %(name)s", name=SQL.identifier(column))
        if column in columns.values()
        else SQL("NULL::integer AS %s", SQL.identifier(column))
        for column in DIMENSIONS.values()
    )
