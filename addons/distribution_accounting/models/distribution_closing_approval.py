import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .keys import keeping

_logger = logging.getLogger(__name__)


class DistributionClosing(models.Model):
    """Opening a month again is the gated action.

    Where a policy governs it, its approvers decide. Without one a second controller or
    administrator does: the first asks, the second agrees.
    """

    _inherit = "distribution.closing"
    _approval_gate = True
    _approval_passed_states = ("reopened",)
    _approval_cancelled_states = ("closed",)
    _approval_guarded_fields = ("company_id", "date_from", "reopen_reason")
    _approval_date_field = "date_to"

    reopen_reason = fields.Text(
        string="Why Open Again",
        copy=False,
        tracking=True,
        help="What has to be booked in the month that was closed.",
    )
    reopen_user_id = fields.Many2one(
        "res.users",
        string="Asked to Open By",
        readonly=True,
        copy=False,
        help="Who asked to open the month again. Somebody else agrees.",
    )

    def action_reopen(self):
        """Open a closed month again, or ask for it.

        :raises AccessError: the user is no finance controller
        :raises UserError: the month is open, there is no reason, or it cannot be opened
        """
        self._ensure_controller()
        self.ensure_one()
        self.lock_for_update()
        self._ensure_may_reopen()
        if self._reopening_is_governed():
            return self._reopen_by_policy()
        if not self.reopen_user_id:
            keeping(self).reopen_user_id = self.env.uid
            self._ask_second()
            return True
        if self.reopen_user_id == self.env.user:
            raise UserError(
                self.env._(
                    "You asked to open %s again: another finance controller or an "
                    "administrator agrees. Nobody decides alone, as no approval policy "
                    "is in force for it.",
                    self.name,
                )
            )
        self._reopen()
        return True

    def action_withdraw_reopening(self):
        """Leave the month closed.

        :raises AccessError: the user is no finance controller
        """
        self._ensure_controller()
        keeping(self).write({"reopen_user_id": False, "reopen_reason": False})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _reopening_is_governed(self):
        """Whether a policy in force fits the month."""
        if not self._approval_is_governed():
            return False
        found = self.env["distribution.approval.engine"]._evaluate(self)
        return bool(found[self.id].policy)

    def _reopen_by_policy(self):
        if not self.reopen_user_id:
            keeping(self).reopen_user_id = self.env.uid
        cleared = self._approval_submit()
        if cleared:
            cleared._reopen()
        return self._approval_answer(cleared)

    def _approval_complete(self):
        self.action_reopen()

    def _approval_authors(self):
        """Who asks does not decide; who closed the month may."""
        return {closing.id: {closing.reopen_user_id.id} - {False} for closing in self}

    @api.model
    def _approval_kind_name(self):
        return self.env._("Opening of a closed month")

    @api.model
    def _approval_measures(self):
        return {
            **super()._approval_measures(),
            "closing_age": {
                "label": self.env._("Age of the month"),
                "unit": self.env._("days"),
                "help": self.env._("Days since the last day of the month."),
            },
        }

    def _approval_measure_closing_age(self, lines):
        today = fields.Date.context_today(self)
        return {closing.id: (today - closing.date_to).days for closing in lines or self}

    @api.model
    def _approval_default_unit(self):
        return self.env._("days")

    @api.model
    def _approval_default_limits(self):
        return {"first_limit": 0.0, "second_limit": 60.0}

    @api.model
    def _approval_default_rules(self, line):
        """Another controller agrees; an administrator too, where the month is old."""
        controller = line._second_authority()
        group = self.env.ref("distribution_base.group_administrator")
        last = {"stage": 3, "authority": "group", "group_id": group.id}
        return [
            line._prepare_rule(
                self.env._("Age of the month"),
                "closing_age",
                [line.first_limit, line.second_limit],
                [[controller], [controller, last]],
            )
        ]

    def _approval_facts(self):
        env = self.env
        return {
            closing.id: [
                (env._("Why"), closing.reopen_reason or ""),
                (env._("Closed by"), closing.closed_by_id.name or ""),
                (
                    env._("Closed on"),
                    format_date(env, closing.closed_on and closing.closed_on.date()),
                ),
            ]
            for closing in self.sudo()  # the approver may not be a controller
        }

    def _ensure_may_reopen(self):
        """Refuse what cannot be opened again.

        :raises UserError: saying why
        """
        env, problem = self.env, None
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", ">", self.date_from),
                ("state", "=", "closed"),
            ],
            order="date_from desc",
            limit=1,
        )
        hard = self.company_id.sudo().hard_lock_date  # of the company, whoever asks
        if self.state != "closed":
            problem = env._("It is not closed.")
        elif not (self.reopen_reason or "").strip():
            problem = env._("Say first why it has to be opened.")
        elif later:
            problem = env._("%s is closed, too: open that first.", later.name)
        elif hard and hard >= self.date_from:
            problem = env._(
                "The books are locked for good until %s.", format_date(env, hard)
            )
        if problem:
            raise UserError(
                env._(
                    "%(month)s cannot be opened again. %(problem)s",
                    month=self.name,
                    problem=problem,
                )
            )

    def _ask_second(self):
        """Ask the other controllers of the company."""
        self.message_post(
            body=self.env._(
                "Asked to open the month again: %s", self.reopen_reason.strip()
            )
        )
        group = self.env.ref("distribution_base.group_finance_controller")
        # As superuser: who else is a controller is asked by the system.
        others = group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        others -= self.env.user | self.env.ref("base.user_root")
        for user in others[:5]:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Open %s again?", self.name),
            )

    def _reopen(self):
        """Move the lock back to the day before the month."""
        self.ensure_one()
        asked = self.reopen_user_id or self.env.user
        keeping(self).write({"state": "reopened", "reopen_user_id": False})
        # As superuser: companies are written by administrators, months by controllers.
        company = keeping(self.company_id.sudo())
        lock = fields.Date.subtract(self.date_from, days=1)
        if (company.fiscalyear_lock_date or lock) > lock:
            company.fiscalyear_lock_date = lock
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.message_post(
            body=self.env._(
                "Opened again. %(asked)s asked: %(reason)s",
                asked=asked.name,
                reason=self.reopen_reason,
            )
        )
        self._refresh()
        _logger.info("%s of %s opened again", self.name, self.company_id.name)
