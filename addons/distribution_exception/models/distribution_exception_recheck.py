from odoo import api, fields, models
from odoo.tools import SQL

from .distribution_exception_rule_sweep import CONFLICTS

# Rechecks that one transaction of the job takes from the waiting list.
BATCH = 1000
PENDING = "distribution_exception_recheck"
CRON = "distribution_exception.ir_cron_recheck"


class DistributionExceptionRecheck(models.Model):
    """The waiting list of records whose exceptions are to be looked at again."""

    _name = "distribution.exception.recheck"
    _description = "Waiting Recheck"
    _inherit = ["distribution.guarded.mixin"]
    _order = "id"
    _log_access = False

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)

    @api.model
    def _cron_recheck(self):
        """Look at what waits, in batches; each is a transaction."""
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=1)
        while True:
            try:
                done = self._take_batch()
            except CONFLICTS:
                # Somebody else wrote one of them; the batch is back on the list.
                self.env.cr.rollback()
                self._wake()
                return
            if not Cron._commit_progress(0, remaining=0 if done < BATCH else 1):
                return
            if done < BATCH:
                return

    @api.model
    def _take_batch(self):
        """Take records off the list and look at them; return how many were taken."""
        rows = self.env.execute_query(
            SQL(
                """DELETE FROM distribution_exception_recheck WHERE id IN (
                       SELECT id FROM distribution_exception_recheck ORDER BY id
                        LIMIT %s FOR UPDATE SKIP LOCKED)
                   RETURNING res_model, res_id""",
                BATCH,
            )
        )
        by_model = {}
        for model, res_id in rows:
            by_model.setdefault(model, set()).add(res_id)
        # Read, not from the cache of this process, which may not know yet of a rule that
        # another has just made: what is taken off the list is not looked at again.
        rules = self.env["distribution.exception.rule"].search(
            [("model", "in", list(by_model))]
        )
        for model, of_model in rules.grouped("model").items():
            self._look_at(of_model, sorted(by_model[model]))
        return len(rows)

    @api.model
    def _look_at(self, rules, ids):
        """Look with every rule; where one fails, each again on its own."""
        try:
            with self.env.cr.savepoint():
                for rule in rules:
                    rule._detect(ids=ids)
        except CONFLICTS:
            raise
        except Exception:  # which rule it was comes out below, where it is marked
            for rule in rules:
                rule._try_detect(ids=ids)

    @api.model
    def _wake(self):
        """Have the job run as soon as this transaction is committed."""
        # As superuser: whoever changes a document wakes it.
        crons = self.env["ir.cron"].sudo()
        crons.browse(self.env["ir.model.data"]._xmlid_to_res_id(CRON))._trigger()

    @api.model
    def _ask(self, model, ids):
        """Have records looked at after the commit: one statement, as it commits."""
        precommit = self.env.cr.precommit
        pending = precommit.data.get(PENDING)
        if pending is None:
            pending = precommit.data[PENDING] = {}
            precommit.add(self._enlist)
        pending.setdefault(model, set()).update(ids)

    @api.model
    def _enlist(self):
        """Write down what was asked for, and wake the job."""
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        pairs = [
            SQL("(%s, %s)", model, res_id)
            for model, ids in sorted(pending.items())
            for res_id in sorted(ids)
        ]
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            CRON, raise_if_not_found=False
        )
        if not pairs or not cron_id:
            return
        self.env.execute_query(
            SQL(
                """WITH asked AS (
                       INSERT INTO distribution_exception_recheck (res_model, res_id)
                       VALUES %s)
                   INSERT INTO ir_cron_trigger
                          (cron_id, call_at, create_uid, create_date, write_uid, write_date)
                   SELECT %s, at, %s, at, %s, at
                     FROM (SELECT NOW() AT TIME ZONE 'UTC' AS at) moment RETURNING id""",
                SQL(", ").join(pairs),
                cron_id,
                self.env.uid,
                self.env.uid,
            )
        )
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)
