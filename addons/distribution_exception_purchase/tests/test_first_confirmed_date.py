from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin
from odoo.addons.distribution_exception_purchase.hooks import post_init_hook

from .common import PurchaseExceptionCase


@tagged("post_install", "-at_install")
class TestFirstConfirmedDate(PurchaseExceptionCase):
    def test_kept_when_confirmed(self):
        line = self._buy(5, confirm=False, due=4)
        self.assertFalse(line.first_confirmed_date)
        line.order_id.button_confirm()
        self.assertEqual(line.first_confirmed_date, self._read(line, "date_planned"))

    def test_kept_for_good(self):
        line = self._buy(5, due=4)
        kept, later = line.first_confirmed_date, self._day(9)
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.date_planned = later
        self.assertEqual(line.date_planned, later)
        self.assertEqual(line.first_confirmed_date, kept)
        line.order_id.button_cancel()
        line.order_id.button_draft()
        line.order_id.button_confirm()
        self.assertEqual(line.first_confirmed_date, kept)

    def test_moved_in_the_same_breath(self):
        line = self._buy(5, confirm=False, due=4)
        planned = line.date_planned
        line.order_id.button_confirm()
        line.date_planned = self._day(9)
        self.env.flush_all()
        self.assertEqual(self._read(line, "first_confirmed_date"), planned)

    def test_line_of_a_confirmed_order(self):
        order = self._buy(5, due=4).order_id
        order.order_line = [Command.create(self._line(2, due=8))]
        first, second = order.order_line
        self.assertEqual(second.first_confirmed_date, second.date_planned)
        self.assertLess(first.first_confirmed_date, second.first_confirmed_date)

    def test_order_to_approve(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 1
        line = self._buy(5)
        self.assertEqual(line.state, "to approve")
        self.assertFalse(line.first_confirmed_date)
        line.order_id.with_user(self.max).button_approve()
        self.assertTrue(line.first_confirmed_date)

    def test_copied_and_of_words(self):
        order = self._buy(5).order_id
        self.assertFalse(order.copy().order_line.first_confirmed_date)
        note = {"display_type": "line_note", "name": "Ring twice", "product_qty": 0}
        order.order_line = [Command.create(note)]
        self.assertFalse(order.order_line[-1].first_confirmed_date)

    def test_one_statement_for_all_lines(self):
        order = self._buy(5, confirm=False).order_id
        lines = [Command.create(self._line(quantity)) for quantity in range(1, 20)]
        order.order_line = lines
        order.flush_recordset()
        order.order_line.mapped("first_confirmed_date")
        with self.assertQueryCount(1):
            order.order_line._keep_first_confirmed_date()

    def test_orders_of_before(self):
        line, draft = self._buy(5), self._buy(5, confirm=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order_line SET first_confirmed_date = NULL"
        )
        post_init_hook(self.env)
        self.assertEqual(self._read(line, "first_confirmed_date"), line.date_planned)
        self.assertFalse(self._read(draft, "first_confirmed_date"))

    def _read(self, line, field):
        line.invalidate_recordset()
        return line[field]


@tagged("post_install", "-at_install")
class TestFirstConfirmedDateForged(PurchaseExceptionCase, Json2Mixin, HttpCase):
    _forged_context = {"default_first_confirmed_date": "2040-01-01 00:00:00"}

    def test_written(self):
        line = self._buy(5)
        for user in (self.bert, self.env.ref("base.user_admin")):
            for model, ids, vals in (
                (line._name, line.ids, self._forged()),
                (
                    "purchase.order",
                    line.order_id.ids,
                    {"order_line": [[1, line.id, self._forged()]]},
                ),
            ):
                with self.subTest(user=user.login, model=model):
                    response = self._json_2(user, model, "write", ids, vals=vals)
                    self.assertEqual(response.status_code, 422)
        with self.assertRaisesRegex(UserError, "Change the expected arrival"):
            line.sudo().first_confirmed_date = "2040-01-01"

    def test_created(self):
        order = self._buy(5).order_id
        for values, kept in (
            ({}, order.order_line.date_planned),
            ({"order_id": self._buy(5, confirm=False).order_id.id}, False),
        ):
            vals = {"order_id": order.id, **self._line(2), **self._forged(), **values}
            vals["date_planned"] = str(order.order_line[0].date_planned)
            response = self._json_2(
                self.bert, "purchase.order.line", "create", vals_list=[vals]
            )
            self.assertEqual(response.status_code, 200, response.text)
            line = self.env["purchase.order.line"].browse(response.json())
            self.assertEqual(line.first_confirmed_date, kept)

    def _forged(self):
        return {"first_confirmed_date": "2040-01-01 00:00:00"}
