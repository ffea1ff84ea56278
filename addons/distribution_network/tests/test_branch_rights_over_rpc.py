import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestBranchRightsOverRpc(HttpCase):
    """The same questions as in test_branch_rights, through the door of an integration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        region = cls.env["distribution.region"].create({"name": "R", "code": "R"})
        Branch = cls.env["distribution.branch"]
        cls.north, cls.west = Branch.create(
            [
                {"name": "North", "code": "RNO", "region_id": region.id},
                {"name": "West", "code": "RWE", "region_id": region.id},
            ]
        )
        cls.wim = new_test_user(
            cls.env,
            login="rpc_wim",
            groups="distribution_base.group_branch_manager,base.group_allow_export",
            branch_ids=cls.west.ids,
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "C"}).id,
                "warehouse_id": cls.north.warehouse_id.id,
            }
        )
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.wim)
            .sudo()
            ._generate(None, "test", cls.env.cr.now().replace(year=2099))
        )

    def _call(self, model, method, **arguments):
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(arguments),
                headers={
                    "Authorization": f"bearer {self.key}",
                    "Content-Type": "application/json",
                },
            )

    def test_own_branch(self):
        found = self._call(
            "distribution.branch", "search_read", domain=[], fields=["code"]
        )
        self.assertLessEqual(
            {"RNO", "RWE"}, {branch["code"] for branch in found.json()}
        )
        response = self._call(
            "sale.order",
            "create",
            vals_list=[
                {
                    "partner_id": self.order.partner_id.id,
                    "warehouse_id": self.west.warehouse_id.id,
                }
            ],
        )
        self.assertEqual(response.status_code, 200, response.text[:300])

    def test_foreign_documents(self):
        ids = self.order.ids
        search = self._call("sale.order", "search", domain=[("id", "in", ids)])
        self.assertEqual(search.json(), [])
        for method, arguments in (
            ("read", {"fields": ["name"]}),
            ("write", {"vals": {"client_order_ref": "mine"}}),
            ("write", {"vals": {"branch_id": self.west.id}}),
            ("action_confirm", {}),
            ("unlink", {}),
            ("export_data", {"fields_to_export": ["name"]}),
        ):
            context = {"su": True, "branch_restricted": False, "active_test": False}
            response = self._call(
                "sale.order", method, ids=ids, context=context, **arguments
            )
            self.assertEqual(response.status_code, 403, (method, response.text[:300]))
        self.order.invalidate_recordset()
        self.assertFalse(self.order.client_order_ref)
        self.assertEqual(self.order.state, "draft")

    def test_membership_cannot_be_taken(self):
        for model, ids, vals in (
            ("res.users", self.wim.ids, {"branch_ids": [[4, self.north.id]]}),
            ("distribution.branch", self.north.ids, {"user_ids": [[4, self.wim.id]]}),
            ("distribution.branch", self.north.ids, {"manager_id": self.wim.id}),
            (
                "stock.warehouse",
                self.north.warehouse_id.ids,
                {"branch_id": self.west.id},
            ),
        ):
            response = self._call(model, "write", ids=ids, vals=vals)
            self.assertEqual(response.status_code, 403, (model, response.text[:300]))
        self.assertNotIn(self.wim, self.north.user_ids)
