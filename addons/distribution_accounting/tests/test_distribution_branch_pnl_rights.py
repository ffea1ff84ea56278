import io
import json

from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .test_distribution_branch_pnl import MAY, PnlCase

SHEET = "/distribution/branch_pnl.xlsx"
PAGE = "distribution_accounting.branch_pnl"
# What West sells: a number that is found nowhere else.
WEST = 7353.71


class RightsCase(PnlCase):
    """Figures of all branches, and users who see some of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._new_user("auditor", "ada")

    def setUp(self):
        super().setUp()
        self._book(self.sales, 1000, self.north)
        self._book(self.sales, WEST, self.west)
        self._book(self.rent, -55)
        self._share(self.rent, -10, {self.north: 40, self.west: 60})


@tagged("post_install", "-at_install")
class TestBranchPnlRights(RightsCase):
    """A manager sees the own branches; nobody below sees any."""

    def test_who_sees_the_company(self):
        for user in (self.fiona, self.ada, self.boss):
            with self.subTest(user=user.login):
                report = self._report(user)
                self.assertEqual(
                    self._value(report, "margin:result", "company"), 8288.71
                )
                self.assertTrue(report["tie"]["is_tied"])

    def test_who_sees_nothing(self):
        for user in (self.olga, self.paul, self._new_user(None, "guest")):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._report(user)
                with self.assertRaises(AccessError):
                    self._pnl(user).get_choices()
                with self.assertRaises(AccessError):
                    self._pnl(user).open_items(MAY, "section:sales", "company")
                with self.assertRaises(AccessError):
                    self.env["distribution.branch.ledger"].with_user(user).search([])

    def test_managers_see_their_branches(self):
        for user in (self.bea, self.rita):
            with self.subTest(user=user.login):
                report = self._report(user)
                columns = [column["key"] for column in report["columns"]]
                self.assertEqual(columns, [self._of(self.north)])
                self.assertIsNone(report["tie"])
                values = self._row(report, "margin:result")["cells"]
                self.assertEqual(values[columns[0]][0], 996)
                self.assertNotIn(str(WEST), json.dumps(report))

    def test_manager_of_two_branches(self):
        self.bea.branch_ids |= self.west
        report = self._report(self.bea)
        self.assertEqual(report["columns"][-1]["key"], "own")
        self.assertEqual(self._value(report, "margin:result", "own"), 8343.71)
        totals = [item["key"] for item in report["columns"] if item["kind"] == "total"]
        # The whole network has a third branch, so its total would mislead.
        self.assertEqual(totals, ["own"])

    def test_no_option_widens_what_a_manager_sees(self):
        for options in (
            {"branch_ids": self.west.ids},
            {"company": True, "tie": True},
            {"rows": "segment"},
            {"compare": ["before", "year"], "change": True},
        ):
            self.assertNotIn(str(WEST), json.dumps(self._report(self.bea, **options)))
        for column in ("company", "unassigned", self._of(self.west), "own"):
            with self.assertRaises(UserError):
                self._pnl(self.bea).open_items(MAY, "section:sales", column)

    def test_items_of_a_manager(self):
        Ledger = self.env["distribution.branch.ledger"].with_user(self.bea)
        rows = Ledger.search([("date", ">=", "2030-05-01")])
        self.assertEqual(rows.branch_id, self.north)
        self.assertEqual(sorted(rows.mapped("amount")), [-4, 1000])
        foreign = self.env["distribution.branch.ledger"].search(
            [("branch_id", "=", self.west.id)]
        )
        for row in foreign:
            with self.assertRaises(AccessError):
                row.with_user(self.bea).read(["amount"])
            with self.assertRaises(AccessError):
                row.with_user(self.bea).action_view_entry()
        amounts = Ledger._read_group([], ["branch_id"], ["amount:sum"])
        self.assertEqual([branch for branch, _amount in amounts], [self.north])

    def test_entry_that_a_branch_has_a_part_of(self):
        """The part is shown, the entry of head office is not."""
        part = self._opened(self.bea, "section:overhead", self._of(self.north))
        self.assertEqual(part.amount, -4)
        with self.assertRaises(AccessError):
            part.action_view_entry()

    def test_invoice_of_the_own_branch(self):
        bill = self._charge(60, self.north)
        bill.invoice_date = bill.date = "2030-05-04"
        bill.action_post()
        rows = self._opened(self.bea, "section:overhead", self._of(self.north))
        row = rows.filtered(lambda row: row.amount == -60)
        self.assertEqual(row.action_view_entry()["res_id"], bill.id)

    def test_ledger_is_read_only(self):
        row = self.env["distribution.branch.ledger"].search([], limit=1)
        for user in (self.bea, self.fiona, self.ada, self.boss):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"name": "Mine"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        with self.assertRaises(AccessError):
            self._report(self.fiona, company_id=other.id)

    def _printed(self, user):
        data = {"branch_pnl": {**MAY, "compare": ["before"], "change": True}}
        Report = self.env["ir.actions.report"].with_user(user)
        page, _type = Report._render_qweb_html(PAGE, [], data)
        return html.fromstring(page.decode()).text_content()

    def test_printed_page(self):
        whole = self._printed(self.fiona)
        for text in ("8,288.71", "✓", "April", "Total Network"):
            self.assertIn(text, whole)
        own = self._printed(self.bea)
        self.assertIn("996.00", own)
        self.assertNotIn("7,353.71", own)
        with self.assertRaises(AccessError):
            self._printed(self.olga)


@tagged("post_install", "-at_install")
class TestBranchPnlOverHttp(Json2Mixin, RightsCase, HttpCase):
    """The same through the doors that a client has."""

    def _call(self, user, method, **arguments):
        return self._json_2(user, "distribution.branch.pnl", method, **arguments)

    def test_report_over_rpc(self):
        response = self._call(self.bea, "get_report", options=MAY)
        self.assertEqual(response.status_code, 200)
        self.assertIn("996", response.text)
        self.assertNotIn(str(WEST), response.text)
        response = self._call(self.fiona, "get_report", options=MAY)
        self.assertIn(str(WEST), response.text)
        response = self._call(self.olga, "get_report", options=MAY)
        self.assertEqual(response.status_code, 403)

    def test_items_over_rpc(self):
        for column, status in ((self._of(self.north), 200), (self._of(self.west), 422)):
            response = self._call(
                self.bea,
                "open_items",
                options=MAY,
                row="section:sales",
                column=column,
            )
            self.assertEqual(response.status_code, status, response.text)

    def test_spreadsheet(self):
        self.authenticate("fiona", "fiona")
        book = self._sheet()
        rows = {row[0]: row[1:] for row in book.active.iter_rows(values_only=True)}
        self.assertIn(8353.71, rows["Sales"])
        self.assertIn(8288.71, rows["Result"])
        self.assertIn("Tie-out", rows)
        self.authenticate("bea", "bea")
        values = str(list(self._sheet().active.iter_rows(values_only=True)))
        self.assertIn("996", values)
        self.assertNotIn(str(WEST), values)
        self.authenticate("olga", "olga")
        response = self.url_open(SHEET, data={"options": json.dumps(MAY)})
        self.assertNotEqual(response.status_code, 200)

    def _sheet(self):
        response = self.url_open(f"{SHEET}?options={json.dumps(MAY)}")
        self.assertEqual(response.status_code, 200)
        return load_workbook(io.BytesIO(response.content))
