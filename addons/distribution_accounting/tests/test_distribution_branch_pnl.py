from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import AccountingCase

MAY = {"period": "custom", "date_from": "2030-05-01", "date_to": "2030-05-31"}


class PnlCase(AccountingCase):
    """Entries in May 2030, which no other test posts to, and the report over them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls._account("Cash box", "asset_cash")
        cls.costs = cls._account("Goods sold", "expense_direct_cost")
        cls.carriage = cls._account("Carriage", "expense")
        cls.carriage.branch_section = "freight"

    def _book(self, account, amount, branch=None, date="2030-05-10", **values):
        """An entry that adds `amount` to the result of a branch, posted by head office."""
        move = self._entry(
            [(account, -amount, branch), (self.bank, amount, branch)], date=date
        )
        if values:
            move.line_ids.filtered(lambda x: x.account_id == account).write(values)
        if move.branch_proposed:
            move.action_confirm_branch()
        move.action_post()
        return move

    def _share(self, account, amount, shares, **values):
        """The same over several branches: {branch: percent}."""
        named = {
            str(branch.analytic_account_id.id): percent
            for branch, percent in shares.items()
        }
        return self._book(account, amount, analytic_distribution=named, **values)

    def _pnl(self, user=None):
        return self.env["distribution.branch.pnl"].with_user(user or self.fiona)

    def _report(self, user=None, **options):
        return self._pnl(user).get_report({**MAY, **options})

    def _row(self, report, key):
        return next(row for row in report["rows"] if row["key"] == key)

    def _value(self, report, row, column, place=0):
        return self._row(report, row)["cells"][column][place]

    def _of(self, branch):
        return f"branch:{branch.id}"

    def _line(self, account):
        return f"line:{account.branch_section}:{account.id}"

    def _opened(self, user, row, column, part="now", **options):
        """The items that a figure opens, as the web client reads them."""
        action = self._pnl(user).open_items({**MAY, **options}, row, column, part)
        model = self.env[action["res_model"]].with_user(user)
        return model.search(action["domain"])


@tagged("post_install", "-at_install")
class TestBranchPnl(PnlCase):
    """The profit and loss of the branches, and that it adds up."""

    def test_sections_and_results(self):
        self._book(self.sales, 1000, self.north)
        self._book(self.costs, -600, self.north)
        self._book(self.carriage, -50, self.north)
        self._book(self.rent, -150, self.north)
        self._book(self.sales, 500, self.west)
        report = self._report()
        north = self._of(self.north)
        wanted = {
            "section:sales": 1000,
            "section:cost": -600,
            "margin:gross": 400,
            "ratio:gross": 40,
            "section:freight": -50,
            "section:overhead": -150,
            "margin:operating": 200,
            "margin:result": 200,
            "ratio:result": 20,
            self._line(self.carriage): -50,
        }
        for key, value in wanted.items():
            self.assertEqual(self._value(report, key, north), value, key)
        self.assertEqual(self._value(report, "margin:result", "company"), 700)
        self.assertEqual(self._value(report, "margin:result", self._of(self.west)), 500)
        self.assertEqual(self._value(report, "margin:result", "unassigned"), 0)

    def test_documents(self):
        """What is sold is income of its branch, and its cost follows the invoice."""
        today = {"period": "this_month"}
        self._purchase(self.north, 10)
        before = self._pnl().get_report(today)
        self._sale(self.north, 5)
        after = self._pnl().get_report(today)
        column = self._of(self.north)
        now = self._value(after, "margin:result", column)
        self.assertEqual(now - self._value(before, "margin:result", column), 30)
        self.assertTrue(after["tie"]["is_tied"])

    def test_columns(self):
        """Regions with more than one branch have a total, before what is of no branch."""
        south = self._open_branch("Northern Harbour", "NHB", self.region_north)
        self._book(self.sales, 100, self.north)
        self._book(self.sales, 30, south)
        report = self._report()
        columns = [column["key"] for column in report["columns"]]
        region = f"region:{self.region_north.id}"
        place = columns.index(region)
        inside = {self._of(self.north), self._of(south)}
        self.assertEqual(set(columns[place - 2 : place]), inside)
        self.assertEqual(columns[-2:], ["unassigned", "company"])
        self.assertEqual(self._value(report, "section:sales", region), 130)
        whole = f"region:{self.network.id}"
        self.assertEqual(self._value(report, "section:sales", whole), 130)
        self.assertEqual(columns.index(whole), len(columns) - 3)

    def test_closed_branch_stays_while_it_has_figures(self):
        self._book(self.sales, 100, self.north)
        self.env["distribution.branch"].browse(
            (self.north | self.west).ids
        ).active = False
        report = self._report()
        columns = {column["key"]: column["label"] for column in report["columns"]}
        self.assertEqual(columns.get(self._of(self.north)), "North (closed)")
        self.assertNotIn(self._of(self.west), columns)
        items = self._opened(self.fiona, "section:sales", self._of(self.north))
        self.assertEqual(sum(items.mapped("amount")), 100)

    def test_unassigned(self):
        self._book(self.rent, -70)
        report = self._report()
        self.assertEqual(self._value(report, "margin:result", "unassigned"), -70)
        self.assertEqual(self._value(report, "margin:result", "company"), -70)
        self.assertTrue(report["tie"]["is_tied"])

    def test_only_what_is_posted_in_the_period(self):
        self._entry([(self.rent, 99, self.north), (self.bank, -99, self.north)])
        self._book(self.rent, -5, self.north, date="2030-06-01")
        self._book(self.rent, -6, self.north, date="2030-04-30")
        self.assertTrue(self._report()["is_empty"])
        self._book(self.rent, -7, self.north, date="2030-05-31")
        self._book(self.rent, -8, self.north, date="2030-05-01")
        report = self._report()
        self.assertEqual(self._value(report, "margin:result", "company"), -15)

    def test_empty(self):
        report = self._report()
        self.assertTrue(report["is_empty"])
        self.assertTrue(report["tie"]["is_tied"])
        self.assertEqual(self._value(report, "margin:result", "company"), 0)

    def test_rows_and_filters(self):
        """By category, segment and channel; filters narrow company and branches alike."""
        segment = self.env["res.partner.industry"].create({"name": "Shipyards"})
        self.customer.industry_id = segment
        child = self.env["product.category"].create(
            {"name": "Bolts", "parent_id": self.perpetual.id}
        )
        about = {"partner_id": self.customer.id, "category_id": child.id}
        self._book(self.sales, 100, self.north, **about)
        self._book(self.sales, 40, self.north)
        by_segment = self._report(rows="segment")
        north = self._of(self.north)
        key = f"line:sales:{segment.id}"
        self.assertEqual(self._value(by_segment, key, north), 100)
        self.assertEqual(self._value(by_segment, "line:sales:none", north), 40)
        self.assertEqual(self._row(by_segment, key)["label"], "Shipyards")
        by_category = self._report(rows="category")
        self.assertEqual(
            self._value(by_category, f"line:sales:{child.id}", "company"), 100
        )
        for narrowed in (
            self._report(industry_id=segment.id),
            self._report(category_id=self.perpetual.id),
        ):
            self.assertEqual(self._value(narrowed, "section:sales", north), 100)
            self.assertEqual(self._value(narrowed, "section:sales", "company"), 100)
            self.assertTrue(narrowed["tie"]["is_tied"])

    def test_channel(self):
        team = self.env["crm.team"].create({"name": "Counter"})
        self._purchase(self.north, 10)
        invoice = self._sale(self.north, 5)
        invoice.sudo().team_id = team
        month = {"period": "this_month"}
        report = self._pnl().get_report(
            {**month, "rows": "channel", "team_id": team.id}
        )
        key = f"line:sales:{team.id}"
        self.assertEqual(self._value(report, key, self._of(self.north)), 50)
        self.assertEqual(self._value(report, "margin:result", "company"), 30)

    # Periods.

    def test_comparison(self):
        self._book(self.sales, 120, self.north)
        self._book(self.sales, 100, self.north, date="2030-04-12")
        self._book(self.sales, 60, self.north, date="2029-05-12")
        with freeze_time("2030-05-20"):
            report = self._report(
                period="this_month", compare=["year", "before"], change=True
            )
        cells = self._row(report, "section:sales")["cells"]
        self.assertEqual(cells[self._of(self.north)], [120, 100, 20, 60, 100])
        keys = [part["key"] for part in report["parts"]]
        self.assertEqual(
            keys, ["now", "before", "before_change", "year", "year_change"]
        )
        self.assertEqual(report["parts"][1]["label"], "April 2030")
        self.assertEqual(
            [row["company"] for row in report["tie"]["rows"]], [120, 100, 60]
        )
        before = self._opened(
            self.fiona,
            "section:sales",
            self._of(self.north),
            "before",
            compare=["before"],
            date_from="2030-05-01",
        )
        self.assertEqual(sum(before.mapped("amount")), 100)

    @freeze_time("2024-05-20")
    def test_periods(self):
        """(first, last) of each period, of the one before and of the year before."""
        wanted = {
            "this_month": ("2024-05-01 2024-05-31", "2024-04-01 2024-04-30"),
            "last_month": ("2024-04-01 2024-04-30", "2024-03-01 2024-03-31"),
            "this_quarter": ("2024-04-01 2024-06-30", "2024-01-01 2024-03-31"),
            "last_quarter": ("2024-01-01 2024-03-31", "2023-10-01 2023-12-31"),
            "this_year": ("2024-01-01 2024-12-31", "2023-01-01 2023-12-31"),
            "last_year": ("2023-01-01 2023-12-31", "2022-01-01 2022-12-31"),
        }
        for period, dates in wanted.items():
            report = self._report(period=period, compare=["before"])
            found = [f"{part['start']} {part['stop']}" for part in report["parts"]]
            self.assertEqual(tuple(found), dates, period)
        self.assertEqual(report["parts"][0]["label"], "2023")
        report = self._report(compare=["before"])
        labels = [part["label"] for part in report["parts"]]
        self.assertEqual(labels, ["May 2030", "April 2030"])
        february = {"date_from": "2024-02-10", "date_to": "2024-02-29"}
        report = self._report(**february, compare=["before", "year"])
        found = [f"{part['start']} {part['stop']}" for part in report["parts"]]
        self.assertEqual(found[1:], ["2024-01-21 2024-02-09", "2023-02-10 2023-02-28"])

    def test_dates_that_make_no_sense(self):
        for wrong in (
            {"date_from": "2030-06-01"},
            {"date_from": False},
            {"date_from": "May"},
            {"period": "always"},
            {"rows": "weather"},
        ):
            with self.assertRaises(UserError):
                self._report(**wrong)

    # Items that several branches share.

    def test_shares_to_the_cent(self):
        shares = {self.north: 33.33, self.west: 33.33, self.central: 33.34}
        for amount in (-100.0, -0.01, 0.05, 99.99, -1234.56):
            with self.subTest(amount=amount):
                move = self._share(self.rent, amount, shares)
                rows = self.env["distribution.branch.ledger"].search(
                    [("move_id", "=", move.id)]
                )
                self.assertEqual(rows.branch_id, self.north | self.west | self.central)
                self.assertEqual(len(set(rows.ids)), 3)
                total = sum(round(row.amount * 100) for row in rows)
                self.assertEqual(total, round(amount * 100))
                for row in rows:
                    self.assertAlmostEqual(row.amount, round(row.amount, 2), 6)
        report = self._report()
        self.assertTrue(report["tie"]["is_tied"])
        self.assertEqual(self._value(report, "margin:result", "unassigned"), 0)

    def test_shares_by_hand(self):
        shares = {self.north: 33.33, self.west: 33.33, self.central: 33.34}
        self._share(self.rent, -100.0, shares)
        report = self._report()
        found = [
            self._value(report, "section:overhead", self._of(branch))
            for branch in (self.north, self.west, self.central)
        ]
        self.assertEqual(sorted(found), [-33.34, -33.33, -33.33])

    def test_shares_crossed_with_another_plan(self):
        plan = self.env["account.analytic.plan"].create({"name": "Campaigns"})
        spring, autumn = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("Spring", "Autumn")]
        )
        north, west = (x.analytic_account_id.id for x in (self.north, self.west))
        named = {
            f"{spring.id},{north}": 30.0,
            f"{autumn.id},{north}": 45.0,
            f"{west},{spring.id}": 25.0,
        }
        self._book(self.rent, -200, analytic_distribution=named)
        report = self._report()
        self.assertEqual(
            self._value(report, "section:overhead", self._of(self.north)), -150
        )
        self.assertEqual(
            self._value(report, "section:overhead", self._of(self.west)), -50
        )
        self.assertTrue(report["tie"]["is_tied"])

    # What figures open.

    def test_every_figure_is_the_sum_of_its_items(self):
        self._book(self.sales, 1000, self.north)
        self._book(self.costs, -300.10, self.west)
        self._book(self.rent, -12.34)
        self._share(self.rent, -100.0, {self.north: 33.33, self.west: 66.67})
        report = self._report()
        checked = 0
        for row in report["rows"]:
            for column, values in row["cells"].items():
                if row["kind"] != "ratio":
                    items = self._opened(self.fiona, row["key"], column)
                    total = round(sum(items.mapped("amount")), 2)
                    self.assertEqual(total, values[0], f"{row['key']} {column}")
                    checked += bool(total)
        self.assertGreater(checked, 20)

    def test_opening_the_entry_of_an_item(self):
        move = self._share(self.rent, -10, {self.north: 50, self.west: 50})
        for row in self._opened(self.fiona, "section:overhead", "company"):
            self.assertEqual(row.action_view_entry()["res_id"], move.id)

    def test_figures_that_are_not_there(self):
        self._book(self.sales, 1000, self.north)
        for row, column, part in (
            ("section:none", "company", "now"),
            ("ratio:gross", "company", "now"),
            ("section:sales", "branch:0", "now"),
            ("section:sales", "company", "year"),
            ("line:sales:x", "company", "now"),
        ):
            with self.assertRaises(UserError):
                self._pnl().open_items(MAY, row, column, part)

    # The tie-out.

    def test_tie_fails_when_a_branch_is_left_out(self):
        """The company is asked of the items themselves, so a lost item shows."""
        self._book(self.sales, 1000, self.north)
        Pnl = type(self.env["distribution.branch.pnl"])
        self.patch(Pnl, "_of_branches", lambda pnl, plan: {})
        tie = self._report()["tie"]
        self.assertFalse(tie["is_tied"])
        self.assertEqual(tie["rows"][0]["difference"], 1000)

    def test_tie_of_two_mistakes(self):
        """Differences that cancel each other out are differences."""
        self._book(self.sales, 10, self.north)
        self._book(self.costs, -10, self.north)
        Pnl = type(self.env["distribution.branch.pnl"])
        self.patch(Pnl, "_of_branches", lambda pnl, plan: {})
        tie = self._report()["tie"]
        self.assertEqual(tie["rows"][0]["difference"], 0)
        self.assertFalse(tie["is_tied"])

    def test_queries_are_constant(self):
        """As many queries for a hundred items over all branches as for a few."""
        self._book(self.sales, 1000, self.north)

        def count():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._report(compare=["before", "year"])
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for branch in (self.north, self.west, self.central):
            for account in (self.sales, self.costs, self.rent, self.carriage):
                self._book(account, 10, branch)
        self.assertEqual(count(), few)
