from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .duty_common import DutyCase

FORGED_CONTEXT = {
    "distribution_evidence_writer": True,
    "active_test": False,
    "tracking_disable": True,
    "skip_duty": True,
}
LOG = "distribution.duty.log"
CONFLICT = "distribution.duty.conflict"


@tagged("post_install", "-at_install")
class TestDutyOverRpc(Json2Mixin, DutyCase, HttpCase):
    """The way of a real request, and what a client may try to get around the matrix."""

    _forged_context = FORGED_CONTEXT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olga.password = "olga-password"
        cls.boss.password = "boss-password"
        cls.pair = cls._keep_apart("receive", "bill")

    def setUp(self):
        super().setUp()
        self._do(self.olga, "receive", self.order)
        self.row = self.Log.search([("user_id", "=", self.olga.id)])

    def _json_rpc(self, user, model, method, ids=None, **arguments):
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "service": "object",
                "method": "execute_kw",
                "args": [
                    self.env.cr.dbname,
                    user.id,
                    f"{user.login}-password",
                    model,
                    method,
                    [ids] if ids else [],
                    {**arguments, "context": FORGED_CONTEXT},
                ],
            },
        }
        with mute_logger("odoo.http", "odoo.addons.rpc.controllers.jsonrpc"):
            return self.url_open("/jsonrpc", json=payload).json()

    def _attacks(self):
        """(model, method, ids, arguments): what neither Olga nor the boss can do."""
        values = {
            "user_id": self.carl.id,
            "user_login": "carl",
            "duty": "receive",
            "res_model": self.order._name,
            "res_id": self.order.id,
            "document": "P00001",
            "date": "2020-01-01 00:00:00",
            "outcome": "performed",
        }
        duty = {"duty": "bill", "documents": self.order.ids}
        return [
            (LOG, "create", None, {"vals_list": [values]}),
            (LOG, "write", self.row.ids, {"vals": {"user_id": self.carl.id}}),
            (LOG, "unlink", self.row.ids, {}),
            (LOG, "copy", self.row.ids, {}),
            (LOG, "_perform", None, duty),
            (LOG, "_check", None, duty),
            (LOG, "_record_evidence", None, {"vals_list": [values]}),
            ("distribution.duty.lock", "_lock", None, {"documents": self.order.ids}),
        ]

    def _attacks_on_the_matrix(self):
        """What Olga cannot do."""
        ids = self.pair.ids
        return [
            (CONFLICT, "write", ids, {"vals": {"active": False}}),
            (CONFLICT, "write", ids, {"vals": {"res_model": "res.partner"}}),
            (CONFLICT, "action_archive", ids, {}),
            (CONFLICT, "unlink", ids, {}),
            (CONFLICT, "copy", ids, {}),
            (
                "distribution.duty.breach",
                "search_read",
                None,
                {"domain": [], "fields": ["user_id"]},
            ),
        ]

    def assertNothingChanged(self):
        self.env.invalidate_all()
        self.assertEqual(self._rows(self.order), [(self.olga, "receive", "performed")])
        self.assertTrue(self.pair.active)
        self.assertFalse(self.pair.res_model)

    def _run_attacks(self, call, is_refused):
        for user in (self.olga, self.boss):
            attacks = self._attacks()
            if user == self.olga:
                attacks += self._attacks_on_the_matrix()
            for model, method, ids, arguments in attacks:
                answer = call(user, model, method, ids, **arguments)
                self.assertTrue(is_refused(answer), (user.login, model, method))
        self.assertNothingChanged()

    def test_json_2(self):
        self._run_attacks(self._json_2, lambda answer: answer.status_code in (403, 404))

    def test_json_rpc(self):
        self._run_attacks(
            self._json_rpc,
            lambda answer: (
                answer["error"]["data"]["name"] == "odoo.exceptions.AccessError"
            ),
        )

    def test_a_refused_request_leaves_its_attempt_alone(self):
        """Over both protocols, with every key that a client might send."""
        for call in (self._json_2, self._json_rpc):
            answer = call(self.olga, self.order._name, "action_bill", self.order.ids)
            text = answer if isinstance(answer, dict) else answer.text
            self.assertIn("must not do", str(text))
        self.env.invalidate_all()
        self.assertFalse(self.order.state)
        refused = (self.olga, "bill", "refused")
        self.assertEqual(
            self._rows(self.order),
            [(self.olga, "receive", "performed"), refused, refused],
        )

    def test_what_may_be_done_is_done(self):
        answer = self._json_2(
            self.boss, self.order._name, "action_bill", self.order.ids
        )
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "billed")
        self.assertEqual(self._rows(self.order)[1], (self.boss, "bill", "performed"))

    def test_only_own_rows_by_any_read(self):
        self._do(self.carl, "receive", self.order)
        domain = [("res_model", "=", self.order._name)]
        answers = [
            self._json_2(self.olga, LOG, "search_read", domain=domain).json(),
            self._json_2(
                self.olga,
                LOG,
                "formatted_read_group",
                domain=domain,
                groupby=["user_id"],
                aggregates=["__count"],
            ).json(),
            self._json_2(self.olga, LOG, "name_search", domain=domain).json(),
        ]
        for answer in answers:
            self.assertEqual(len(answer), 1)
            self.assertNotIn("Carl", str(answer))
        rows = self.Log.search(domain + [("user_id", "=", self.carl.id)])
        answer = self._json_2(self.olga, LOG, "read", rows.ids, fields=["document"])
        self.assertEqual(answer.status_code, 403)
