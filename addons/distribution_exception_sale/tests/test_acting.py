from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleExceptionCase


@tagged("post_install", "-at_install")
class TestActing(SaleExceptionCase):
    """What the click does, who may press it, and when lines are looked at again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("sale_late")
        cls.pending = cls.env["distribution.exception.recheck"]

    def _press(self, line, user=None):
        one = self._look(self.rule)[line].with_user(user or self.olga)
        return one, one.action_resolve()

    def test_reserve(self):
        self._count(20)
        line = self._sell(5, days=0)
        line.sudo().move_ids._do_unreserve()
        one, action = self._press(line)
        self.assertEqual(line.sudo().move_ids.state, "assigned")
        self.assertEqual(action["res_model"], "stock.picking")
        self.assertEqual(action["res_id"], line.sudo().move_ids.picking_id.id)
        self.assertEqual(one.event_ids[:1].kind, "action")
        self.assertEqual(one.event_ids[:1].user_id, self.olga)

    def test_tell_the_customer(self):
        line, receipt = self._sell(5, days=2), self._receive_later(5, days=12)
        _one, action = self._press(line)
        self.assertEqual(action["res_model"], "mail.compose.message")
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.olga)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn(line.order_id.name, composer.subject)
        self.assertIn(str(receipt.date.day), composer.body)
        self.assertIn("Bolt", composer.body)
        composer.action_send_mail()
        message = line.order_id.message_ids[0]
        self.assertIn(self.customer, message.partner_ids)

    def test_all_was_delivered_meanwhile(self):
        self._count(5)
        line = self._sell(5, days=0)
        one = self._look(self.rule)[line].with_user(self.olga)
        self._deliver(line, 5)
        action = one.action_resolve()
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(action["res_id"], line.order_id.id)

    def test_nothing_to_reserve_and_no_date(self):
        line = self._sell(5, days=1)
        _one, action = self._press(line)
        self.assertEqual(action["res_model"], "stock.picking")

    def test_orders_of_a_customer_over_the_limit(self):
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 10
        domain = f"[('id', '=', {self.customer.id})]"
        rule = self._rule("sale_credit", domain=domain)
        line = self._sell(5)
        self._sell(5, confirm=False)
        one = self._look(rule)[self.customer].with_user(self.olga)
        action = one.action_resolve()
        found = self.env["sale.order"].with_user(self.olga).search(action["domain"])
        self.assertEqual(found, line.order_id)

    def test_auditor_only_looks(self):
        aude = self._new_user("auditor", "xs_aude")
        line = self._sell(5, days=1)
        one = self._look(self.rule)[line].with_user(aude)
        with self.assertRaises(UserError):
            one.action_resolve()

    def _asked(self, model="sale.order.line"):
        """What was asked to be looked at since the last call."""
        data = self.env.cr.precommit.data.pop("distribution_exception_recheck", {})
        return data.get(model, set())

    def test_looked_at_again(self):
        self._rule("sale_credit", domain="[]")
        line = self._sell(5, days=9, confirm=False)
        self._asked()
        line.order_id.action_confirm()
        pending = self.env.cr.precommit.data["distribution_exception_recheck"]
        self.assertIn(line.id, pending["sale.order.line"])
        self.assertIn(self.customer.id, pending["res.partner"])
        move = line.sudo().move_ids
        self._count(5)
        for change in (
            lambda: line.write({"price_unit": 3}),
            lambda: move._do_unreserve(),
            lambda: move._action_assign(),
            lambda: move.write({"date": self.now + timedelta(days=1)}),
            lambda: self._deliver(line, 2),
            lambda: line.order_id._action_cancel(),
        ):
            self._asked()
            change()
            self.assertIn(line.id, self._asked())

    def test_more_is_reserved(self):
        """In part before, in part afterwards: what is short is less."""
        self._count(2)
        line = self._sell(5, days=9)
        self._asked()
        self._count(3)
        line.sudo().move_ids._action_assign()
        self.assertEqual(line.sudo().move_ids.state, "partially_available")
        self.assertIn(line.id, self._asked())

    def test_receipt_moves(self):
        line, receipt = self._sell(5, days=9), self._receive_later(5, days=5)
        line.sudo().move_ids.move_orig_ids = receipt
        self._asked()
        receipt.date = self.now + timedelta(days=12)
        self.assertIn(line.id, self._asked())

    def test_receipt_is_cancelled(self):
        line, receipt = self._sell(5, days=9), self._receive_later(5, days=5)
        line.sudo().move_ids.move_orig_ids = receipt
        self._asked()
        receipt._action_cancel()
        self.assertIn(line.id, self._asked())

    def test_receipt_is_done(self):
        """Goods that arrive are reserved, so who waited for them is looked at again."""
        line, receipt = self._sell(5, days=9), self._receive_later(5, days=5)
        self._asked()
        receipt.quantity, receipt.picked = 5, True
        receipt.picking_id.with_context(skip_sms=True).button_validate()
        self.assertEqual(line.sudo().move_ids.state, "assigned")
        self.assertIn(line.id, self._asked())
