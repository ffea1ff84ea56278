from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector

REQUEST = "distribution.approval.request"


class DistributionExceptionRule(models.Model):
    """What is found in approvals: see the queries for what exactly."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="approval_late",
                model=REQUEST,
                name=self.env._("Approval is past due"),
                measure=self.env._("hours late"),
                query="_query_approval_late",
                resolve="_resolve_approval",
                resolve_label=self.env._("Decide"),
            ),
            Detector(
                code="approval_waiting",
                model=REQUEST,
                name=self.env._("Document waits for approval"),
                measure=self.env._("hours since it was asked for"),
                query="_query_approval_waiting",
                resolve="_resolve_approval",
                resolve_label=self.env._("Decide"),
            ),
        ]

    def _query_approval_late(self, only):
        """Requests whose time is up: a step is past its limit, or was escalated for it.

        Whoever is asked acts, where it is one person. Measured are whole hours since the
        first limit was over; at risk is the amount of the document. While the requester is
        asked something the clock stands still.
        """
        return SQL(
            """
            SELECT %(columns)s, late.since AS too_late_at,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - late.since) / 3600) AS measure,
                   CASE WHEN late.times > 0 THEN FORMAT(%(escalated)s, asked.names)
                        ELSE FORMAT(%(waits)s, asked.names) END AS detail
              FROM distribution_approval_request r
                   %(asked)s
                   %(late)s
             WHERE %(only)s AND r.state = 'pending' AND r.asked_back IS NOT TRUE
               AND late.since <= %(now)s
            """,
            columns=self._approval_columns(),
            now=_now(),
            only=only,
            asked=self._approval_asked(),
            late=self._approval_late(),
            escalated=self.env._("Escalated; it waits for %s.", "%s"),
            waits=self.env._("It waits for %s.", "%s"),
        )

    def _query_approval_waiting(self, only):
        """Requests that are not past due, but wait: for a decision, or for an answer.

        Whoever is asked acts, where it is one person; the requester, where he was asked
        something. Measured are whole hours since it was asked for; at risk is the amount of
        the document. It is too late when the time limit is over; without one, never.
        """
        return SQL(
            """
            SELECT %(columns)s, r.deadline AS too_late_at,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - r.requested_date) / 3600) AS measure,
                   FORMAT(%(waits)s, CASE WHEN r.asked_back THEN requester.name
                                          ELSE asked.names END) AS detail
              FROM distribution_approval_request r
              JOIN res_users requesting ON requesting.id = r.requester_id
              JOIN res_partner requester ON requester.id = requesting.partner_id
                   %(asked)s
                   %(late)s
             WHERE %(only)s AND r.state = 'pending' AND r.requested_date <= %(now)s
               AND (r.asked_back OR late.since IS NULL OR late.since > %(now)s)
            """,
            columns=self._approval_columns(),
            now=_now(),
            only=only,
            asked=self._approval_asked(),
            late=self._approval_late(),
            waits=self.env._("It waits for %s.", "%s"),
        )

    def _approval_columns(self):
        return SQL(
            """r.id AS res_id, r.company_id, r.document AS label, r.amount,
               CASE WHEN r.asked_back THEN r.requester_id
                    WHEN asked.number = 1 THEN asked.user_id END AS user_id"""
        )

    def _approval_asked(self):
        """Who can decide now."""
        return SQL(
            """CROSS JOIN LATERAL (
               SELECT COUNT(*) AS number, MIN(rel.res_users_id) AS user_id,
                      STRING_AGG(partner.name, ', ' ORDER BY partner.name) AS names
                 FROM distribution_approval_request_asked_rel rel
                 JOIN res_users users ON users.id = rel.res_users_id
                 JOIN res_partner partner ON partner.id = users.partner_id
                WHERE rel.distribution_approval_request_id = r.id) asked"""
        )

    def _approval_late(self):
        """When the first limit was over of the steps that are asked now.

        Each escalation begins a new limit, so the first one counts; escalations of steps
        that have decided since do not.
        """
        return SQL(
            """CROSS JOIN LATERAL (
               SELECT LEAST(MIN(decision.date), r.deadline) AS since,
                      COUNT(decision.id) AS times
                 FROM distribution_approval_decision decision
                WHERE decision.request_id = r.id AND decision.decision = 'escalate'
                  AND EXISTS (
                      SELECT FROM distribution_approval_task task
                       WHERE task.request_id = r.id AND task.state = 'asked'
                         AND task.name = decision.step AND task.escalation_level > 0
                         AND task.asked_date <= decision.date)) late"""
        )


def _now():
    return SQL("%s::timestamp", fields.Datetime.now())
