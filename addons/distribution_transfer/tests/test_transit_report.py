from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TransferCase


class TransitCase(TransferCase):
    """Goods on the road as those see them who answer for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._new_user("finance_controller", "carl")
        cls.audrey = cls._new_user("auditor", "audrey")

    def _on_the_road(self, **values):
        transfer = self._request(**values)
        self._ship(transfer)
        transfer.with_user(self.cora).action_depart()
        return transfer

    def _rows(self, transfer, user=None):
        Report = self.env["distribution.transit.report"].with_user(user or self.carl)
        Report.invalidate_model()
        rows = Report.search([("transfer_id", "=", transfer.id)])
        return {row.product_id: row for row in rows}

    def _left(self, transfer, days):
        """Let the truck have left so many days ago."""
        self.env.flush_all()
        left = fields.Datetime.now() - timedelta(days=days)
        self.env.cr.execute(
            "UPDATE distribution_transfer SET left_date = %s WHERE id = %s",
            (left, transfer.id),
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTransitReport(TransitCase):
    def test_rows(self):
        draft = self._request()
        self.assertFalse(self._rows(draft), "nothing has left")
        transfer = self._on_the_road(quantities={self.bolt: 10, self.nut: 20})
        rows = self._rows(transfer)
        bolt = rows[self.bolt]
        self.assertEqual((bolt.quantity, bolt.unit_cost, bolt.value), (10, 4, 40))
        self.assertEqual(rows[self.nut].value, 20)
        self.assertEqual(bolt.lane_id, self.lane_north)
        self.assertEqual(bolt.source_branch_id, self.central)
        self.assertEqual(bolt.destination_branch_id, self.north)
        self.assertEqual(bolt.categ_id, self.bolt.categ_id)
        self.assertFalse(bolt.is_late or bolt.is_disputed)
        self.assertEqual(bolt.age_range, "0")
        self._receive(transfer, {self.bolt: 8})
        bolt = self._rows(transfer)[self.bolt]
        self.assertEqual((bolt.quantity, bolt.disputed_quantity), (2, 2))
        self.assertTrue(bolt.is_disputed)
        self.assertNotIn(self.nut, self._rows(transfer))

    def test_age_and_lateness(self):
        transfer = self._on_the_road()
        for days, name in ((0.5, "0"), (2, "1"), (5, "3"), (9, "7")):
            self._left(transfer, days)
            row = self._rows(transfer)[self.bolt]
            self.assertAlmostEqual(row.age_days, days, 1)
            self.assertEqual(row.age_range, name)
        self.env.cr.execute(
            """UPDATE distribution_transfer SET arrival_date = NOW() - '1 hour'::interval
                WHERE id = %s""",
            (transfer.id,),
        )
        self.env.invalidate_all()
        self.assertTrue(self._rows(transfer)[self.bolt].is_late)
        Report = self.env["distribution.transit.report"].with_user(self.carl)
        self.assertEqual(len(Report.search([("is_late", "=", True)])), 2)
        self.assertTrue(transfer.is_late, "the document says the same")

    def test_present_cost(self):
        transfer = self._on_the_road()
        self.bolt.standard_price = 5
        row = self._rows(transfer)[self.bolt]
        self.assertEqual((row.unit_cost, row.value), (5, 50))

    def test_the_default_cost_where_a_product_has_none(self):
        self.env["ir.default"].set("product.product", "standard_price", 7.0)
        washer = self._new_product("Washer")
        self._count(washer, self.central, 5)
        transfer = self._on_the_road(quantities={washer: 5}, reason="balancing")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_product SET standard_price = NULL WHERE id = %s",
            (washer.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(washer.standard_price, 7)
        self.assertEqual(self._rows(transfer)[washer].value, 35)

    def test_other_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        transfer = self._transfer(quantities={self.bolt: 2})
        transfer.line_ids.product_uom_id = dozen
        transfer.action_request()
        self._ship(transfer)
        row = self._rows(transfer)[self.bolt]
        self.assertEqual((row.quantity, row.value), (24, 96))
        self.assertEqual(row.product_uom_id, self.bolt.uom_id)
        self.assertFalse(self.env["distribution.transit.balance"].verify())

    def test_lots_with_costs_of_their_own(self):
        drum = self._new_product("Drum", tracking="lot")
        drum.categ_id = self.env["product.category"].create(
            {"name": "Drums", "property_cost_method": "average"}
        )
        drum.lot_valuated = True
        stock = self.central.warehouse_id.lot_stock_id
        for name, cost in (("L1", 10), ("L2", 30)):
            lot = self.env["stock.lot"].create({"name": name, "product_id": drum.id})
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": drum.id,
                    "lot_id": lot.id,
                    "location_id": stock.id,
                    "inventory_quantity": 2,
                }
            ).action_apply_inventory()
            lot.standard_price = cost
        transfer = self._on_the_road(quantities={drum: 3}, reason="balancing")
        row = self._rows(transfer)[drum]
        self.assertEqual((row.quantity, row.value), (3, 50))
        self.assertAlmostEqual(row.unit_cost, 50 / 3, 4)
        balance = self.env["distribution.transit.balance"].search(
            [("product_id", "=", drum.id)]
        )
        self.assertEqual((balance.transfer_value, balance.stock_value), (50, 50))

    def test_grouped_by_lane_and_category(self):
        self._on_the_road()
        [(lane, category, value)] = (
            self.env["distribution.transit.report"]
            .with_user(self.carl)
            ._read_group([], ["lane_id", "categ_id"], ["value:sum"])
        )
        self.assertEqual(lane, self.lane_north)
        self.assertEqual(category, self.bolt.categ_id)
        self.assertEqual(value, 60)

    def test_who_sees_it(self):
        transfer = self._on_the_road()
        seeing = (self.olga, self.cora, self.bea, self.rita, self.paul, self.boss)
        for user in (*seeing, self.carl, self.audrey):
            self.assertEqual(len(self._rows(transfer, user)), 2, user.login)
        self.assertFalse(self._rows(transfer, self.wim), "of another depot")
        stranger = self._new_user(None, "nora")
        with self.assertRaises(AccessError):
            self._rows(transfer, stranger)
        row = self._rows(transfer)[self.bolt]
        with self.assertRaises(AccessError):
            row.with_user(self.wim).read(["value"])
        for user in (self.boss, self.carl):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"value": 0})

    def test_another_company(self):
        transfer = self._on_the_road()
        other = self.env["res.company"].create({"name": "Sister"})
        sister = self._new_user(
            "finance_controller",
            "sissy",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._rows(transfer, sister))
        Balance = self.env["distribution.transit.balance"].with_user(sister)
        self.assertFalse(Balance.search([]))


@tagged("post_install", "-at_install")
class TestTransitBalance(TransitCase):
    def _balance(self, user=None):
        Balance = self.env["distribution.transit.balance"].with_user(user or self.carl)
        Balance.invalidate_model()
        return {row.product_id: row for row in Balance.search([])}

    def _lose(self, product, quantity):
        """Take goods off the transit location, with no move to explain it."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE stock_quant SET quantity = quantity - %s
                WHERE product_id = %s AND location_id = %s""",
            (quantity, product.id, self.lane_north.transit_location_id.id),
        )
        self.env.invalidate_all()

    def test_balanced(self):
        Balance = self.env["distribution.transit.balance"].with_user(self.carl)
        transfer = self._request()
        self.assertFalse(self._balance())
        self._ship(transfer)
        bolt = self._balance()[self.bolt]
        self.assertEqual((bolt.transfer_quantity, bolt.stock_quantity), (10, 10))
        self.assertEqual((bolt.transfer_value, bolt.stock_value), (40, 40))
        self.assertFalse(Balance.verify())
        self._receive(transfer, {self.bolt: 8})
        self.assertEqual(self._balance()[self.bolt].stock_quantity, 2)
        self.assertFalse(Balance.verify())

    def test_what_is_lost_is_found(self):
        self._on_the_road()
        self._lose(self.bolt, 3)
        Balance = self.env["distribution.transit.balance"].with_user(self.carl)
        wrong = Balance.verify()
        self.assertEqual(wrong.product_id, self.bolt)
        self.assertEqual((wrong.lane_id, wrong.difference), (self.lane_north, 3))
        self.assertEqual(wrong.difference_value, 12)
        self.assertEqual(Balance.search([("is_different", "=", True)]), wrong)

    def test_goods_that_no_transfer_knows_are_found(self):
        self.env["stock.quant"].sudo()._update_available_quantity(
            self.nut, self.lane_west.transit_location_id, 2
        )
        wrong = self.env["distribution.transit.balance"].verify()
        self.assertEqual((wrong.lane_id, wrong.difference), (self.lane_west, -2))

    def test_the_job_tells_a_controller(self):
        self._on_the_road()
        Balance = self.env["distribution.transit.balance"]
        with self.assertNoLogs("odoo.addons.distribution_transfer", "WARNING"):
            Balance._cron_verify()
        self.assertFalse(self.lane_north.activity_ids)
        self._lose(self.bolt, 3)
        for _night in range(2):
            with self.assertLogs("odoo.addons.distribution_transfer") as logs:
                Balance._cron_verify()
            self.assertRegex(logs.output[0], "CEN → NOR, Hex bolt M8: 10 .* 7")
        activity = self.lane_north.activity_ids
        self.assertEqual(len(activity), 1, "one is enough")
        self.assertIn("Hex bolt M8", activity.note)
        self.assertTrue(
            activity.user_id.has_group("distribution_base.group_finance_controller")
        )

    def test_who_sees_it(self):
        self._on_the_road()
        for user in (self.carl, self.audrey, self.paul, self.boss):
            self.assertEqual(len(self._balance(user)), 2, user.login)
        for user in (self.olga, self.bea, self.wim):
            with self.assertRaises(AccessError):
                self._balance(user)
