from odoo import api, models
from odoo.tools import SQL

from .detector import Detector


class DistributionExceptionRule(models.Model):
    """What the administrator has to act upon: rules, jobs and messages that fail."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="rule_failed",
                model="distribution.exception.rule",
                name=self.env._("Exception rule failed"),
                measure=self.env._("failures"),
                query="_query_rule_failed",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the rule"),
            ),
            Detector(
                code="job_failed",
                model="ir.cron",
                name=self.env._("Job failed"),
                measure=self.env._("failures in a row"),
                query="_query_job_failed",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the job"),
                by_role=True,
            ),
            Detector(
                code="mail_failed",
                model="mail.mail",
                name=self.env._("Message could not be sent"),
                measure=self.env._("messages"),
                query="_query_mail_failed",
                resolve="_resolve_mail_failed",
                resolve_label=self.env._("Send again"),
                by_role=True,
            ),
        ]

    def _query_rule_failed(self, only):
        """Rules whose last look failed."""
        return SQL(
            """SELECT r.id AS res_id, r.company_id, %s AS label,
                      1 AS measure, 0 AS amount, r.failed_at AS too_late_at,
                      r.failure AS detail
                 FROM distribution_exception_rule r
                WHERE %s AND r.active AND r.state = 'failed'""",
            self._field_to_sql("r", "name"),
            only,
        )

    def _query_job_failed(self, only):
        """Jobs whose last runs failed; Odoo switches a job off after some of them."""
        return SQL(
            """SELECT r.id AS res_id, NULL::int AS company_id, %s AS label,
                      r.failure_count AS measure, 0 AS amount,
                      r.first_failure_date AS too_late_at
                 FROM ir_cron r
                 JOIN ir_act_server a ON a.id = r.ir_actions_server_id
                WHERE %s AND r.failure_count > 0""",
            self.env["ir.actions.server"]._field_to_sql("a", "name"),
            only,
        )

    def _query_mail_failed(self, only):
        """Messages that a mail server refused, of the last month."""
        return SQL(
            """SELECT r.id AS res_id, NULL::int AS company_id,
                      COALESCE(m.subject, r.email_to, r.id::text) AS label,
                      1 AS measure, 0 AS amount, r.create_date AS too_late_at,
                      r.failure_reason AS detail
                 FROM mail_mail r
                 JOIN mail_message m ON m.id = r.mail_message_id
                WHERE %s AND r.state = 'exception'
                  AND r.create_date > (NOW() AT TIME ZONE 'UTC') - INTERVAL '30 days'""",
            only,
        )
