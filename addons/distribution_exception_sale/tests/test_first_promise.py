from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.sale_order_line import PROMISES_OF_THE_PAST

TODAY = datetime(2026, 3, 2, 9)


@tagged("post_install", "-at_install")
class TestFirstPromise(TransactionCase):
    """The date the customer was first told is set once, and nobody moves it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.sam = new_test_user(
            cls.env,
            login="promise_sam",
            groups="sales_team.group_sale_salesman_all_leads",
        )
        cls.customer = cls.env["res.partner"].create({"name": "Fjord Machines"})
        cls.bolt, cls.nut = cls.env["product.product"].create(
            [
                {"name": name, "is_storable": True, "sale_delay": delay}
                for name, delay in (("Bolt", 2), ("Nut", 5))
            ]
        )

    def _order(self, *products, **values):
        return (
            self.env["sale.order"]
            .with_user(self.sam)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create({"product_id": product.id})
                        for product in products
                    ],
                    **values,
                }
            )
        )

    def _confirmed(self, *products, at=TODAY, **values):
        with freeze_time(at):
            order = self._order(*products, **values)
            order.action_confirm()
        return order

    def test_lead_time_of_each_line(self):
        order = self._order(self.bolt, self.nut)
        self.assertFalse(any(order.order_line.mapped("first_promised_at")))
        with freeze_time(TODAY):
            order.action_confirm()
        self.assertEqual(
            order.order_line.mapped("first_promised_at"),
            [TODAY + timedelta(days=2), TODAY + timedelta(days=5)],
        )

    def test_delivery_date_of_the_order(self):
        asked = TODAY + timedelta(days=9)
        order = self._confirmed(self.bolt, commitment_date=asked)
        self.assertEqual(order.order_line.first_promised_at, asked)

    def test_later_dates_do_not_move_it(self):
        asked = TODAY + timedelta(days=9)
        order = self._confirmed(self.bolt, commitment_date=asked)
        order.commitment_date = asked + timedelta(days=7)
        order.order_line.customer_lead = 30
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.order_line.first_promised_at, asked)

    def test_second_confirmation_does_not_move_it(self):
        order = self._confirmed(self.bolt)
        promise = order.order_line.first_promised_at
        order._action_cancel()
        order.action_draft()
        with freeze_time(TODAY + timedelta(days=4)):
            order.action_confirm()
        self.assertEqual(order.order_line.first_promised_at, promise)

    def test_line_added_later_has_its_own(self):
        order = self._confirmed(self.bolt)
        asked = TODAY + timedelta(days=20)
        order.commitment_date = asked
        order.write({"order_line": [Command.create({"product_id": self.nut.id})]})
        self.assertEqual(
            order.order_line.mapped("first_promised_at"),
            [TODAY + timedelta(days=2), asked],
        )

    def test_copy_starts_anew(self):
        order = self._confirmed(self.bolt)
        self.assertFalse(order.copy().order_line.first_promised_at)

    def test_sections_promise_nothing(self):
        section = Command.create({"display_type": "line_section", "name": "Parts"})
        order = self._confirmed(order_line=[section])
        self.assertFalse(order.order_line.first_promised_at)

    def test_nobody_writes_it(self):
        line = self._confirmed(self.bolt).order_line
        forged = {"first_promised_at": "2030-01-01 00:00:00"}
        for user in (self.sam, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                line.with_user(user).write(forged)
            with self.assertRaises(UserError):
                line.order_id.with_user(user).write(
                    {"order_line": [Command.update(line.id, forged)]}
                )
            with self.assertRaises(UserError):
                line.with_user(user).create(
                    {"order_id": line.order_id.id, "product_id": self.nut.id, **forged}
                )

    def test_no_default_forges_it(self):
        forged = "2030-01-01 00:00:00"
        self.env["ir.default"].with_user(self.sam).set(
            "sale.order.line", "first_promised_at", forged, user_id=self.sam.id
        )
        with freeze_time(TODAY):
            order = self._order(self.bolt).with_context(
                default_first_promised_at=forged
            )
            order.action_confirm()
            order.write({"order_line": [Command.create({"product_id": self.nut.id})]})
        self.assertEqual(
            order.order_line.mapped("first_promised_at"),
            [TODAY + timedelta(days=2), TODAY + timedelta(days=5)],
        )

    def test_orders_of_the_past(self):
        asked = TODAY + timedelta(days=9)
        orders = self._confirmed(self.bolt) + self._confirmed(
            self.bolt, commitment_date=asked
        )
        orders += self._order(self.bolt)
        before = orders.order_line.mapped("first_promised_at")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET first_promised_at = NULL WHERE id IN %s",
            [tuple(orders.order_line.ids)],
        )
        self.env.cr.execute(PROMISES_OF_THE_PAST)
        self.env.invalidate_all()
        self.assertEqual(orders.order_line.mapped("first_promised_at"), before)
