from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalBadInput(ApprovalCase):
    def test_bands_with_holes_and_overlaps_are_named(self):
        for bands, message in (
            (((None, 100), (200, None)), "gap between below 100 .* and from 200"),
            (((None, 200), (100, None)), "below 200 .* and from 100 .* overlap"),
            (((None, None), (100, None)), "any value and from 100 .* overlap"),
            (((None, 100), (None, 200), (200, None)), "overlap"),
            (((0, 100), (100, None)), "no band for values below that of 0 to 100"),
            (((None, 100), (100, 200)), "no band for values above that of 100 to 200"),
        ):
            with self.subTest(bands), self.assertRefused(message, ValidationError):
                self._policy(*bands, activate=False)

    def test_a_band_upside_down(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._policy((None, 5), (5, 1), (1, None), activate=False)

    def test_several_bands_may_move_at_once(self):
        policy = self._policy((None, 100), (100, None, self._step()), activate=False)
        low, high = policy.rule_ids.band_ids.sorted("lower")
        policy.rule_ids.band_ids = [
            Command.update(low.id, {"upper": 200}),
            Command.update(high.id, {"lower": 200}),
        ]
        with self.assertRefused("gap between", ValidationError):
            policy.rule_ids.band_ids = [Command.update(high.id, {"lower": 300})]

    def test_a_hole_made_behind_the_form_is_found_on_activation(self):
        policy = self._policy(activate=False)
        policy.rule_ids.band_ids.sorted("lower")[1].lower = 5000
        with self.assertRefused("gap between", ValidationError):
            policy.action_activate()

    def test_nothing_to_decide_with(self):
        policy = self.Policy.create(
            {"name": "Empty", "document_model": "distribution.fake.order"}
        )
        with self.assertRefused("It has no rule", ValidationError):
            policy.action_activate()

    def test_a_step_nobody_can_take(self):
        group = self.env["res.groups"].create({"name": "Board"})
        with self.assertRefused("nobody is Board", ValidationError):
            self._policy((None, 5), (5, None, self._step(group=group)))
        group.user_ids = self.bea
        with self.assertRefused("2 must decide, but only bea", ValidationError):
            self._policy((None, 5), (5, None, self._step(group=group, minimum=2)))
        group.user_ids = self.anna
        with self.assertRefused("nobody is Board", ValidationError):
            self._policy((None, 5), (5, None, self._step(group=group)))

    def test_an_archived_approver(self):
        policy = self._policy(
            (None, 5), (5, None, self._step(self.bea)), activate=False
        )
        self.bea.active = False
        with self.assertRefused("bea .* is archived", ValidationError):
            policy.action_activate()

    def test_a_step_without_its_user(self):
        with self.assertRefused("Say which user or group", ValidationError):
            self._policy((None, 5), (5, None, {"authority": "user"}), activate=False)

    def test_a_deleted_approver(self):
        nina = self._new_user("branch_manager", "nina")
        self._policy((None, 5), (5, None, self._step(nina)))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            nina.unlink()

    def test_an_approver_who_leaves_while_it_waits(self):
        self._policy((None, 5), (5, None, self._step(self.bea)))
        order = self._order(self.olga, 5)
        request = self._ask(order)
        self.bea.active = False
        self.assertEqual(request.user_ids, self.boss)
        self.assertIn("cannot decide any more. The administrators", request.problem)
        self._decide(order, self.boss)
        self.assertEqual(order.state, "done")

    def test_only_the_requester_has_the_role(self):
        self._policy((None, 5), (5, None, self._step(self.bea)))
        order = self._order(self.bea, 5)
        request = self._ask(order)
        self.assertEqual(request.user_ids, self.boss)
        self.assertIn("Only those who made or asked for it", request.explanation)

    def test_only_the_requester_has_the_role_and_there_is_a_next(self):
        self._policy(
            (None, 5),
            (
                5,
                None,
                self._step(
                    self.bea, escalation="user", escalation_user_id=self.carl.id
                ),
            ),
        )
        request = self._ask(self._order(self.bea, 5))
        self.assertEqual(request.user_ids, self.carl)
        self.assertFalse(request.problem)
        self.assertIn(
            "Only those who made or asked for it could decide", request.explanation
        )
        self.assertIn(
            "carl is asked", request.explanation.replace(self.carl.name, "carl")
        )

    def test_too_few_are_left(self):
        """Two of the managers must decide, and one of the two asks."""
        self._policy(
            (None, 5),
            (5, None, self._step(group=self._pair(self.bea, self.bob), minimum=2)),
        )
        order = self._order(self.bea, 5)
        request = self._ask(order)
        self.assertEqual(request.user_ids, self.bob | self.boss)
        self.assertIn("Too few", request.problem)
        self._decide(order, self.bob)
        self.assertEqual(order.state, "waiting")
        self._decide(order, self.boss)
        self.assertEqual(order.state, "done")

    def _pair(self, *users):
        ids = [user.id for user in users]
        return self.env["res.groups"].create({"name": "Two", "user_ids": ids})

    def test_only_one_administrator_who_asked(self):
        """Nobody is left: it says so, and waits for somebody to get a role."""
        self._policy((None, 5), (5, None, self._step(self.boss)))
        order = self._order(self.boss, 5)
        request = self._ask(order)
        self.assertFalse(request.user_ids)
        self.assertTrue(request.problem)
        self.assertIn("nobody", request.explanation.lower())
        self._new_user("administrator", "boss2")
        self.assertEqual(request.user_ids.mapped("login"), ["boss2"])

    def test_a_limit_in_a_currency_without_a_rate(self):
        euro = self.env["res.currency"].create({"name": "XEU", "symbol": "X"})
        with self.assertRefused("XEU has no exchange rate", ValidationError):
            self._policy(rule={"currency_id": euro.id}, activate=False)
        rate = self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2020-01-01", "rate": 2}
        )
        self._policy(rule={"currency_id": euro.id})
        rate.unlink()
        order = self._order(self.olga, 1)
        request = self._ask(order)
        self.assertEqual(request.user_ids, self.boss)
        self.assertIn("XEU has no exchange rate", request.explanation)

    def test_a_filter_that_is_none(self):
        for domain in (
            "[('nothing', '=', 1)]",
            "[(",
            "import os",
            "[('id', '=', env)]",
        ):
            with self.subTest(domain), self.assertRefused("filter", ValidationError):
                self._policy(domain=domain, activate=False)

    def test_a_measure_of_another_document(self):
        with self.assertRefused("no such measure", ValidationError):
            self._policy(measure="weather", activate=False)

    def test_a_policy_is_born_a_draft(self):
        with self.assertRefused("is a draft", UserError):
            self._policy(state="active", activate=False)

    def test_a_reason_of_blanks_is_none(self):
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        for decision in ("reject", "ask_back"):
            with self.assertRefused("Say why"):
                self._decide(order, self.bea, decision, reason="  \n ")

    def test_the_form_makes_a_policy(self):
        form = Form(self.Policy.with_user(self.boss))
        form.name = "By hand"
        form.document_model = "distribution.fake.order"
        policy = form.save()
        self.assertEqual(policy.state, "draft")
