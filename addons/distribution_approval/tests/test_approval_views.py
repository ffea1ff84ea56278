import json

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..models.distribution_approval_request_screen import COUNT_CHANGED
from .common import ApprovalCase

MENUS = {
    "my approvals": "distribution_approval.distribution_approval_request_my_menu",
    "my requests": "distribution_approval.distribution_approval_request_asked_menu",
    "delegations": "distribution_approval.distribution_approval_delegation_menu",
    "requests": "distribution_approval.distribution_approval_request_menu",
    "problems": "distribution_approval.distribution_approval_request_problem_menu",
    "decisions": "distribution_approval.distribution_approval_decision_menu",
    "policies": "distribution_approval.distribution_approval_policy_menu",
    "set-up": "distribution_approval.distribution_approval_setup_menu",
}


@tagged("post_install", "-at_install")
class TestApprovalViews(ApprovalCase):
    def _menus(self, user):
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        return {
            name for name, xmlid in MENUS.items() if self.env.ref(xmlid).id in visible
        }

    def test_everybody_has_what_is_one_s_own(self):
        own = {"my approvals", "my requests", "delegations", "policies"}
        for user in (self.olga, self.bea):
            self.assertEqual(self._menus(user), own)
        self.assertEqual(self._menus(self.carl), own | {"requests", "decisions"})
        self.assertEqual(
            self._menus(self.anna), own | {"requests", "decisions", "problems"}
        )
        self.assertEqual(self._menus(self.boss), set(MENUS))

    def test_approving_with_the_button_says_what_follows(self):
        self._policy(
            (None, 1000),
            (1000, None, self._step(), self._step(group=self.controllers, stage=2)),
        )
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        answer = request.with_user(self.bea).action_approve_now()
        self.assertIn("Finance controller is asked: ", answer["params"]["message"])
        answer = request.with_user(self.carl).action_approve_now()
        self.assertIn("is approved and carried out", answer["params"]["message"])
        self.assertEqual(answer["params"]["type"], "success")
        self.assertEqual(
            answer["params"]["next"], {"type": "ir.actions.act_window_close"}
        )

    def test_approving_needs_the_right_whatever_button(self):
        self._policy()
        request = self._ask(self._order(self.olga, 1000))
        with self.assertRaises(AccessError):
            request.with_user(self.olga).action_approve_now()

    def test_the_dialog_is_about_what_was_selected(self):
        self._policy()
        orders = [self._order(self.olga, price) for price in (1000, 2000)]
        requests = self.Request.union(*(self._ask(order) for order in orders))
        requests = requests.with_user(self.bea)
        action = requests.with_context(default_decision="reject").action_reply()
        self.assertEqual(action["name"], "Reject")
        reply = self.env[action["res_model"]].with_user(self.bea)
        form = Form(reply.with_context(**action["context"]))
        form.reason = "No budget"
        dialog = form.save()
        self.assertEqual(dialog.request_ids, requests)
        dialog.action_apply()
        self.assertEqual(set(requests.mapped("state")), {"rejected"})
        self.assertEqual(dialog.line_ids.mapped("outcome"), ["Done", "Done"])

    def test_results_say_why_it_was_not_possible(self):
        self._policy()
        mine = self._ask(self._order(self.bea, 1000))
        other = self._ask(self._order(self.olga, 1000))
        requests = (mine | other).with_user(self.bea)
        context = requests.action_reply()["context"]
        reply = self.env["distribution.approval.reply"].with_user(self.bea)
        dialog = reply.with_context(**context).create({})
        dialog.action_apply()
        outcomes = {line.request_id.id: line.outcome for line in dialog.line_ids}
        self.assertIn("you made, edited or asked for it", outcomes[mine.id])
        self.assertEqual(outcomes[other.id], "Done")

    def test_opening_the_document(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order).with_user(self.bea)
        action = request.action_open_document()
        self.assertEqual(action["res_model"], order._name)
        self.assertEqual(action["res_id"], order.id)
        access = self.env["ir.model.access"].search(
            [("model_id.model", "=", order._name)]
        )
        access.group_id = self.controllers
        answer = request.action_open_document()
        self.assertIn("You have no right to open", answer["params"]["message"])
        self.assertIn("can tell you more", answer["params"]["message"])

    def test_a_deleted_document_is_said_to_be_gone(self):
        self._policy()
        order = self._order(self.olga, 1000)
        request = self._ask(order)
        order.sudo().unlink()
        answer = request.with_user(self.bea).action_open_document()
        self.assertIn("does not exist any more", answer["params"]["message"])

    def test_the_counter_counts_what_i_can_decide(self):
        self._policy()
        Request = self.Request
        self.assertEqual(Request.with_user(self.bea).get_my_count(), 0)
        order = self._order(self.olga, 1000)
        self._ask(order)
        self._ask(self._order(self.bea, 2000))
        self.assertEqual(Request.with_user(self.bea).get_my_count(), 1)
        self.assertEqual(Request.with_user(self.bob).get_my_count(), 2)
        self.assertEqual(Request.with_user(self.olga).get_my_count(), 0)
        self._decide(order, self.bob)
        self.assertEqual(Request.with_user(self.bea).get_my_count(), 0)

    def test_the_counter_costs_one_query(self):
        Request = self.Request.with_user(self.bea)
        Request.get_my_count()
        with self.assertQueryCount(1):
            Request.get_my_count()

    def _told(self, action):
        """The users whose counters are told to count anew."""
        bus = self.env["bus.bus"].sudo()
        self.env.cr.flush()
        last = bus.search([], order="id desc", limit=1).id
        action()
        self.env.cr.flush()
        messages = bus.search([("id", ">", last), ("message", "ilike", COUNT_CHANGED)])
        partner_ids = [
            json.loads(channel)[-1] for channel in messages.mapped("channel")
        ]
        return set(self.env["res.partner"].browse(partner_ids).user_ids)

    def test_the_counters_of_those_concerned_are_told(self):
        self._policy()
        order = self._order(self.olga, 1000)
        asked = {self.bea, self.bob, self.boss}
        self.assertEqual(self._told(lambda: self._ask(order)), asked)
        request = self._request(order)
        # Nothing has changed for anybody.
        self.assertEqual(self._told(request.sudo()._update_queue), set())
        self.assertEqual(self._told(lambda: self._decide(order, self.bea)), asked)

    def test_a_band_ends_where_the_next_one_begins(self):
        policy = self._policy((None, 1000), (1000, None, self._step()), activate=False)
        rule = policy.rule_ids.with_user(self.boss)
        with Form(rule) as form:
            with form.band_ids.new() as band:
                band.lower = 5000
        values = [
            (band.has_lower, band.lower, band.has_upper, band.upper)
            for band in rule._sorted_bands()
        ]
        self.assertEqual(
            values,
            [(False, 0, True, 1000), (True, 1000, True, 5000), (True, 5000, False, 0)],
        )

    def test_only_the_measures_of_the_document_are_offered(self):
        rule = self._policy(activate=False).rule_ids
        self.assertEqual(
            rule.measure_codes, ["fake_amount", "fake_quantity", "fake_cheapest"]
        )

    def test_what_the_last_days_would_have_needed(self):
        self._order(self.olga, 500).action_confirm()
        self._order(self.olga, 5000).action_confirm()
        policy = self._policy(activate=False).with_user(self.boss)
        action = policy.action_simulate()
        simulation = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(simulation.document_count, 2)
        self.assertEqual(simulation.needed_count, 1)

    def test_the_set_up_does_not_propose_a_second_policy(self):
        Setup = self.env["distribution.approval.setup"].with_user(self.boss)
        chosen = {
            line.document_model: line.is_chosen for line in Setup.create({}).line_ids
        }
        self.assertTrue(chosen["distribution.fake.order"])
        self._policy()
        line = Setup.create({}).line_ids.filtered(
            lambda line: line.document_model == "distribution.fake.order"
        )
        self.assertFalse(line.is_chosen)
        self.assertEqual(line.governed_note, "A policy is in force already")

    def test_steps_say_that_time_was_up(self):
        self._policy()
        request = self._ask(self._order(self.olga, 1000))
        task = request.sudo().task_ids
        self.assertFalse(task.escalation_note)
        task._escalate(1)
        self.assertIn("the next authority is asked", task.escalation_note)

    def test_the_printed_record(self):
        self._policy()
        order = self._order(self.olga, 1000)
        self._ask(order)
        request = self._decide(order, self.bea, reason="Good price")
        report = self.env["ir.actions.report"].with_user(self.bea)
        content, _type = report._render_qweb_html(
            "distribution_approval.approval_record", request.ids
        )
        text = etree.HTML(content).xpath("string()")
        for part in (
            "Fake order",
            "Order of olga",
            "the limit is 1,000",
            "Partner",
            "Branch manager",
            "Good price",
            request.decision_ids.hash,
            request.fingerprint,
        ):
            self.assertIn(part, text)

    def test_the_printed_record_of_an_operator(self):
        """Whoever asked prints it too, without rights on users and policies of others."""
        self._policy()
        request = self._ask(self._order(self.olga, 1000))
        report = self.env["ir.actions.report"].with_user(self.olga)
        content, _type = report._render_qweb_html(
            "distribution_approval.approval_record", request.ids
        )
        self.assertIn("Nobody has decided yet", content.decode())
