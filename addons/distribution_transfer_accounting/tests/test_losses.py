from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install")
class TestLosses(BooksCase):
    """What is lost is borne by the branch at fault; the carrier's part is a claim."""

    def _short(self, **values):
        transfer = self._request(quantities={self.bolt: 10})
        self._ship(transfer)
        self._receive(transfer, {self.bolt: 8})
        return transfer.sudo().discrepancy_ids

    def test_receiver_at_fault(self):
        short = self._short()
        short.with_user(self.bea).action_settle("write_off", fault="receiver")
        self.assertEqual(self._balances(self.loss_account), {self.north: 8})
        # The goods never arrived: they were the sender's.
        self.assertEqual(
            self._balances(self.stock_account), {self.central: -40, self.north: 32}
        )

    def test_sender_at_fault(self):
        self._short().with_user(self.bea).action_settle("write_off", fault="shipper")
        self.assertEqual(self._balances(self.loss_account), {self.central: 8})

    def test_carrier_pays(self):
        self._short().with_user(self.bea).action_settle("claim")
        self.assertEqual(self._balances(self.claim_account), {self.central: 8})
        self.assertFalse(self._balances(self.loss_account))

    def _damaged(self):
        transfer = self._request(quantities={self.bolt: 10})
        self._ship(transfer)
        picking = self._picking(transfer, "receive").with_user(self.olga)
        entry = {"move_id": picking.move_ids.id, "quantity": 7, "damaged": 3}
        picking.action_unload([entry])
        return transfer.sudo().discrepancy_ids

    def test_damaged_is_charged_back_to_the_sender(self):
        self._price("cost_plus", 50)
        damaged = self._damaged()
        margin = self._booked("interbranch_margin_account_id")
        self.assertEqual(margin, {self.central: -20, self.north: 20})
        damaged.with_user(self.bea).action_settle("write_off", fault="shipper")
        self.assertEqual(
            self._booked("interbranch_margin_account_id"),
            {self.central: -14, self.north: 14},
        )
        self.assertEqual(self._balances(self.loss_account), {self.central: 12})
        self.assertEqual(
            self._balances(self.stock_account), {self.central: -40, self.north: 28}
        )

    def test_damaged_by_the_receiver_stays_bought(self):
        self._price("cost_plus", 50)
        self._damaged().with_user(self.bea).action_settle("write_off", fault="receiver")
        self.assertEqual(
            self._booked("interbranch_margin_account_id"),
            {self.central: -20, self.north: 20},
        )
        self.assertEqual(self._balances(self.loss_account), {self.north: 12})

    def test_returned_is_reversed(self):
        self._price("cost_plus", 50)
        damaged = self._damaged()
        self.lane_north.price_percent = 90  # what comes back has the price it had
        damaged.with_user(self.bea).action_settle("return")
        self._take_back(damaged.transfer_id)
        self.assertEqual(
            self._booked("interbranch_clearing_account_id"),
            {self.central: 42, self.north: -42},
        )

    def test_found_by_a_count_of_the_receiver(self):
        """The branch has the goods and pays for them; its count has found no gain."""
        shrinkage = self.env["account.account"].create(
            {"name": "Shrinkage", "code": "TSHRINK", "account_type": "expense"}
        )
        short = self._short()
        inventory = self.bolt.with_company(self.company).property_stock_inventory
        inventory.valuation_account_id = shrinkage
        self._count(self.bolt, self.north, 10)
        self.assertEqual(self._balances(shrinkage), {self.north: -8})
        short.with_user(self.bea).action_match_count()
        self.assertFalse(self._balances(shrinkage))
        self.assertEqual(
            self._balances(self.stock_account), {self.central: -40, self.north: 40}
        )
        self.assertEqual(
            self._booked("interbranch_clearing_account_id"),
            {self.central: 40, self.north: -40},
        )

    def test_found_by_a_count_of_the_sender(self):
        short = self._short()
        shrinkage = self.env["account.account"].create(
            {"name": "Shrinkage", "code": "TSHRINK", "account_type": "expense"}
        )
        inventory = self.bolt.with_company(self.company).property_stock_inventory
        inventory.valuation_account_id = shrinkage
        self._count(self.bolt, self.central, 92)
        count = short._count_candidates("found")[0]
        short.with_user(self.cleo).action_settle("found", count_move_id=count.id)
        self.assertFalse(self._balances(shrinkage))
        self.assertEqual(
            self._balances(self.stock_account), {self.central: -32, self.north: 32}
        )
