from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import StockApprovalMixin


@tagged("post_install", "-at_install")
class TestCount(StockApprovalMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()

    def test_without_a_policy_nothing_waits(self):
        self._count(10).action_apply_inventory()
        self.assertEqual(self.quant.quantity, 10)
        self.assertFalse(self._request(self.quant))

    def test_below_the_limit_it_is_applied(self):
        self._policy(100)
        self._count(91).action_apply_inventory()
        self.assertEqual(self.quant.quantity, 91)
        self.assertFalse(self.quant.inventory_quantity_set)

    def test_at_the_limit_it_waits_and_keeps_the_count(self):
        self._policy(100)
        answer = self._count(90).action_apply_inventory()
        self.assertWaits(self.quant, 90)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("bea", answer["params"]["message"])
        self.assertIn("Bolt", answer["params"]["message"])
        self.assertIn("bea", self.quant.approval_note)

    def test_more_than_on_hand_counts_as_well(self):
        self._policy(100)
        self._count(110).action_apply_inventory()
        self.assertWaits(self.quant, 110)

    def test_approving_applies_it_as_the_one_who_asked(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        request = self._approve(self.quant)
        self.assertEqual(self.quant.quantity, 90)
        self.assertFalse(self.quant.inventory_quantity_set)
        self.assertTrue(request.used_date)
        self.assertEqual(self._moves().create_uid, self.stan)

    def test_who_counted_cannot_approve(self):
        self._policy(100)
        quant = self._count(90, user=self.bea)
        quant.with_user(self.stan).action_apply_inventory()
        with self.assertRaises(AccessError):
            self._approve(self.quant)
        self.assertWaits(self.quant, 90)

    def test_nor_by_taking_the_name_off_the_count(self):
        self._policy(100)
        self._count(90, user=self.bea).user_id = False
        self.env.flush_all()
        self.quant.with_user(self.stan).action_apply_inventory()
        with self.assertRaises(AccessError):
            self._approve(self.quant)
        self.assertWaits(self.quant, 90)

    def test_rejecting_sets_the_count_free(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        self._request(self.quant).with_user(self.bea).action_reject(
            reason="Count again"
        )
        self.assertEqual(self.quant.approval_state, "rejected")
        self._count(95).action_apply_inventory()
        self.assertEqual(self.quant.quantity, 95)

    def test_an_approval_is_good_for_once(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        used = self._approve(self.quant)
        self._count(80).action_apply_inventory()
        self.assertEqual(self.quant.quantity, 90)
        self.assertNotEqual(self._request(self.quant), used)
        self.assertEqual(self._request(self.quant).state, "pending")

    def test_another_count_asks_anew(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        first = self._request(self.quant)
        self._count(80)
        self.assertEqual(first.state, "superseded")
        self._count(80).action_apply_inventory()
        self.assertWaits(self.quant, 80)

    def test_clearing_the_count_ends_the_request(self):
        self._policy(100)
        for counted in (90, 0):
            with self.subTest(counted):
                quant = self._count(counted)
                quant.action_apply_inventory()
                request = self._request(self.quant)
                self.assertEqual(request.state, "pending")
                quant.action_clear_inventory_quantity()
                self.assertEqual(request.state, "superseded")
                self.assertFalse(quant.inventory_quantity_set)

    def test_the_flag_of_a_count_that_waits_cannot_be_taken_away(self):
        self._policy(100)
        quant = self._count(90)
        quant.action_apply_inventory()
        quant.write({"inventory_quantity_set": False})
        self.assertWaits(self.quant, 90)

    def test_goods_that_move_while_the_count_waits(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        self._on_hand(self.bolt, -5)
        request = self._approve(self.quant)
        self.assertEqual((request.state, bool(request.used_date)), ("approved", False))
        self.assertEqual(self.quant.quantity, 95)
        self.assertFalse(self._moves())
        # Which number holds is asked by Odoo's own dialog; another one is not approved.
        action = self.quant.with_user(self.stan).action_apply_inventory()
        self.assertEqual(action["res_model"], "stock.inventory.conflict")
        self.env.invalidate_all()
        wizard = (
            self.env["stock.inventory.conflict"]
            .with_user(self.mia)
            .create({"quant_ids": self.quant.ids, "quant_to_fix_ids": self.quant.ids})
        )
        wizard.action_keep_counted_quantity()
        self.assertEqual(request.state, "superseded")
        self.assertEqual(self.quant.quantity, 90)  # five less: below the limit

    def test_a_conflict_solved_beyond_the_limit_waits(self):
        self._policy(100)
        quant = self._count(90)
        self._on_hand(self.bolt, 5)
        wizard = (
            self.env["stock.inventory.conflict"]
            .with_user(self.mia)
            .create({"quant_ids": quant.ids, "quant_to_fix_ids": quant.ids})
        )
        wizard.action_keep_counted_quantity()
        self.assertEqual((quant.quantity, quant.inventory_quantity), (105, 90))
        self.assertEqual(quant.approval_state, "pending")
        self.assertTrue(quant.inventory_quantity_set)

    def test_the_dialog_with_a_reason(self):
        self._policy(100)
        nut = self._on_hand(self._product("Nut", 1), 100)
        quants = self._count(90) | self._count(99, nut)
        wizard = (
            self.env["stock.inventory.adjustment.name"]
            .with_user(self.stan)
            .create({"quant_ids": quants.ids, "inventory_adjustment_name": "Autumn"})
        )
        wizard.action_apply()
        self.assertWaits(self.quant, 90)
        self.assertEqual(nut.quantity, 99)
        self.assertFalse(nut.inventory_quantity_set)
        self.assertFalse(nut.approval_state)

    def test_the_inventoried_quantity_of_a_manager(self):
        self._policy(100)
        quant = self.quant.with_user(self.mia).with_context(inventory_mode=True)
        quant.inventory_quantity_auto_apply = 90
        self.assertWaits(self.quant, 90)
        quant.create(
            {
                "product_id": self.bolt.id,
                "location_id": self.stock.id,
                "inventory_quantity_auto_apply": 80,
            }
        )
        self.assertWaits(self.quant, 80)

    def test_a_count_that_makes_a_quant(self):
        self._policy(100)
        nut = self._product("Nut", 10)
        quant = (
            self.Quant.with_user(self.stan)
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": nut.id,
                    "location_id": self.stock.id,
                    "inventory_quantity": 50,
                }
            )
        )
        quant.action_apply_inventory()
        self.assertEqual((quant.quantity, quant.approval_state), (0, "pending"))
        self._approve(quant)
        self.assertEqual(quant.quantity, 50)

    def test_to_zero(self):
        self._policy(100)
        quant = self.quant.with_user(self.mia).with_context(
            inventory_mode=True, inventory_report_mode=True
        )
        quant.action_set_inventory_quantity_zero()
        self.assertWaits(self.quant, 0)
        self._approve(self.quant)
        self.assertFalse(self.quant.exists().quantity)

    def test_the_quantity_of_the_product_form(self):
        self._policy(100)
        main = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        nut = self._product("Nut", 10)
        pia = new_test_user(
            self.env,
            login="pia",
            groups="stock.group_stock_manager,product.group_product_manager",
        )
        nut.with_user(pia).qty_available = 50
        quant = self.Quant.search(
            [("product_id", "=", nut.id), ("location_id", "=", main.lot_stock_id.id)]
        )
        self.assertEqual((quant.quantity, quant.inventory_quantity), (0, 50))
        self.assertEqual(quant.approval_state, "pending")

    def test_superuser_code_waits_as_well(self):
        self._policy(100)
        self._count(90).sudo()._apply_inventory()
        self.assertWaits(self.quant, 90)
        self.quant.with_user(1).with_context(
            distribution_approval_stock_passing=True,
            distribution_approval_cleared={("stock.quant", self.quant.id): "x"},
        ).action_apply_inventory()
        self.assertWaits(self.quant, 90)

    def test_evidence_survives_the_quant(self):
        self._policy(100)
        self._count(0).action_apply_inventory()
        request = self._approve(self.quant)
        self.Quant._quant_tasks()
        self.assertFalse(self.quant.exists())
        self.assertIn("Bolt", request.document)
        self.assertEqual(request.state, "approved")
        self.assertTrue(request.used_date)
        self.assertIn("100", request.explanation + str(request.facts))

    def test_a_quant_that_is_gone_stops_nothing(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        request = self._request(self.quant)
        # As merging does, beside the ORM.
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM stock_quant WHERE id = %s", [self.quant.id])
        self.env.invalidate_all()
        self.env["distribution.approval.task"]._cron_escalate()
        self.assertEqual(request.state, "superseded")
        self.assertIn("Bolt", request.document)

    def test_the_filter_finds_what_waits(self):
        self._policy(100)
        self._count(90).action_apply_inventory()
        found = self.Quant.search([("approval_state", "=", "pending")])
        self.assertEqual(found, self.quant)

    def test_the_set_up_proposes_limits_by_value(self):
        setup = self.env["distribution.approval.setup"].create({})
        for model, measure in (
            ("stock.quant", "stock_variance_value"),
            ("stock.scrap", "scrap_value"),
        ):
            line = setup.line_ids.filtered(lambda x, m=model: x.document_model == m)
            rule = (
                self.env["distribution.approval.policy"]
                .create(line._prepare_policy_values())
                .rule_ids
            )
            self.assertEqual(rule.measure, measure)
            bands = rule._sorted_bands()
            self.assertEqual([band.lower for band in bands], [0, 100, 1000])
            self.assertEqual([len(band.step_ids) for band in bands], [0, 1, 2])

    def test_a_policy_can_be_simulated(self):
        policy = self._policy(100)
        wizard = self.env["distribution.approval.simulation"].create(
            {"policy_id": policy.id}
        )
        wizard._action_open()
        self.assertEqual(wizard.document_count, 0)
