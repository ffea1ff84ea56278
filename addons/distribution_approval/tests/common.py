from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.distribution_base.tests.common import DistributionCase

from .fake_order import FakeOrder, FakeOrderLine


class ApprovalCase(DistributionCase):
    """Orders of a kind that exists in tests alone, and the people around them.

    `olga` and `otto` are operators, `bea` and `bob` branch managers, `carl` a finance
    controller, `anna` an auditor, `boss` an administrator.

    Verbs: `_policy(bands)` puts a policy in force, `_order(user, 500)` makes an order,
    `_ask(order)` presses its button, `_decide(order, user)` approves.
    """

    _models = (FakeOrder, FakeOrderLine)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(*cls._models)
        cls.registry.clear_cache()
        cls.addClassCleanup(cls.registry.clear_cache)
        cls.env["ir.model.access"].create(
            [
                {
                    "name": f"everything of {model._name} for everybody",
                    "model_id": cls.env["ir.model"]._get(model._name).id,
                    "group_id": cls.env.ref("base.group_user").id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
                for model in (FakeOrder, FakeOrderLine)
            ]
        )
        # Those of the database would be asked as well.
        cls.env["res.users"].search([("id", ">", 2)]).active = False
        cls.env.ref("distribution_base.group_administrator").user_ids -= cls.env.ref(
            "base.user_admin"
        )
        cls.olga = cls._new_user("branch_operator", "olga")
        cls.otto = cls._new_user("branch_operator", "otto")
        cls.bea = cls._new_user("branch_manager", "bea")
        cls.bob = cls._new_user("branch_manager", "bob")
        cls.carl = cls._new_user("finance_controller", "carl")
        cls.anna = cls._new_user("auditor", "anna")
        cls.boss = cls._new_user("administrator", "boss")
        cls.managers = cls.env.ref("distribution_base.group_branch_manager")
        cls.controllers = cls.env.ref("distribution_base.group_finance_controller")
        cls.Policy = cls.env["distribution.approval.policy"]
        cls.Request = cls.env["distribution.approval.request"]
        cls.Decision = cls.env["distribution.approval.decision"]

    @contextmanager
    def assertRefused(self, pattern, error=UserError):
        """Within, an error of that kind is raised; what was done is undone."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)

    @classmethod
    def _step(cls, user=None, group=None, **values):
        """Values of a step: a named user, or the members of a group."""
        if user:
            return {"authority": "user", "user_id": user.id, **values}
        group = group or cls.managers
        return {"authority": "group", "group_id": group.id, **values}

    @classmethod
    def _bands(cls, *bands):
        """Commands for bands, each (lower, upper, *steps); None has no limit."""
        return [
            Command.create(
                {
                    "has_lower": lower is not None,
                    "lower": lower or 0,
                    "has_upper": upper is not None,
                    "upper": upper or 0,
                    "step_ids": [Command.create(step) for step in steps],
                }
            )
            for lower, upper, *steps in bands
        ]

    @classmethod
    def _policy(cls, *bands, activate=True, measure="fake_amount", rule=None, **values):
        """A policy with one rule, by default: a branch manager from 1,000 on."""
        bands = bands or ((None, 1000), (1000, None, cls._step()))
        policy = cls.Policy.create(
            {
                "name": "Orders",
                "document_model": "distribution.fake.order",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "By amount",
                            "measure": measure,
                            "band_ids": cls._bands(*bands),
                            **(rule or {}),
                        }
                    )
                ],
                **values,
            }
        )
        if activate:
            policy.action_activate()
        return policy

    def _order(self, user, *prices, **values):
        """An order of `user` with a line for each price."""
        return (
            self.env["distribution.fake.order"]
            .with_user(user)
            .create(
                {
                    "name": f"Order of {user.name}",
                    "line_ids": [Command.create({"price": price}) for price in prices],
                    **values,
                }
            )
        )

    def _ask(self, order, user=None):
        """Press the button of the order; the request that it made, as its requester."""
        order = order.with_user(user) if user else order
        order.action_confirm()
        return self._request(order)

    def _request(self, order):
        request = self.Request.search(
            [("res_model", "=", order._name), ("res_id", "in", order.ids)],
            order="id desc",
            limit=1,
        )
        return request.with_user(order.env.user)

    def _decide(self, order, user, decision="approve", **values):
        """`user` decides on the last request of an order."""
        request = self._request(order).with_user(user)
        getattr(request, f"action_{decision}")(**values)
        return request
