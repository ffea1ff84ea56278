from collections import defaultdict
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..generator.accounts import UNASSIGNED
from .common import ReferenceCase

CLASSES = {"current", "1-30", "31-60", "61-90", "over"}


@tagged("post_install", "-at_install")
class TestAccounts(ReferenceCase):
    """Three months of books, as the finance controller reads them.

    `months` are the months of the check lists, the oldest first; the last one is open.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._user("finance")
        cls.company = cls.env.company
        cls.closings = cls.env["distribution.closing"].search([], order="date_from")
        cls.months = cls.closings.mapped("date_from")[:3]
        cls.branches = cls.central | cls.depots

    def _ledger(self, *more):
        """{(month, section, branch): amount} of the three months."""
        groups = self._as("finance", "distribution.branch.ledger")._read_group(
            [
                ("date", ">=", self.closings[0].date_from),
                ("date", "<=", self.closings[2].date_to),
                *more,
            ],
            ["date:month", "section", "branch_id"],
            ["amount:sum"],
        )
        amounts = defaultdict(float)
        for month, section, branch, amount in groups:
            key = fields.Date.to_date(month), section, branch.with_env(self.env)
            amounts[key] += amount
        return amounts

    def _results(self, amounts):
        """{branch: result}"""
        results = defaultdict(float)
        for (_month, _section, branch), amount in amounts.items():
            results[branch] += amount
        return results

    def _items(self, *more):
        return self.env["account.move.line"].search(
            [("parent_state", "=", "posted"), *more]
        )

    # Tie-outs.

    def test_branches_and_unassigned_are_the_company(self):
        amounts = self._ledger()
        for month, closing in zip(self.months, self.closings, strict=False):
            items = self._items(
                ("date", ">=", month),
                ("date", "<=", closing.date_to),
                ("account_id.internal_group", "in", ("income", "expense")),
            )
            mine = {key: amount for key, amount in amounts.items() if key[0] == month}
            self.assertAlmostEqual(
                sum(mine.values()), -sum(items.mapped("balance")), places=2
            )

    def test_accounts_between_branches_are_nil(self):
        names = (
            "interbranch_clearing_account_id",
            "interbranch_margin_account_id",
            "interbranch_goods_account_id",
            "interbranch_deferred_account_id",
        )
        used = 0
        for name in names:
            items = self._items(("account_id", "=", self.company[name].id))
            used += len(items)
            self.assertAlmostEqual(
                sum(items.mapped("balance")), 0.0, places=2, msg=name
            )
        self.assertTrue(used)

    def test_stock_by_branch_is_that_of_the_company(self):
        by_branch = self.company._branch_stock_values()
        of_company = self.company.stock_value()
        for account, values in by_branch.items():
            self.assertAlmostEqual(
                sum(values.values()), of_company[account], places=2, msg=account.name
            )
            self.assertLessEqual(
                set(self.branches.ids), {branch for branch, _lane in values}
            )

    def test_the_books_hold_what_the_stock_was_worth(self):
        """At the end of each month that was closed, branch by branch."""
        account = self.company.account_stock_valuation_id
        for closing in self.closings[:3]:
            worth = self.company._branch_stock_values(at_date=closing._last_moment())
            values = defaultdict(float)
            for (branch, _lane), value in worth[account].items():
                values[branch] += value
            for branch in self.branches:
                items = self._items(
                    ("account_id", "=", account.id),
                    ("branch_id", "=", branch.id),
                    ("date", "<=", closing.date_to),
                )
                balance = sum(items.mapped("balance"))
                self.assertAlmostEqual(balance, values[branch.id], delta=0.02)

    # The three months.

    def test_each_branch_has_sales_and_costs_in_each_month(self):
        amounts = self._ledger()
        for month in self.months:
            for branch in self.branches:
                for section in ("sales", "cost", "overhead"):
                    amount = amounts[month, section, branch]
                    sign = 1 if section == "sales" else -1
                    self.assertGreater(sign * amount, 0, (month, branch.name, section))

    def test_north_is_best_and_south_loses_money(self):
        results = self._results(self._ledger(("branch_id", "!=", False)))
        ranked = sorted(self.branches, key=lambda branch: results[branch])
        self.assertEqual(ranked[0].code, "SOU")
        self.assertEqual(ranked[-1].code, "NOR")
        self.assertLess(results[ranked[0]], 0)
        self.assertGreater(results[ranked[-1]], 0)
        self.assertGreater(results[ranked[1]], results[ranked[0]] + 1000)

    def test_the_controller_finds_out_why(self):
        """Rent, express trucks, scrap, and what one segment of customers is given."""
        south, north = self._branch("SOU"), self._branch("NOR")
        amounts = self._ledger()
        totals = defaultdict(float)
        for (_month, section, branch), amount in amounts.items():
            totals[section, branch] += amount
        sales = {branch: totals["sales", branch] for branch in (south, north)}
        for section, times in (("freight", 3), ("overhead", 1.5), ("loss", 10)):
            part = {
                branch: -totals[section, branch] / sales[branch] for branch in sales
            }
            self.assertGreater(part[south], times * part[north], section)
        lines = self.env["account.move.line"].search(
            [
                ("move_id.move_type", "=", "out_invoice"),
                ("display_type", "=", "product"),
                ("discount", ">", 20),
            ]
        )
        self.assertEqual(lines.branch_id, south)
        segments = lines.partner_id.industry_id.mapped("name")
        self.assertEqual(segments, ["Project Contractors"])

    def test_segments_and_channels(self):
        ledger = self._as("finance", "distribution.branch.ledger")
        domain = [("section", "=", "sales")]
        for field in ("industry_id", "team_id"):
            groups = ledger._read_group(domain, [field], ["amount:sum"])
            self.assertGreaterEqual(len(groups), 3, field)
            self.assertTrue(all(record for record, _amount in groups), field)

    # What is open.

    def test_receivables_are_of_every_age(self):
        today = fields.Date.context_today(self.env.user)
        items = self._items(
            ("account_id.account_type", "=", "asset_receivable"),
            ("amount_residual", ">", 0),
        )
        ages = {(today - item.date_maturity).days for item in items}
        found = {
            next(
                name
                for name, last in zip(
                    ("current", "1-30", "31-60", "61-90", "over"),
                    (0, 30, 60, 90, 9999),
                    strict=True,
                )
                if age <= last
            )
            for age in ages
        }
        self.assertEqual(found, CLASSES)
        self.assertLessEqual(items.branch_id, self.branches)

    def test_a_few_items_are_left_without_branch(self):
        items = self._items(
            ("account_id.internal_group", "in", ("income", "expense")),
            ("branch_id", "=", False),
            ("branch_split", "=", False),
            ("display_type", "in", ("product", "cogs")),
        )
        self.assertEqual(len(items), len(UNASSIGNED))
        self.assertEqual(
            sorted(items.mapped("balance")), sorted(x[1] for x in UNASSIGNED)
        )
        last = self.closings[2]
        self.assertTrue(
            all(last.date_from <= item.date <= last.date_to for item in items)
        )

    def test_two_months_are_closed_and_the_last_one_is_not(self):
        self.assertEqual(
            self.closings[:3].mapped("state"), ["closed", "closed", "open"]
        )
        self.assertEqual(self.company.fiscalyear_lock_date, self.closings[1].date_to)
        self.assertEqual(self.closings[:2].closed_by_id, self.finance)
        open_items = self.closings[2].item_ids.filtered(lambda x: x.state == "open")
        self.assertLessEqual(
            {"unassigned", "received", "billed"}, set(open_items.mapped("code"))
        )
        strict = self.closings[2].item_ids.filtered("is_strict")
        self.assertEqual(set(strict.mapped("state")), {"ok"})

    def test_freight_is_billed_and_accrued(self):
        transfers = self.env["distribution.transfer"].search([])
        billed = transfers.filtered(lambda x: x.freight_source == "bill")
        self.assertLessEqual(
            {"NOR", "SOU"}, set(billed.destination_branch_id.mapped("code"))
        )
        accrued = transfers.filtered(
            lambda x: x.freight_source == "rule" and x.shipped_date
        )
        items = self._items(
            ("account_id", "=", self.company.transfer_accrual_account_id.id)
        )
        self.assertAlmostEqual(
            -sum(items.mapped("balance")),
            sum(accrued.mapped("freight_amount")),
            places=2,
        )

    def test_entries_of_transfers_are_of_the_day_of_the_goods(self):
        entries = self.env["account.move"].search([("interbranch_kind", "=", "price")])
        entries = entries.filtered("interbranch_transfer_id")
        first = self.closings[0].date_from
        self.assertTrue(entries.filtered(lambda x: x.date < first + timedelta(days=31)))
        for entry in entries:
            self.assertEqual(entry.date, entry.line_ids.mapped("date")[0], entry.name)
            self.assertIn(f"/{entry.date:%Y/%m}/", entry.name)
        names = entries.mapped("name")
        self.assertEqual(len(set(names)), len(names))

    def test_lanes_have_prices_of_each_kind(self):
        rules = self.central.lane_out_ids.mapped("price_rule")
        self.assertEqual(set(rules), {"cost", "cost_plus", "list_minus"})
        deferred = self.env["account.move"].search(
            [("interbranch_kind", "=", "deferral")]
        )
        self.assertEqual(
            deferred.interbranch_lane_id.destination_branch_id.mapped("code"), ["SOU"]
        )

    def test_shared_costs_follow_a_key(self):
        items = self._items(("branch_split", "=", True))
        self.assertTrue(items.distribution_key_id)
        self.assertEqual(items.mapped("distribution_version_id.state"), ["active"])
