import hashlib
import json
import logging

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

_logger = logging.getLogger(__name__)
GENESIS = "0" * 64
# What a hash covers, in this order. Names as they were, so that renaming breaks nothing.
HASHED = (
    "number",
    "company_id",
    "request_id",
    "res_model",
    "res_id",
    "document",
    "decision",
    "step",
    "user_id",
    "user_login",
    "on_behalf_of_id",
    "on_behalf_of_login",
    "date",
    "fingerprint",
    "reason",
    "previous_hash",
)
VERIFY_BATCH = 5000


class DistributionApprovalDecision(models.Model):
    """What somebody decided. Evidence, chained: each line holds the hash of the one before.

    There is one chain a company. A line that was altered, left out or put in between does
    not fit its neighbours; the end of the chain is kept apart, so that one cannot cut it
    off either.
    """

    _name = "distribution.approval.decision"
    _description = "Approval Decision"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _check_company_auto = True

    number = fields.Integer(required=True, help="Position in the chain of the company.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    request_id = fields.Many2one(
        "distribution.approval.request",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True
    )
    document = fields.Char(required=True, help="The document's name at that time.")
    decision = fields.Selection(
        [
            ("approve", "Approved"),
            ("reject", "Rejected"),
            ("ask_back", "Asked back"),
            ("answer", "Answered"),
            ("delegate", "Handed on"),
            ("escalate", "Escalated"),
            ("policy", "Approved by policy"),
            ("withdraw", "Withdrawn"),
            ("supersede", "Superseded"),
        ],
        required=True,
    )
    step = fields.Char(help="What the user was asked as.")
    user_id = fields.Many2one(
        "res.users", string="Decided By", required=True, index=True, ondelete="restrict"
    )
    user_login = fields.Char(required=True)
    on_behalf_of_id = fields.Many2one(
        "res.users",
        string="On Behalf Of",
        ondelete="restrict",
        help="Whose authority it was, where the user decided under a delegation.",
    )
    on_behalf_of_login = fields.Char()
    date = fields.Datetime(required=True)
    fingerprint = fields.Char(
        required=True, help="SHA-256 of the guarded fields that were decided on."
    )
    reason = fields.Text()
    previous_hash = fields.Char(required=True)
    hash = fields.Char(
        required=True, help="SHA-256 of this line and the hash before it."
    )

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number)", "A chain has each number once."
    )

    @api.depends("number", "document", "decision")
    def _compute_display_name(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for decision in self:
            label = labels.get(decision.decision, "")
            decision.display_name = f"#{decision.number} {decision.document}: {label}"

    @api.model
    def _record(self, decision, requests, **values):
        """Add one line a request to the chains of their companies."""
        # As superuser: it is read for the record, and whoever decides sees the request.
        requests = requests.sudo()
        user = self.env.user.sudo()  # logins are kept with the names
        behalf = values.get("on_behalf_of_id") or user.browse()
        now = fields.Datetime.now()
        rows = []
        for company, group in requests.grouped("company_id").items():
            chain = self.env["distribution.approval.chain"]._lock(company)
            number, previous = chain.number, chain.hash
            for request in group.sorted("id"):
                number += 1
                row = {
                    "number": number,
                    "company_id": company.id,
                    "request_id": request.id,
                    "res_model": request.res_model,
                    "res_id": request.res_id,
                    "document": request.document,
                    "decision": decision,
                    "step": values.get("step") or None,
                    "user_id": user.id,
                    "user_login": user.login,
                    "on_behalf_of_id": behalf.id or None,
                    # As above.
                    "on_behalf_of_login": behalf.sudo().login or None,
                    "date": now,
                    "fingerprint": request.fingerprint,
                    "reason": (values.get("reason") or "").strip() or None,
                    "previous_hash": previous,
                }
                previous = row["hash"] = _digest(row)
                rows.append(row)
            guarded(chain).write({"number": number, "hash": previous})
        return self._record_evidence(rows)

    def _is_intact(self):
        """Whether each of these lines still has the hash of what it says."""
        self.flush_recordset()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s, hash FROM distribution_approval_decision WHERE id IN %s",
                _columns(),
                tuple(self.ids) or (0,),
            )
        )
        return all(_digest(row) == row["hash"] for row in rows)

    @api.model
    def _verify(self, company):
        """Walk the chain of a company.

        :return: how many lines were read, and a sentence naming the first that does not
            fit, or None
        """
        self.env.flush_all()
        number, previous = 0, GENESIS
        while True:
            rows = self.env.execute_query_dict(
                SQL(
                    """
                    SELECT %s, hash FROM distribution_approval_decision
                    WHERE company_id = %s AND number > %s ORDER BY number LIMIT %s
                    """,
                    _columns(),
                    company.id,
                    number,
                    VERIFY_BATCH,
                )
            )
            if not rows:
                break
            for row in rows:
                problem = self._line_problem(row, number + 1, previous)
                if problem:
                    return number, problem
                number, previous = row["number"], row["hash"]
        problem = self._end_problem(company, number, previous)
        return number, problem or self._request_problem(company)

    def _line_problem(self, row, number, previous):
        if row["number"] != number:
            return self.env._("Decision %(number)s is missing.", number=number)
        if row["previous_hash"] != previous:
            return self.env._(
                "Decision %(number)s (%(document)s) does not follow the one before it.",
                number=number,
                document=row["document"],
            )
        if _digest(row) != row["hash"]:
            return self.env._(
                "Decision %(number)s (%(document)s) was altered.",
                number=number,
                document=row["document"],
            )
        return None

    def _end_problem(self, company, number, previous):
        chain = self.env["distribution.approval.chain"].sudo()  # the auditor's to check
        chain = chain.search([("company_id", "=", company.id)])
        if (chain.number or 0) == number and (chain.hash or GENESIS) == previous:
            return None
        return self.env._(
            "The chain ends at decision %(number)s, and should end at %(end)s: decisions "
            "are missing at the end.",
            number=number,
            end=chain.number or 0,
        )

    def _request_problem(self, company):
        """The first request whose state its decisions do not bear out, or None."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT request.document
                  FROM distribution_approval_request request
                  LEFT JOIN LATERAL (
                    SELECT array_agg(decision.decision) AS kinds,
                           count(DISTINCT decision.user_id) FILTER (
                               WHERE decision.decision = 'approve'
                           ) AS approvers,
                           bool_and(decision.fingerprint = request.fingerprint) AS same
                      FROM distribution_approval_decision decision
                     WHERE decision.request_id = request.id
                  ) taken ON TRUE
                  LEFT JOIN LATERAL (
                    SELECT max(task.minimum) AS minimum
                      FROM distribution_approval_task task
                     WHERE task.request_id = request.id
                  ) asked ON TRUE
                 WHERE request.company_id = %s
                   AND (NOT COALESCE(same, TRUE)
                        OR (request.state = 'approved'
                            AND NOT COALESCE('policy' = ANY(kinds), FALSE)
                            AND COALESCE(approvers, 0) < COALESCE(minimum, 1))
                        OR (request.state = 'rejected'
                            AND NOT COALESCE('reject' = ANY(kinds), FALSE))
                        OR (request.state = 'withdrawn'
                            AND NOT COALESCE('withdraw' = ANY(kinds), FALSE))
                        OR (request.state = 'superseded'
                            AND NOT COALESCE('supersede' = ANY(kinds), FALSE))
                        OR (request.state = 'pending'
                            AND COALESCE(kinds && ARRAY['reject', 'withdraw',
                                         'supersede', 'policy']::varchar[], FALSE)))
                 ORDER BY request.id LIMIT 1
                """,
                company.id,
            )
        )
        if not rows:
            return None
        return self.env._(
            "The state of the request for %(document)s does not follow from its decisions.",
            document=rows[0][0],
        )

    def action_verify(self):
        """Walk the chains of the companies one works in, and say what was found."""
        self.check_access("read")
        results = [(company, *self._verify(company)) for company in self.env.companies]
        problems = [problem for _company, _count, problem in results if problem]
        count = sum(count for _company, count, _problem in results)
        message = "\n".join(problems) or self.env._(
            "%(count)s decisions, and each fits the one before it.", count=count
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "title": self.env._("Tampered with")
                if problems
                else self.env._("Nothing was altered"),
                "message": message,
                "sticky": bool(problems),
            },
        }

    @api.model
    def _cron_verify(self):
        """Verify every chain, and tell administrators and auditors what does not fit.

        The end of each chain goes into the log as well: kept with the logs, outside the
        database, it proves that a whole chain was not written anew.
        """
        # Each company has a chain of its own, and there are few companies.
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            count, problem = self._verify(company)
            chain = self.env["distribution.approval.chain"].search(
                [("company_id", "=", company.id)]
            )
            if problem:
                _logger.error("Approval decisions of %s: %s", company.name, problem)
                self._tell_guardians(company, problem)
            elif count:
                _logger.info(
                    "Approval decisions of %s: %s, intact, ending in %s",
                    company.name,
                    count,
                    chain.hash,
                )

    def _tell_guardians(self, company, problem):
        groups = [
            self.env.ref(f"distribution_base.group_{role}")
            for role in ("auditor", "administrator")
        ]
        users = self.env["res.users"].union(*(group.all_user_ids for group in groups))
        self.env["mail.thread"].message_notify(
            partner_ids=users.filtered(
                lambda u: company in u.company_ids
            ).partner_id.ids,
            subject=self.env._("Approval decisions were tampered with"),
            body=problem,
        )


