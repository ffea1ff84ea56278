from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install")
class TestPrice(BooksCase):
    """Goods that arrive are settled between the branches, at the price of the lane."""

    def test_at_cost(self):
        transfer = self._request()
        self._ship(transfer)
        self.assertFalse(self._booked("interbranch_clearing_account_id"))
        self._receive(transfer)
        self.assertEqual(
            self._booked("interbranch_clearing_account_id"),
            {self.central: 60, self.north: -60},
        )
        self.assertEqual(
            self._balances(self.stock_account), {self.central: -40, self.north: 40}
        )
        self.assertEqual(
            self._booked("interbranch_goods_account_id"),
            {self.central: -20, self.north: 20},
        )
        self.assertFalse(self._booked("interbranch_margin_account_id"))
        entry = transfer.sudo().interbranch_entry_ids
        self.assertEqual(entry.interbranch_kind, "price")
        self.assertEqual(sum(entry.line_ids.mapped("balance")), 0)

    def test_cost_plus(self):
        self._price("cost_plus", 10)
        self._carried()
        self.assertEqual(
            self._booked("interbranch_clearing_account_id"),
            {self.central: 66, self.north: -66},
        )
        self.assertEqual(
            self._booked("interbranch_margin_account_id"),
            {self.central: -6, self.north: 6},
        )

    def test_list_minus(self):
        self._price("list_minus", 20)
        self._carried()  # 10 bolts and 20 nuts at 8.00
        self.assertEqual(
            self._booked("interbranch_margin_account_id"),
            {self.central: -180, self.north: 180},
        )

    def test_pricelist(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Branches",
                "item_ids": [
                    (0, 0, {"compute_price": "fixed", "fixed_price": 5.0}),
                ],
            }
        )
        self._price("pricelist", price_pricelist_id=pricelist.id)
        self._carried()
        self.assertEqual(
            self._booked("interbranch_clearing_account_id"),
            {self.central: 150, self.north: -150},
        )

    def test_deferred_until_sold(self):
        self._price("cost_plus", 10, deferred=True)
        self._carried(quantities={self.bolt: 10})
        waiting = {self.central: -4, self.north: 4}
        self.assertEqual(self._booked("interbranch_deferred_account_id"), waiting)
        self.assertFalse(self._booked("interbranch_margin_account_id"))
        self._do(self._sell(self.olga, self.north, 4).sudo().picking_ids)
        self.env["distribution.lane"]._cron_release_markup()
        self.assertEqual(
            self._booked("interbranch_deferred_account_id"),
            {self.central: -2.4, self.north: 2.4},
        )
        earned = {self.central: -1.6, self.north: 1.6}
        self.assertEqual(self._booked("interbranch_margin_account_id"), earned)
        self.env["distribution.lane"]._cron_release_markup()
        self.assertEqual(self._booked("interbranch_margin_account_id"), earned)

    def test_newer_goods_do_not_wait_again(self):
        self._price("cost_plus", 10, deferred=True)
        self._carried(quantities={self.bolt: 10})
        self._do(self._sell(self.olga, self.north, 10).sudo().picking_ids)
        self._count(self.bolt, self.north, 10)
        self.env["distribution.lane"]._cron_release_markup()
        self.assertFalse(self._booked("interbranch_deferred_account_id"))
