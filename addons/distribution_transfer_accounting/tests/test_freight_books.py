import itertools

from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install")
class TestFreightBooks(BooksCase):
    """The freight of a transfer is borne by the branch the lane names, exactly once."""

    def _borne(self):
        """What each branch bears, whatever account it is on."""
        freight = self.company.transfer_freight_account_id | self.cost_account
        return self._balances(freight)

    def _accrued(self):
        return self._booked("transfer_accrual_account_id")

    def test_accrual_when_shipped(self):
        self._charge("weight", 0.5)
        transfer = self._request()
        self.assertFalse(self._borne())
        self._ship(transfer)
        self.assertEqual(self._borne(), {self.north: 20})
        self.assertEqual(self._accrued(), {self.north: -20})

    def test_source_bears(self):
        self._charge("weight", 0.5)
        self.lane_north.freight_bearer = "source"
        self._ship(self._request())
        self.assertEqual(self._borne(), {self.central: 20})

    def test_bill_replaces_accrual(self):
        self._charge("weight", 0.5)
        transfer = self._request()
        self._ship(transfer)
        bill = self._bill(26)
        self._assign(bill, transfer)
        self.assertEqual(self._borne(), {self.north: 26})
        self.assertFalse(self._accrued())
        self._receive(transfer)
        self.assertEqual(self._borne(), {self.north: 26})

    def test_any_order(self):
        """Cancelled, posted again, credited in part: never twice, never not at all."""
        self._charge("weight", 0.5)
        transfer = self._request()
        self._ship(transfer)
        bill = self._bill(26)
        self._assign(bill, transfer)
        for steps in itertools.permutations(("again", "credit", "cancel")):
            for step in steps:
                with self.subTest(steps=steps, step=step):
                    getattr(self, f"_{step}")(bill)
                    expected = 20.0
                    if bill.state == "posted":
                        expected = 26.0 - self._credited(bill)
                    self.assertEqual(self._borne()[self.north], expected)

    def _again(self, bill):
        if bill.state != "draft":
            bill.button_draft()
        bill.action_post()

    def _cancel(self, bill):
        bill.button_draft()
        bill.button_cancel()

    def _credit(self, bill):
        if bill.state == "posted":
            note = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
            note.invoice_line_ids.price_unit = 6
            note.action_post()

    def _credited(self, bill):
        notes = bill.reversal_move_ids.filtered(lambda note: note.state == "posted")
        return sum(notes.mapped("amount_untaxed"))

    def test_cancelled_transfer_takes_nothing(self):
        self._charge("weight", 0.5)
        transfer = self._request()
        transfer.action_cancel()
        self.assertFalse(self._borne())
