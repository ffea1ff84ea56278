from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestActions(ReviewCase):
    """What was agreed has an owner and a day, and ends with what came of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.found = cls._find(cls.north, 100)

    def setUp(self):
        super().setUp()
        self.review = self._open()
        self.item = self._item(self.review, self.found, self.bea)

    def _action(self, **values):
        return self._plan(self.item, self.bea, user_id=self.olga, **values)

    def test_the_dialog_suggests_owner_and_day(self):
        action = self._plan(self.item, self.bea)
        self.assertEqual(action.user_id, self.bea)
        self.assertIn("Fjord Machines", action.name)
        self.assertEqual(
            action.date_due, fields.Date.context_today(action) + timedelta(days=7)
        )

    def test_the_owner_gets_an_activity(self):
        action = self._action()
        activity = action.sudo().activity_ids
        self.assertEqual(activity.user_id, self.olga)
        self.assertEqual(activity.date_deadline, action.date_due)
        with Form(action) as form:
            form.user_id = self.bea
        self.assertEqual(action.sudo().activity_ids.user_id, self.bea)

    def test_the_owner_says_that_it_is_done(self):
        action = self._action()
        self.assertTrue(action.with_user(self.olga).can_finish)
        self.assertFalse(action.with_user(self.olga).can_change)
        self._finish(action, self.olga, "The street was missing")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.done_note, "The street was missing")
        self.assertEqual(action.done_by_id, self.olga)
        self.assertFalse(action.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "no longer open"):
            self._finish(action, self.olga)

    def test_an_owner_drops_and_moves_nothing(self):
        action = self._action()
        with self.assertRaises(AccessError):
            self._finish(action, self.olga, drop=True)
        with self.assertRaises(AccessError):
            action.with_user(self.olga).date_due = "2030-01-01"
        self._finish(action, self.bea, "Not needed", drop=True)
        self.assertEqual(action.state, "dropped")

    def test_an_owner_of_another_branch_sees_and_ends_it(self):
        action = self._plan(self.item, self.bea, user_id=self.wim)
        self._finish(action, self.wim)
        self.assertEqual(action.state, "done")

    def test_actions_go_on_after_the_review(self):
        action = self._action()
        self.review.with_user(self.paul).action_close()
        self._finish(action, self.olga)
        self.assertEqual(action.state, "done")

    def test_overdue(self):
        action = self._action()
        Action = self.env["distribution.review.action"].with_user(self.bea)
        self.assertFalse(Action.search([("is_overdue", "=", True)]) & action)
        action.date_due = fields.Date.context_today(action) - timedelta(days=3)
        self.assertTrue(action.is_overdue)
        self.assertEqual(action.days_late, 3)
        self.assertIn(action, Action.search([("is_overdue", "=", True)]))
        self._finish(action, self.olga)
        self.assertFalse(action.is_overdue)
        self.assertNotIn(action, Action.search([("is_overdue", "=", True)]))

    def test_auditors_and_strangers_own_nothing(self):
        for user in (self.aude, self.env.ref("base.public_user")):
            with self.assertRaises(ValidationError):
                self._plan(self.item, self.bea, user_id=user)

    def test_what_people_do_not_write(self):
        action = self._action()
        for values in (
            {"state": "done"},
            {"done_on": "2026-01-01"},
            {"review_id": self.review.id},
            {"branch_id": self.west.id},
            {"opened_on": "2026-01-01"},
        ):
            for user in (self.bea, self.boss, self.paul):
                with self.assertRaises(AccessError):
                    action.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.env["distribution.review.action"].with_user(self.bea).create(
                {"name": "x", "review_id": self.review.id, "state": "done"}
            )

    def test_an_action_for_a_branch_of_others(self):
        Action = self.env["distribution.review.action"]
        for branch in (self.west, self.env["distribution.branch"]):
            with self.assertRaises(AccessError):
                Action.with_user(self.bea).create(
                    {
                        "name": "x",
                        "review_id": self.review.id,
                        "branch_id": branch.id,
                        "user_id": self.bea.id,
                    }
                )
        self.assertTrue(
            Action.with_user(self.paul).create(
                {"name": "For all", "review_id": self.review.id}
            )
        )

    def test_the_trend(self):
        Trend = self.env["distribution.review.trend"].with_user(self.bea)
        action = self._action()
        other = self._action(name="Second")
        action.date_due = fields.Date.context_today(action) - timedelta(days=3)
        self._finish(action, self.olga)
        self._finish(other, self.bea, drop=True)
        self.env.flush_all()
        counts = {
            step: (count, balance, late)
            for step, count, balance, late in Trend._read_group(
                [("review_id", "=", self.review.id)],
                ["step"],
                ["count:sum", "balance:sum", "late:sum"],
            )
        }
        self.assertEqual(
            counts,
            {
                "agreed": (2, 2, 0),
                "done": (1, -1, 1),
                "dropped": (1, -1, 0),
                "raised": (1, 0, 0),
            },
        )
        row = Trend.search([("step", "=", "done"), ("action_id", "=", action.id)])
        self.assertEqual(row.action_open()["res_id"], action.id)
        self.assertFalse(
            Trend.with_user(self.walt).search([("review_id", "=", self.review.id)])
        )
