import logging
import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApprovalCase

LOGGER = "odoo.addons.distribution_approval.models.distribution_approval_decision"


@tagged("post_install", "-at_install")
class TestApprovalChain(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.orders = [self._order(self.olga, 1000 + number) for number in range(4)]
        for order in self.orders:
            self._ask(order)
            self._decide(order, self.bea, reason="Fine — é ö")
        self.decisions = self.Decision.search([], order="number")

    def _problem(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Decision._verify(self.env.company)[1]

    def _sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)

    def test_an_honest_chain(self):
        count, problem = self.Decision._verify(self.env.company)
        self.assertIsNone(problem)
        self.assertEqual(count, len(self.decisions))
        self.assertEqual(self.decisions.mapped("number"), list(range(1, count + 1)))
        for earlier, later in zip(self.decisions, self.decisions[1:], strict=False):
            self.assertEqual(later.previous_hash, earlier.hash)

    def test_every_column_that_counts(self):
        """A single altered byte in any of them is found, and the line is named."""
        target = self.decisions[1]
        for column, value in (
            ("reason", "fine — é ö"),
            ("user_id", self.bob.id),
            ("user_login", "bob"),
            ("on_behalf_of_id", self.bob.id),
            ("decision", "reject"),
            ("date", "2020-01-01"),
            ("document", "Another"),
            ("res_id", 1),
            ("fingerprint", "0" * 64),
            ("step", "Nobody"),
            ("hash", "0" * 64),
            ("previous_hash", "0" * 64),
        ):
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self._sql(
                    f"UPDATE distribution_approval_decision SET {column} = %s"
                    " WHERE id = %s",
                    value,
                    target.id,
                )
                problem = self._problem()
                self.assertIn("Decision 2", problem or "")
                savepoint.rollback()

    def test_a_missing_line(self):
        for position, message in ((1, "Decision 2 is missing"), (3, "at the end")):
            with self.subTest(position), self.env.cr.savepoint() as savepoint:
                self._sql(
                    "DELETE FROM distribution_approval_decision WHERE id = %s",
                    self.decisions[position].id,
                )
                self.assertIn(message, self._problem() or "")
                savepoint.rollback()

    def test_a_chain_written_anew_without_its_end(self):
        self._sql("UPDATE distribution_approval_chain SET hash = %s", "0" * 64)
        self.assertIn("should end at", self._problem())

    def test_the_states_of_requests(self):
        rejected = self._order(self.olga, 1000)
        self._ask(rejected)
        self._decide(rejected, self.bea, "reject", reason="No")
        waiting = self._order(self.olga, 1000)
        self._ask(waiting)
        for order, state in (
            (rejected, "approved"),
            (rejected, "pending"),
            (waiting, "approved"),
            (waiting, "withdrawn"),
            (self.orders[0], "rejected"),
            (self.orders[0], "superseded"),
        ):
            request = self._request(order)
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                self._sql(
                    "UPDATE distribution_approval_request SET state = %s WHERE id = %s",
                    state,
                    request.id,
                )
                self.assertIn("does not follow", self._problem() or "")
                savepoint.rollback()
        self.assertIsNone(self._problem())

    def test_fewer_decisions_than_were_needed(self):
        self._sql(
            "UPDATE distribution_approval_task SET minimum = 2 WHERE request_id = %s",
            self._request(self.orders[0]).id,
        )
        self.assertIn("does not follow", self._problem())

    def test_the_auditor_presses_the_button(self):
        answer = self.Decision.with_user(self.anna).action_verify()
        self.assertEqual(answer["params"]["type"], "success")
        self._sql("UPDATE distribution_approval_decision SET reason = 'x'")
        self.env.invalidate_all()
        answer = self.Decision.with_user(self.anna).action_verify()
        self.assertEqual(answer["params"]["type"], "danger")
        self.assertIn("Decision 1", answer["params"]["message"])

    def test_the_daily_job_logs_the_end_and_tells_of_tampering(self):
        # The number: Odoo gives the name to a level of its own.
        with self.assertLogs(LOGGER, logging.INFO) as logs:
            self.Decision._cron_verify()
        self.assertIn(self.decisions[-1].hash, "".join(logs.output))
        self._sql("UPDATE distribution_approval_decision SET reason = 'x'")
        self.env.invalidate_all()
        before = self.env["mail.notification"].search([])
        with mute_logger(LOGGER):
            self.Decision._cron_verify()
        told = self.env["mail.notification"].search([]) - before
        self.assertEqual(
            told.res_partner_id & (self.anna | self.boss).partner_id,
            (self.anna | self.boss).partner_id,
        )

    def test_ten_thousand_decisions_in_ten_seconds(self):
        # A hundred lines at a time, of one request: what counts is the length.
        hundred = self.Request.concat(*[self._request(self.orders[0])] * 100)
        for _number in range(100):
            self.Decision.with_user(self.bea)._record("escalate", hundred)
        self.env.flush_all()
        start = time.monotonic()
        count, problem = self.Decision._verify(self.env.company)
        took = time.monotonic() - start
        self.assertIsNone(problem)
        self.assertGreaterEqual(count, 10_000)
        self.assertLess(took, 10)
