"""What somebody tries who wants to get round the gate, through the ORM as that user."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ApprovalCase

ENGINE_LOGGER = (
    "odoo.addons.distribution_approval.models.distribution_approval_request_engine"
)
KEYS = {
    "distribution_approval_cleared": True,
    "distribution_evidence_writer": True,
    "approval_cleared": True,
    "skip_approval": True,
    "tracking_disable": True,
    "import_file": True,
    "install_mode": True,
    "module": "distribution_approval",
}


@tagged("post_install", "-at_install")
class TestApprovalAttacks(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.order = self._order(self.olga, 1000)
        self.request = self._ask(self.order)

    def test_approving_ones_own_request(self):
        self.olga.group_ids += self.managers
        with self.assertRefused("you made, edited or asked for it", AccessError):
            self._decide(self.order, self.olga)

    def test_approving_what_one_made_and_another_asked_for(self):
        order = self._order(self.bea, 1000)
        request = self._ask(order, self.olga)
        self.assertNotIn(self.bea, request.user_ids)
        with self.assertRefused("you made, edited or asked for it", AccessError):
            self._decide(order, self.bea)

    def test_approving_what_one_edited(self):
        order = self._order(self.olga, 10)
        order.with_user(self.bea).line_ids.price = 1000
        self._ask(order)
        with self.assertRefused("you made, edited or asked for it", AccessError):
            self._decide(order, self.bea)

    def test_taking_the_role_after_asking(self):
        self.olga.with_user(self.boss).sudo().group_ids += self.managers
        self.assertNotIn(self.olga, self.request.user_ids)
        with self.assertRaises(AccessError):
            self._decide(self.order, self.olga)

    def test_writing_the_state(self):
        for order in (
            self.order,
            self.order.sudo(),
            self.order.with_context(**KEYS),
            self.order.with_user(self.env.ref("base.user_root")),
        ):
            with self.assertRefused("(needs|waits for) approval"):
                order.write({"state": "done"})

    def test_writing_the_state_together_with_a_harmless_amount(self):
        """The gate looks at what stands there after the write."""
        order = self._order(self.olga, 10)
        with self.assertRefused("needs a"):
            order.write(
                {
                    "state": "done",
                    "line_ids": [Command.update(order.line_ids.id, {"price": 1000})],
                }
            )

    def test_making_it_in_the_state(self):
        for model in (self.env["distribution.fake.order"], self.order):
            with self.assertRefused("this change needs a new one"):
                model.create(
                    {
                        "name": "Born done",
                        "state": "done",
                        "line_ids": [Command.create({"price": 1000})],
                    }
                )

    def test_importing_it_in_the_state(self):
        result = self.order.load(
            ["name", "state", "line_ids/price"], [["Imported", "Done", "1000"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("needs a new one", result["messages"][0]["message"])

    def test_writing_decisions_fingerprints_and_requests(self):
        decision = self._decide(self.order, self.bea).decision_ids
        for record, values in (
            (self.request, {"state": "approved"}),
            (self.request, {"fingerprint": "0" * 64}),
            (self.request, {"user_ids": [Command.link(self.olga.id)]}),
            (self.request, {"author_ids": [Command.clear()]}),
            (self.request.task_ids, {"state": "approved"}),
            (self.request.task_ids, {"minimum": 0}),
            (decision, {"user_id": self.olga.id}),
            (decision, {"reason": "Never said"}),
        ):
            for user in (self.olga, self.boss):
                for attempt in (record, record.with_context(**KEYS)):
                    with self.assertRaises(AccessError):
                        attempt.with_user(user).write(values)
            with self.assertRaises(AccessError):
                record.sudo().with_context(**KEYS).write(values)

    def test_making_decisions_and_requests(self):
        decision = self._decide(self.order, self.bea).decision_ids
        for record in (self.request, self.request.task_ids, decision):
            for user in (self.olga, self.boss):
                with self.assertRaises(AccessError):
                    record.with_user(user).with_context(**KEYS).copy()
            with self.assertRaises(AccessError):
                record.sudo().with_context(**KEYS).copy()

    def test_deleting_requests_and_decisions(self):
        decision = self._decide(self.order, self.bea).decision_ids
        for record in (self.request.task_ids, self.request, decision):
            for user in (self.olga, self.boss):
                with self.assertRaises(AccessError):
                    record.with_user(user).with_context(**KEYS).unlink()
            with self.assertRaises(AccessError):
                record.sudo().unlink()

    def test_deleting_the_document_keeps_the_evidence(self):
        request = self._decide(self.order, self.bea, "reject", reason="Too dear")
        self.order.unlink()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.decision_ids.document, request.document)
        self.assertIsNone(self.Decision._verify(self.env.company)[1])

    def test_any_context_key(self):
        for key, value in KEYS.items():
            order = self._order(self.olga, 1000).with_context(**{key: value})
            order.action_confirm()
            self.assertEqual(order.state, "waiting", key)
            with self.assertRaises(UserError):
                order.write({"state": "done"})

    def test_changing_a_line_after_the_approval(self):
        """Approved, but not carried out, since the order could not be at that time."""
        request = self._approved_and_stuck()
        self.order.line_ids.price = 5000
        self.assertEqual(request.state, "superseded")
        with self.assertRefused("(needs|waits for) approval"):
            self.order.write({"state": "done"})

    def test_adding_and_removing_lines_after_the_approval(self):
        request = self._approved_and_stuck()
        self.order.line_ids = [Command.create({"price": 1})]
        self.assertEqual(request.state, "superseded")

    def test_changing_it_in_sql_after_the_approval(self):
        self._approved_and_stuck()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_fake_order_line SET price = 5000 WHERE order_id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        with self.assertRefused("(needs|waits for) approval"):
            self.order.write({"state": "done"})

    def test_changing_it_in_sql_before_the_decision(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_fake_order_line SET price = 5000 WHERE order_id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        with self.assertRefused("has changed since"):
            self._decide(self.order, self.bea)

    def test_approving_it_in_sql(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_approval_request SET state = 'approved' WHERE id = %s",
            [self.request.id],
        )
        self.env.invalidate_all()
        self._assertTamperedWith(self.order)
        _count, problem = self.Decision._verify(self.env.company)
        self.assertIn("does not follow from its decisions", problem)

    def test_approving_it_in_sql_after_one_of_two(self):
        self.request.policy_id.with_user(self.boss).action_retire()
        self._policy((None, 1000), (1000, None, self._step(minimum=2)))
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        self._decide(order, self.bea)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distribution_approval_request SET state = 'approved' WHERE id = %s",
            [request.id],
        )
        self.env.invalidate_all()
        self._assertTamperedWith(order)

    def _assertTamperedWith(self, order):
        """The gate is shut, and the log says so."""
        with (
            self.assertLogs(ENGINE_LOGGER, "ERROR"),
            self.assertRefused("does not agree with its decisions"),
        ):
            order.write({"state": "done"})

    def _approved_and_stuck(self):
        """An approval that could not be carried out at once."""
        self.patch(
            self.registry["distribution.fake.order"],
            "_approval_complete",
            lambda s: None,
        )
        return self._decide(self.order, self.bea)

    def test_copying_an_approved_order(self):
        self._decide(self.order, self.bea)
        self.assertEqual(self.order.state, "done")
        copy = self.order.copy()
        self.assertEqual(copy.state, "draft")
        copy.action_confirm()
        self.assertEqual(copy.state, "waiting")
        with self.assertRefused("this change needs a new one"):
            self.order.copy({"state": "done"})

    def test_confirming_twice_with_one_approval(self):
        self._decide(self.order, self.bea)
        self.order.state = "draft"
        with self.assertRefused("(needs|waits for) approval"):
            self.order.state = "done"
        self.order.action_confirm()
        self.assertEqual(self.order.state, "waiting")

    def test_raising_what_is_past_the_gate(self):
        self._decide(self.order, self.bea)
        with self.assertRefused("this change needs a new one"):
            self.order.line_ids.price = 1001
        with self.assertRefused("this change needs a new one"):
            self.order.line_ids = [Command.create({"price": 1})]
        self.order.line_ids.price = 999
        self.order.line_ids.price = 100

    def test_writing_the_same_partner_past_the_gate(self):
        """An import of columns that have not changed changes nothing."""
        self.order.partner_id = self.olga.partner_id
        self._ask(self.order)
        self._decide(self.order, self.bea)
        self.order.write({"partner_id": self.olga.partner_id.id})
        self.assertEqual(self.order.state, "done")

    def test_another_partner_past_the_gate(self):
        self._decide(self.order, self.bea)
        with self.assertRefused("this change needs a new one"):
            self.order.partner_id = self.olga.partner_id

    def test_a_free_order_grows_past_the_limit(self):
        order = self._order(self.olga, 999)
        order.action_confirm()
        self.assertEqual(order.state, "done")
        with self.assertRefused("this change needs a new one"):
            order.line_ids.quantity = 2

    def test_moving_a_line_to_an_order_past_the_gate(self):
        order = self._order(self.olga, 999)
        order.action_confirm()
        other = self._order(self.olga, 999)
        with self.assertRefused("this change needs a new one"):
            other.line_ids.order_id = order

    def test_a_delegation_one_gave_oneself(self):
        """Bea asks for an order and has given her authority to Otto: it is still hers."""
        self._delegate(self.bea, self.otto)
        order = self._order(self.bea, 1000)
        request = self._ask(order)
        self.assertEqual(request.user_ids, self.bob | self.boss)
        with self.assertRaises(AccessError):
            self._decide(order, self.otto)

    def test_getting_the_authority_to_decide_on_ones_own(self):
        """Bob gives his authority to Olga, who asked: not for this."""
        self._delegate(self.bob, self.olga)
        with self.assertRefused("you made, edited or asked for it", AccessError):
            self._decide(self.order, self.olga)

    def test_a_chain_through_the_one_who_asked(self):
        """Bob gives to Olga, who gives to Otto: the chain ends at her."""
        self._delegate(self.bob, self.olga)
        self._delegate(self.olga, self.otto)
        with self.assertRaises(AccessError):
            self._decide(self.order, self.otto)
        # Of what somebody else asked for it does not.
        other = self._order(self.carl, 1000)
        self._ask(other)
        self._decide(other, self.otto)
        self.assertEqual(other.state, "done")

    def test_giving_the_authority_of_somebody_else(self):
        with self.assertRefused("your own authority only", AccessError):
            self._delegate(self.bob, self.otto, giver=self.otto)

    def test_handing_on_to_the_one_who_asked(self):
        with self.assertRefused("cannot decide on"):
            self._decide(self.order, self.bea, "delegate", user_id=self.olga.id)

    def _delegate(self, user, delegate, giver=None):
        return (
            self.env["distribution.approval.delegation"]
            .with_user(giver or user)
            .create(
                {
                    "user_id": user.id,
                    "delegate_id": delegate.id,
                    "date_to": fields.Date.today(),
                }
            )
        )

    def test_confirming_without_the_role(self):
        """Otto is not asked, whoever he says he is."""
        for user in (self.otto, self.anna):
            with self.assertRaises(AccessError):
                self._decide(self.order, user)

    def test_ending_the_policy_while_a_request_runs(self):
        policy = self.request.policy_id
        for action in ("action_retire", "action_activate", "action_new_version"):
            with self.assertRaises(AccessError):
                getattr(policy.with_user(self.olga), action)()
        for values in ({"name": "x"}, {"date_to": "2000-01-01"}, {"state": "retired"}):
            with self.assertRaises(UserError):
                policy.with_user(self.olga).write(values)
        policy.with_user(self.boss).action_retire()
        with self.assertRefused("waits for approval"):
            self.order.write({"state": "done"})
        self._decide(self.order, self.bea)
        self.assertEqual(self.order.state, "done")

    def test_an_active_policy_cannot_be_softened(self):
        policy = self.request.policy_id.with_user(self.boss)
        for record, values in (
            (policy, {"domain": "[('id', '=', 0)]"}),
            (policy, {"date_to": "2000-01-01"}),
            (policy.rule_ids, {"measure": "fake_quantity"}),
            (policy.rule_ids.band_ids[1], {"lower": 99999}),
            (policy.rule_ids.band_ids.step_ids, {"minimum": 1}),
        ):
            with self.assertRefused("in force or was"):
                record.write(values)
        for record in (
            policy.rule_ids.band_ids.step_ids,
            policy.rule_ids.band_ids[1],
            policy.rule_ids,
        ):
            with self.assertRefused("in force or was"):
                record.unlink()
        with self.assertRefused("stays as it was"):
            policy.unlink()

    def test_two_open_requests_of_one_document(self):
        self.order.action_confirm()
        self.assertEqual(len(self.order.approval_request_ids), 1)
