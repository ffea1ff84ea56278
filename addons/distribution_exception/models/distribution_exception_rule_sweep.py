import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# Somebody else wrote what this transaction wanted to write: it is to be done once more.
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.UniqueViolation,
)
ATTEMPTS = 5
# A rule that was swept this many minutes ago waits for the next round of the job.
PAUSE = 5


def _reason(error):
    """Why a rule failed. Of what PostgreSQL says not the statement: it has data in it."""
    text = str(error)
    if isinstance(error, psycopg2.Error):
        text = error.diag.message_primary or ""
    return " ".join(text.split())[:500] or type(error).__name__


class DistributionExceptionRule(models.Model):
    """When a rule looks: swept by a job, or at the press of a button."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _cron_sweep(self):
        """Sweep the rules that were not swept lately, each in transactions of its own."""
        before = fields.Datetime.subtract(fields.Datetime.now(), minutes=PAUSE)
        rules = self.search(
            ["|", ("swept_at", "=", False), ("swept_at", "<", before)],
            order="swept_at NULLS FIRST, sequence, id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(rules))
        for rule in rules:
            rule._sweep_in_job()
            if not self.env["ir.cron"]._commit_progress(1):
                return
        self._escalate()

    def _sweep_in_job(self):
        """Sweep one rule, committing each window; begin again where somebody was faster."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                for _outcome in self._sweep_windows():
                    self.env["ir.cron"]._commit_progress()
            except CONFLICTS as error:
                self.env.cr.rollback()
                _logger.info(
                    "Exception rule %s: attempt %s: %s", self.id, attempt, error.pgcode
                )
                time.sleep(0.1 * attempt)
            else:
                return
        _logger.warning("Exception rule %s was not swept: always busy.", self.id)

    def action_sweep(self):
        """Look at everything now; one transaction."""
        self.check_access("write")
        for rule in self.sorted():
            for _outcome in rule._sweep_windows():
                continue
        return True

    def _sweep_windows(self):
        """Look at everything, window by window; yield the Outcome of each.

        What fails marks the rule, and the window is undone. A rule that another sweep holds
        is left to it.
        """
        self.ensure_one()
        started, after = time.monotonic(), 0
        while self._hold():
            outcome = self._try_detect(after=after)
            if not outcome:
                yield outcome
                return
            after = outcome.last
            if after is None:
                self._note_success(time.monotonic() - started)
            yield outcome
            if after is None:
                return

    def _hold(self):
        """Lock the rule against other sweeps; whether it was free.

        Not `try_lock_for_update`: that would also hold up rechecks, which name the rule in
        the exceptions that they add.
        """
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT id FROM distribution_exception_rule WHERE id = %s
                        FOR NO KEY UPDATE SKIP LOCKED""",
                    self.id,
                )
            )
        )

    def _try_detect(self, ids=None, after=0):
        """The Outcome of a look; None where it fails, and then the rule says why."""
        try:
            with self.env.cr.savepoint():
                return self._detect(ids=ids, after=after)
        except CONFLICTS:
            raise
        # Whatever a detector or a filter does wrong, the other rules go on.
        except Exception as error:
            _logger.info("Exception rule %s failed", self.id, exc_info=True)
            self._note_failure(error)
            return None

    def _note_success(self, seconds):
        now = fields.Datetime.now()
        mended = self.filtered(lambda rule: rule.state == "failed")
        # As superuser: whoever looks may not change rules.
        self.sudo().with_context(tracking_disable=True).write(
            {"swept_at": now, "seconds": round(seconds, 3)}
        )
        if mended:
            # As superuser: as above.
            mended.sudo().write({"state": "ok", "failure": False, "failed_at": False})
            self.env["distribution.exception"]._recheck(self._name, mended.ids)

    def _note_failure(self, error):
        # As superuser: see above.
        self.sudo().write(
            {
                "state": "failed",
                "failure": _reason(error),
                "failed_at": self.failed_at or fields.Datetime.now(),
                "swept_at": fields.Datetime.now(),
            }
        )
        self.env["distribution.exception"]._recheck(self._name, self.ids)

    @api.model
    def _escalate(self):
        """Tell the next level of what nobody acted upon in time; return how many."""
        now = fields.Datetime.now()
        self.env.flush_all()
        rows = self.env.execute_query(self._escalation_statement(now))
        exceptions = self.env["distribution.exception"]
        exceptions.invalidate_model()
        self.env["distribution.exception.event"].invalidate_model()
        by_user = {}
        for exception_id, user_id in rows:
            by_user.setdefault(user_id, []).append(exception_id)
        for user in self.env["res.users"].browse(filter(None, by_user)):
            exceptions.browse(by_user[user.id])._notify_escalation(user)
        return len(rows)

    @api.model
    def _escalation_statement(self, now):
        return SQL(
            """
            WITH late AS (
                SELECT e.id, %(user)s AS user_id
                  FROM distribution_exception e
                  JOIN distribution_exception_rule rule ON rule.id = e.rule_id
                       %(joins)s
                 WHERE e.state = 'open' AND e.escalated_at IS NULL
                   AND e.escalate_at <= %(now)s
                   AND (e.snoozed_until IS NULL OR e.snoozed_until <= %(now)s)
                   FOR UPDATE OF e SKIP LOCKED),
            told AS (
                UPDATE distribution_exception e
                   SET escalated_at = %(now)s, escalation_user_id = late.user_id,
                       write_date = %(now)s
                  FROM late WHERE e.id = late.id
                RETURNING e.id, e.escalation_user_id),
            events AS (
                INSERT INTO distribution_exception_event
                       (exception_id, at, kind, user_id, create_uid, create_date,
                        write_uid, write_date)
                SELECT id, %(now)s, 'escalated', escalation_user_id, %(uid)s, %(now)s,
                       %(uid)s, %(now)s FROM told)
            SELECT id, escalation_user_id FROM told ORDER BY id
            """,
            user=self._escalation_user_sql(),
            joins=SQL(" ").join(self._escalation_joins()),
            now=SQL("%s::timestamp", now),
            uid=self.env.uid,
        )

    @api.model
    def _escalation_user_sql(self):
        """Who is told of exception `e` of `rule`."""
        return SQL("rule.escalate_user_id")

    @api.model
    def _escalation_joins(self):
        return []
