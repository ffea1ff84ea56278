from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import StockExceptionCase


@tagged("post_install", "-at_install")
class TestOneClick(StockExceptionCase):
    def test_start_a_count(self):
        quant = self._count(10)
        quant.inventory_date = planned = self._day(-4).date()
        action = self._resolve("stock_overdue", quant, self.olga)
        self.assertEqual(quant.user_id, self.olga)
        self.assertEqual(quant.inventory_date, planned)
        self.assertEqual(self._of(action), quant)
        counting = quant.with_user(self.olga).with_context(**action["context"])
        counting.inventory_quantity = 10
        counting.action_apply_inventory()
        found = self._recheck(self._rule("stock_overdue"), quant)
        self.assertEqual(found[quant].state, "closed")

    def test_count_negative_stock_today(self):
        quant = self._count(2)
        self._do(self._deliver(5))
        quant.inventory_date = self._day(90)
        self._resolve("stock_negative", quant, self.olga)
        self.assertEqual(quant.inventory_date, self._day(0).date())

    def test_open_the_count(self):
        quant = self._count(100)
        quant.with_context(inventory_mode=True).inventory_quantity = 50
        action = self._resolve("stock_variance", quant, self.olga)
        self.assertEqual(self._of(action), quant)

    def test_release(self):
        hold = self.yard.wh_qc_stock_loc_id
        hold.active = True
        quant = self._count(10, location=hold)
        self._back(quant, moves=5)
        action = self._resolve("stock_hold", quant, self.olga)
        context = action["context"]
        form = Form(
            self.env["stock.picking"].with_user(self.olga).with_context(**context)
        )
        picking = form.save()
        self.assertRecordValues(
            picking.move_ids,
            [
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 10,
                    "location_id": hold.id,
                    "location_dest_id": self.yard.lot_stock_id.id,
                }
            ],
        )
        self.assertEqual(picking.picking_type_id, self.yard.int_type_id)
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        found = self._recheck(self._rule("stock_hold"), quant)
        self.assertEqual(found[quant].state, "closed")

    def test_replenish(self):
        point = self._want(10, 20)
        self.assertEqual(
            self._of(self._resolve("stock_shortage", point, self.bea)), point
        )

    def test_compare_warehouses(self):
        self._count(50)
        here, there = self._want(10, 20), self._want(15, 30, self.depot)
        action = self._resolve("stock_excess", here, self.paul)
        self.assertEqual(self._of(action), here | there)

    def test_show_where_it_lies(self):
        quant, other = self._count(10), self._count(5, self.depot)
        self._back(quant, in_date=200, moves=200)
        action = self._resolve("stock_aged", quant, self.bea)
        self.assertEqual(self._of(action), quant | other)

    def test_who_may(self):
        quant = self._count(2)
        self._do(self._deliver(5))
        exception = self._sweep(self._rule("stock_negative"))[quant]
        with self.assertRaisesRegex(AccessError, "does not act"):
            exception.with_user(self.aude).action_resolve()
        fiona = self._new_user("finance_controller", "fiona")
        with self.assertRaises(AccessError):
            exception.with_user(fiona).action_resolve()
        seen = self.env["distribution.exception"].with_user(self.olga).search([])
        self.assertIn(exception.id, seen.ids)

    def _resolve(self, code, record, user):
        exception = self._sweep(self._rule(code))[record].with_user(user)
        action = exception.action_resolve()
        self.assertEqual(exception.action_taken, exception.resolve_label)
        return action

    def _of(self, action):
        records = self.env[action["res_model"]].search(action["domain"])
        return records.filtered(lambda record: record.product_id == self.product)
