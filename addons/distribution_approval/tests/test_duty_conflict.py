from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .duty_common import DutyCase


@tagged("post_install", "-at_install")
class TestDutyConflict(DutyCase):
    def assertRefused(self, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.Conflict.create(values)

    def test_shipped_pairs_wait_for_an_administrator(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "distribution_approval"),
                ("model", "=", "distribution.duty.conflict"),
            ]
        )
        pairs = self.Conflict.browse(data.mapped("res_id"))
        self.assertEqual(set(pairs.mapped("kind")), {"actions", "roles"})
        self.assertFalse(any(pairs.mapped("active")))
        self.assertTrue(all(pairs.mapped("risk")))
        self.assertTrue(all(data.mapped("noupdate")))

    def test_named_after_its_sides(self):
        pair = self._keep_apart("receive", "pay", res_model="res.partner")
        self.assertEqual(pair.name, "Receive – Pay")
        self.assertEqual(pair.document_type, "Contact")
        pair.res_model = False
        self.assertEqual(pair.document_type, "Every document")
        roles = self._keep_roles_apart("network_planner", "finance_controller")
        self.assertEqual(roles.name, "Network planner – Finance controller")
        roles.name = "Plans and pays"
        self.assertEqual(roles.name, "Plans and pays")

    def test_the_sides_differ(self):
        group = self.env.ref("distribution_base.group_network_planner")
        self.assertRefused(duty="pay", other_duty="pay", name="Same")
        self.assertRefused(
            kind="roles", group_id=group.id, other_group_id=group.id, name="Same"
        )

    def test_both_sides_are_needed(self):
        self.assertRefused(duty="pay")
        self.assertRefused(
            kind="roles",
            group_id=self.env.ref("distribution_base.group_network_planner").id,
        )

    def test_a_pair_is_of_one_kind(self):
        roles = {
            "group_id": self.env.ref("distribution_base.group_network_planner").id,
            "other_group_id": self.env.ref(
                "distribution_base.group_finance_controller"
            ).id,
        }
        self.assertRefused(duty="pay", other_duty="request", **roles)
        self.assertRefused(kind="roles", duty="pay", other_duty="request", **roles)
        self.assertRefused(kind="roles", res_model="res.partner", **roles)

    def test_no_pair_twice_in_either_order(self):
        self.assertRefused(duty="receive", other_duty="bill")
        self.assertRefused(duty="bill", other_duty="receive")
        values = {"res_model": "res.partner", "company_id": self.company.id}
        self._keep_apart("bill", "receive", **values)
        self.assertRefused(duty="receive", other_duty="bill", **values)
        self._keep_apart("bill", "receive", res_model="res.users")
        self._keep_apart("bill", "receive", company_id=self.company.id)

    def test_no_roles_twice_in_either_order(self):
        pair = self._keep_roles_apart("network_planner", "finance_controller")
        self.assertRefused(
            kind="roles",
            group_id=pair.other_group_id.id,
            other_group_id=pair.group_id.id,
        )

    def test_the_kind_of_document_exists(self):
        for model in ("purchase.oder", "mail.thread", "base.language.install"):
            with self.assertRaisesRegex(ValidationError, "no kind of document"):
                self._keep_apart("bill", "receive", res_model=model)

    def test_a_role_is_not_kept_apart_from_one_it_includes(self):
        for roles in (
            ("regional_manager", "branch_operator"),
            ("branch_operator", "regional_manager"),
        ):
            with self.assertRaises(ValidationError) as refusal:
                self._keep_roles_apart(*roles)
            self.assertIn("one includes the other", str(refusal.exception))

    def test_switching_the_kind_in_the_form_drops_what_is_hidden(self):
        form = Form(self.Conflict.with_user(self.boss))
        form.duty = "pay"
        form.other_duty = "request"
        form.res_model = "res.partner"
        form.kind = "roles"
        form.group_id = self.env.ref("distribution_base.group_network_planner")
        form.other_group_id = self.env.ref("distribution_base.group_central_buyer")
        pair = form.save()
        self.assertFalse(pair.duty or pair.other_duty or pair.res_model)
        self.assertEqual(pair.name, "Network planner – Central buyer")

    def test_a_company_takes_its_pairs_along(self):
        """Not without a company: the pair would then hold everywhere."""
        self.assertEqual(self.Conflict._fields["company_id"].ondelete, "cascade")
