import logging

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .distribution_exception_rule_sweep import CONFLICTS

_logger = logging.getLogger(__name__)
AUDIENCES = [("service", "Customer service"), ("customer", "Customer")]
# The most that one run of the job looks through, and that one message names.
WINDOW, NAMED = 5000, 20


class DistributionExceptionNotice(models.Model):
    """Who was told of an exception, of which date, and when: the log of notices.

    One for an exception, an audience and a date. The row is written in the transaction that
    sends the message, and its unique key lets one job alone send it.
    """

    _name = "distribution.exception.notice"
    _description = "Notice of an Exception"
    _inherit = ["distribution.guarded.mixin"]
    _order = "sent_at desc, id desc"
    _rec_name = "exception_id"

    exception_id = fields.Many2one(
        "distribution.exception",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="What was told.",
    )
    res_model = fields.Char(string="Kind of Record", readonly=True)
    res_id = fields.Integer(string="Record ID", readonly=True)
    audience = fields.Selection(
        AUDIENCES, required=True, readonly=True, help="Who was told."
    )
    date_key = fields.Char(
        string="Date Told",
        required=True,
        readonly=True,
        help="The day that was told as the new date; a dash where nobody knew one.",
    )
    recipients = fields.Char(readonly=True, help="Names and addresses.")
    state = fields.Selection(
        [("sent", "Sent"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="sent",
        help="A notice that failed is not sent again, unless somebody asks for it.",
    )
    failure = fields.Char(readonly=True, help="Why it failed.")
    sent_at = fields.Datetime(
        readonly=True, help="When it was handed to the mail queue."
    )

    _told_once = models.UniqueIndex(
        "(exception_id, audience, date_key)", "This was told already."
    )
    _record_idx = models.Index("(res_model, res_id)")

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Notices of the exceptions that the user may see."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & Domain("exception_id", "any", [])
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self or (result and result[0] == self):
            return result
        # As superuser: only to learn which exceptions the notices are of.
        exceptions = self.sudo().exception_id.with_env(self.env)
        seen = set(exceptions._filtered_access("read").ids)
        # As superuser: see above.
        hidden = self.filtered(lambda one: one.sudo().exception_id.id not in seen)
        hidden |= result[0] if result else self.browse()
        return (hidden, exceptions._hidden_error) if hidden else None

    def action_send_again(self):
        """Have notices that failed sent with the next run of the job.

        :raise UserError: where one was sent
        """
        self.check_access("read")
        self.env["distribution.exception"]._check_may_act()
        if self.filtered(lambda notice: notice.state != "failed"):
            raise UserError(self.env._("Only notices that failed can be sent again."))
        guarded(self).unlink()
        return True

    @api.model
    def _cron_send(self):
        """Send what is due, in a transaction for each message."""
        Cron = self.env["ir.cron"]
        groups = self._groups()
        Cron._commit_progress(remaining=len(groups))
        for (audience, target), exceptions in groups.items():
            try:
                self._send(audience, target, exceptions)
            except CONFLICTS:
                # Another job sends it at this moment.
                self.env.cr.rollback()
            if not Cron._commit_progress(1):
                return

    @api.model
    def _groups(self, now=None):
        """What is to be sent now, a message each: {(audience, whom or about what): found}.

        Customers get one message about a document, customer service one about all.
        """
        now, groups = now or fields.Datetime.now(), {}
        Exception_ = self.env["distribution.exception"]
        for audience, ids in self._due(now).items():
            exceptions = Exception_.browse(ids)
            documents = exceptions._notice_documents() if audience == "customer" else {}
            for one in exceptions:
                if one._is_quiet(audience, now):
                    continue
                if audience == "customer":
                    target = (one.rule_id.notice_template_id, documents[one])
                else:
                    target = one.rule_id.service_user_ids or one.user_id
                if target:
                    key = (audience, target)
                    groups[key] = groups.get(key, Exception_) + one
        return groups

    @api.model
    def _due(self, now):
        """{audience: ids of exceptions} of which it was not told the present date."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.audience, ARRAY_AGG(e.id ORDER BY e.id)
                  FROM (SELECT * FROM distribution_exception
                         WHERE state = 'open' AND rule_id IN (
                               SELECT id FROM distribution_exception_rule
                                WHERE active AND (notify_service OR notify_customer))) e
                  JOIN distribution_exception_rule r ON r.id = e.rule_id
            CROSS JOIN (VALUES ('service'), ('customer')) a(audience)
             LEFT JOIN res_partner p ON p.id = e.partner_id
             LEFT JOIN res_partner c ON c.id = p.commercial_partner_id
                 WHERE (e.snoozed_until IS NULL OR e.snoozed_until <= %(now)s)
                   AND CASE a.audience WHEN 'service' THEN r.notify_service
                       ELSE r.notify_customer AND e.expected_at > %(now)s
                            AND p.late_notices AND c.late_notices END
                   -- Another rule may have told the same of the same record.
                   AND NOT EXISTS (
                       SELECT FROM distribution_exception_notice n
                        WHERE n.res_model = e.res_model AND n.res_id = e.res_id
                          AND n.audience = a.audience AND n.date_key = %(key)s)
              GROUP BY a.audience
                """,
                now=now,
                key=self._date_key_sql(),
            )
        )
        return {audience: ids[:WINDOW] for audience, ids in rows}

    @api.model
    def _date_key_sql(self):
        """The date that is told of exception `e`: the day, so that an hour is no news."""
        return SQL("COALESCE(TO_CHAR(e.expected_at, 'YYYY-MM-DD'), '-')")

    @api.model
    def _send(self, audience, target, exceptions):
        """Claim the notices, and send one message with those that were free."""
        notices = self._claim(audience, exceptions)
        if not notices:
            return
        try:
            with self.env.cr.savepoint():
                if audience == "customer":
                    recipients = notices.exception_id._notify_customer(*target)
                else:
                    recipients = notices.exception_id._notify_service(target)
                # Errors of what is sent belong to this message, not to the next one.
                self.env.flush_all()
            guarded(notices).write({"recipients": recipients})
        except CONFLICTS:
            raise
        # Whatever is wrong with a template or an address, the other messages go out.
        except Exception as error:
            _logger.info("A notice of exceptions failed", exc_info=True)
            reason = " ".join(str(error).split())[:500] or type(error).__name__
            guarded(notices).write({"state": "failed", "failure": reason})

    @api.model
    def _claim(self, audience, exceptions):
        """The notices of these exceptions that nobody sent before; now they are ours."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO distribution_exception_notice
                       (exception_id, res_model, res_id, audience, date_key, state, sent_at,
                        create_uid, create_date, write_uid, write_date)
                SELECT e.id, e.res_model, e.res_id, %(audience)s, %(key)s, 'sent', %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM distribution_exception e WHERE e.id = ANY(%(ids)s) ORDER BY e.id
                    ON CONFLICT DO NOTHING RETURNING id
                """,
                audience=audience,
                key=self._date_key_sql(),
                now=fields.Datetime.now(),
                uid=self.env.uid,
                ids=exceptions.ids,
            )
        )
        return self.browse(id_ for [id_] in rows)


