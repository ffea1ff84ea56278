from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCase

NOON = datetime(2026, 3, 4, 12)
LOGGER = "odoo.addons.distribution_exception.models.distribution_exception_notice"


@tagged("post_install", "-at_install")
class TestNotices(ExceptionCase):
    """Customer service and customers are told once of each new date, and never at night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"notice_quiet_from": 20, "notice_quiet_to": 7})
        cls.company.partner_id.tz = "UTC"
        cls.customer, cls.other = cls.partners[:2]
        cls.customer.write({"email": "one@customer.example", "tz": "UTC"})
        cls.other.write({"email": "two@customer.example", "tz": "UTC"})
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Late",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "News for {{ object.name }}",
                "partner_to": "{{ object.id }}",
                "body_html": "<p>It comes later.</p>",
                "auto_delete": False,
            }
        )
        domain = f"[('id', 'in', {(cls.customer + cls.other).ids})]"
        cls.rule = cls._rule(domain, notice_template_id=cls.template.id)
        cls.found = cls._sweep(cls.rule)
        cls.Notice = cls.env["distribution.exception.notice"]
        cls._expect(NOON + timedelta(days=5))

    @classmethod
    def _expect(cls, date, partners=None):
        """What the rule found has a new date, and is about its partner."""
        for partner in partners or cls.customer + cls.other:
            cls.env.cr.execute(
                "UPDATE distribution_exception SET expected_at = %s, partner_id = res_id"
                " WHERE id = %s",
                [date, cls.found[partner].id],
            )
        cls.env.invalidate_all()

    def _run(self, at=NOON):
        """Run the job; the messages to customers that it made."""
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        commit = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=100
        )
        with freeze_time(at), commit:
            self.Notice._cron_send()
        return self.env["mail.mail"].search(
            [("id", ">", before), ("model", "=", "res.partner")]
        )

    def test_customer_is_told_once(self):
        self.rule.notify_customer = True
        mails = self._run()
        self.assertEqual(mails.recipient_ids, self.customer + self.other)
        self.assertIn(f"News for {self.customer.name}", mails.mapped("subject"))
        self.assertFalse(self._run())
        self.assertFalse(self._run(NOON + timedelta(hours=3)))

    def test_a_message_about_something_else_is_not_sent(self):
        """Partner 7 is not user 7, to whom a template of users would go."""
        self.template.model_id = self.env["ir.model"]._get_id("res.users")
        self.rule.notify_customer = True
        before = self.env["mail.mail"].search_count([])
        self._run()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        notices = self.Notice.search([("exception_id.rule_id", "=", self.rule.id)])
        self.assertEqual(set(notices.mapped("state")), {"failed"})
        self.assertIn("no message about", notices[0].failure)

    def test_new_date_is_told(self):
        self.rule.notify_customer = True
        self._run()
        self._expect(NOON + timedelta(days=5, hours=2), self.customer)
        self.assertFalse(self._run(), "another hour of the same day is no news")
        self._expect(NOON + timedelta(days=6), self.customer)
        self.assertEqual(self._run().recipient_ids, self.customer)
        self._expect(NOON + timedelta(days=5), self.customer)
        self.assertFalse(self._run(), "that date was told before")

    def test_without_a_date(self):
        """The customer is told of dates; customer service of everything."""
        self.rule.write({"notify_customer": True, "notify_service": True})
        self.rule.service_user_ids = self.olga
        self._expect(None, self.customer)
        self._expect(NOON - timedelta(days=1), self.other)
        self.assertFalse(self._run())
        self.assertEqual(
            self.Notice.search([]).mapped("audience"), ["service", "service"]
        )

    def test_rules_that_tell_nobody(self):
        self.assertFalse(self._run())
        self.assertFalse(self.Notice.search([]))

    def test_closed_or_snoozed(self):
        self.rule.notify_customer = True
        with freeze_time(NOON):
            self.found[self.customer].with_user(self.olga).action_snooze(
                NOON + timedelta(days=1)
            )
        self.other.ref = "no more"
        self.rule.domain = "[('ref', '=', 'watched'), ('color', '=', 1)]"
        self._sweep(self.rule)
        self._expect(NOON + timedelta(days=5))
        self.assertEqual(self.found[self.other].state, "closed")
        self.assertFalse(self._run())
        self.assertEqual(
            self._run(NOON + timedelta(days=2)).recipient_ids, self.customer
        )

    def test_quiet_hours(self):
        self.rule.notify_customer = True
        for hour in (20, 23, 0, 6):
            self.assertFalse(self._run(NOON.replace(hour=hour)), hour)
        self.assertEqual(len(self._run(NOON.replace(hour=7))), 2)

    def test_quiet_hours_by_day(self):
        self.rule.notify_customer = True
        self.company.write({"notice_quiet_from": 11.5, "notice_quiet_to": 13})
        self.assertFalse(self._run())
        self.company.write({"notice_quiet_to": 11.5})
        self.assertTrue(self._run(), "the same hours: no quiet ones")

    def test_quiet_hours_of_the_customer(self):
        self.rule.notify_customer = True
        self.customer.tz = "Asia/Tokyo"  # 21:00 there
        self.assertEqual(self._run().recipient_ids, self.other)
        self.assertEqual(self._run(NOON.replace(hour=23)).recipient_ids, self.customer)

    def test_quiet_hours_of_the_company(self):
        self.rule.notify_customer = True
        self.customer.tz = False
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self._run().recipient_ids, self.other)

    def test_quiet_hours_of_the_parent(self):
        self.rule.notify_customer = True
        self.customer.write({"tz": False, "parent_id": self.partners[2].id})
        self.partners[2].tz = "Asia/Tokyo"
        self.assertEqual(self._run().recipient_ids, self.other)

    def test_choice_of_the_customer(self):
        self.rule.notify_customer = True
        self.other.late_notices = False
        self.customer.parent_id = self.partners[2]
        self.partners[2].late_notices = False
        self.assertFalse(self._run())
        self.assertFalse(self.Notice.search([]))
        self.other.late_notices = True
        self.assertEqual(self._run().recipient_ids, self.other)

    def test_another_rule_of_the_same_record(self):
        self.rule.notify_customer = True
        self._run()
        rule = self._rule(self.rule.domain, notice_template_id=self.template.id)
        rule.notify_customer = True
        self.found = self._sweep(rule)
        self._expect(NOON + timedelta(days=5))
        self.assertFalse(self._run(), "it was told of that record already")
        self._expect(NOON + timedelta(days=8))
        self.assertEqual(len(self._run()), 2)

    def test_customer_service(self):
        self.rule.write({"notify_service": True, "service_user_ids": self.olga.ids})
        self._run()
        messages = self.env["mail.message"].search(
            [("partner_ids", "in", self.olga.partner_id.ids)]
        )
        self.assertEqual(len(messages), 1, "one message for all")
        self.assertIn(self.customer.name, messages.body)
        self.assertIn("03/09/2026", messages.body)
        notices = self.Notice.search([])
        self.assertEqual(notices.mapped("recipients"), [self.olga.name] * 2)

    def test_customer_service_is_the_owner(self):
        self.rule.notify_service = True
        self.found[self.customer].with_user(self.olga).action_take()
        self._run()
        self.assertEqual(self.Notice.search([]).exception_id, self.found[self.customer])

    def test_customer_service_without_rights(self):
        """Who may not read an exception is not told of it."""
        self.rule.write({"notify_service": True, "service_user_ids": self.fiona.ids})
        with mute_logger(LOGGER):
            self._run()
        notices = self.Notice.search([])
        self.assertEqual(set(notices.mapped("state")), {"failed"})
        self.assertFalse(
            self.env["mail.message"].search(
                [("partner_ids", "in", self.fiona.partner_id.ids)]
            )
        )

    def test_template_that_fails(self):
        """The others are told; what failed says why and can be sent again."""
        self.rule.notify_customer = True
        self.template.subject = (
            f"{{{{ 1 / (object.id - {self.customer.id}) }}}}"  # divides by zero for one
        )
        with mute_logger("odoo.addons.mail.models.mail_render_mixin", LOGGER):
            self.assertEqual(self._run().recipient_ids, self.other)
            self.assertFalse(self._run())
        failed = self.Notice.search([("state", "=", "failed")])
        self.assertEqual(failed.exception_id, self.found[self.customer])
        self.assertTrue(failed.failure)
        self.template.subject = "Better"
        with self.assertRaises(UserError):
            (self.Notice.search([]) - failed).with_user(self.olga).action_send_again()
        failed.with_user(self.olga).action_send_again()
        self.assertEqual(self._run().recipient_ids, self.customer)

    def test_customer_without_an_address(self):
        self.rule.notify_customer = True
        self.other.email = False
        with mute_logger(LOGGER):
            self.assertEqual(self._run().recipient_ids, self.customer)
        notice = self.found[self.other].notice_ids
        self.assertEqual(notice.state, "failed")
        self.assertIn(self.other.name, notice.failure)

    def test_claimed_once(self):
        """What one job took is not taken again, and so not sent again."""
        exceptions = self.found[self.customer] + self.found[self.other]
        first = self.Notice._claim("customer", exceptions[0])
        second = self.Notice._claim("customer", exceptions)
        self.assertEqual(first.exception_id, exceptions[0])
        self.assertEqual(second.exception_id, exceptions[1])
        self.assertTrue(self.Notice._claim("service", exceptions[0]))

    def test_auditor_sends_nothing(self):
        self.rule.notify_customer = True
        self._run()
        notices = self.Notice.search([])
        self.assertTrue(notices.with_user(self.aude).read(["recipients"]))
        with self.assertRaises(UserError):
            notices.with_user(self.aude).action_send_again()

    def test_log_is_guarded(self):
        self.rule.notify_customer = True
        self._run()
        notice = self.Notice.search([], limit=1)
        for user in (self.ada, self.olga):
            mine = notice.with_user(user)
            for attempt in (
                lambda mine=mine: mine.write({"recipients": "nobody"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_log_of_what_one_may_not_read(self):
        self.rule.notify_customer = True
        self._run()
        notice = self.Notice.search([], limit=1)
        self.assertFalse(notice.with_user(self.fiona).search([]))
        with self.assertRaises(AccessError):
            notice.with_user(self.fiona).read(["recipients"])
        self.assertTrue(notice.with_user(self.olga).read(["recipients"]))

    def test_rule_without_a_message(self):
        self.rule.notice_template_id = False
        with self.assertRaises(ValidationError):
            self.rule.notify_customer = True

    def test_settings(self):
        settings = self.env["res.config.settings"].create({"notice_quiet_from": 18.5})
        settings.execute()
        self.assertEqual(self.company.notice_quiet_from, 18.5)

    def test_log_tells_what_was_sent(self):
        self.rule.notify_customer = True
        self._run()
        notice = self.found[self.customer].notice_ids
        self.assertEqual(notice.date_key, "2026-03-09")
        self.assertIn("one@customer.example", notice.recipients)
        self.assertEqual(notice.sent_at, NOON)
