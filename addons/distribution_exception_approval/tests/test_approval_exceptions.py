from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.distribution_approval.tests.common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalExceptions(ApprovalCase):
    """Requests that wait too long: bea has four hours, then bob is asked as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = False
        cls.start = fields.Datetime.now().replace(microsecond=0)
        cls.policy = cls._policy(
            (None, 1000),
            (
                1000,
                None,
                cls._step(
                    cls.bea,
                    hours=4,
                    escalation="user",
                    escalation_user_id=cls.bob.id,
                ),
            ),
        )

    def _rule(self, code):
        return self.env.ref(
            f"distribution_exception_approval.distribution_exception_rule_{code}"
        )

    def _look(self, code, hours):
        """What is open, so many hours after the request, as the job finds it."""
        rule = self._rule(code)
        with freeze_time(self._after(hours)):
            rule.action_sweep()
        self.assertEqual(rule.state, "ok", rule.failure)
        found = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("state", "=", "open")]
        )
        return {self.Request.browse(one.res_id): one for one in found}

    def _after(self, hours):
        return fields.Datetime.add(self.start, hours=hours)

    def _waiting(self, price=1500):
        with freeze_time(self.start):
            order = self._order(self.olga, price)
            return order, self._ask(order).with_user(self.env.user)

    def _escalate(self, hours):
        with freeze_time(self._after(hours)):
            self.env["distribution.approval.task"]._cron_escalate()

    def _asked_again(self):
        """Ids of the records that were asked to be looked at since `_forget`."""
        self.env.cr.flush()
        waiting = self.env["distribution.exception.recheck"].search(
            [("res_model", "=", self.Request._name)]
        )
        return set(waiting.mapped("res_id"))

    def _forget(self):
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM distribution_exception_recheck")

    def test_past_due(self):
        _order, request = self._waiting()
        self.assertNotIn(request, self._look("approval_late", 3))
        one = self._look("approval_late", 6)[request]
        self.assertRecordValues(
            one,
            [
                {
                    "name": request.document,
                    "measure": 2,
                    "amount": 1500.0,
                    "user_id": self.bea.id,
                    "too_late_at": self._after(4),
                }
            ],
        )
        self.assertIn("bea", one.detail)

    def test_an_escalation_is_no_fresh_start(self):
        _order, request = self._waiting()
        self._escalate(5)
        one = self._look("approval_late", 7)[request]
        self.assertRecordValues(
            one, [{"measure": 2, "user_id": False, "too_late_at": self._after(5)}]
        )
        self.assertIn("Escalated", one.detail)
        self.assertIn("bob", one.detail)

    def test_the_next_step_has_its_own_time(self):
        self.policy.action_retire()
        first = self._step(
            self.bea, hours=4, escalation="user", escalation_user_id=self.bob.id
        )
        second = self._step(self.carl, hours=4, stage=2)
        self._policy((None, 1000), (1000, None, first, second))
        order, request = self._waiting()
        self._escalate(5)
        with freeze_time(self._after(6)):
            self._decide(order, self.bea)
        self.assertEqual(request.state, "pending")
        self.assertNotIn(request, self._look("approval_late", 7))
        one = self._look("approval_late", 11)[request]
        self.assertEqual((one.measure, one.too_late_at), (1, self._after(10)))
        self.assertNotIn("Escalated", one.detail)

    def test_a_decision_closes_it(self):
        order, request = self._waiting()
        one = self._look("approval_late", 6)[request]
        self._forget()
        self._decide(order, self.bea)
        self.assertEqual(self._asked_again(), {request.id})
        self._look("approval_late", 7)
        self.assertEqual(one.state, "closed")

    def test_the_threshold_is_in_hours(self):
        _order, request = self._waiting()
        self._rule("approval_late").threshold = 3
        self.assertNotIn(request, self._look("approval_late", 6))
        self.assertIn(request, self._look("approval_late", 7))

    def test_without_a_time_limit_it_only_waits(self):
        self.policy.action_retire()
        self._policy((None, 1000), (1000, None, self._step(self.bea, hours=0)))
        _order, request = self._waiting()
        self.assertNotIn(request, self._look("approval_late", 100))
        self.assertNotIn(request, self._look("approval_waiting", 23))
        one = self._look("approval_waiting", 30)[request]
        self.assertRecordValues(
            one, [{"measure": 30, "user_id": self.bea.id, "too_late_at": False}]
        )

    def test_what_is_past_due_is_not_found_twice(self):
        _order, request = self._waiting()
        self._rule("approval_waiting").threshold = 2
        one = self._look("approval_waiting", 3)[request]
        self.assertEqual(one.too_late_at, self._after(4))
        self.assertNotIn(request, self._look("approval_waiting", 30))
        self.assertEqual(one.state, "closed")
        self.assertIn(request, self._look("approval_late", 30))

    def test_who_was_asked_back_acts(self):
        order, request = self._waiting()
        self._decide(order, self.bea, "ask_back", reason="What for?")
        self.assertNotIn(request, self._look("approval_late", 30))
        one = self._look("approval_waiting", 30)[request]
        self.assertEqual(one.user_id, self.olga)
        self.assertIn("olga", one.detail)
        action = one.with_user(self.olga).action_resolve()
        dialog = self._dialog(action, self.olga)
        dialog.reason = "For the fair."
        dialog.save().action_apply()
        self.assertFalse(request.asked_back)
        with freeze_time(self._after(31)):
            self._rule("approval_waiting")._detect(ids=request.ids)
        self.assertEqual(one.user_id, self.olga, "who took it, or had it, keeps it")

    def _dialog(self, action, user):
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_one_click_opens_the_decision(self):
        order, request = self._waiting()
        one = self._look("approval_late", 6)[request].with_user(self.bea)
        dialog = self._dialog(one.action_resolve(), self.bea)
        self.assertEqual(dialog.decision, "approve")
        dialog.save().action_apply()
        self.assertEqual(order.state, "done")
        self._look("approval_late", 7)
        self.assertEqual(one.state, "closed")

    def test_who_cannot_decide_reads_the_request(self):
        _order, request = self._waiting()
        one = self._look("approval_late", 6)[request].with_user(self.carl)
        action = one.action_resolve()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (request._name, request.id)
        )

    def test_only_who_may_see_the_request(self):
        _order, request = self._waiting()
        one = self._look("approval_late", 6)[request]
        for user, seen in ((self.bea, 1), (self.bob, 0), (self.otto, 0)):
            domain = [("id", "=", one.id)]
            ids = call_kw(one.browse().with_user(user), "search", [domain], {})
            self.assertEqual(len(ids), seen, user.name)
        for method, *args in (("read", ["amount"]), ("action_resolve",)):
            with self.assertRaises(AccessError):
                call_kw(one.browse().with_user(self.bob), method, [one.ids, *args], {})

    def test_a_few_are_looked_at_by_their_index(self):
        _order, request = self._waiting()
        rule = self._rule("approval_late")
        self.env.flush_all()
        with freeze_time(self._after(6)):
            query = rule._query_approval_late(SQL("r.id = ANY(%s)", request.ids))
        [row] = self.env.execute_query_dict(query)
        self.assertEqual(row["res_id"], request.id)
