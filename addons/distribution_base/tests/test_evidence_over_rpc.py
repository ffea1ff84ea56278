import json
import xmlrpc.client

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

FORGED_CONTEXT = {"distribution_evidence_writer": True, "tracking_disable": True}


@tagged("post_install", "-at_install")
class TestEvidenceOverRpc(HttpCase):
    """An administrator with every right tries to forge the role log over each protocol."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            login="boss",
            password="boss-password",
            groups="distribution_base.group_administrator,base.group_system",
        )
        cls.Log = cls.env["distribution.role.log"]
        cls.log = cls.Log.search([("user_id", "=", cls.boss.id)], limit=1)
        cls.forged = {
            "user_id": cls.boss.id,
            "user_login": "boss",
            "role": "Auditor",
            "change": "granted",
            "changed_by_id": cls.boss.id,
            "date": "2020-01-01 00:00:00",
        }

    def setUp(self):
        super().setUp()
        self.before = self.Log.search([]).read()

    def assertNothingChanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.Log.search([]).read(), self.before)

    def _attacks(self):
        ids = self.log.ids
        return [
            ("create", [], {"vals_list": [self.forged]}),
            ("write", ids, {"vals": {"role": "Nothing"}}),
            ("unlink", ids, {}),
            ("copy", ids, {}),
        ]

    def test_json_2(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.boss)
            ._generate(None, "test", self.env.cr.now().replace(year=2099))
        )
        for method, ids, arguments in self._attacks():
            with mute_logger("odoo.http"):
                response = self.url_open(
                    f"/json/2/distribution.role.log/{method}",
                    data=json.dumps(
                        {**arguments, "ids": ids, "context": FORGED_CONTEXT}
                    ),
                    headers={
                        "Authorization": f"bearer {key}",
                        "Content-Type": "application/json",
                    },
                )
            self.assertEqual(response.status_code, 403, (method, response.text[:300]))
        self.assertNothingChanged()

    def test_json_2_cannot_call_the_writer(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.boss)
            ._generate(None, "test", self.env.cr.now().replace(year=2099))
        )
        with mute_logger("odoo.http"):
            response = self.url_open(
                "/json/2/distribution.role.log/_record_evidence",
                data=json.dumps({"vals_list": [self.forged]}),
                headers={
                    "Authorization": f"bearer {key}",
                    "Content-Type": "application/json",
                },
            )
        self.assertIn(response.status_code, (403, 404))
        self.assertNothingChanged()

    def test_json_rpc(self):
        for method, ids, arguments in self._attacks():
            positional = [ids] if ids else []
            payload = {
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "service": "object",
                    "method": "execute_kw",
                    "args": [
                        self.env.cr.dbname,
                        self.boss.id,
                        "boss-password",
                        "distribution.role.log",
                        method,
                        positional,
                        {**arguments, "context": FORGED_CONTEXT},
                    ],
                },
            }
            with mute_logger("odoo.http", "odoo.addons.rpc.controllers.jsonrpc"):
                answer = self.url_open("/jsonrpc", json=payload).json()
            self.assertIn("is evidence", answer["error"]["data"]["message"], method)
        self.assertNothingChanged()

    def test_the_web_client(self):
        self.authenticate("boss", "boss-password")
        for method, ids, arguments in self._attacks():
            payload = {
                "params": {
                    "model": "distribution.role.log",
                    "method": method,
                    "args": [ids] if ids else [],
                    "kwargs": {**arguments, "context": FORGED_CONTEXT},
                }
            }
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/web/dataset/call_kw/distribution.role.log/{method}", json=payload
                ).json()
            self.assertIn("is evidence", answer["error"]["data"]["message"], method)
        self.assertNothingChanged()

    def test_xml_rpc(self):
        for method, ids, arguments in self._attacks():
            with (
                mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc"),
                self.assertRaisesRegex(xmlrpc.client.Fault, "is evidence"),
            ):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    self.boss.id,
                    "boss-password",
                    "distribution.role.log",
                    method,
                    [ids] if ids else [],
                    {**arguments, "context": FORGED_CONTEXT},
                )
        self.assertNothingChanged()
