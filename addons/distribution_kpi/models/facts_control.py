from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class DistributionKpiFacts(models.AbstractModel):
    """Control: how quickly people decide and settle."""

    _inherit = "distribution.kpi.facts"

    @api.model
    def _kpis(self):
        return [*super()._kpis(), *CONTROL]

    def _facts_approval_time(self, period):
        """Requests that were decided, with the hours until then."""
        return SQL(
            """SELECT %(day)s AS day, request.company_id, request.branch_id,
                      NULL::integer AS category_id, NULL::integer AS industry_id,
                      NULL::integer AS team_id, request.id AS res_id,
                      request.document AS label,
                      EXTRACT(EPOCH FROM request.closed_date - request.requested_date)
                          / 3600 AS numerator,
                      1 AS denominator
                 FROM distribution_approval_request request
                WHERE request.state IN ('approved', 'rejected') AND %(closed)s""",
            day=period.day_of(SQL("request.closed_date")),
            closed=period.has(SQL("request.closed_date")),
        )

    def _facts_exception_closing_time(self, period):
        """Each time that an exception closed, with the hours that it had been open."""
        return SQL(
            """SELECT %(day)s AS day, exception.company_id, exception.branch_id,
                      exception.category_id, NULL::integer AS industry_id,
                      NULL::integer AS team_id, exception.id AS res_id,
                      exception.name AS label,
                      EXTRACT(EPOCH FROM event.at - opened.at) / 3600 AS numerator,
                      1 AS denominator
                 FROM distribution_exception_event event
                 JOIN distribution_exception exception
                   ON exception.id = event.exception_id
           CROSS JOIN LATERAL (
                      SELECT MAX(earlier.at) AS at
                        FROM distribution_exception_event earlier
                       WHERE earlier.exception_id = event.exception_id
                         AND earlier.kind IN ('opened', 'reopened')
                         AND (earlier.at, earlier.id) < (event.at, event.id)) opened
                WHERE event.kind = 'closed' AND opened.at IS NOT NULL AND %(closed)s""",
            day=period.day_of(SQL("event.at")),
            closed=period.has(SQL("event.at")),
        )

    def _facts_exceptions_open(self, period):
        """Exceptions that were open at the end of the day, by their history."""
        return SQL(
            """SELECT %(day)s::date AS day, exception.company_id, exception.branch_id,
                      exception.category_id, NULL::integer AS industry_id,
                      NULL::integer AS team_id, exception.id AS res_id,
                      exception.name AS label, 1 AS numerator,
                      NULL::numeric AS denominator
                 FROM distribution_exception exception
           CROSS JOIN LATERAL (
                      SELECT event.kind
                        FROM distribution_exception_event event
                       WHERE event.exception_id = exception.id
                         AND event.kind IN ('opened', 'reopened', 'closed')
                         AND event.at < %(end)s
                       ORDER BY event.at DESC, event.id DESC
                       LIMIT 1) last
                WHERE last.kind <> 'closed'
                  AND (exception.state = 'open' OR exception.closed_at >= %(end)s)""",
            day=period.end,
            end=period.end_utc,
        )


CONTROL = (
    Kpi(
        code="approval_time",
        name=_lt("Approval time"),
        description=_lt(
            "Hours from the moment an approval was asked for until it was approved or "
            "refused, of the requests decided on the day. Requests that were withdrawn are "
            "left out; nights and weekends count."
        ),
        formula=_lt("Hours until the decision / requests decided"),
        theme="control",
        unit="hours",
        direction="down",
        kind="flow",
        model="distribution.approval.request",
        facts="_facts_approval_time",
        dimensions=(),
    ),
    Kpi(
        code="exception_closing_time",
        name=_lt("Exception closing time"),
        description=_lt(
            "Hours from the opening of an exception until its condition was gone, of those "
            "that closed on the day. One that closed several times counts each time."
        ),
        formula=_lt("Hours open / exceptions closed"),
        theme="control",
        unit="hours",
        direction="down",
        kind="flow",
        model="distribution.exception",
        facts="_facts_exception_closing_time",
        dimensions=("category",),
    ),
    Kpi(
        code="exceptions_open",
        name=_lt("Open exceptions"),
        description=_lt(
            "Exceptions that were open at the end of the day, snoozed or not."
        ),
        formula=_lt("Count of open exceptions"),
        theme="control",
        unit="count",
        direction="down",
        kind="state",
        model="distribution.exception",
        facts="_facts_exceptions_open",
        dimensions=("category",),
    ),
    Kpi(
        code="claim_cycle_time",
        name=_lt("Claim cycle time"),
        description=_lt(
            "Days from the opening of a claim of a customer or against a vendor until it "
            "was settled, of those settled on the day."
        ),
        formula=_lt("Days until the settlement / claims settled"),
        theme="control",
        unit="days",
        direction="down",
        kind="flow",
        model="distribution.claim",
        # What a claim is, the addon of claims knows: it brings the query.
        facts="_facts_claim_cycle_time",
        needs=("distribution.claim",),
    ),
)
