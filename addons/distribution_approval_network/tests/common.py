from odoo import Command, fields, models

from odoo.addons.distribution_approval.tests.common import ApprovalCase
from odoo.addons.distribution_approval.tests.fake_order import FakeOrder, FakeOrderLine
from odoo.addons.distribution_network.tests.common import NetworkCase


class FakeOrderOfBranch(models.Model):
    _module = None
    _name = "distribution.fake.order"
    _inherit = "distribution.fake.order"

    branch_id = fields.Many2one("distribution.branch")
    lane_id = fields.Many2one("distribution.lane")


class BranchApprovalCase(NetworkCase):
    """The network of `NetworkCase`, and orders of its branches.

    `bea` manages the north depot, `will` the west one; `rita` manages the north region,
    `nora` the whole network's.
    """

    _bands = classmethod(ApprovalCase._bands.__func__)
    _decide, _request, _ask = (
        ApprovalCase._decide,
        ApprovalCase._request,
        ApprovalCase._ask,
    )
    assertRefused = ApprovalCase.assertRefused

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(FakeOrder, FakeOrderLine, FakeOrderOfBranch)
        cls.registry.clear_cache()
        cls.addClassCleanup(cls.registry.clear_cache)
        names = ("distribution.fake.order", "distribution.fake.order.line")
        cls.env["ir.model.access"].create(
            [
                {
                    "name": f"everything of {name} for everybody",
                    "model_id": cls.env["ir.model"]._get(name).id,
                    "group_id": cls.env.ref("base.group_user").id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
                for name in names
            ]
        )
        cls.will = cls._new_user("branch_manager", "will", branch_ids=cls.west.ids)
        cls.cent = cls._new_user("branch_manager", "cent", branch_ids=cls.central.ids)
        cls.nora = cls._new_user("regional_manager", "nora")
        cls.network.manager_id = cls.nora
        cls.carl = cls._new_user("finance_controller", "carl")
        cls.Policy = cls.env["distribution.approval.policy"]
        cls.Request = cls.env["distribution.approval.request"]

    @classmethod
    def _policy(cls, *steps, rule=None, activate=True, **values):
        """A policy that asks `steps` from 1,000 on."""
        policy = cls.Policy.create(
            {
                "name": "Orders",
                "document_model": "distribution.fake.order",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "By amount",
                            "measure": "fake_amount",
                            "band_ids": cls._bands((None, 1000), (1000, None, *steps)),
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

    def _order(self, user, branch, price=1000, **values):
        return (
            self.env["distribution.fake.order"]
            .with_user(user)
            .create(
                {
                    "name": f"Order of {branch.code}",
                    "branch_id": branch.id,
                    "line_ids": [Command.create({"price": price})],
                    **values,
                }
            )
        )
