from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalDelegation(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._policy((None, 1000), (1000, None, cls._step(cls.bea)))
        cls.Delegation = cls.env["distribution.approval.delegation"]

    def _delegate(self, user, delegate, start=0, end=0, **values):
        today = fields.Date.today()
        return self.Delegation.with_user(user).create(
            {
                "user_id": user.id,
                "delegate_id": delegate.id,
                "date_from": fields.Date.add(today, days=start),
                "date_to": fields.Date.add(today, days=end),
                **values,
            }
        )

    def _waiting(self):
        order = self._order(self.olga, 1000)
        return order, self._ask(order)

    def test_both_names_are_in_the_trail(self):
        order, request = self._waiting()
        self.assertEqual(request.user_ids, self.bea)
        self._delegate(self.bea, self.otto)
        self.assertEqual(request.user_ids, self.bea | self.otto)
        self.assertIn("On behalf of bea", request.with_user(self.otto).why_me)
        self._decide(order, self.otto)
        decision = request.decision_ids
        self.assertEqual(decision.user_id, self.otto)
        self.assertEqual(decision.on_behalf_of_id, self.bea)
        self.assertEqual(decision.on_behalf_of_login, "bea")
        self.assertEqual(order.state, "done")

    def test_only_on_its_days(self):
        self._delegate(self.bea, self.otto, start=1, end=3)
        _order, request = self._waiting()
        self.assertEqual(request.user_ids, self.bea)
        with self.assertRaises(AccessError):
            request.with_user(self.otto).action_approve()

    def test_it_ends(self):
        delegation = self._delegate(self.bea, self.otto)
        order, request = self._waiting()
        self.assertIn(self.otto, request.user_ids)
        delegation.with_user(self.bea).active = False
        self.assertEqual(request.user_ids, self.bea)
        with self.assertRaises(AccessError):
            self._decide(order, self.otto)

    def test_only_for_its_policies_in_any_version(self):
        other = self._policy(name="Other", sequence=99)
        self._delegate(self.bea, self.otto, policy_ids=other.ids)
        _order, request = self._waiting()
        self.assertNotIn(self.otto, request.user_ids)
        self._delegate(self.bea, self.bob, policy_ids=self.policy.ids)
        draft = self.Policy.browse(self.policy.action_new_version()["res_id"])
        draft.action_activate()
        _order, request = self._waiting()
        self.assertEqual(request.policy_id, draft)
        self.assertEqual(request.user_ids, self.bea | self.bob)

    def test_a_chain_of_delegations_reaches_the_last(self):
        self._delegate(self.bea, self.otto)
        self._delegate(self.otto, self.carl)
        order, request = self._waiting()
        self.assertEqual(request.user_ids, self.bea | self.otto | self.carl)
        self._decide(order, self.carl)
        self.assertEqual(request.decision_ids.on_behalf_of_id, self.bea)

    def test_one_person_counts_once(self):
        """With two authorities one has still two eyes."""
        draft = self.Policy.browse(self.policy.action_new_version()["res_id"])
        draft.rule_ids.band_ids.step_ids.write(
            {"authority": "group", "group_id": self.managers.id, "minimum": 2}
        )
        draft.action_activate()
        self._delegate(self.bea, self.otto)
        self._delegate(self.bob, self.otto)
        order, request = self._waiting()
        self._decide(order, self.otto)
        self.assertEqual(order.state, "waiting")
        with self.assertRaises(AccessError):
            self._decide(order, self.otto)
        self._decide(order, self.bob)
        self.assertEqual(order.state, "done")
        self.assertEqual(len(request.decision_ids), 2)

    def test_a_circle_is_named(self):
        self._delegate(self.bea, self.bob)
        self._delegate(self.bob, self.carl)
        with self.assertRefused("bea.*bob.*carl|carl.*bea.*bob.*carl", ValidationError):
            self._delegate(self.carl, self.bea)
        self._delegate(self.carl, self.bea, start=5, end=6)

    def test_the_days_in_order_and_two_people(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._delegate(self.bea, self.bob, start=2, end=1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._delegate(self.bea, self.bea)

    def test_an_archived_delegate_is_refused_and_later_on_ignored(self):
        with self.assertRefused("active internal users", ValidationError):
            self.bob.active = False
            self._delegate(self.bea, self.bob)
        self._delegate(self.bea, self.otto)
        _order, request = self._waiting()
        self.otto.active = False
        self.assertEqual(request.user_ids, self.bea)

    def test_an_auditor_never_decides(self):
        self._delegate(self.bea, self.anna)
        order, request = self._waiting()
        self.assertNotIn(self.anna, request.user_ids)
        with self.assertRaises(AccessError):
            self._decide(order, self.anna)

    def test_both_see_it_and_nobody_else(self):
        delegation = self._delegate(self.bea, self.otto)
        for user in (self.bea, self.otto, self.boss, self.anna):
            self.assertTrue(delegation.with_user(user).reason or True)
            self.assertEqual(self.Delegation.with_user(user).search_count([]), 1)
        self.assertEqual(self.Delegation.with_user(self.bob).search_count([]), 0)

    def test_the_delegate_cannot_make_it_longer(self):
        delegation = self._delegate(self.bea, self.otto)
        with self.assertRefused("your own authority only", AccessError):
            delegation.with_user(self.otto).date_to = "2999-01-01"
        with self.assertRefused("your own authority only", AccessError):
            delegation.with_user(self.bea).user_id = self.bob

    def test_what_was_in_force_is_not_deleted(self):
        with self.assertRefused("not deleted", ValidationError):
            self._delegate(self.bea, self.otto).unlink()
        self._delegate(self.bea, self.otto, start=1, end=2).unlink()

    def test_handing_on_one_request(self):
        order, request = self._waiting()
        other_order, other = self._waiting()
        self._decide(
            order, self.bea, "delegate", user_id=self.otto.id, reason="You know"
        )
        self.assertEqual(request.user_ids, self.bea | self.otto)
        self.assertEqual(other.user_ids, self.bea)
        with self.assertRaises(AccessError):
            self._decide(other_order, self.otto)
        self._decide(order, self.otto)
        self.assertEqual(order.state, "done")
        last = request.decision_ids[0]
        self.assertEqual((last.user_id, last.on_behalf_of_id), (self.otto, self.bea))
        self.assertIn("otto", request.decision_ids[1].reason)

    def test_what_was_handed_on_ends_with_the_authority(self):
        order, request = self._waiting()
        self._decide(order, self.bea, "delegate", user_id=self.otto.id)
        self.bea.active = False
        self.assertNotIn(self.otto, request.user_ids)
