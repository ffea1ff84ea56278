from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalDialogs(ApprovalCase):
    def _reply(self, user, requests, decision="approve", **values):
        return (
            self.env["distribution.approval.reply"]
            .with_user(user)
            .with_context(active_ids=requests.ids)
            .create({"decision": decision, **values})
        )

    def test_many_at_once_with_a_result_for_each(self):
        self._policy()
        good = [self._order(self.olga, 1000) for _number in range(3)]
        own = self._order(self.bea, 1000)
        requests = self.Request.union(*(self._ask(order) for order in [*good, own]))
        reply = self._reply(self.bea, requests)
        action = reply.action_apply()
        self.assertEqual(action["res_id"], reply.id)
        self.assertTrue(reply.is_done)
        self.assertEqual([order.state for order in good], ["done"] * 3)
        self.assertEqual(own.state, "waiting")
        refused = reply.line_ids.filtered("is_refused")
        self.assertEqual(refused.request_id.res_id, own.id)
        self.assertIn("made, edited or asked for it", refused.message)
        self.assertIn("3 done, 1 not possible", reply.summary)
        self.assertIsNone(self.Decision._verify(self.env.company)[1])

    def test_one_gives_its_error(self):
        self._policy()
        request = self._ask(self._order(self.olga, 1000))
        with self.assertRefused("Say why"):
            self._reply(self.bea, request, "reject").action_apply()
        self._reply(self.bea, request, "reject", reason="No").action_apply()
        self.assertEqual(request.state, "rejected")

    def test_handing_on(self):
        self._policy()
        request = self._ask(self._order(self.olga, 1000))
        self._reply(self.bea, request, "delegate", user_id=self.otto.id).action_apply()
        self.assertIn(self.otto, request.user_ids)

    def test_who_would_have_to_approve_this(self):
        order = self._order(self.olga, 1000)
        simulate = self.env["distribution.approval.simulation"].browse
        answer = simulate(order.action_approval_simulate()["res_id"])
        self.assertIn("No policy governs it", answer.answer)
        self._policy((None, 1000), (1000, None, self._step(self.bea)))
        answer = simulate(order.action_approval_simulate()["res_id"])
        self.assertIn("the limit is 1,000. Asked: bea", answer.answer)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self._request(order))
        small = self._order(self.olga, 1)
        answer = simulate(small.action_approval_simulate()["res_id"])
        self.assertIn("can go on without approval", answer.answer)

    def test_what_the_last_days_would_have_needed(self):
        for price in (10, 999, 1000, 5000, 20000):
            self._order(self.olga, price).action_confirm()
        self._order(self.olga, 7777)
        policy = self._policy(
            (None, 1000),
            (1000, 10000, self._step()),
            (10000, None, self._step(), self._step(group=self.controllers, stage=2)),
            activate=False,
        )
        result = self.env["distribution.approval.simulation"].browse(
            policy.with_user(self.boss).action_simulate()["res_id"]
        )
        self.assertEqual((result.document_count, result.needed_count), (5, 3))
        by_band = {
            line.band_id.display_name: (line.document_count, line.amount)
            for line in result.line_ids
        }
        self.assertEqual(
            by_band,
            {
                "below 1,000 USD": (2, 1009),
                "1,000 to 10,000 USD": (2, 6000),
                "from 10,000 USD": (1, 20000),
            },
        )
        self.assertFalse(self.Request.search([("policy_id", "=", policy.id)]))
        action = result.line_ids[0].action_view_documents()
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), 2
        )

    def _setup(self, **values):
        patched = {
            "_approval_default_rules": lambda _document, line: [
                {
                    "name": "By amount",
                    "measure": "fake_amount",
                    "band_ids": line._prepare_bands(
                        [line.first_limit, line.second_limit],
                        [
                            [line._first_authority()],
                            [line._first_authority(), line._second_authority()],
                        ],
                    ),
                }
            ],
        }
        for name, method in patched.items():
            self.patch(self.registry["distribution.fake.order"], name, method)
        # Whoever leads a branch is for the glue with branches to say.
        self.patch(
            self.registry["distribution.approval.setup.line"],
            "_first_authority",
            lambda _line: self._step(),
        )
        setup = (
            self.env["distribution.approval.setup"].with_user(self.boss).create(values)
        )
        setup.line_ids.filtered(
            lambda line: line.document_model != "distribution.fake.order"
        ).unlink()
        return setup

    def test_three_questions(self):
        setup = self._setup(hours=6)
        setup.line_ids.write({"first_limit": 500, "second_limit": 2000})
        pairs = setup.conflict_ids
        self.assertTrue(pairs)
        self.assertFalse(any(pairs.mapped("active")))
        action = setup.action_apply()
        policy = self.Policy.search(action["domain"])
        self.assertEqual(policy.state, "active")
        bands = policy.rule_ids._sorted_bands()
        self.assertEqual(bands.mapped("lower"), [0, 500, 2000])
        self.assertEqual([len(band.step_ids) for band in bands], [0, 1, 2])
        self.assertEqual(set(bands.step_ids.mapped("hours")), {6})
        self.assertTrue(all(pairs.mapped("active")))
        small, large = self._order(self.olga, 499), self._order(self.olga, 500)
        (small | large).action_confirm()
        self.assertEqual((small.state, large.state), ("done", "waiting"))

    def test_nothing_is_done_where_nobody_could_decide(self):
        setup = self._setup()
        self.env["res.users"].search([("login", "in", ("carl", "boss"))])
        self.carl.active = False
        self.boss.group_ids -= self.env.ref("distribution_base.group_administrator")
        with self.assertRefused("nobody is Finance controller", ValidationError):
            setup.sudo().action_apply()
        self.assertFalse(
            self.Policy.search([("document_model", "=", "distribution.fake.order")])
        )

    def test_limits_upside_down(self):
        setup = self._setup()
        setup.line_ids.write({"first_limit": 500, "second_limit": 100})
        with self.assertRefused("second limit must be above", UserError):
            setup.action_apply()

    def test_nothing_chosen(self):
        setup = self._setup(conflict_ids=[Command.clear()])
        setup.line_ids.is_chosen = False
        with self.assertRefused("Choose at least one", UserError):
            setup.action_apply()
