import logging
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .duty_common import DutyCase

LOGGER = "odoo.addons.distribution_approval.models.distribution_duty_log"


@tagged("post_install", "-at_install")
class TestDutyRefusal(DutyCase):
    """A refused attempt is recorded, though all else of its transaction is undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_apart("receive", "bill")

    def setUp(self):
        super().setUp()
        self._do(self.olga, "receive", self.order)
        self.documents = self.order + self.order_2

    def _refuse(self):
        with self.assertRaises(UserError) as refusal:
            self._do(self.olga, "bill", self.documents)
        self.env.flush_all()
        return str(refusal.exception)

    def _refused(self):
        return self.Log.search(
            [("outcome", "=", "refused"), ("res_model", "=", self.order._name)]
        )

    def test_recorded_once_rolled_back(self):
        message = self._refuse()
        self.assertFalse(self._refused())
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        row = self._refused()
        self.assertEqual(row.user_id, self.olga)
        self.assertEqual(row.create_uid, self.olga)
        self.assertEqual(row.duty, "bill")
        self.assertEqual(row.document, "P00001")
        self.assertEqual(row.res_id, self.order.id)
        self.assertEqual(row.company_id, self.company)
        self.assertEqual(row.conflict, message.splitlines()[0])

    def test_recorded_where_the_error_was_caught(self):
        self._refuse()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.assertEqual(len(self._refused()), 1)

    def test_a_caller_refuses_for_a_reason_of_its_own(self):
        """Also where no pair has the duty."""
        orders = self.documents.with_user(self.olga)
        self.Log.with_user(self.olga)._log_refused("pay", orders, "You were not asked.")
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        rows = self._refused()
        self.assertEqual(set(rows.mapped("document")), {"P00001", "P00002"})
        self.assertEqual(set(rows.mapped("conflict")), {"You were not asked."})

    def test_a_refused_attempt_is_held_against_nobody(self):
        self.documents = self.order_2
        self._do(self.olga, "receive", self.order_2)
        self._refuse()
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        self.assertEqual(
            self.Log.with_user(self.olga)._check("receive", self.order_2), {}
        )

    def test_the_server_log_has_it(self):
        with self.assertLogs(LOGGER, logging.INFO) as logs:
            self._refuse()
        self.assertEqual(len(logs.output), 1)
        self.assertIn("olga may not bill", logs.output[0])
        self.assertIn(f"{self.order._name}({self.order.id},)", logs.output[0])

    def test_what_cannot_be_recorded_is_logged(self):
        self._refuse()
        broken = patch.object(
            self.registry["distribution.duty.log"],
            "_record_evidence",
            side_effect=RuntimeError("disk full"),
        )
        with broken, self.enter_registry_test_mode():
            with self.assertLogs(LOGGER, logging.ERROR) as logs:
                self.env.cr.postrollback.run()
        self.assertIn("P00001", logs.output[0])
        self.assertIn("disk full", logs.output[0])
        self.assertFalse(self._refused())

    def test_of_a_user_who_is_gone(self):
        """As where the transaction that was rolled back had made the user."""
        with (
            self.registry.cursor() as cr,  # which does not see what this test makes
            self.assertLogs(LOGGER, logging.ERROR) as logs,
        ):
            self._refuse()
            self.env.cr.postrollback.run()
            cr.execute(
                "SELECT count(*) FROM distribution_duty_log WHERE res_model = %s",
                [self.order._name],
            )
            self.assertEqual(cr.fetchone()[0], 0)
        self.assertIn("the user does not exist any more", logs.output[0])

    def test_of_a_company_that_is_gone(self):
        company = self.env["res.company"].create({"name": "Gone"})
        self.documents = self.order_2
        self.order_2.company_id = company
        self._do(self.olga, "receive", self.order_2)
        self._refuse()
        exists = type(company).exists
        with (
            patch.object(
                type(company), "exists", lambda records: exists(records) - company
            ),
            self.enter_registry_test_mode(),
        ):
            self.env.cr.postrollback.run()
        self.assertEqual(self._refused().document, "P00002")
        self.assertFalse(self._refused().company_id)