class DistributionException(models.Model):
    """Whom an exception is told to, and when not."""

    _inherit = "distribution.exception"

    notice_ids = fields.One2many(
        "distribution.exception.notice",
        "exception_id",
        string="Notices",
        readonly=True,
        help="Who was told of it, and of which date.",
    )

    def _notice_documents(self):
        """{exception: the document that its customer is told of}; here the record itself."""
        return {one: self.env[one.res_model].browse(one.res_id) for one in self}

    def _notice_timezone(self, audience):
        """The time zone of whoever is told: the customer's, or else the company's."""
        customer = (
            self.partner_id if audience == "customer" else self.partner_id.browse()
        )
        company = (self.company_id or self.env.company).partner_id
        return customer.tz or customer.commercial_partner_id.tz or company.tz or "UTC"

    def _is_quiet(self, audience, now):
        """Whether nobody is to be told at this moment (UTC)."""
        company = self.company_id or self.env.company
        start, end = company.notice_quiet_from, company.notice_quiet_to
        here = pytz.utc.localize(now).astimezone(
            pytz.timezone(self._notice_timezone(audience))
        )
        hour = here.hour + here.minute / 60
        if start <= end:
            return start <= hour < end
        return hour >= start or hour < end

    def _notify_customer(self, template, document):
        """Write to the customer of a document with a template; return the recipients.

        :raise UserError: where the template is for other documents, or names nobody
        """
        if template.model != document._name:
            # Its number would be taken for that of another record.
            raise UserError(
                self.env._(
                    "%(template)s is no message about %(document)s.",
                    template=template.name,
                    document=document.display_name,
                )
            )
        mail = self.env["mail.mail"].browse(
            template.send_mail(
                document.id, email_layout_xmlid="mail.mail_notification_layout"
            )
        )
        reached = mail.recipient_ids.filtered("email").mapped("email_formatted")
        recipients = ", ".join(filter(None, [*reached, mail.email_to]))
        if not recipients:
            raise UserError(
                self.env._("%s names nobody to write to.", document.display_name)
            )
        return recipients

    def _notify_service(self, users):
        """Tell users of what they may see, a message each; return their names."""
        told = users.browse()
        for user in users:
            # Only what this user may read.
            seen = self.with_user(user).with_context(lang=user.lang, tz=user.tz)
            worst = seen._filtered_access("read").sorted("rank", True)
            if worst:
                told += user
                self.env["mail.thread"].message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=seen.env._("New dates and shortages: %d", len(worst)),
                    body="\n".join(one._in_one_line() for one in worst[:NAMED]),
                )
        if not told:
            raise UserError(self.env._("Nobody of those to be told may read it."))
        return ", ".join(told.mapped("name"))

    def _in_one_line(self):
        """The exception as customer service reads it."""
        date = self.env._("no new date yet")
        if self.expected_at:
            date = format_date(self.env, self.expected_at)
        return f"{self.display_name}: {self.detail_text} ({date})"


