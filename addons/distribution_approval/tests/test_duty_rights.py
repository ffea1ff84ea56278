from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.distribution_base.tests.common import ROLES

from .duty_common import DutyCase

CONTROLLERS = {"auditor", "finance_controller", "administrator"}


@tagged("post_install", "-at_install")
class TestDutyRights(DutyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pair = cls._keep_apart("receive", "bill")
        cls.ursula = cls._new_user("branch_operator", "ursula")
        for user in (cls.olga, cls.ursula):
            cls.Log.with_user(user)._perform("receive", cls.order)
        cls.users = {role: cls._new_user(role, f"{role}_2") for role in ROLES}
        cls.nobody = cls._new_user(None, "nobody")
        cls.row = cls.Log.search([("user_id", "=", cls.olga.id)])

    def _logs(self, user, **context):
        self.env.invalidate_all()
        return self.Log.with_user(user).with_context(**context).search([]).user_id

    def test_who_controls_reads_every_row(self):
        for role, user in self.users.items():
            expected = self.olga + self.ursula if role in CONTROLLERS else user.browse()
            self.assertEqual(
                self._logs(user) & (self.olga + self.ursula), expected, role
            )

    def test_everybody_else_reads_the_own_rows(self):
        self.assertEqual(self._logs(self.olga), self.olga)
        self.assertFalse(self._logs(self.nobody))
        with self.assertRaises(AccessError):
            self.row.with_user(self.ursula).read(["document"])
        found = self.Log.with_user(self.ursula).name_search("P00001")
        self.assertNotIn(self.row.id, [id_ for id_, _name in found])

    def test_no_row_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.order_2.company_id = other
        self.Log.with_user(self.olga)._perform("receive", self.order_2)
        domain = [("document", "=", "P00002")]
        for user in (self.audrey, self.carl, self.boss, self.olga):
            self.assertFalse(self.Log.with_user(user).search(domain))
        self.audrey.company_ids += other
        audrey = self.Log.with_user(self.audrey)
        audrey = audrey.with_context(allowed_company_ids=other.ids)
        self.assertEqual(len(audrey.search(domain)), 1)

    def test_nobody_forges_a_row(self):
        values = self.row.copy_data()[0]
        for user in (self.env.user, self.boss, self.audrey, self.olga):
            for context in ({}, {"distribution_evidence_writer": True}):
                row = self.row.with_user(user).with_context(**context)
                for attack in (
                    lambda row=row: row.create(values),
                    lambda row=row: row.write({"user_id": self.ursula.id}),
                    lambda row=row: row.unlink(),
                    lambda row=row: row.copy(),
                ):
                    with self.assertRaises(AccessError):
                        attack()
        result = self.Log.with_user(self.boss).load(["document"], [["Forged"]])
        self.assertFalse(result["ids"])
        self.assertEqual(len(self._rows(self.order)), 2)

    def test_the_rows_keep_their_user(self):
        """The database refuses as well: evidence outlives the wish to be forgotten."""
        field = self.Log._fields
        self.assertEqual(field["user_id"].ondelete, "restrict")
        self.assertEqual(field["company_id"].ondelete, "restrict")
        links = [f.name for f in field.values() if f.type == "many2one" and f.store]
        allowed = {"user_id", "company_id", "create_uid", "write_uid"}
        self.assertLessEqual(set(links), allowed)

    def test_everybody_reads_the_matrix(self):
        for user in (*self.users.values(), self.nobody):
            self.assertEqual(
                self.pair.with_user(user).read(["name", "risk"])[0]["name"],
                "Receive – Post the bill",
            )

    def test_the_administrator_alone_changes_the_matrix(self):
        values = {"duty": "pay", "other_duty": "receive"}
        for role, user in {**self.users, "nobody": self.nobody}.items():
            if role == "administrator":
                continue
            pair = self.pair.with_user(user)
            for attack in (
                lambda pair=pair: pair.create(values),
                lambda pair=pair: pair.write({"active": False}),
                lambda pair=pair: pair.action_archive(),
                lambda pair=pair: pair.unlink(),
            ):
                with self.assertRaises(AccessError, msg=role):
                    attack()
        self.assertTrue(self.pair.active)
        pair = self.pair.create(values).with_user(self.boss)
        pair.action_archive()
        self.assertFalse(pair.active)
        pair.unlink()

    def test_no_pair_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        pair = self._keep_apart("receive", "bill", company_id=other.id)
        for user in (self.boss, self.olga):
            self.assertFalse(
                self.Conflict.with_user(user).search([("id", "=", pair.id)])
            )
            with self.assertRaises(AccessError):
                pair.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            pair.with_user(self.boss).active = False

    def test_who_reads_the_role_conflicts(self):
        for role, user in self.users.items():
            breaches = self.env["distribution.duty.breach"].with_user(user)
            self.assertEqual(breaches.has_access("read"), role in CONTROLLERS, role)
            counts = self.pair.with_user(user)._has_field_access(
                self.pair._fields["breach_count"], "read"
            )
            self.assertEqual(counts, role in CONTROLLERS, role)

    def test_nobody_writes_role_conflicts_or_locks(self):
        for model in ("distribution.duty.breach", "distribution.duty.lock"):
            for user in (self.boss, self.audrey, self.carl, self.olga):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access(operation)
                    )

    def test_a_document_one_may_not_read_is_not_opened(self):
        rights = self.env["ir.model.access"].search(
            [("model_id.model", "=", self.order._name)]
        )
        rights.active = False
        with self.assertRaises(AccessError):
            self.row.with_user(self.audrey).action_view_document()
