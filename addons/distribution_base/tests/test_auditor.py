from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestAuditor(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._new_user("auditor", "audrey")
        cls.partner = cls.env["res.partner"].create({"name": "Nordic Bolts"})

    def test_reads(self):
        partner = self.partner.with_user(self.auditor)
        self.assertEqual(partner.read(["name"])[0]["name"], "Nordic Bolts")

    def test_writes_nothing_whatever_else_the_user_is(self):
        self.auditor.group_ids += self.env.ref("base.group_partner_manager")
        self.auditor.group_ids += self.env.ref("base.group_system")
        Partner = self.env["res.partner"].with_user(self.auditor)
        with self.assertRaisesRegex(AccessError, "You are an auditor"):
            Partner.create({"name": "Mine"})
        with self.assertRaisesRegex(AccessError, "You are an auditor"):
            self.partner.with_user(self.auditor).name = "Mine"
        with self.assertRaisesRegex(AccessError, "You are an auditor"):
            self.partner.with_user(self.auditor).unlink()

    def test_every_business_model_is_refused(self):
        Access = self.env["ir.model.access"].with_user(self.auditor)
        for mode in ("write", "create", "unlink"):
            allowed = Access._get_allowed_models(mode)
            business = [name for name in allowed if not self._is_preference(name)]
            self.assertEqual(business, [], mode)

    def test_writes_his_own_preferences(self):
        self.auditor.with_user(self.auditor).write({"signature": "Audrey"})
        self.env["ir.filters"].with_user(self.auditor).create(
            {"name": "Mine", "model_id": "res.partner", "user_ids": [self.auditor.id]}
        )

    def test_a_former_auditor_writes_again(self):
        manager = self.env.ref("base.group_partner_manager")
        self.auditor.group_ids = manager + self.env.ref("base.group_user")
        self.partner.with_user(self.auditor).name = "Changed"
        self.assertEqual(self.partner.name, "Changed")

    @staticmethod
    def _is_preference(model):
        return model.startswith(
            ("bus.", "ir.filters", "mail.p", "res.users.", "web_tour.")
        )