class DistributionExceptionRule(models.Model):
    """Whether somebody is told."""

    _inherit = "distribution.exception.rule"

    notify_service = fields.Boolean(
        string="Tell Customer Service",
        help="Send a message when one opens, and for each new date; in quiet hours never.",
    )
    service_user_ids = fields.Many2many(
        "res.users",
        "distribution_exception_rule_service_rel",
        "rule_id",
        "user_id",
        string="Customer Service",
        domain="[('share', '=', False)]",
        help="Who is told. Empty: the owner of the exception.",
    )
    notify_customer = fields.Boolean(
        string="Tell the Customer",
        help="Write to the customer once for each new date; in quiet hours never, and not "
        "to customers who do not want it.",
    )
    notice_template_id = fields.Many2one(
        "mail.template",
        string="Message to the Customer",
        ondelete="restrict",
        help="What the customer is written.",
    )

    @api.constrains("notify_customer", "notice_template_id")
    def _check_notice_template(self):
        for rule in self:
            if rule.notify_customer and not rule.notice_template_id:
                raise ValidationError(
                    self.env._(
                        "Rule %s tells the customer: say with which message.", rule.name
                    )
                )


class ResCompany(models.Model):
    _inherit = "res.company"

    notice_quiet_from = fields.Float(
        string="Quiet From",
        default=20.0,
        help="No notices from this hour on, where they are read. As the end: no quiet "
        "hours.",
    )
    notice_quiet_to = fields.Float(
        string="Quiet Until",
        default=7.0,
        help="Notices of the quiet hours are sent at this hour, where they are read.",
    )

    _quiet_hours = models.Constraint(
        "CHECK (notice_quiet_from BETWEEN 0 AND 24 AND notice_quiet_to BETWEEN 0 AND 24)",
        "Quiet hours are hours of the day, from 0 to 24.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    notice_quiet_from = fields.Float(
        related="company_id.notice_quiet_from", readonly=False
    )
    notice_quiet_to = fields.Float(related="company_id.notice_quiet_to", readonly=False)


class ResPartner(models.Model):
    _inherit = "res.partner"

    late_notices = fields.Boolean(
        string="Notices about Late Orders",
        default=True,
        help="Whether this customer is told of late and incomplete orders by message. The "
        "choice of the company holds for its contacts too.",
    )
