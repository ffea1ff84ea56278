from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PurchaseExceptionCase


@tagged("post_install", "-at_install")
class TestAskTheVendor(PurchaseExceptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("purchase_late")
        cls.cleo = cls._new_user("central_buyer", "cleo", email="cleo@suite.example")

    def test_message_names_the_late_lines(self):
        line = self._buy(10, due=-3)
        order = line.order_id
        other = self._new_product("Washer")
        order.order_line = [(0, 0, self._line(7, due=5, product=other))]
        exception = self._sweep(self.rule)[line].with_user(self.cleo)
        action = exception.action_resolve()
        composer = Form(
            self.env[action["res_model"]]
            .with_user(self.cleo)
            .with_context(**action["context"])
        ).save()
        self.assertIn(self.vendor, composer.partner_ids)
        self.assertIn("Hex bolt", composer.body)
        self.assertNotIn("now expected", composer.body)
        self.assertNotIn("Washer", composer.body)
        self.assertIn(order.name, composer.subject)
        composer._action_send_mail()
        self.assertIn("Hex bolt", order.message_ids[0].body)
        self.assertEqual(exception.action_taken, "Ask the vendor")
        self.assertEqual(exception.event_ids.sorted("id")[-1].user_id, self.cleo)
        self.assertEqual(exception.state, "open")

    def test_moved_lines_are_named_too(self):
        line = self._buy(10, due=1)
        line.date_planned = self._day(9)
        self.assertEqual(line.order_id._lines_to_ask_for(), line)
        template = self.env.ref(
            "distribution_exception_purchase.mail_template_ask_vendor"
        )
        body = template._render_field("body_html", line.order_id.ids)[line.order_id.id]
        self.assertIn("10", body)
        self.assertIn("now expected", body)
        self._receive(line, 10)
        self.assertFalse(line.order_id._lines_to_ask_for())

    def test_only_what_still_comes_is_asked_for(self):
        line = self._buy(2500000.5, due=-3)
        order = line.order_id
        template = self.env.ref(
            "distribution_exception_purchase.mail_template_ask_vendor"
        )
        body = template._render_field("body_html", order.ids)[order.id]
        self.assertIn("2500000.5", body)
        self._receive(line, 6, backorder=False)
        self.assertFalse(order._lines_to_ask_for(), "closed short")

    def test_who_may(self):
        line = self._buy(10, due=-3)
        exception = self._sweep(self.rule)[line]
        auditor = self._new_user("auditor", "aude")
        self.assertTrue(exception.with_user(self.cleo).read(["amount"]))
        with self.assertRaisesRegex(AccessError, "does not act"):
            exception.with_user(auditor).action_resolve()
        operator = self._new_user("branch_operator", "olga")
        with self.assertRaises(AccessError):
            exception.with_user(operator).action_resolve()
        found = self.env["distribution.exception"].with_user(operator)
        self.assertNotIn(exception.id, found.search([]).ids)
