import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, clean_context

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

_logger = logging.getLogger(__name__)
ACTIVITY = "distribution_approval.mail_activity_approval"


class DistributionApprovalRequest(models.Model):
    """What the engine does with requests: make, queue, close, carry on."""

    _inherit = "distribution.approval.request"

    @api.model
    def _request(self, documents, missing):
        """Make the requests of documents that lack approval, and ask.

        :param missing: {document id: Evaluation} of these documents
        """
        documents = documents.sudo()  # what is frozen does not depend on who asks
        self._claim(documents)
        fingerprints = documents._approval_fingerprints()
        amounts = documents._approval_amount()
        facts, details = documents._approval_facts(), documents._approval_details()
        authors = documents._approval_authors()
        extra = documents._approval_prepare_request_values()
        now = fields.Datetime.now()
        requests = guarded(self).create(
            [
                {
                    "res_model": documents._name,
                    "res_id": document.id,
                    "document": document.display_name,
                    "company_id": document._approval_company().id,
                    "policy_id": missing[document.id].policy.id,
                    "requester_id": self.env.uid,
                    "author_ids": [*authors[document.id], self.env.uid],
                    "requested_date": now,
                    "amount": amounts.get(document.id, 0.0),
                    "fingerprint": fingerprints[document.id],
                    "findings": [f.to_json() for f in missing[document.id].needed],
                    "facts": facts.get(document.id),
                    "details": details.get(document.id),
                    **extra[document.id],
                }
                for document in documents
            ]
        )
        # Without the key to guarded records.
        requests = self.browse(requests.ids)._whole()
        self.env["distribution.approval.task"]._prepare(requests)
        return requests

    def _claim(self, documents):
        """Let nobody else ask for the same documents at the same moment.

        Writing their rows anew makes the second who asks fail to serialize: Odoo runs the
        request again, and then it finds that approval was asked for.
        """
        documents.flush_recordset()
        table = SQL.identifier(documents._table)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET id = id WHERE id IN "
                "(SELECT id FROM %s WHERE id IN %s ORDER BY id FOR UPDATE)",
                table,
                table,
                tuple(documents.ids),
            ),
            # That it fails is expected, and Odoo tells when it tries again.
            log_exceptions=False,
        )

    def _approve_by_policy(self, documents):
        """Approve what automations made inside a band that says so; ask for the rest."""
        authors = documents._approval_authors()
        for document in documents:  # and nobody has edited its head since
            authors[document.id] |= set(document.write_uid.ids)
        automatic = self.filtered(
            lambda request: request._is_automatic(authors[request.res_id])
        )
        if automatic:
            self.env["distribution.approval.decision"]._record(
                "policy",
                automatic,
                reason=self.env._("Made by an automation that the policy approves."),
            )
            automatic.task_ids._cancel()
            automatic._close("approved")
        (self - automatic).task_ids._ask_first()
        return automatic

    def _is_automatic(self, author_ids):
        """Whether only automations that every band found names made the document."""
        found = [finding["band"] for finding in self.findings]
        # As superuser: whoever asks need not see the policy.
        bands = (
            self.env["distribution.approval.band"].sudo().browse(filter(None, found))
        )
        return bool(author_ids) and all(
            band and author_ids <= set(bands.browse(band).automation_user_ids.ids)
            for band in found
        )

    # The queue.

    def _update_queue(self):
        """Bring who is asked, and until when, in line with the steps; tell who is new."""
        before = self._asked_pairs()
        same = defaultdict(self.browse)
        for request in self:
            values = request._queue_values()
            users = tuple(request.user_ids.sorted("id").ids)
            # What is the same is not written: the job would be in the way of approvers.
            if values != (users, request.deadline, request.problem):
                same[values] |= request
        for (user_ids, deadline, problem), requests in same.items():
            guarded(requests).write(
                {
                    "user_ids": [(6, 0, user_ids)],
                    "reader_ids": [(4, user_id) for user_id in user_ids],
                    "deadline": deadline,
                    "problem": problem,
                }
            )
        self._tell_counters(before)
        self._update_activities()

    def _queue_values(self):
        """Who is asked, the first deadline, and what is wrong."""
        self.ensure_one()
        tasks = self.task_ids.filtered(lambda task: task.state == "asked")
        if self.state != "pending":
            tasks = tasks.browse()
        deadlines = [task.deadline for task in tasks if task.deadline]
        problems = [task.problem for task in tasks if task.problem]
        deadline = False if self.asked_back else min(deadlines, default=False)
        users = tuple(tasks.user_ids.sorted("id").ids)
        return users, deadline, " ".join(problems) or False

    def _update_activities(self):
        """One activity for each user who is asked; none for those who no longer are."""
        activity_type = self.env.ref(ACTIVITY)
        Activity = self.env["mail.activity"].sudo()  # the engine's own activities
        existing = Activity.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )
        wanted = {
            (request.id, user.id): request
            for request in self
            for user in request.user_ids
        }
        there = {
            (activity.res_id, activity.user_id.id): activity for activity in existing
        }
        existing.filtered(lambda a: (a.res_id, a.user_id.id) not in wanted).unlink()
        new = {key: request for key, request in wanted.items() if key not in there}
        if not new:
            return
        model_id = self.env["ir.model"]._get_id(self._name)
        # Odoo would send a mail for each; one for all that is new comes below.
        Activity.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": request.id,
                    "user_id": user_id,
                    "activity_type_id": activity_type.id,
                    "summary": request.document,
                    "date_deadline": fields.Date.to_date(request.deadline)
                    or fields.Date.context_today(request),
                }
                for (_request_id, user_id), request in new.items()
            ]
        )
        by_user = defaultdict(self.browse)
        for (_request_id, user_id), request in new.items():
            by_user[user_id] |= request
        for user_id, requests in by_user.items():
            requests._tell_asked(self.env["res.users"].browse(user_id))

    def _tell_asked(self, user):
        """One mail for all the requests on which `user` is asked now."""
        requests = self.with_context(lang=user.lang)
        body = self.env["ir.qweb"]._render(
            "distribution_approval.mail_asked", {"requests": requests, "user": user}
        )
        record = requests if len(requests) == 1 else self.env["mail.thread"]
        record.sudo().message_notify(  # whoever asks need not see the approver's address
            partner_ids=user.partner_id.ids,
            subject=requests._mail_subject(),
            body=body,
        )

    def _mail_subject(self):
        if len(self) == 1:
            return self.env._("To approve: %(document)s", document=self.document)
        return self.env._("To approve: %(count)s documents", count=len(self))

    # Closing.

    def _close(self, state):
        """End pending or approved requests."""
        values = {
            "state": state,
            "closed_date": fields.Datetime.now(),
            "asked_back": False,
            "user_ids": [(5,)],
            "deadline": False,
        }
        before = self._whole()._asked_pairs()
        guarded(self).write(values)
        self._whole()._tell_counters(before)
        self._whole()._update_activities()
        for request in self:
            _logger.info("Approval of %s: %s", request.document, state)

    def _supersede(self):
        """The documents are no longer what was asked for, or approved."""
        if not self:
            return
        # First, as those do who decide: in another order two could wait for each other.
        self._lock()
        self.env["distribution.approval.decision"]._record(
            "supersede",
            self,
            reason=self.env._(
                "Changed, cancelled or deleted by %(name)s.", name=self.env.user.name
            ),
        )
        pending = self.filtered(lambda request: request.state == "pending")
        self.task_ids._cancel()
        self._close("superseded")
        for request in self:
            request._log(
                self.env._(
                    "%(name)s changed the document: this approval counts no more.",
                    name=self.env.user.name,
                )
            )
        for model_name, group in pending.grouped("res_model").items():
            # Whoever edits the document may lack the right to set it back.
            documents = self.env[model_name].sudo().browse(group.mapped("res_id"))
            documents.exists()._approval_released()  # the state goes with the request

    def _carry_out(self):
        """The documents have passed their gate: the approval is used up."""
        approved = self.filtered(lambda request: request.state == "approved")
        guarded(approved).write({"used_date": fields.Datetime.now()})
        # What was asked for is no longer needed, such as after a policy has ended.
        (self - approved)._supersede()

    def _carry_on(self):
        """Approved: do what was asked for, as the one who asked."""
        self.ensure_one()
        requester = self.requester_id
        self._tell_requester(
            self.env._("%(document)s is approved", document=self.document)
        )
        environment = self.env(
            # A customer who has signed has no right to confirm.
            user=api.SUPERUSER_ID if requester.share else requester.id,
            su=False,
            context={**clean_context(self.env.context), "lang": requester.lang},
        )
        document = environment[self.res_model].browse(self.res_id)
        document = document.with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                document._approval_complete()
                # In his name too is what Odoo reckons anew.
                environment.flush_all()
        except (UserError, AccessError, ValidationError) as error:
            _logger.info("%s is approved, but waits: %s", self.document, error)
            message = self.env._(
                "Approved, but not carried out yet: %(error)s", error=error.args[0]
            )
            self._log(message)
            self._tell_requester(message)

    def _check_decisions(self):
        """Trust an approval for its decisions, not for its state.

        :raise UserError: where the decisions are missing or were altered
        """
        counted = self.decision_ids.filtered(
            lambda decision: decision.decision in ("approve", "policy")
        )
        intact = counted._is_intact()
        for request in self:
            decisions = request.decision_ids & counted
            if not request._is_borne_out(decisions) or not (
                intact or decisions._is_intact()
            ):
                _logger.error("The approval of %s was tampered with", request.document)
                raise UserError(
                    self.env._(
                        "The approval of %(document)s does not agree with its decisions. "
                        "Tell your auditor.",
                        document=request.document,
                    )
                )

    def _is_borne_out(self, decisions):
        """Whether enough people decided, on what was asked for; or the policy did."""
        if any(decision.fingerprint != self.fingerprint for decision in decisions):
            return False
        if "policy" in decisions.mapped("decision"):
            return True
        needed = max(self.task_ids.mapped("minimum"), default=1)
        return len(decisions.user_id) >= max(needed, 1)

    # Words.

    def _document(self):
        """The document, as superuser: its state follows that of the request."""
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _log(self, message, reason=None):
        """Write into the chatter of the request, and of the document if it has one."""
        body = f"{message} {reason}" if reason else message
        author = self.env.user.partner_id.id
        self._whole()._message_log(body=body, author_id=author)
        document = self._document()
        if document and hasattr(document, "_message_log"):
            document._message_log(body=body, author_id=author)

    def _tell_requester(self, subject, reason=None):
        if self.requester_id == self.env.user:
            return
        self._whole().message_notify(
            partner_ids=self.requester_id.partner_id.ids,
            subject=subject,
            body=reason or subject,
        )

    @api.model
    def _latest_documents(self, model_name):
        """{document id: state of its last request}."""
        self.flush_model(["res_model", "res_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (res_id) res_id, state
                  FROM distribution_approval_request
                 WHERE res_model = %s ORDER BY res_id, id DESC
                """,
                model_name,
            )
        )
        return dict(rows)

    @api.model
    def _close_orphans(self):
        """Close what waits for documents that Odoo has deleted behind the ORM."""
        requests = self.search([("is_open", "=", True)])
        for model_name, group in requests.grouped("res_model").items():
            there = set(
                self.env[model_name].browse(group.mapped("res_id")).exists().ids
            )
            group.filtered(lambda r, there=there: r.res_id not in there)._supersede()