class DistributionApprovalChain(models.Model):
    """Where the chain of a company ends. Locked while a line is added."""

    _name = "distribution.approval.chain"
    _description = "End of a Chain of Decisions"
    _inherit = ["distribution.guarded.mixin"]
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    number = fields.Integer(default=0)
    hash = fields.Char(default=GENESIS)

    _company_unique = models.Constraint(
        "UNIQUE (company_id)", "A company has one chain."
    )

    @api.model
    def _lock(self, company):
        """The end of the company's chain, locked for this transaction.

        Whoever waits for the lock finds the row changed under his snapshot, so PostgreSQL
        refuses to serialize and Odoo runs the request again: two never add one number.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO distribution_approval_chain (company_id, number, hash)
                VALUES (%s, 0, %s) ON CONFLICT DO NOTHING
                """,
                company.id,
                GENESIS,
            )
        )
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM distribution_approval_chain WHERE company_id = %s "
                "FOR UPDATE",
                company.id,
            ),
            # That it fails is expected, and Odoo tells when it tries again.
            log_exceptions=False,
        )
        ((chain_id,),) = self.env.cr.fetchall()
        chain = self.sudo().browse(chain_id)  # only this code moves the end
        chain.invalidate_recordset()
        return chain


def _columns():
    return SQL(", ").join(SQL.identifier(name) for name in HASHED)


def _digest(row):
    values = [row[name] for name in HASHED]
    values = [fields.Datetime.to_string(v) if hasattr(v, "hour") else v for v in values]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
