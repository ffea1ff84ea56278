from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ApprovalCase

OWN = ("request", "task", "decision")
EVERYBODY = ("policy", "rule", "band", "step")


@tagged("post_install", "-at_install")
class TestApprovalRights(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._policy((None, 1000), (1000, None, cls._step(cls.bea)))

    def setUp(self):
        super().setUp()
        self.order = self._order(self.olga, 1000)
        self.request = self._ask(self.order)
        self._decide(self.order, self.bea, "ask_back", reason="For whom?")

    def _seen(self, user, model):
        return self.env[f"distribution.approval.{model}"].with_user(user).search([])

    def test_who_sees_a_request(self):
        for user in (self.olga, self.bea, self.carl, self.anna, self.boss):
            for model in OWN:
                self.assertTrue(self._seen(user, model), (user.login, model))
        for user in (self.otto, self.bob):
            for model in OWN:
                self.assertFalse(self._seen(user, model), (user.login, model))
            with self.assertRaises(AccessError):
                self.request.with_user(user).read(["document"])
            with self.assertRaises(AccessError):
                self.request.task_ids.with_user(user).read(["name"])

    def test_everybody_sees_why_and_the_administrator_alone_changes_it(self):
        draft = self._policy(activate=False, name="Draft")
        parts = {
            "policy": draft,
            "rule": draft.rule_ids,
            "band": draft.rule_ids.band_ids,
            "step": draft.rule_ids.band_ids.step_ids,
        }
        for model in EVERYBODY:
            self.assertTrue(self._seen(self.olga, model), model)
            for user in (self.olga, self.bea, self.carl, self.anna):
                with self.assertRaises(AccessError):
                    parts[model].with_user(user).write({"sequence": 3, "stage": 2})
                with self.assertRaises(AccessError):
                    parts[model].with_user(user).unlink()
        draft.rule_ids.with_user(self.boss).sequence = 5
        draft.with_user(self.boss).action_activate()

    def test_the_set_up_is_the_administrators(self):
        for user in (self.olga, self.bea, self.carl, self.anna):
            with self.assertRaises(AccessError):
                self.env["distribution.approval.setup"].with_user(user).create({})

    def test_another_company(self):
        """Who works in another company neither sees nor decides, whatever the role."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        values = {
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }
        far = self._new_user("administrator", "far", **values)
        for model in (*OWN, *EVERYBODY):
            self.assertFalse(self._seen(far, model), model)
        self.assertNotIn(far, self.request.user_ids)
        with self.assertRaises(AccessError):
            self._decide(self.order, far)
        with self.assertRaises(AccessError):
            self.request.with_user(far).with_context(
                allowed_company_ids=self.env.company.ids
            ).action_approve()

    def test_a_policy_of_another_company_governs_nothing_here(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        boss2 = self._new_user(
            "administrator",
            "boss2",
            company_ids=[Command.set((company | self.env.company).ids)],
        )
        self._policy((None, None, self._step(boss2)), company_id=company.id, sequence=1)
        order = self._order(self.olga, 10)
        order.action_confirm()
        self.assertEqual(order.state, "done")
        there = self._order(self.olga, 10, company_id=company.id)
        there.sudo().with_user(boss2).with_company(company).action_confirm()
        request = self.Request.search([("res_id", "=", there.id)])
        self.assertEqual(request.company_id, company)
        self.assertFalse(request.with_user(self.boss).has_access("read"))

    def test_each_company_has_a_chain_of_its_own(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.boss.company_ids |= company
        self._policy((None, None, self._step(self.boss)), company_id=company.id)
        order = self._order(self.olga, 10, company_id=company.id)
        request = self._ask(order.sudo())
        request.with_user(self.boss).action_approve()
        self.assertEqual(request.sudo().decision_ids.number, 1)
        for each in company | self.env.company:
            self.assertIsNone(self.Decision._verify(each)[1])

    def test_who_may_not_change_a_document_cannot_ask_for_it(self):
        """Else a reader could have it approved, and carried out, in his name."""
        self.env["ir.rule"].create(
            {
                "name": "Orders are changed by who made them",
                "model_id": self.env["ir.model"]._get("distribution.fake.order").id,
                "domain_force": "[('create_uid', '=', user.id)]",
                "perm_read": False,
            }
        )
        order = self._order(self.olga, 1000)
        with self.assertRaises(AccessError):
            order.with_user(self.otto).action_confirm()
        self.assertFalse(self._request(order))
        self.assertEqual(order.state, "draft")
        order.action_confirm()
        self.assertEqual(self._request(order).requester_id, self.olga)

    def test_dialogs_are_ones_own(self):
        reply = (
            self.env["distribution.approval.reply"]
            .with_user(self.bea)
            .create({"request_ids": [Command.set(self.request.ids)]})
        )
        with self.assertRaises(AccessError):
            reply.with_user(self.olga).action_apply()
