from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .common import ApprovalCase

FRIDAY_15 = "2026-11-20 15:00:00"


@tagged("post_install", "-at_install")
class TestApprovalEscalation(ApprovalCase):
    """Time limits are counted in working hours: Monday to Friday, 8 to 16, UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 16,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls._policy(
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

    def _cron(self, moment):
        with freeze_time(moment):
            self.env["distribution.approval.task"]._cron_escalate()

    def _waiting(self):
        with freeze_time(FRIDAY_15):
            order = self._order(self.olga, 1000)
            return order, self._ask(order)

    def test_the_clock_stands_still_over_the_weekend(self):
        _order, request = self._waiting()
        self.assertEqual(
            request.deadline, fields.Datetime.to_datetime("2026-11-23 11:00:00")
        )

    def test_closing_days_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": "2026-11-23 00:00:00",
                "date_to": "2026-11-23 23:59:59",
            }
        )
        _order, request = self._waiting()
        self.assertEqual(
            request.deadline, fields.Datetime.to_datetime("2026-11-24 11:00:00")
        )

    def test_the_next_authority_is_asked_too_and_told_why(self):
        order, request = self._waiting()
        self._cron("2026-11-23 10:59:00")
        self.assertEqual(request.user_ids, self.bea)
        self._cron("2026-11-23 11:01:00")
        self.assertEqual(request.user_ids, self.bea | self.bob)
        self.assertIn("has not decided in time", request.with_user(self.bob).why_me)
        escalation = request.decision_ids
        self.assertEqual(escalation.decision, "escalate")
        self.assertIn("within 4 working hours", escalation.reason)
        activity = request.activity_ids.filtered(lambda a: a.user_id == self.bob)
        self.assertEqual(len(activity), 1)
        self.assertEqual(request.state, "pending")
        self._decide(order, self.bob)
        self.assertEqual(order.state, "done")
        self.assertFalse(request.activity_ids)

    def test_then_the_administrators_and_then_nobody_else(self):
        _order, request = self._waiting()
        self._cron("2026-11-23 11:01:00")
        self._cron("2026-11-23 11:30:00")
        self.assertNotIn(self.boss, request.user_ids)
        self._cron("2026-11-24 08:00:00")
        self.assertIn(self.boss, request.user_ids)
        for day in range(25, 29):
            self._cron(f"2026-11-{day} 09:00:00")
        self.assertEqual(request.state, "pending")
        self.assertEqual(len(request.decision_ids), 2)
        self.assertEqual(request.user_ids, self.bea | self.bob | self.boss)

    def test_where_all_must_approve_the_next_authority_decides_for_the_late(self):
        """Asking more people must not make it harder."""
        draft = self.Policy.browse(
            self.Policy.search(
                [("document_model", "=", "distribution.fake.order")]
            ).action_new_version()["res_id"]
        )
        pair = self.env["res.groups"].create(
            {"name": "Two", "user_ids": (self.bea | self.carl).ids}
        )
        draft.rule_ids.band_ids.step_ids.write(
            {"authority": "group", "group_id": pair.id, "quorum": "all"}
        )
        draft.action_activate()
        order, _request = self._waiting()
        late, _late_request = self._waiting()
        for each in (order, late):
            self._decide(each, self.bea)
            self.assertEqual(each.state, "waiting")
        self._cron("2026-11-23 11:01:00")
        self._decide(order, self.carl)
        self.assertEqual(order.state, "done")
        self._decide(late, self.bob)
        self.assertEqual(late.state, "done")

    def test_an_upgrade_asks_nobody(self):
        """While addons are loaded a kind of document may not be there yet."""
        self._policy()
        order = self._order(self.olga, 5000)
        request = self._ask(order)
        asked = request.sudo().task_ids.user_ids
        with patch.object(self.registry, "ready", False):
            self.managers.user_ids -= self.bob
            self.env.flush_all()
        self.assertEqual(request.sudo().task_ids.user_ids, asked)
        self.env["distribution.approval.task"]._cron_escalate()
        self.assertEqual(request.sudo().task_ids.user_ids, asked - self.bob)

    def test_the_job_run_twice_changes_nothing(self):
        _order, request = self._waiting()
        self._cron("2026-11-23 11:01:00")
        self._cron("2026-11-23 11:01:00")
        self.assertEqual(len(request.decision_ids), 1)

    def test_the_job_writes_nothing_where_nothing_is_late(self):
        """It would be in the way of whoever decides in the same moment."""
        _order, request = self._waiting()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_approval_request SET write_date = NULL"
        )
        self.env.cr.execute("UPDATE distribution_approval_task SET write_date = NULL")
        self.env.invalidate_all()
        self._cron("2026-11-20 15:30:00")
        self.env.flush_all()
        self.assertFalse(request.write_date)
        self.assertFalse(request.task_ids.write_date)

    def test_while_an_answer_is_waited_for_nothing_escalates(self):
        order, request = self._waiting()
        self._decide(order, self.bea, "ask_back", reason="Why?")
        self._cron("2026-11-30 11:00:00")
        self.assertEqual(request.user_ids, self.bea)
        with freeze_time("2026-11-30 10:00:00"):
            request.with_user(self.olga).action_answer(reason="Because")
        self.assertEqual(
            request.deadline, fields.Datetime.to_datetime("2026-11-30 14:00:00")
        )

    def test_without_a_limit_nothing_escalates(self):
        draft = self.Policy.browse(
            self.Policy.search(
                [("document_model", "=", "distribution.fake.order")]
            ).action_new_version()["res_id"]
        )
        draft.rule_ids.band_ids.step_ids.hours = 0
        draft.action_activate()
        _order, request = self._waiting()
        self.assertFalse(request.deadline)
        self._cron("2027-11-30 11:00:00")
        self.assertEqual(request.user_ids, self.bea)
