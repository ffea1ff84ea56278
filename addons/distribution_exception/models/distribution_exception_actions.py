from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded
from odoo.addons.distribution_base.models.ir_model_access import AUDITOR


class DistributionException(models.Model):
    """What people do with an exception. Each step is kept."""

    _inherit = "distribution.exception"

    def action_take(self):
        """Say: I act on it."""
        self._ensure_open()
        self._keep(
            {"user_id": self.env.uid, "acknowledged_at": fields.Datetime.now()}, "taken"
        )
        return True

    def action_release(self):
        """Give it back, so that somebody else takes it."""
        self._ensure_open()
        self._keep({"user_id": False, "acknowledged_at": False}, "released")
        return True

    def action_assign_to(self, user_id):
        """Have another user act on it.

        :raise UserError: where that user cannot see it
        """
        self._ensure_open()
        user = self.env["res.users"]
        if type(user_id) is int:
            user = user.browse(user_id).exists()
        # In the companies of that user, not in those that the present one works in.
        theirs = self.with_user(user).with_context(allowed_company_ids=None)
        seen = theirs._filtered_access("read") if user else self.browse()
        if len(seen) < len(self):
            raise UserError(
                self.env._(
                    "%(user)s does not see %(exception)s, so they cannot act on it.",
                    user=user.name or self.env._("Nobody"),
                    exception=(self - self.browse(seen.ids))[:1].display_name,
                )
            )
        self._keep({"user_id": user.id, "acknowledged_at": False}, "taken", user=user)
        return True

    def action_snooze(self, until, reason=None):
        """Keep it out of the list until a moment; it comes back by itself.

        :param until: naive UTC, in the future and within 90 days
        :raise UserError: otherwise
        """
        self._ensure_open()
        try:
            until = fields.Datetime.to_datetime(until)
        except (TypeError, ValueError):
            until = None
        now = fields.Datetime.now()
        if not until or until <= now or until > fields.Datetime.add(now, days=90):
            raise UserError(
                self.env._("Choose a moment in the future, within 90 days.")
            )
        self._keep(
            {"snoozed_until": until, "snooze_reason": reason}, "snoozed", note=reason
        )
        return True

    def action_wake(self):
        """Put it back in the list."""
        self._keep({"snoozed_until": False, "snooze_reason": False}, "released")
        return True

    def action_note(self, cause=None, done=None):
        """Note the cause, and what was done about it."""
        if not (cause or done):
            raise UserError(self.env._("Say what the cause was, or what was done."))
        values = {"cause": cause, "action_taken": done}
        kept = {key: str(text) for key, text in values.items() if text}
        self._keep(kept, "note", " - ".join(kept.values()))
        return True

    def action_ask_snooze(self):
        """Ask until when, and why, these can wait."""
        return self._ask("distribution_exception_snooze_action")

    def action_ask_note(self):
        """Ask for the cause, and what was done."""
        return self._ask("distribution_exception_note_action")

    def _ask(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"distribution_exception.{name}"
        )
        action["context"] = {"default_exception_ids": self.ids}
        return action

    def action_open_record(self):
        """Open the record it is about."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id).get_formview_action()

    def action_resolve(self):
        """Do the usual thing about it; return the action that goes on with it, if any.

        :raise UserError: where it is closed already
        """
        self.ensure_one()
        self._ensure_open()
        self._check_may_act()
        detector = self.rule_id._detector()
        method = (detector and detector.resolve) or "_resolve_open"
        action = getattr(self, method)()
        label = self.rule_id.resolve_label
        self._keep({"action_taken": label}, "action", note=label)
        # What was done may be all there was to do: look once more, right after.
        self._recheck(self.res_model, [self.res_id])
        return action or True

    def _resolve_open(self):
        return self.action_open_record()

    def _resolve_mail_failed(self):
        """Send the message again."""
        # As superuser: its roles see failed messages, and send them again, nothing else.
        self.env[self.res_model].sudo().browse(self.res_id).mark_outgoing()

    def _ensure_open(self):
        self.check_access("read")
        for exception in self:
            if exception.state != "open":
                raise UserError(
                    self.env._(
                        "%s is closed: its condition is gone.", exception.display_name
                    )
                )

    def _keep(self, values, kind, note=None, user=None):
        """Write what somebody did, and that he did it.

        :raise AccessError: where the user cannot see the exceptions, or only reads
        """
        self.check_access("read")
        self._check_may_act()
        now = fields.Datetime.now()
        guarded(self).write(values)
        guarded(self.env["distribution.exception.event"]).create(
            [
                {
                    "exception_id": exception.id,
                    "at": now,
                    "kind": kind,
                    "user_id": (user or self.env.user).id,
                    "note": note,
                    "hours": (now - exception.opened_at).total_seconds() / 3600,
                }
                for exception in self
            ]
        )

    @api.model
    def _check_may_act(self):
        """Auditors look on, whatever other roles they have.

        :raise AccessError: for them, and for users with no role that acts
        """
        if not (self.env.su or self._may_act()):
            raise AccessError(
                self.env._("Your role reads exceptions, and does not act.")
            )

    @api.model
    def _may_act(self):
        """Whether the buttons of exceptions are for the user."""
        user = self.env.user
        return not user.has_group(AUDITOR) and any(
            user.has_group(role) for role in self._acting_roles()
        )

    @api.model
    def _acting_roles(self):
        return [
            f"distribution_base.group_{role}"
            for role in (
                *("branch_operator", "network_planner", "central_buyer"),
                *("finance_controller", "administrator"),
            )
        ]

    def _notify_escalation(self, user):
        """Tell a user of what was escalated to them: one message for all."""
        worst = self.with_user(user)._filtered_access("read").sorted("rank", True)
        if not worst:
            return
        lines = [self.env._("Nobody acted upon these in time:")]
        lines += [f"{one.display_name}: {one.rank_reason}" for one in worst[:10]]
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Exceptions that were escalated to you: %d", len(worst)),
            body=plaintext2html("\n".join(lines)),
        )
