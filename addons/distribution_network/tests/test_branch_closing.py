from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NetworkCase


@tagged("post_install", "-at_install")
class TestBranchClosing(NetworkCase):
    def _close(self):
        self.north.with_user(self.boss).action_close()

    def test_an_empty_branch_closes_with_all_it_has(self):
        self._close()
        self.assertFalse(self.north.active)
        self.assertFalse(self.north.warehouse_id.active)
        self.assertFalse(self.lane_north.active)
        self.assertFalse(self.lane_north.route_id.active)
        self.assertFalse(any(self.lane_north.route_id.rule_ids.mapped("active")))

    def test_and_opens_again(self):
        self._close()
        self.north.with_user(self.boss).action_reopen()
        self.assertTrue(self.north.warehouse_id.active)
        self.lane_north.with_user(self.boss).action_unarchive()
        self.assertTrue(self.lane_north.route_id.active)
        self.assertEqual(len(self.lane_north.route_id.rule_ids), 3)
        self._count(self.product, self.central, 5)
        self.assertEqual(len(self._replenish(self.lane_north, 1)), 2)

    def test_stock_is_in_the_way(self):
        self._count(self.product, self.north, 3)
        with self.assertRaisesRegex(UserError, "1 stock lines"):
            self._close()
        self._count(self.product, self.north, 0)
        self._close()

    def test_open_documents_are_in_the_way(self):
        self._sell(self.olga, self.north, 1, confirm=False)
        self._buy(self.bea, self.north, 1, confirm=False)
        with self.assertRaisesRegex(UserError, "1 quotations(.|\n)*1 requests"):
            self._close()

    def test_goods_on_the_way_are_in_the_way(self):
        self._count(self.product, self.central, 5)
        ship, _receive = self._replenish(self.lane_north, 2)
        with self.assertRaisesRegex(UserError, "2 open transfers"):
            self._close()
        self._do(ship)
        with self.assertRaisesRegex(UserError, "1 open transfers"):
            self._close()

    def test_writing_active_is_no_way_around(self):
        self._count(self.product, self.north, 3)
        with self.assertRaises(UserError):
            self.north.with_user(self.boss).write({"active": False})
        with self.assertRaises(UserError):
            self.north.with_user(self.boss).action_archive()
        self.assertTrue(self.north.active)
        self.assertTrue(self.lane_north.active)

    def test_a_refusal_changes_nothing(self):
        self._count(self.product, self.north, 3)
        with self.assertRaises(UserError):
            (self.west | self.north).with_user(self.boss).action_close()
        self.assertTrue(self.west.active and self.west.warehouse_id.active)

    def test_only_the_administrator_closes(self):
        for user in (self.bea, self.rita, self.paul):
            with self.assertRaises(AccessError):
                self.north.with_user(user).action_close()

    def test_a_closed_branch_gets_no_lane(self):
        self._close()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.lane_north.with_user(self.boss).action_unarchive()
