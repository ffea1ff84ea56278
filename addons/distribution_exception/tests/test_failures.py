from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from .common import ExceptionCase

DETECT = "odoo.addons.distribution_exception.models.distribution_exception_rule_sweep"


class TestFailures(ExceptionCase):
    """One rule that fails harms no other, and becomes an exception itself."""

    def setUp(self):
        super().setUp()
        self.good = self._rule(name="Good")
        self.bad = self._rule(name="Bad", amount_expression="100 / color")
        self.partners[1].color = 0

    def _run(self):
        (self.bad | self.good).action_sweep()

    def test_the_others_go_on_and_the_failed_one_says_why(self):
        self._run()
        self.assertEqual(len(self._found(self.good)), 5)
        self.assertFalse(self._found(self.bad))
        self.assertEqual(self.bad.state, "failed")
        self.assertIn("division by zero", self.bad.failure)

    def test_it_keeps_what_it_had_found(self):
        self.partners[1].color = 2
        self._run()
        self.partners[1].color = 0
        self._run()
        self.assertEqual(
            {one.state for one in self._found(self.bad).values()}, {"open"}
        )

    def test_the_administrator_gets_an_exception_until_it_works(self):
        watch = self.env.ref(
            "distribution_exception.distribution_exception_rule_failed"
        )
        self._run()
        watch.action_sweep()
        mine = self.env["distribution.exception"].with_user(self.ada)
        one = mine.search([("rule_id", "=", watch.id), ("res_id", "=", self.bad.id)])
        self.assertEqual((one.state, one.name), ("open", "Bad"))
        self.assertIn("division by zero", one.detail)
        self.partners[1].color = 2
        self._run()
        watch.action_sweep()
        self.assertEqual((one.state, self.bad.state), ("closed", "ok"))

    def test_a_detector_that_raises_in_the_database(self):
        rule = self.env.ref("distribution_exception.distribution_exception_rule_job")
        broken = type(rule)._query_job_failed
        self.patch(
            type(rule), "_query_job_failed", lambda self, only: SQL("SELECT nonsense")
        )
        with mute_logger("odoo.sql_db"):
            (rule | self.good).action_sweep()
        self.assertEqual((rule.state, self.good.state), ("failed", "ok"))
        self.patch(type(rule), "_query_job_failed", broken)
        rule.action_sweep()
        self.assertEqual(rule.state, "ok")

    def test_one_bad_rule_does_not_spoil_a_recheck(self):
        waiting = self.env["distribution.exception.recheck"]
        with mute_logger("odoo.sql_db"):
            waiting._look_at(self.bad | self.good, self.partners.ids)
        self.assertEqual(len(self._found(self.good)), 5)
        self.assertEqual(self.bad.state, "failed")

    def test_a_job_that_fails_is_seen_by_the_administrator(self):
        cron = self.env.ref("distribution_exception.ir_cron_sweep")
        cron.failure_count = 2
        rule = self.env.ref("distribution_exception.distribution_exception_rule_job")
        rule.action_sweep()
        domain = [("rule_id", "=", rule.id), ("res_id", "=", cron.id)]
        one = self.env["distribution.exception"].with_user(self.ada).search(domain)
        self.assertEqual((one.measure, one.state), (2, "open"))
        hidden = self.env["distribution.exception"].with_user(self.olga)
        self.assertFalse(hidden.search(domain))

    def test_a_message_is_sent_again_by_its_roles_alone(self):
        """The click acts as superuser, on the message of an exception one may see."""
        mail = self.env["mail.mail"].create(
            {"subject": "Refused", "email_to": "a@b.example", "state": "exception"}
        )
        rule = self.env.ref("distribution_exception.distribution_exception_rule_mail")
        rule.action_sweep()
        one = self._found(rule)[mail]
        with self.assertRaises(AccessError):
            one.with_user(self.olga).action_resolve()
        with self.assertRaisesRegex(UserError, "reads exceptions"):
            one.with_user(self.aude).action_resolve()
        self.assertEqual(mail.state, "exception")
        one.with_user(self.ada).action_resolve()
        self.assertEqual(mail.state, "outgoing")
