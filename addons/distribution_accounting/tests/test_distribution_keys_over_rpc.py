from datetime import date

from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .test_distribution_keys import KeyCase


@tagged("post_install", "-at_install")
class TestDistributionKeysOverRpc(Json2Mixin, KeyCase, HttpCase):
    """Controllers keep the keys, managers read their own shares, operators see nothing."""

    _forged_context = {
        "distribution_accounting_owner": True,
        "distribution_evidence_writer": True,
        "su": True,
    }

    def setUp(self):
        super().setUp()
        self.key = self._new_key({self.north: 60, self.west: 40})
        self.item = self._share(100, self.key)
        self.version = self.key.version_ids
        self.emil = self._new_user("auditor", "emil")
        self._version(self.key, {self.west: 100}, date(2026, 1, 1))
        self.env.flush_all()

    def _ids(self, user, model):
        response = self._json_2(user, model, "search", domain=[])
        return response.json() if response.status_code == 200 else response.status_code

    def _refused(self, user, records, method, **arguments):
        response = self._json_2(user, records._name, method, records.ids, **arguments)
        self.assertIn(response.status_code, (403, 422), (method, response.text[:200]))

    def test_a_controller_keeps_keys(self):
        response = self._json_2(
            self.fiona,
            "distribution.key",
            "create",
            vals_list=[{"name": "Insurance", "basis": "head_count"}],
        )
        self.assertEqual(response.status_code, 200, response.text)
        key = self.key.browse(response.json())
        created = self._json_2(
            self.fiona,
            "distribution.key.version",
            "create",
            vals_list=[
                {
                    "key_id": key.id,
                    "line_ids": [[0, 0, {"branch_id": self.north.id, "percent": 99.5}]],
                }
            ],
        )
        self.assertEqual(created.status_code, 422)
        self.assertIn("exactly 100", created.text)

    def test_a_controller_distributes(self):
        response = self._json_2(
            self.fiona,
            self.key._name,
            "distribute_again",
            self.key.ids,
            month="2026-01-31",
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(self._borne(self.item), {self.west: 100})
        self.assertEqual(self.key.sudo().run_ids.id, response.json())

    def test_a_manager_reads_the_own_shares(self):
        lines = self.key.version_ids.line_ids
        north = lines.filtered(lambda line: line.branch_id == self.north)
        self.assertIn(self.key.id, self._ids(self.bea, "distribution.key"))
        found = self._ids(self.bea, "distribution.key.version.line")
        self.assertEqual(set(found) & set(lines.ids), set(north.ids))
        self._refused(
            self.bea, lines - north, "read", fields=["percent", "basis_value"]
        )
        self._refused(self.bea, self.key, "write", vals={"name": "Mine"})
        self._refused(self.bea, self.version, "action_activate")
        self._refused(self.bea, self.key, "distribute_again", month="2026-01-01")
        self._refused(self.bea, self.item, "distribute_by_key", key_id=self.key.id)
        self.assertEqual(self._ids(self.bea, "distribution.key.run"), 403)

    def test_an_operator_sees_nothing(self):
        for model in (
            "distribution.key",
            "distribution.key.version",
            "distribution.key.version.line",
            "distribution.key.run",
            "distribution.key.distribute",
            "distribution.key.assign",
        ):
            self.assertEqual(self._ids(self.olga, model), 403, model)

    def test_an_auditor_reads(self):
        self.assertIn(self.key.id, self._ids(self.emil, "distribution.key"))
        self.assertEqual(self._ids(self.emil, "distribution.key.run"), [])
        self._refused(self.emil, self.key, "write", vals={"name": "Mine"})
        self._refused(self.emil, self.key, "distribute_again", month="2026-01-01")

    def test_nobody_forges(self):
        line = self.version.line_ids[0]
        before = (self.version.read(), self.version.line_ids.read(), self.item.read())
        for user in (self.fiona, self.boss):
            for records, method, arguments in (
                (line, "write", {"vals": {"percent": 1}}),
                (self.version, "write", {"vals": {"state": "draft"}}),
                (self.version, "write", {"vals": {"date_from": "2025-01-01"}}),
                (self.version, "unlink", {}),
                (self.item, "write", {"vals": {"distribution_version_id": False}}),
                (self.item, "write", {"vals": {"distribution_key_id": False}}),
                (self.item, "write", {"vals": {"branch_id": self.central.id}}),
            ):
                self._refused(user, records, method, **arguments)
            forged = self._json_2(
                user,
                "distribution.key.run",
                "create",
                vals_list=[
                    {
                        "key_id": self.key.id,
                        "company_id": self.company.id,
                        "user_id": self.nora.id,
                        "kind": "month",
                    }
                ],
            )
            self.assertEqual(forged.status_code, 403)
        self.env.invalidate_all()
        after = (self.version.read(), self.version.line_ids.read(), self.item.read())
        self.assertEqual(after, before)

    def test_a_run_is_evidence(self):
        self.key.with_user(self.fiona).distribute_again("2026-01-01")
        run = self.key.sudo().run_ids
        self.env.flush_all()
        for user in (self.fiona, self.boss):
            self._refused(user, run, "write", vals={"amount": 1})
            self._refused(user, run, "unlink")
