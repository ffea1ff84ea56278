from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = timedelta(days=1)


class DistributionDutyLock(models.Model):
    """Makes what one user does to one document happen one after the other.

    Odoo's transactions see the database as it was when they began. Two of one user, one
    that receives and one that bills, would each find the other duty not done. So each
    writes the row of its user and document here. The second waits for the first, and then
    PostgreSQL does not let it write a row that changed after it began (“could not serialize
    access”): Odoo runs the request again, and this time it sees what the first has done.
    An advisory lock or a lock of the document would only make it wait, and then go on with
    what it saw before.

    A row means nothing once its transaction is over; old ones are removed.
    """

    _name = "distribution.duty.lock"
    _description = "Lock of a Document for a User"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    date = fields.Datetime(required=True, help="When it was last taken.")

    _document_unique = models.Constraint(
        "UNIQUE(user_id, res_model, res_id)", "A user has one lock of a document."
    )

    @api.model
    def _lock(self, documents):
        """Wait for what else the user does to `documents`; fail if it has changed them."""
        self.env.cr.execute(
            # In the order of the ids, so that two of these cannot wait for each other.
            SQL(
                """
                INSERT INTO distribution_duty_lock (user_id, res_model, res_id, date)
                SELECT %(user)s, %(model)s, document, now() AT TIME ZONE 'UTC'
                FROM unnest(%(documents)s) AS document
                ORDER BY document
                ON CONFLICT (user_id, res_model, res_id)
                DO UPDATE SET date = EXCLUDED.date
                """,
                user=self.env.uid,
                model=documents._name,
                documents=documents.ids,
            ),
            # That it fails is expected, and Odoo tells when it tries again.
            log_exceptions=False,
        )

    @api.autovacuum
    def _gc_locks(self):
        # Nobody has the right to delete these; no transaction runs for so long.
        self.env.cr.execute(
            SQL(
                "DELETE FROM distribution_duty_lock WHERE date < %s",
                self.env.cr.now() - KEPT,
            )
        )
