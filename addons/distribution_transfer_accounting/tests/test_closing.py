from odoo import fields
from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install")
class TestClosing(BooksCase):
    """A month close sees what transfers leave to do."""

    def setUp(self):
        super().setUp()
        self.fiona = self._new_user("finance_controller", "fiona")
        self.north.manager_id = self.bea
        today = fields.Date.context_today(self.env.user)
        self.closing = (
            self.env["distribution.closing"]
            .with_user(self.fiona)
            .create({"date_from": today})
        )

    def _item(self, code, branch=None):
        self.closing.action_refresh()
        self.closing.invalidate_recordset()
        return self.closing.item_ids.filtered(
            lambda x: x.code == code and x.branch_id == (branch or x.branch_id.browse())
        )

    def _shown(self, item, user):
        action = item.with_user(user).action_open_evidence()
        return self.env[action["res_model"]].with_user(user).search(action["domain"])

    def test_open_differences(self):
        self.assertEqual(self._item("differences", self.north).state, "ok")
        transfer = self._request()
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        short = self._discrepancy(transfer)
        item = self._item("differences", self.north)
        self.assertEqual((item.state, item.count), ("open", 1))
        self.assertEqual((item.amount, item.user_id), (short.value, self.bea))
        for user in (self.fiona, self.bea):
            self.assertEqual(self._shown(item, user).sudo(), short.sudo())
        self.assertEqual(self._item("differences", self.central).state, "ok")

    def test_transit_ties_out(self):
        transfer = self._request()
        self._ship(transfer)
        self.assertEqual(self._item("transit").state, "ok")
        quant = self.env["stock.quant"].search(
            [
                ("location_id", "=", self.lane_north.transit_location_id.id),
                ("product_id", "=", self.bolt.id),
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = quantity - 2 WHERE id = %s", [quant.id]
        )
        item = self._item("transit")
        self.assertEqual((item.state, item.count, item.amount), ("open", 1, 8))
        self.assertTrue(item.is_strict)
        self.assertEqual(self._shown(item, self.fiona).product_id, self.bolt)
