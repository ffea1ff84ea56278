from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin


@tagged("post_install", "-at_install")
class TestGate(SaleApprovalMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()

    def test_without_a_policy_nothing_waits(self):
        order = self._order(self.sam, (self.hammer, 50))
        self.assertIs(order.action_confirm(), True)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._request(order))

    def test_below_the_limit_it_goes_on(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 9))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_at_the_limit_it_waits_as_a_quotation_and_says_for_whom(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        answer = order.action_confirm()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("bea", answer["params"]["message"])
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.approval_state, "pending")
        self.assertIn("bea", order.approval_note)
        self.assertFalse(order.with_user(self.sam).picking_ids)

    def test_a_second_click_asks_nobody_twice(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        request = self._ask(order)
        answer = order.action_confirm()
        self.assertIn("bea", answer["params"]["message"])
        self.assertEqual(self._request(order), request)

    def test_approving_confirms_as_the_one_who_asked(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        order.action_quotation_sent()
        self._ask(order)
        self.assertEqual(order.state, "sent")
        request = self._approve(order)
        self.assertEqual(order.state, "sale")
        self.assertTrue(request.used_date)
        self.assertEqual(order.write_uid, self.sam)

    def test_who_sells_it_cannot_approve_it(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10), user_id=self.bea.id)
        self._ask(order)
        with self.assertRaises(AccessError):
            self._approve(order)
        self.assertEqual(order.state, "draft")

    def test_of_several_those_that_may_pass(self):
        self._policy("sale_amount", 1000)
        small = self._order(self.sam, (self.hammer, 1))
        big = self._order(self.sam, (self.hammer, 10))
        answer = (small | big).action_confirm()
        self.assertEqual((small | big).mapped("state"), ["sale", "draft"])
        self.assertIn(big.name, answer["params"]["message"])
        self.assertNotIn(small.name, answer["params"]["message"])

    def test_nobody_is_asked_for_what_cannot_be_confirmed(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "not in a state"):
            order.action_confirm()
        self.assertFalse(self._request(order))

    def test_no_way_around_the_button(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        everything = {
            "distribution_approval_cleared": {("sale.order", order.id): True},
            "distribution_evidence_writer": True,
            "skip_approval": True,
            "send_email": True,
        }
        for way in (
            order,
            order.sudo(),
            order.with_user(1),
            order.with_context(**everything),
        ):
            with self.subTest(way=way), self.assertRaisesRegex(UserError, "approval"):
                way.write({"state": "sale"})
        with self.assertRaisesRegex(UserError, "approval"):
            self._order(self.sam, (self.hammer, 10), state="sale")
        order.sudo().with_context(**everything).action_confirm()
        self.assertEqual(order.state, "draft")

    def test_a_change_ends_the_request_and_the_approval(self):
        policy = self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        for change in (
            lambda: order.order_line.write({"product_uom_qty": 11}),
            lambda: order.order_line.write({"price_unit": 101}),
            lambda: order.order_line.write({"discount": 1}),
            lambda: order.write({"partner_id": self.bea.partner_id.id}),
            lambda: order.write(
                {"payment_term_id": self.env["account.payment.term"].search([])[0].id}
            ),
            lambda: order.order_line.copy(
                {"order_id": order.id, "price_reason": "As agreed"}
            ),
        ):
            request = self._ask(order)
            self.assertEqual(request.state, "pending")
            change()
            self.assertEqual(request.state, "superseded")
        request = self._ask(order)
        order.note = "Ring twice"
        self.assertEqual(request.state, "pending")
        self.assertEqual(request.policy_id, policy)

    def test_what_was_approved_is_not_what_stands_there(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        # The goods are not there in time: approved, but not carried out.
        self._ask(order)
        request = self._request(order)
        self.patch(type(order), "_approval_complete", lambda self: None)
        self._approve(order)
        self.assertEqual((request.state, order.state), ("approved", "draft"))
        order.order_line.product_uom_qty = 20
        self.assertEqual(request.state, "superseded")
        order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_an_approval_is_good_for_once(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        self._ask(order)
        used = self._approve(order)
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.action_draft()
        again = self._ask(order)
        self.assertEqual(order.state, "draft")
        self.assertNotEqual(again, used)
        self.assertEqual(again.state, "pending")

    def test_a_copy_is_not_approved(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        self._ask(order)
        self._approve(order)
        copy = order.copy()
        self.assertFalse(copy.approval_state)
        copy.action_confirm()
        self.assertEqual(copy.state, "draft")

    def test_the_filter_finds_what_waits(self):
        self._policy("sale_amount", 1000)
        big = self._order(self.sam, (self.hammer, 10))
        small = self._order(self.sam, (self.hammer, 1))
        self._ask(big)
        found = self.env["sale.order"].search(
            [("approval_state", "=", "pending"), ("id", "in", (big | small).ids)]
        )
        self.assertEqual(found, big)

    def test_who_must_approve_is_answered_without_asking(self):
        self._policy("sale_amount", 1000)
        order = self._order(self.sam, (self.hammer, 10))
        action = order.action_approval_simulate()
        answer = self.env[action["res_model"]].browse(action["res_id"]).answer
        self.assertIn("bea", answer)
        self.assertFalse(self._request(order))

    def test_what_the_approver_is_told(self):
        self._policy("sale_amount", 1000)
        order = self._order(
            self.sam,
            (self.hammer, 10, {"discount": 20, "price_reason": "Trade fair"}),
            (self.nail, 100),
        )
        request = self._ask(order)
        facts = dict(request.facts)
        self.assertEqual(facts["Fjord Machines"], "1,800 USD")
        self.assertEqual(facts["Margin"], "16.67 %")
        self.assertIn("20 %", facts["Largest discount"])
        self.assertIn("Hammer", facts["Largest discount"])
        self.assertIn("Trade fair", facts["Largest discount"])
        columns, rows = request.details["columns"], request.details["rows"]
        hammer = dict(zip(columns, rows[0], strict=True))
        self.assertEqual(
            [hammer[x] for x in ("Product", "Quantity", "List price", "Pricelist")],
            ["Hammer", "10", "100", "100"],
        )
        self.assertEqual(
            [hammer[x] for x in ("Price", "Discount %", "Net price", "Net amount")],
            ["100", "20", "80", "800"],
        )
        self.assertEqual(
            [hammer[x] for x in ("Cost", "Margin %", "Reason")],
            ["600", "25", "Trade fair"],
        )
        self.assertEqual(rows[-1][0], "Total")
        self.assertEqual(rows[-1][-3:], ["1,800", "1,500", "16.67"])

    def test_the_set_up_proposes_discounts_and_a_margin(self):
        setup = self.env["distribution.approval.setup"].create({})
        line = setup.line_ids.filtered(lambda x: x.document_model == "sale.order")
        self.assertEqual(
            (line.first_limit, line.second_limit, line.unit), (10, 20, "%")
        )
        policy = self.env["distribution.approval.policy"].create(
            line._prepare_policy_values()
        )
        discount, margin = policy.rule_ids
        self.assertEqual(discount.measure, "sale_discount")
        bands = discount._sorted_bands()
        self.assertEqual([len(band.step_ids) for band in bands], [0, 1, 2])
        self.assertEqual([band.lower for band in bands], [0, 10, 20])
        self.assertEqual(margin.measure, "sale_margin")
        bands = margin._sorted_bands()
        self.assertEqual([len(band.step_ids) for band in bands], [2, 1, 0])
        self.assertEqual([band.lower for band in bands], [0, 0, 10])
