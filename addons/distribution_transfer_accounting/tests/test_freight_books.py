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
        """Posted, cancelled, posted again, credited, billed once more: borne once."""
        self._charge("weight", 0.5)
        transfer = self._request()
        self._ship(transfer)
        bill = self._bill(26)
        self._assign(bill, transfer)
        self.bills = bill
        for steps in itertools.permutations(("again", "credit", "cancel", "more")):
            for step in steps:
                getattr(self, f"_{step}")(bill, transfer)
                posted = self.bills.filtered(lambda x: x.state == "posted")
                nets = [x.amount_untaxed - self._credited(x) for x in posted]
                # Without bills, what the rule of the lane says.
                expected = sum(max(net, 0.0) for net in nets) or 20.0
                self.assertEqual(self._borne()[self.north], expected, (steps, step))

    def _more(self, bill, transfer):
        """The carrier bills once more, or takes that bill back."""
        others = self.bills - bill
        if not others:
            other = self._bill(9)
            self._assign(other, transfer)
            self.bills |= other
        elif others.state == "posted":
            self._cancel(others)
        else:
            self._again(others)

    def _again(self, bill, _transfer=None):
        if bill.state != "draft":
            bill.button_draft()
        bill.action_post()

    def _cancel(self, bill, _transfer=None):
        bill.button_draft()
        bill.button_cancel()

    def _credit(self, bill, _transfer=None):
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
