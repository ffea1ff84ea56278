from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .duty_common import DutyCase


@tagged("post_install", "-at_install")
class TestDutyLog(DutyCase):
    def assertRefused(self, user, duty, documents, message="must not do"):
        before = self._rows(documents)
        with self.assertRaisesRegex(UserError, message):
            self._do(user, duty, documents)
        self.assertEqual(self._rows(documents), before)

    def test_nothing_is_recorded_without_a_pair(self):
        self._do(self.olga, "receive", self.order)
        self._do(self.olga, "bill", self.order)
        self.assertEqual(self._rows(self.order), [])

    def test_what_a_pair_names_is_recorded(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self._do(self.olga, "approve", self.order)
        self.assertEqual(self._rows(self.order), [(self.olga, "receive", "performed")])
        row = self.Log.search([("user_id", "=", self.olga.id)])
        self.assertEqual(row.document, "P00001")
        self.assertEqual(row.document_type, "Fake Document")
        self.assertEqual(row.user_login, "olga")
        self.assertEqual(row.company_id, self.company)
        self.assertEqual(row.create_uid, self.olga)
        self.assertTrue(row.date)
        self.assertEqual(row.display_name, "olga: Receive (P00001)")

    def test_the_second_duty_is_refused(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self.assertRefused(
            self.olga,
            "bill",
            self.order,
            "Olga Berg did “Receive” on P00001 on .* “Post the bill” on it as well",
        )

    def test_in_the_other_order_too(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "bill", self.order)
        self.assertRefused(self.olga, "receive", self.order)

    def test_the_refusal_says_why_and_what_to_do(self):
        pair = self._keep_apart("receive", "bill")
        pair.risk = "Goods that never came are paid."
        self._do(self.olga, "receive", self.order)
        self.assertRefused(
            self.olga, "bill", self.order, "Goods that never came are paid."
        )
        self.assertRefused(self.olga, "bill", self.order, "Ask a colleague")

    def test_a_long_refusal_does_not_name_every_document(self):
        self._keep_apart("receive", "bill")
        orders = self._orders(12)
        self._do(self.olga, "receive", orders)
        self.assertRefused(self.olga, "bill", orders, "for 2 other documents")

    def test_a_colleague_may(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self._do(self.carl, "bill", self.order)
        self.assertEqual(
            self._rows(self.order),
            [(self.olga, "receive", "performed"), (self.carl, "bill", "performed")],
        )

    def test_another_document_may(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self._do(self.olga, "bill", self.order_2)

    def test_a_document_of_another_model_with_the_same_id_may(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        note = self.note.browse(self.order.id)
        self._do(self.olga, "bill", note)

    def test_the_same_duty_again_may(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self._do(self.olga, "receive", self.order)
        self.assertEqual(len(self._rows(self.order)), 2)

    def test_one_document_in_conflict_stops_all(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self.assertRefused(self.olga, "bill", self.order + self.order_2)
        self.assertEqual(self._rows(self.order_2), [])

    def test_a_duty_in_two_pairs(self):
        self._keep_apart("receive", "bill")
        self._keep_apart("request", "bill")
        self._do(self.olga, "request", self.order)
        self._do(self.olga, "receive", self.order)
        self.assertRefused(self.olga, "bill", self.order)

    def test_an_archived_pair_forbids_nothing(self):
        pair = self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        pair.active = False
        self._do(self.olga, "bill", self.order)
        self.assertEqual(len(self._rows(self.order)), 1)
        pair.active = True
        self.assertRefused(self.olga, "bill", self.order)

    def test_a_pair_holds_from_its_creation_to_its_deletion(self):
        self._do(self.olga, "receive", self.order)  # known to be in no pair
        pair = self._keep_apart("receive", "bill", res_model=self.order._name)
        self._do(self.olga, "receive", self.order)
        self.assertRefused(self.olga, "bill", self.order)
        pair.unlink()
        self._do(self.olga, "bill", self.order)

    def test_a_pair_of_one_kind_of_document(self):
        self._keep_apart("receive", "bill", res_model=self.order._name)
        for document in (self.order, self.note):
            self._do(self.olga, "receive", document)
        self.assertRefused(self.olga, "bill", self.order)
        self._do(self.olga, "bill", self.note)
        self.assertEqual(self._rows(self.note), [])

    def test_a_pair_of_every_kind_of_document(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.note)
        self.assertRefused(self.olga, "bill", self.note)
        self.assertFalse(self.Log.search([("user_id", "=", self.olga.id)]).company_id)

    def test_a_pair_of_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._keep_apart("receive", "bill", company_id=other.id)
        self.order_2.company_id = other
        orders = self.order + self.order_2
        self._do(self.olga, "receive", orders)
        self.assertEqual(self._rows(self.order), [])
        self.assertRefused(self.olga, "bill", orders)
        self._do(self.olga, "bill", self.order)
        # A document of no company follows the pairs of every company alone.
        self._do(self.olga, "receive", self.note)
        self._do(self.olga, "bill", self.note)

    def test_superuser_code_acts_for_its_user(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        with self.assertRaisesRegex(UserError, "must not do"):
            self.Log.with_user(self.olga).sudo()._perform("bill", self.order.sudo())

    def test_the_system_user_is_recorded_and_never_refused(self):
        self._keep_apart("receive", "bill")
        root = self.env.ref("base.user_root")
        self._do(root, "receive", self.order)
        self._do(root, "bill", self.order)
        self.assertEqual(self.Log.with_user(root)._check("receive", self.order), {})
        self.assertEqual(
            self._rows(self.order),
            [(root, "receive", "performed"), (root, "bill", "performed")],
        )
        self._do(self.olga, "bill", self.order)

    def test_a_key_in_the_context_opens_nothing(self):
        pair = self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        for context in (
            {"active_test": False},
            {"tracking_disable": True, "skip_duty": True, "no_duty": True},
            {"allowed_company_ids": []},
        ):
            log = self.Log.with_user(self.olga).with_context(**context)
            with self.assertRaisesRegex(UserError, "must not do"):
                log._perform("bill", self.order)
        # Nor does one make an archived pair hold, though the cache is filled with it.
        pair.active = False
        log = self.Log.with_user(self.olga).with_context(active_test=False)
        log._perform("bill", self.order)

    def test_check_says_what_perform_would_refuse(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        orders = self.order + self.order_2
        log = self.Log.with_user(self.olga)
        refusals = log._check("bill", orders)
        self.assertEqual(list(refusals), self.order.ids)
        self.assertIn("Olga Berg did “Receive” on P00001", refusals[self.order.id])
        self.assertEqual(log._check("receive", orders), {})
        self.assertEqual(self.Log.with_user(self.carl)._check("bill", orders), {})
        self.assertEqual(len(self._rows(orders)), 1)

    def test_records_of_a_form_that_are_not_saved(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        log = self.Log.with_user(self.olga)
        log._perform("bill", self.order.new({"name": "New"}))
        log._perform("bill", self.order.browse())
        edited = self.order.new(origin=self.order)
        self.assertEqual(list(log._check("bill", edited)), self.order.ids)

    def test_a_duty_nobody_knows_is_an_error_of_the_caller(self):
        with self.assertRaises(ValueError):
            self.Log._perform("recieve", self.order)

    def test_an_addon_can_add_a_duty(self):
        self.patch(
            self.registry["distribution.duty.conflict"],
            "_selection_duty",
            lambda self: [("count", "Count"), ("adjust", "Adjust")],
        )
        self._keep_apart("count", "adjust", res_model=self.order._name)
        self._do(self.olga, "count", self.order)
        self.assertRefused(self.olga, "adjust", self.order, "did “Count”")

    def test_the_name_of_a_document_stays(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        row = self.Log.search([("user_id", "=", self.olga.id)])
        self.assertEqual(
            row.with_user(self.olga).action_view_document()["res_id"], self.order.id
        )
        self.order.unlink()
        self.assertEqual(row.document, "P00001")
        with self.assertRaisesRegex(UserError, "P00001 does not exist any more"):
            row.with_user(self.olga).action_view_document()

    def test_old_locks_are_removed(self):
        self._keep_apart("receive", "bill")
        self._do(self.olga, "receive", self.order)
        self._do(self.carl, "receive", self.order)
        Lock = self.env["distribution.duty.lock"]
        locks = Lock.search([])
        self.assertEqual(locks.user_id, self.olga + self.carl)
        locks[0].date -= timedelta(days=2)
        self.env.flush_all()
        Lock._gc_locks()
        self.env.invalidate_all()
        self.assertEqual(Lock.search([]), locks[1])

    def test_no_query_where_no_pair_is_active(self):
        orders = self._orders(3).with_user(self.olga)
        log = self.Log.with_user(self.olga)
        self._keep_apart("approve", "pay")
        for duty in ("receive", "bill"):
            log._perform(duty, orders)  # the cache learns that there is no pair
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            log._perform("receive", orders)
            log._check("bill", orders)

    def test_the_number_of_queries_does_not_grow(self):
        self._keep_apart("receive", "bill")
        self._queries_of(1)  # what is cached for long
        few, many = (self._queries_of(count) for count in (2, 40))
        self.assertEqual(few, many)
        # The documents, the lock, their past, the user, the record.
        self.assertLessEqual(many[0], 5)
        # Instead of the record, what the message says; and the test's savepoint.
        self.assertLessEqual(many[1], 11)

    def _queries_of(self, count):
        """The queries of performing a duty on `count` documents, and of a refusal."""
        orders = self._orders(count)
        performed = self._count_queries(lambda: self._do(self.olga, "receive", orders))
        refused = self._count_queries(
            lambda: self.assertRaises(UserError, self._do, self.olga, "bill", orders)
        )
        return performed, refused

    def _count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _orders(self, count):
        return self.order.create(
            [
                {"name": f"B{number}", "company_id": self.company.id}
                for number in range(count)
            ]
        )
