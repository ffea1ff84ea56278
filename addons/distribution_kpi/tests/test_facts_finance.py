import json
from collections import defaultdict
from datetime import timedelta

from odoo.tests import tagged

from .facts_common import FactsCase

DAYS = 9


@tagged("post_install", "-at_install")
class TestFactsOfFinance(FactsCase):
    """Invoices, bills, credit notes and payments, and the stock behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env["res.partner.industry"].create({"name": "Workshops"})
        cls.customer.industry_id = cls.segment
        cls.channel = cls.env["crm.team"].create({"name": "Counter"})
        cls.kept = {}
        cls()._trade()

    def _trade(self):
        for number in range(DAYS - 1):
            branch = (self.central, self.north)[number % 2]
            with self._at(number, 7):
                bill = self._bill(self._supply(branch, 20 + number, 4.5))
            with self._at(number, 9):
                invoice = self._sell_now(branch, 3 + number)
            if number == 2:
                with self._at(number, 10):
                    self._refund(invoice)
            if number % 3 == 1:
                with self._at(number + 1, 11):
                    self._pay(invoice, invoice.amount_total / 2)
                    self._pay(bill, bill.amount_total)
            if number == 3:
                self._share_a_charge()
            if number in (4, 5):
                self._remember(number)

    def _share_a_charge(self):
        with self._at(3, 12):
            shared = self._charge(100.0, self.central)
            shared.invoice_line_ids.analytic_distribution = {
                str(self.central.analytic_account_id.id): 60,
                str(self.north.analytic_account_id.id): 40,
            }
            shared.action_post()

    def _sell_now(self, branch, quantity):
        order = self._order(branch, quantity, product=self.bolt)
        order.team_id = self.channel
        self._validate_all(order.picking_ids)
        invoice = order._create_invoices()
        # What customers owe is due after three days.
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = invoice.invoice_date = self._today()
        invoice.invoice_date_due = self._today() + timedelta(days=3)
        invoice.action_post()
        return invoice

    def _today(self):
        return self.env["account.move"]._fields["date"].context_today(self.env.user)

    def _pay(self, invoice, amount):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.fiona)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount, "payment_date": self._today()})
        )
        wizard._create_payments()

    # The same from journal items.

    def _items(self, account_type):
        lines = self.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", account_type),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
            ]
        )
        return lines

    def _open(self, number, kind):
        """{item: what was open at the end of that day}."""
        day = self._day(number)
        sign = 1 if kind == "asset_receivable" else -1
        found = {}
        for line in self._items(kind).filtered(lambda line: line.date <= day):
            matched = [
                *((x.amount, x) for x in line.matched_credit_ids),
                *((-x.amount, x) for x in line.matched_debit_ids),
            ]
            amount = line.balance - sum(
                part for part, match in matched if match.max_date <= day
            )
            if round(amount, 2):
                found[line] = sign * amount
        return found

    def _open_by_branch(self, number, kind, wanted=lambda line: True):
        sums = defaultdict(float)
        for line, amount in self._open(number, kind).items():
            if wanted(line):
                sums[self._day(number), line.branch_id.id] += amount
        return sums

    def test_receivables_and_payables(self):
        for code, kind in (
            ("receivables", "asset_receivable"),
            ("payables", "liability_payable"),
        ):
            for number in (0, 2, 5, DAYS):
                found = self._open_by_branch(number, kind)
                expected = {key: (amount, 0) for key, amount in found.items()}
                self.assertSums(self._sums(code, number), expected)

    def test_agrees_with_the_branch_balance(self):
        Item = self.env["distribution.branch.balance.item"]
        for number in (1, 4, DAYS):
            groups = Item.with_context(balance_date=self._day(number))._read_group(
                [("kind", "=", "receivable")], ["branch_id"], ["amount:sum"]
            )
            expected = {
                (self._day(number), branch.id): (amount, 0) for branch, amount in groups
            }
            self.assertSums(self._sums("receivables", number), expected)

    def test_overdue(self):
        for number in (3, 6, DAYS):
            day = self._day(number)
            late = self._open_by_branch(
                number,
                "asset_receivable",
                lambda line, day=day: (line.date_maturity or line.date) < day,
            )
            whole = self._open_by_branch(number, "asset_receivable")
            self.assertSums(
                self._sums("receivables_overdue_share", number),
                {key: (late[key], amount) for key, amount in whole.items()},
            )
            self.assertTrue(any(late.values()) or number == 3)

    def _invoiced(self, number, kind, days):
        sums = defaultdict(float)
        first, last = self._day(number - days + 1), self._day(number)
        for line in self._items(kind).filtered(lambda x: first <= x.date <= last):
            if line.move_id.is_invoice(include_receipts=True):
                sign = 1 if kind == "asset_receivable" else -1
                sums[last, line.branch_id.id] += sign * line.balance / days
        return sums

    def test_dso_and_dpo(self):
        for code, kind in (("dso", "asset_receivable"), ("dpo", "liability_payable")):
            for number in (3, DAYS):
                for days in (4, 90):
                    whole = self._open_by_branch(number, kind)
                    invoiced = self._invoiced(number, kind, days)
                    self.assertSums(
                        self._sums(code, number, lookback=days),
                        {
                            key: (whole[key], invoiced[key])
                            for key in {*whole, *invoiced}
                        },
                    )

    def test_by_segment_and_channel(self):
        rows = self._facts("receivables", 1)
        invoices = [row for row in rows if row["numerator"] > 0]
        self.assertTrue(invoices)
        for row in invoices:
            self.assertEqual(row["industry_id"], self.segment.id)
            self.assertEqual(row["team_id"], self.channel.id)
            line = self.env["account.move.line"].browse(row["res_id"])
            self.assertEqual(line.account_id.account_type, "asset_receivable")
            self.assertIn(line.move_name, row["label"])

    def _stock_of_all(self, number):
        values = defaultdict(float)
        for row in self._facts("stock_value", number):
            values[row["day"], row["branch_id"]] += float(row["numerator"])
        return values

    def test_dio(self):
        number, days = DAYS, 5
        delivered = defaultdict(float)
        moves = self.env["stock.move"].search(
            [("state", "=", "done"), ("location_dest_id.usage", "=", "customer")]
        )
        for move in moves:
            if (
                self._day(number - days)
                < self._local_day(move.date)
                <= self._day(number)
            ):
                delivered[self._day(number), move.branch_id.id] += move.value / days
        stock = self._stock_of_all(number)
        self.assertTrue(any(delivered.values()))
        self.assertSums(
            self._sums("dio", number, lookback=days),
            {key: (stock[key], delivered[key]) for key in {*stock, *delivered}},
        )

    def test_working_capital(self):
        number = 5
        expected = self._stock_of_all(number)
        for kind, sign in (("asset_receivable", 1), ("liability_payable", -1)):
            for key, amount in self._open_by_branch(number, kind).items():
                expected[key] += sign * amount
        found = self._sums("working_capital", number)
        self.assertSums(found, {key: (amount, 0) for key, amount in expected.items()})
        rows = self._facts("working_capital", number)
        of_central = [row for row in rows if row["res_id"] == self.central.id]
        self.assertEqual(
            {row["label"] for row in of_central}, {"Receivables", "Payables", "Stock"}
        )

    def test_branch_result(self):
        expected = defaultdict(lambda: (0, 0))
        lines = self.env["account.move.line"].search(
            [("parent_state", "=", "posted"), ("company_id", "=", self.company.id)]
        )
        lines = lines.filtered(
            lambda line: line.account_id.internal_group in ("income", "expense")
        )
        for line in lines:
            parts = {line.branch_id.id: 1.0}
            if line.branch_split:
                parts = {self.central.id: 0.6, self.north.id: 0.4}
            for branch, part in parts.items():
                key = line.date, branch
                expected[key] = expected[key][0] - part * line.balance, 0
        found = self._sums("branch_result", DAYS, start=0)
        self.assertSums(found, expected)
        self.assertTrue(any(line.branch_split for line in lines))

    def test_a_split_debt_counts_for_each_branch(self):
        with self._at(DAYS, 9):
            entry = self._entry(
                [
                    (self._receivable_account(), 90.0, None),
                    (self.sales, -90.0, self.central),
                ]
            )
            line = entry.line_ids.filtered(lambda x: x.balance > 0)
            line.partner_id = self.customer
            entry.action_post()
        before = self._sums("receivables", DAYS)
        self.env.flush_all()
        shares = {
            str(self.central.analytic_account_id.id): 50,
            str(self.north.analytic_account_id.id): 50,
        }
        self.env.cr.execute(
            "UPDATE account_move_line SET branch_split = TRUE, branch_id = NULL, "
            "analytic_distribution = %s WHERE id = %s",
            (json.dumps(shares), line.id),
        )
        rows = [
            row for row in self._facts("receivables", DAYS) if row["res_id"] == line.id
        ]
        self.assertEqual(
            {row["branch_id"]: float(row["numerator"]) for row in rows},
            {self.central.id: 45, self.north.id: 45},
        )
        self.assertAlmostEqual(
            sum(amount for amount, _x in before.values()),
            sum(amount for amount, _x in self._sums("receivables", DAYS).values()),
        )

    def _receivable_account(self):
        return self.customer.with_company(self.company).property_account_receivable_id

    def test_past_days_come_out_the_same(self):
        self.assertKept()

    def test_no_data_no_rows(self):
        for code in ("receivables", "payables", "dso", "branch_result"):
            self.assertFalse(self._facts(code, -3), code)
