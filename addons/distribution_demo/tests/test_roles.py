from odoo.exceptions import UserError
from odoo.tests import tagged

from ..generator.plan import build_plan
from ..generator.run import generate
from ..generator.settings import Settings
from .common import DEPOTS, ReferenceCase

KEYS = dict(zip(("north", "west", "south"), DEPOTS, strict=True))


@tagged("post_install", "-at_install")
class TestRoles(ReferenceCase):
    """Every user of the readme can log in and finds something to do."""

    def test_every_planned_user_can_log_in(self):
        for planned in build_plan(Settings()).users:
            user = self._user(planned.key)
            self.assertTrue(user, planned.login)
            self.assertTrue(user.has_group(f"distribution_base.group_{planned.role}"))
            credential = {
                "type": "password",
                "login": user.login,
                "password": "demo",
            }
            user.with_user(user)._check_credentials(credential, {"interactive": True})

    def test_branch_users_see_their_own_branch_only(self):
        for key, code in KEYS.items():
            for stem in (f"operator.{key}", f"manager.{key}"):
                for model in ("sale.order", "stock.picking", "purchase.order"):
                    records = self._as(stem, model).search([])
                    if model == "stock.picking":  # both ends of a lane see its trucks
                        records = records.filtered(lambda x: not x.sudo().lane_id)
                    codes = set(records.branch_id.sudo().mapped("code"))
                    self.assertIn(code, codes, (stem, model))
                    foreign = codes & (set(DEPOTS) - {code})
                    self.assertFalse(foreign, (stem, model))

    def test_branch_managers_have_rules_to_look_after(self):
        for key in KEYS:
            rules = self._as(f"manager.{key}", "stock.warehouse.orderpoint").search([])
            self.assertTrue(rules)
            self.assertEqual(rules.branch_id.sudo().code, KEYS[key])

    def test_regional_managers_see_their_region(self):
        for key, code in KEYS.items():
            orders = self._as(f"regional.{key}", "sale.order").search([])
            self.assertEqual(orders.branch_id.sudo().mapped("code"), [code])

    def test_the_planner_has_needs_to_decide(self):
        needs = self._as("planner", "stock.warehouse.orderpoint").search(
            [("trigger", "=", "manual"), ("qty_to_order_computed", ">", 0)]
        )
        self.assertLessEqual(set(self.depots), set(needs.branch_id))
        self.assertIn(self.central, needs.branch_id)

    def test_the_buyer_has_quotations_and_overdue_orders(self):
        orders = self._as("buyer", "purchase.order").search([])
        self.assertLessEqual({"draft", "purchase"}, set(orders.mapped("state")))
        self.assertIn(self._user("buyer"), orders.user_id)

    def test_the_controller_has_open_invoices_and_bills(self):
        moves = self._as("finance", "account.move").search(
            [("payment_state", "=", "not_paid"), ("state", "=", "posted")]
        )
        types = set(moves.mapped("move_type"))
        self.assertLessEqual({"out_invoice", "in_invoice"}, types)

    def test_auditor_and_administrator_see_all_branches(self):
        for stem in ("auditor", "administrator"):
            orders = self._as(stem, "sale.order").search([])
            self.assertLessEqual(set(self.depots | self.central), set(orders.branch_id))

    def test_operators_sell_from_their_own_warehouse(self):
        customer = self.env["res.partner"].search([("ref", "=", "C0001")])
        for key in KEYS:
            order = self._as(f"operator.{key}", "sale.order").new(
                {"partner_id": customer.id}
            )
            self.assertEqual(order.warehouse_id.code, KEYS[key])

    def test_the_pipeline_is_not_empty(self):
        for key in KEYS:
            operator = self._user(f"operator.{key}")
            leads = self.env["crm.lead"].search([("user_id", "=", operator.id)])
            self.assertTrue(leads)

    def test_a_second_generation_is_refused(self):
        with self.assertRaisesRegex(UserError, "exist already"):
            generate(self.env, skus=10)
