from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

from .detector import weight_sql

# The most one transaction finds; a sweep goes on behind it.
WINDOW = 20000
# What one statement did: how many findings, the last record of a full window, and the
# numbers of exceptions that opened (again) and closed.
Outcome = namedtuple("Outcome", ["found", "last", "opened", "closed"])


class DistributionExceptionRule(models.Model):
    """How a rule finds: one statement opens, updates, opens again and closes."""

    _inherit = "distribution.exception.rule"

    language = fields.Char(
        compute="_compute_language",
        # It is the first of all companies, not the first that the user sees.
        compute_sudo=True,
        help="In what language the rule writes causes, whoever looks: that of its company, "
        "or of the first one where it is for all. Dates and money follow each reader.",
    )

    @api.depends("company_id.partner_id.lang")
    def _compute_language(self):
        first = self.env["res.company"].search([], limit=1)
        for rule in self:
            rule.language = (rule.company_id or first).partner_id.lang

    def _detect(self, ids=None, after=0, now=None):
        """Look at some records, or at a window of them behind `after`; return an Outcome.

        Nothing is committed here. Two that write the same exception at once: the second
        gets a serialization failure and must try again in a new transaction.

        :param ids: ids of records to look at; None: all with an id above `after`
        :param datetime now: the moment that counts, UTC
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        detector = self._detector()
        self.env.flush_all()
        if ids is None:
            window = SQL("> %s", after)
        else:
            window = SQL("= ANY(%s)", list(ids))
        only = self._only(SQL("r.id %s", window))
        limit = WINDOW if ids is None else None
        spoken = self.with_context(lang=self.language)
        if detector:
            raw = getattr(spoken, detector.query)(only)
            last = self._last_sql(limit)
        else:
            raw, last = spoken._query_formulas(only, limit)
        [row] = self.env.execute_query(self._statement(raw, window, limit, last, now))
        self.env["distribution.exception"].invalidate_model()
        self.env["distribution.exception.event"].invalidate_model()
        return Outcome(*row)

    def _only(self, window):
        """The condition on `r.id`: the window, and the rule's filter."""
        query = self._filter_query()
        if query is None:
            return window
        return SQL("%s AND r.id IN %s", window, query.subselect())

    def _last_sql(self, limit):
        """The last record of a full window; NULL where the window saw everything."""
        if limit is None:
            return SQL("SELECT NULL::int AS last")
        return SQL(
            "SELECT CASE WHEN COUNT(*) = %s THEN MAX(res_id) END AS last FROM scored",
            limit,
        )

    def _statement(self, raw, window, limit, last, now):
        values = self._columns(now)
        kept = [column for column in values if column not in self._frozen_columns()]
        return SQL(
            """
            WITH found AS MATERIALIZED (%(found)s),
            scored AS MATERIALIZED (%(scored)s),
            bounds AS (%(last)s),
            prior AS (SELECT id, res_id, state FROM distribution_exception
                       WHERE rule_id = %(rule)s AND res_id %(window)s),
            written AS (
                INSERT INTO distribution_exception AS e (%(names)s)
                SELECT %(names)s FROM scored
                ON CONFLICT (rule_id, res_id) DO UPDATE SET %(updates)s
                WHERE e.state = 'closed' OR (%(mine)s) IS DISTINCT FROM (%(theirs)s)
                RETURNING e.id, e.res_id),
            opened AS (SELECT w.id, p.id IS NOT NULL AS again
                         FROM written w LEFT JOIN prior p ON p.res_id = w.res_id
                        WHERE p.id IS NULL OR p.state = 'closed'),
            closed AS (%(closing)s),
            told AS (
                INSERT INTO distribution_exception_event
                       (exception_id, at, kind, create_uid, create_date, write_uid,
                        write_date)
                SELECT id, %(now)s, CASE WHEN again THEN 'reopened' ELSE 'opened' END,
                       %(uid)s, %(now)s, %(uid)s, %(now)s FROM opened
                UNION ALL
                SELECT id, %(now)s, 'closed', %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM closed)
            SELECT (SELECT COUNT(*) FROM scored), (SELECT last FROM bounds),
                   (SELECT COUNT(*) FROM opened), (SELECT COUNT(*) FROM closed)
            """,
            found=self._found_sql(raw),
            scored=self._scored_sql(values, limit),
            last=last,
            rule=self.id,
            window=window,
            names=SQL(", ").join(map(SQL.identifier, values)),
            updates=SQL(", ").join(self._updates(kept)),
            mine=SQL(", ").join(SQL("e.%s", SQL.identifier(name)) for name in kept),
            theirs=SQL(", ").join(
                SQL("EXCLUDED.%s", SQL.identifier(name)) for name in kept
            ),
            closing=self._closing_sql(window, now),
            now=now,
            uid=self.env.uid,
        )

    def _found_sql(self, raw):
        """What the detector returns, with all columns that it may leave out."""
        extras = self._extra_columns()
        return SQL(
            """
            SELECT d.res_id, d.company_id, LEFT(d.label, 250) AS label,
                   d.measure::float8 AS measure,
                   ROUND(COALESCE(d.amount, 0)::numeric, 2) AS amount,
                   d.too_late_at, x.expected_at, x.detail, x.user_id, %(extras)s
              FROM (%(raw)s) d
        CROSS JOIN LATERAL jsonb_to_record(to_jsonb(d)) AS x(
                   branch_id int, warehouse_id int, category_id int, partner_id int,
                   user_id int, detail text, expected_at timestamp, service_class text)
         LEFT JOIN res_partner pa ON pa.id = x.partner_id
         LEFT JOIN res_partner p ON p.id = pa.commercial_partner_id
             %(joins)s
            """,
            raw=raw,
            extras=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in extras.items()
            ),
            joins=SQL(" ").join(self._extra_joins()),
        )

    def _extra_columns(self):
        """Columns of exceptions beyond the required ones: {name: SQL over d, x, p}."""
        return {
            "partner_id": SQL("x.partner_id"),
            "service_class": SQL("COALESCE(x.service_class, p.service_class)"),
        }

    def _extra_joins(self):
        return []

    def _scored_sql(self, values, limit):
        """The findings that reach the threshold, as they are written."""
        company = (
            SQL("AND f.company_id = %s", self.company_id.id)
            if self.company_id
            else SQL()
        )
        return SQL(
            """SELECT %(values)s FROM found f WHERE f.measure >= %(threshold)s %(company)s
             ORDER BY f.res_id %(limit)s""",
            values=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in values.items()
            ),
            threshold=self._threshold_sql(),
            company=company,
            limit=SQL("LIMIT %s", limit) if limit else SQL(),
        )

    def _threshold_sql(self):
        """The threshold that counts for a finding `f`."""
        return SQL("%s", self.threshold)

    def _columns(self, now):
        """What is written of a finding `f`: {column: SQL}."""
        amount = SQL("GREATEST(f.amount, %s)::numeric", self.assumed_amount)
        due = self._due_sql(now, self.hours_to_act)
        escalate = SQL("NULL::timestamp")
        if self.escalate_hours:
            escalate = self._due_sql(now, self.hours_to_act + self.escalate_hours)
        return {
            "rule_id": SQL("%s", self.id),
            "res_model": SQL("%s", self.model),
            "res_id": SQL("f.res_id"),
            "company_id": SQL("f.company_id"),
            "name": SQL("f.label"),
            "detail": SQL("f.detail"),
            "severity": SQL("%s", self.severity),
            "measure": SQL("ROUND(f.measure::numeric, 4)::float8"),
            "amount": amount,
            "stake": SQL(
                "(%s * %s)::float8", amount, weight_sql(SQL("f.service_class"))
            ),
            "too_late_at": SQL("f.too_late_at"),
            "expected_at": SQL("f.expected_at"),
            **{
                name: SQL("f.%s", SQL.identifier(name))
                for name in self._extra_columns()
            },
            "state": SQL("'open'"),
            "opened_at": SQL("%s::timestamp", now),
            "reopened_count": SQL("0"),
            "user_id": self._owner_sql(),
            "due_at": due,
            "escalate_at": escalate,
            "create_uid": SQL("%s", self.env.uid),
            "create_date": SQL("%s::timestamp", now),
            "write_uid": SQL("%s", self.env.uid),
            "write_date": SQL("%s::timestamp", now),
        }

    def _due_sql(self, now, hours):
        """`hours` opening hours after `now` for a finding `f`; here by the clock."""
        return SQL("(%s::timestamp + %s * INTERVAL '1 hour')", now, hours)

    def _owner_sql(self):
        """The user who has to act on a finding `f`."""
        if self.owner == "responsible":
            return SQL("f.user_id")
        if self.owner == "user":
            return SQL("%s", self.user_id.id)
        return SQL("NULL::int")

    def _frozen_columns(self):
        """What stays as it was while an exception is open."""
        return {
            *("rule_id", "res_model", "res_id", "state", "opened_at", "reopened_count"),
            *("user_id", "due_at", "escalate_at"),
            *("create_uid", "create_date", "write_uid", "write_date"),
        }

    def _updates(self, kept):
        """What happens to an exception that is there already; it may open again."""
        again = SQL("e.state = 'closed'")
        for name in kept:
            yield SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
        yield SQL("state = 'open', write_date = EXCLUDED.write_date")
        yield SQL("reopened_count = e.reopened_count + (%s)::int", again)
        yield SQL("user_id = COALESCE(e.user_id, EXCLUDED.user_id)")
        for name in ("opened_at", "due_at", "escalate_at"):
            yield SQL(
                "%(name)s = CASE WHEN %(again)s THEN EXCLUDED.%(name)s ELSE e.%(name)s END",
                name=SQL.identifier(name),
                again=again,
            )
        # What was said of it the last time does not hold for this time.
        for name in (
            *("closed_at", "close_hours", "acknowledged_at", "snoozed_until"),
            *("snooze_reason", "escalated_at", "escalation_user_id", "cause"),
            "action_taken",
        ):
            yield SQL(
                "%(name)s = CASE WHEN %(again)s THEN NULL ELSE e.%(name)s END",
                name=SQL.identifier(name),
                again=again,
            )

    def _closing_sql(self, window, now):
        """Close what was open in the window and is not found any more."""
        return SQL(
            """
            UPDATE distribution_exception e
               SET state = 'closed', closed_at = %(now)s, snoozed_until = NULL,
                   close_hours = EXTRACT(EPOCH FROM (%(now)s - e.opened_at)) / 3600,
                   write_date = %(now)s
              FROM bounds
             WHERE e.rule_id = %(rule)s AND e.state = 'open' AND e.res_id %(window)s
               AND (bounds.last IS NULL OR e.res_id <= bounds.last)
               -- NOT IN, which PostgreSQL looks up in a hash: NOT EXISTS became a nested
               -- loop where the table had no statistics yet.
               AND e.res_id NOT IN (SELECT s.res_id FROM scored s)
            RETURNING e.id
            """,
            now=SQL("%s::timestamp", now),
            rule=self.id,
            window=window,
        )
