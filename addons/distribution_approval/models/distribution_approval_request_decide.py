import logging

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

_logger = logging.getLogger(__name__)


class DistributionApprovalRequest(models.Model):
    """What people do with a request."""

    _inherit = "distribution.approval.request"

    def action_approve(self, reason=None):
        """Approve as the current user, in every step in which he is asked.

        :raise AccessError: if he is not asked, or had a hand in the document
        :raise UserError: if it is decided already, or the document has changed
        """
        for request in self:
            request._decide("approve", reason)
        return True

    def action_reject(self, reason=None):
        """Reject as the current user. One rejection ends the request.

        :raise UserError: without a reason
        """
        for request in self:
            request._decide("reject", request._needed(reason))
        return True

    def action_ask_back(self, reason=None):
        """Ask the requester something; the clock stands still until the answer."""
        for request in self:
            request._decide("ask_back", request._needed(reason))
        return True

    def action_delegate(self, user_id=None, reason=None):
        """Hand this one request on to another user, who decides on one's behalf."""
        for request in self:
            request._hand_on(self.env["res.users"].browse(user_id).exists(), reason)
        return True

    def action_answer(self, reason=None):
        """Answer what an approver asked, as the one who made the request."""
        for request in self:
            request._answer(request._needed(reason))
        return True

    def action_withdraw(self, reason=None):
        """Take back one's own request."""
        for request in self:
            request._withdraw(reason)
        return True

    def _needed(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why, so that %(name)s understands.",
                    name=self.requester_id.name,
                )
            )
        return reason

    def _decide(self, decision, reason):
        """One decision of the current user on one request."""
        tasks = self._lock_for_decision()
        document = self._current_document()
        Duty = self.env["distribution.duty.log"]
        if decision == "approve":
            Duty._perform("approve", document.sudo(False))
        for task in tasks:
            self.env["distribution.approval.decision"]._record(
                decision,
                self,
                step=task.name,
                reason=reason,
                on_behalf_of_id=task._on_behalf_of(self.env.user),
            )
        _logger.info("%s: %s by %s", self.document, decision, self.env.user.login)
        getattr(self, f"_after_{decision}")(tasks, reason)

    def _lock_for_decision(self):
        """The open steps of the current user, locked against a second decision."""
        self.ensure_one()
        self.check_access("read")
        self._lock()
        self._check_pending()
        tasks = self._whole().task_ids.filtered(lambda t: t.state == "asked")
        tasks._refresh()
        mine = self._tasks_of(self.env.user)
        if not mine or self.env.user in self._whole().author_ids:
            raise self._refuse()
        return mine

    def _lock(self):
        """Wait for what somebody else does with these requests.

        Whoever comes second finds the row changed under his snapshot, so PostgreSQL refuses
        to serialize; Odoo runs the request again, and it finds what was decided. Odoo's own
        `lock_for_update` does not wait, and would tell him nothing.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM distribution_approval_request WHERE id IN %s "
                "ORDER BY id FOR UPDATE",
                tuple(self.ids),
            ),
            # That it fails is expected, and Odoo tells when it tries again.
            log_exceptions=False,
        )

    def _refuse(self):
        """Log that the current user tried, and say why he cannot decide."""
        own = self.env.user in self._whole().author_ids
        message = (
            self.env._(
                "You cannot decide on %(document)s: you made, edited or asked for it.",
                document=self.document,
            )
            if own
            else self.env._(
                "You are not asked to decide on %(document)s.", document=self.document
            )
        )
        document = self.env[self.res_model].browse(self.res_id)
        self.env["distribution.duty.log"]._log_refused("approve", document, message)
        return AccessError(message)

    def _check_pending(self):
        if self.state == "pending":
            return
        last = self._whole().decision_ids[:1]
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(document)s is %(state)s already, by %(name)s.",
                document=self.document,
                state=states[self.state].lower(),
                name=last.user_id.name or self.env._("the system"),
            )
        )

    def _current_document(self):
        """The document, if it is still what was asked for."""
        document = self._document()
        if not document:
            raise UserError(
                self.env._(
                    "%(document)s does not exist any more.", document=self.document
                )
            )
        if document._approval_fingerprints()[document.id] != self.fingerprint:
            raise UserError(
                self.env._(
                    "%(document)s has changed since approval was asked for. Have it asked "
                    "again.",
                    document=self.document,
                )
            )
        return document

    def _after_approve(self, tasks, reason):
        if self.asked_back:  # somebody else had a question, and this answers it
            guarded(self).write({"asked_back": False})
        tasks._approved()
        self._log(self.env._("Approved by %(name)s.", name=self.env.user.name), reason)
        open_tasks = self._whole().task_ids.filtered(
            lambda t: t.state in ("asked", "waiting")
        )
        if not open_tasks:
            self._close("approved")
            self._carry_on()
        elif not open_tasks.filtered(lambda task: task.state == "asked"):
            open_tasks._ask_first()
        else:
            self._whole()._update_queue()

    def _after_reject(self, tasks, reason):
        self._whole().task_ids._cancel()
        self._close("rejected")
        self._log(self.env._("Rejected by %(name)s.", name=self.env.user.name), reason)
        self._tell_requester(
            self.env._("%(document)s was rejected", document=self.document), reason
        )
        self._document()._approval_released()

    def _after_ask_back(self, tasks, reason):
        guarded(self).write({"asked_back": True})
        self._log(self.env._("%(name)s asks:", name=self.env.user.name), reason)
        self._whole()._update_queue()
        self._tell_requester(
            self.env._("A question about %(document)s", document=self.document), reason
        )

    def _hand_on(self, user, reason):
        tasks = self._lock_for_decision()
        able = self.env["distribution.approval.step"]._able(user, self.company_id)
        if not able or user in self._whole().author_ids:
            raise UserError(
                self.env._(
                    "%(name)s cannot decide on %(document)s. Choose an active user of the "
                    "company who had no hand in it.",
                    name=user.name or self.env._("Nobody"),
                    document=self.document,
                )
            )
        for task in tasks:
            behalf = task._on_behalf_of(self.env.user) or self.env.user
            self.env["distribution.approval.decision"]._record(
                "delegate",
                self,
                step=task.name,
                on_behalf_of_id=task._on_behalf_of(self.env.user),
                reason=self.env._(
                    "To %(name)s (%(login)s). %(reason)s",
                    name=user.name,
                    login=user.sudo().login,  # kept with the name
                    reason=reason or "",
                ),
            )
            task._hand_on(user, behalf)
        self._log(
            self.env._(
                "%(name)s hands on to %(other)s.",
                name=self.env.user.name,
                other=user.name,
            ),
            reason,
        )

    def _answer(self, reason):
        self.ensure_one()
        self.check_access("read")
        self._lock()
        self._check_pending()
        if self.requester_id != self.env.user or not self.asked_back:
            raise AccessError(
                self.env._(
                    "Nobody has asked you about %(document)s.", document=self.document
                )
            )
        self.env["distribution.approval.decision"]._record(
            "answer", self, reason=reason
        )
        guarded(self).write({"asked_back": False})
        self._log(self.env._("%(name)s answers:", name=self.env.user.name), reason)
        self._whole().task_ids._restart_clock()

    def _withdraw(self, reason):
        self.ensure_one()
        self.check_access("read")
        self._lock()
        self._check_pending()
        if self.requester_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(document)s was asked for by %(name)s, who alone can withdraw it.",
                    document=self.document,
                    name=self.requester_id.name,
                )
            )
        self.env["distribution.approval.decision"]._record(
            "withdraw", self, reason=reason
        )
        self._whole().task_ids._cancel()
        self._close("withdrawn")
        self._log(self.env._("Withdrawn by %(name)s.", name=self.env.user.name), reason)
        self._document()._approval_released()
