from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DistributionCase
from .fake_evidence import FakeEvidence


@tagged("post_install", "-at_install")
class TestEvidence(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(FakeEvidence)
        cls.env["ir.model.access"].create(
            {
                "name": "everything for everybody",
                "model_id": cls.env["ir.model"]._get("distribution.fake.evidence").id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.boss = cls._new_user("administrator", "boss")
        cls.Evidence = cls.env["distribution.fake.evidence"]
        cls.fact = cls.Evidence._record_evidence([{"name": "It happened"}])

    def test_the_owner_of_the_model_adds_evidence(self):
        fact = self.Evidence.with_user(self.boss)._record_evidence([{"name": "Again"}])
        self.assertEqual(fact.name, "Again")
        self.assertEqual(fact.create_uid, self.boss)
        self.assertFalse(fact.env.su)

    def test_nobody_else_adds_any(self):
        for model in (self.Evidence, self.Evidence.with_user(self.boss)):
            with self.assertRaisesRegex(AccessError, "is evidence"):
                model.create([{"name": "Forged"}])

    def test_nobody_edits_or_deletes(self):
        for fact in (self.fact, self.fact.with_user(self.boss)):
            with self.assertRaisesRegex(AccessError, "is evidence"):
                fact.write({"name": "Forged"})
            with self.assertRaisesRegex(AccessError, "is evidence"):
                fact.unlink()
            with self.assertRaisesRegex(AccessError, "is evidence"):
                fact.copy()

    def test_an_import_adds_none(self):
        result = self.Evidence.with_user(self.boss).load(["name"], [["Forged"]])
        self.assertFalse(result["ids"])
        self.assertEqual(self.Evidence.search_count([("name", "=", "Forged")]), 0)

    def test_a_key_that_looks_right_opens_nothing(self):
        for forged in (True, 1, "object", object(), {}, None):
            forger = self.Evidence.with_context(distribution_evidence_writer=forged)
            with self.assertRaises(AccessError):
                forger.create([{"name": "Forged"}])

    def test_the_key_does_not_reach_what_create_triggers(self):
        self.Evidence._record_evidence([{"name": "Trigger"}])
        self.assertEqual(self.Evidence._seen_keys, [None])

    def test_the_key_does_not_stay_in_what_is_returned(self):
        fact = self.Evidence._record_evidence([{"name": "Once"}])
        with self.assertRaises(AccessError):
            fact.create([{"name": "Twice"}])
