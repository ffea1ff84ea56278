from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .closing_common import ClosingCase


@tagged("post_install", "-at_install")
class TestClosing(ClosingCase):
    """A month is closed when its list is done; opening it again takes two."""

    def _closed(self, day=None):
        closing = self._clear(self._month(day or self.last))
        closing.action_close()
        return closing

    def assertRefused(self, pattern, call, *arguments, **keywords):
        with (
            self.assertRaisesRegex(UserError, pattern),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            call(*arguments, **keywords)
            self.env.flush_all()
        self.env.invalidate_all()

    def test_closing_locks_the_books(self):
        closing = self._closed()
        self.assertEqual((closing.state, closing.closed_by_id), ("closed", self.fiona))
        self.assertEqual(self.company.fiscalyear_lock_date, self.end)
        self.assertEqual(closing.progress, 100)
        bill = self._charge(10, self.north)
        bill.invoice_date = self.end
        bill.action_post()
        self.assertGreaterEqual(bill.date, self.this, "the month takes no more entries")

    def test_open_items_are_in_the_way(self):
        closing = self._month(self.last)
        self.assertRefused("Stock valuation posted", closing.action_close)
        self.assertEqual(closing.state, "open")
        self.assertFalse(self.company.fiscalyear_lock_date)

    def test_a_document_made_since_is_seen(self):
        closing = self._clear(self._month(self.last))
        self.assertEqual(closing.open_count, 0)
        bill = self._charge(10, self.north)
        bill.date = self.last
        self.assertRefused("Drafts left", closing.action_close)

    def test_months_are_closed_in_order_when_they_are_over(self):
        self._month(self.before)
        self.assertRefused(
            "months are closed in order",
            self._clear(self._month(self.last)).action_close,
        )
        current = self._month(self.this)
        self.assertRefused("is not over", current.action_close)
        self.assertRefused("is not over", current.action_post_valuation)

    def test_lock_never_moves_back(self):
        self.company.fiscalyear_lock_date = self.this
        closing = self._month(self.last)
        closing._check_valuation()
        closing = self._clear(closing)
        closing.action_close()
        self.assertEqual(self.company.fiscalyear_lock_date, self.this)

    def test_a_month_is_there_once(self):
        closing = self._month(self.last + timedelta(days=9))
        self.assertEqual((closing.date_from, closing.date_to), (self.last, self.end))
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._month(self.last)

    def test_the_job_has_the_months(self):
        Closing = self.env["distribution.closing"]
        Closing._cron_create_months()
        Closing._cron_create_months()
        found = Closing.search([("company_id", "=", self.company.id)])
        self.assertEqual(found.mapped("date_from"), [self.this, self.last])

    def test_next_month_is_proposed(self):
        Closing = self.env["distribution.closing"].with_user(self.fiona)
        self.assertEqual(Closing._default_date_from(), self.this)
        self._month(self.before)
        self.assertEqual(Closing._default_date_from(), self.last)

    # Explaining.

    def _received(self):
        self._supply(self.north, 10)
        closing = self._month(self.this)
        return closing, self._item(closing, "received", self.north, self.bea)

    def test_owner_explains(self):
        closing, item = self._received()
        self.assertTrue(item.may_explain)
        self.assertRefused("Write the explanation", item.action_explain)
        item.note = "The bill comes at the end of the quarter."
        item.action_explain()
        self.assertEqual((item.state, item.explained_by_id), ("explained", self.bea))
        self.assertIn("end of the quarter", closing.message_ids[0].body)
        self.assertEqual(closing.message_ids[0].author_id, self.bea.partner_id)
        self.assertRefused("take the explanation back", item.write, {"note": "Other"})
        closing.action_refresh()
        self.assertEqual(item.state, "explained")
        item.action_withdraw()
        self.assertEqual(item.state, "open")

    def test_explanation_is_of_a_figure(self):
        closing, item = self._received()
        item.note = "The bill comes later."
        item.action_explain()
        self._supply(self.north, 5)
        closing.action_refresh()
        self.assertEqual(item.state, "open", "twice as much is something else")

    def test_explained_items_do_not_hinder(self):
        order = self._supply(self.north, 10)
        self._backdate(order.picking_ids.move_ids, self.end)
        closing = self._clear(self._month(self.last))
        self.assertRefused("received, not billed", closing.action_close)
        item = self._item(closing, "received", self.north, self.bea)
        item.note = "The bill comes later."
        item.action_explain()
        closing.action_close()
        self.assertEqual(closing.state, "closed")
        self.assertRefused("is closed", closing.action_refresh)
        self.assertRefused("no explanation that can", item.action_withdraw)
        self.assertRefused("its check list stands", item.write, {"note": "Other"})

    # Opening again.

    def test_opening_takes_two(self):
        closing = self._closed()
        self.assertRefused("Say first why", closing.action_reopen)
        closing.reopen_reason = "A late bill of the landlord."
        closing.action_reopen()
        self.assertEqual(
            (closing.state, closing.reopen_user_id), ("closed", self.fiona)
        )
        self.assertTrue(closing.activity_ids.filtered(lambda x: x.user_id == self.nora))
        self.assertRefused("Nobody decides alone", closing.action_reopen)
        self.assertEqual(self.company.fiscalyear_lock_date, self.end)
        closing.with_user(self.nora).action_reopen()
        self.assertEqual(closing.state, "reopened")
        day = self.last - timedelta(days=1)
        self.assertEqual(self.company.fiscalyear_lock_date, day)
        self.assertIn("late bill", closing.message_ids[0].body)
        closing.action_close()
        self.assertEqual(closing.state, "closed")
        self.assertEqual(self.company.fiscalyear_lock_date, self.end)

    def test_opening_is_left(self):
        closing = self._closed()
        closing.reopen_reason = "A late bill."
        closing.action_reopen()
        closing.with_user(self.nora).action_withdraw_reopening()
        self.assertFalse(closing.reopen_user_id)
        self.assertEqual(closing.state, "closed")

    def test_last_month_is_opened_first(self):
        before = self._closed(self.before)
        self._closed(self.last)
        before.reopen_reason = "A late bill."
        self.assertRefused("open that first", before.action_reopen)

    def test_books_locked_for_good(self):
        closing = self._closed()
        self.company.hard_lock_date = self.end
        closing.reopen_reason = "A late bill."
        self.assertRefused("locked for good", closing.action_reopen)

    def test_policy_decides(self):
        Policy = self.env["distribution.approval.policy"]
        step = {"authority": "user", "user_id": self.boss.id}
        policy = Policy.create(
            {
                "name": "Opening months",
                "document_model": "distribution.closing",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Age",
                            "measure": "closing_age",
                            "band_ids": [
                                Command.create(
                                    {
                                        "has_lower": False,
                                        "has_upper": False,
                                        "step_ids": [Command.create(step)],
                                    }
                                )
                            ],
                        }
                    )
                ],
            }
        )
        policy.action_activate()
        closing = self._closed()
        closing.reopen_reason = "A late bill."
        closing.action_reopen()
        self.assertEqual((closing.state, closing.approval_state), ("closed", "pending"))
        nora = closing.with_user(self.nora)
        nora.action_reopen()
        self.assertEqual(closing.state, "closed", "agreeing is not approving")
        request = closing.approval_request_ids.with_user(self.boss)
        request.action_approve()
        self.env.invalidate_all()
        self.assertEqual(closing.state, "reopened")
        day = self.last - timedelta(days=1)
        self.assertEqual(self.company.fiscalyear_lock_date, day)

    # Side doors.

    def test_lock_is_not_moved_by_hand(self):
        self._closed()
        admin = self.env.ref("base.user_admin")
        company = self.company.with_user(admin)
        day = self.last - relativedelta(months=3)
        self.assertRefused("opened again", company.write, {"fiscalyear_lock_date": day})
        self.assertRefused(
            "opened again", company.write, {"fiscalyear_lock_date": False}
        )
        exception = {
            "company_id": self.company.id,
            "fiscalyear_lock_date": day,
            "user_id": self.nora.id,
        }
        Exceptions = self.env["account.lock_exception"]
        self.assertRefused("opened again", Exceptions.create, exception)
        company.write({"fiscalyear_lock_date": self.this})

    def test_exceptions_end_with_the_month(self):
        closing = self._clear(self._month(self.last))
        self.company.fiscalyear_lock_date = self.last - timedelta(days=1)
        exception = self.env["account.lock_exception"].create(
            {"company_id": self.company.id, "fiscalyear_lock_date": self.before}
        )
        closing.action_close()
        self.assertEqual(exception.state, "revoked")

    def test_nothing_is_forged(self):
        closing = self._closed()
        forged = {"distribution_accounting_owner": True, "su": True}
        item = closing.item_ids[:1]
        values = {"closing_id": closing.id, "code": "bank", "state": "ok"}
        for user in (self.fiona, self.boss):
            month = closing.with_user(user).with_context(**forged)
            self.assertRefused("kept by the system", month.write, {"state": "open"})
            self.assertRefused("kept by the system", month.write, {"state": "reopened"})
            self.assertRefused(
                "kept by the system", month.write, {"reopen_user_id": self.nora.id}
            )
            new = {"date_from": self.this, "state": "closed"}
            self.assertRefused("kept by the system", month.create, new)
            self.assertRefused("is kept", month.unlink)
            entry = item.with_user(user).with_context(**forged)
            self.assertRefused("compute themselves", entry.write, {"state": "ok"})
            self.assertRefused("compute themselves", entry.write, {"count": 0})
            self.assertRefused("", entry.create, values)
            self.assertRefused("", entry.unlink)

    # Rights.

    def test_who_sees_what(self):
        closing = self._month(self.this)
        Item = self.env["distribution.closing.item"]
        own = Item.with_user(self.bea).search([("closing_id", "=", closing.id)])
        self.assertEqual(own.branch_id, self.north)
        regional = Item.with_user(self.rita).search([("closing_id", "=", closing.id)])
        self.assertEqual(regional.branch_id, self.north)
        self.assertTrue(closing.with_user(self.bea).name)
        with self.assertRaises(AccessError):
            Item.with_user(self.olga).search([])
        west = self._item(closing, "drafts", self.west)
        with self.assertRaises(AccessError):
            west.with_user(self.bea).read(["count"])
        with self.assertRaises(AccessError):
            west.with_user(self.bea).note = "Mine"

    def test_who_does_what(self):
        auditor = self._new_user("auditor", "audrey")
        closing = self._clear(self._month(self.last))
        item = closing.item_ids[:1]
        self.assertTrue(closing.with_user(auditor).read(["name", "progress"]))
        self.assertTrue(item.with_user(auditor).read(["name", "count"]))
        for user in (self.bea, self.olga, self.paul, auditor):
            month = closing.with_user(user)
            for name in (
                "action_refresh",
                "action_post_valuation",
                "action_close",
                "action_reopen",
                "action_withdraw_reopening",
            ):
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    getattr(month, name)()
            with self.assertRaises(AccessError):
                month.create({"date_from": self.this})
        with self.assertRaises(AccessError):
            item.with_user(auditor).write({"note": "Mine"})
        closing.with_user(self.boss).action_close()

    def test_branch_manager_explains_no_others(self):
        draft = self._charge(80, self.north)
        self.assertEqual(draft.state, "draft")
        closing = self._month(self.this)
        item = self._item(closing, "drafts", self.north, self.bea)
        item.note = "Never mind."
        self.assertRefused("Its owner, or a finance controller", item.action_explain)

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        closing = self.env["distribution.closing"].create(
            {"company_id": other.id, "date_from": self.last}
        )
        found = self.env["distribution.closing"].with_user(self.fiona).search([])
        self.assertNotIn(closing, found)
        with self.assertRaises(AccessError):
            closing.with_user(self.fiona).action_refresh()
        self.assertFalse(closing.item_ids.branch_id)
