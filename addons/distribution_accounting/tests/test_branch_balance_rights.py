import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AccountingCase

REPORT = "distribution.branch.balance"
ITEM = "distribution.branch.balance.item"


@tagged("post_install", "-at_install")
class TestBranchBalanceRights(AccountingCase):
    """Who runs a branch sees what it owns and owes, and no other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._new_user("auditor", "aud")

    def setUp(self):
        super().setUp()
        for branch, quantity in ((self.north, 10), (self.west, 20)):
            self._purchase(branch, quantity)
            self._sale(branch, quantity // 2)
            self._order(branch, 1)

    def _report(self, user):
        return self.env[REPORT].with_user(user).get_report()

    def _columns(self, user):
        return [column["name"] for column in self._report(user)["columns"]]

    def test_everything_for_those_who_keep_or_check_accounts(self):
        for user in (self.fiona, self.auditor, self.boss):
            report = self._report(user)
            self.assertTrue(report["tied"])
            names = {column["name"] for column in report["columns"]}
            self.assertLessEqual(
                {"Central", "North", "West", "Unassigned", "Company"}, names
            )

    def test_managers_see_their_own(self):
        self.assertEqual(self._columns(self.bea), ["North"])
        self.assertEqual(self._columns(self.rita), ["North"])
        report = self._report(self.bea)
        values = {
            row["key"]: row["values"][f"b{self.north.id}"]
            for section in report["sections"]
            for row in section["rows"]
        }
        self.assertEqual(values["receivable"], 50)
        self.assertEqual(values["payable"], 40)
        self.assertEqual(values["exposure"], 60)
        self.assertEqual(values["stock.value"], 20)
        self.assertEqual(values["stock"], 20)
        self.assertNotIn("receivable.accounts", values)

    def test_nobody_else(self):
        for user in (self.olga, self.paul):
            with self.assertRaises(AccessError):
                self._report(user)
            with self.assertRaises(AccessError):
                self.env[REPORT].with_user(user).get_spreadsheet()
            with self.assertRaises(AccessError):
                self.env[REPORT].with_user(user).action_open("receivable", "company")
            with self.assertRaises(AccessError):
                self.env[ITEM].with_user(user).search([])

    def test_other_branches_cannot_be_had(self):
        Item = self.env[ITEM].with_user(self.bea)
        self.assertEqual(Item.search([]).branch_id, self.north)
        west = self.env[ITEM].search([("branch_id", "=", self.west.id)], limit=1)
        self.assertTrue(west)
        with self.assertRaises(AccessError):
            west.with_user(self.bea).read(["amount"])
        groups = Item.formatted_read_group([], ["branch_id"], ["amount:sum"])
        self.assertEqual({group["branch_id"][0] for group in groups}, {self.north.id})
        # Asking by the name of the column is asking by the rules all the same.
        action = self.env[REPORT].with_user(self.bea)
        action = action.action_open("receivable", f"b{self.west.id}")
        found = Item.with_context(**action["context"]).search(action["domain"])
        self.assertFalse(found)

    def test_every_figure_opens_what_adds_up_to_it(self):
        for user in (self.fiona, self.bea):
            report = self._report(user)
            Report = self.env[REPORT].with_user(user)
            seen = 0
            for section in report["sections"]:
                for row in section["rows"]:
                    if not row.get("opens"):
                        continue
                    for column, value in row["values"].items():
                        action = Report.action_open(row["key"], column, report["day"])
                        if action["res_model"] == ITEM:
                            seen += 1
                            self._assert_opens(user, action, value, row["key"])
            self.assertGreater(seen, 10)

    def _assert_opens(self, user, action, value, key):
        Item = self.env[ITEM].with_user(user).with_context(**action["context"])
        items = Item.search_read(action["domain"], ["amount", "move_id", "order_id"])
        self.assertAlmostEqual(sum(x["amount"] for x in items), value, 2, key)

    def test_documents_open(self):
        for user in (self.fiona, self.bea):
            Item = self.env[ITEM].with_user(user)
            for kind, model in (
                ("receivable", "account.move"),
                ("ordered", "sale.order"),
            ):
                item = Item.search([("kind", "=", kind)], limit=1)
                self.assertEqual(item.action_open_document()["res_model"], model)

    def test_stock_opens(self):
        Report = self.env[REPORT].with_user(self.bea)
        action = Report.action_open("stock.hand", f"b{self.north.id}")
        quants = self.env["stock.quant"].with_user(self.bea).search(action["domain"])
        self.assertEqual(quants.location_id.branch_id, self.north)
        with self.assertRaises(UserError):
            Report.action_open("stock.value", f"b{self.north.id}")

    def test_spreadsheet(self):
        file = self.env[REPORT].with_user(self.bea).get_spreadsheet()
        content = base64.b64decode(file["content"])
        self.assertTrue(content.startswith(b"PK"))
        texts = _texts(content)
        self.assertIn("North", texts)
        self.assertNotIn("West", texts)
        self.assertIn("Credit exposure", texts)

    def test_page(self):
        name = "distribution_accounting.branch_balance_page"
        Page = self.env["ir.actions.report"].with_user(self.bea)
        day = self.env[ITEM]._balance_today().isoformat()
        html, _kind = Page._render_qweb_html(name, [], data={"day": day})
        self.assertIn(b"Credit exposure", html)
        self.assertNotIn(b"West", html)
        with self.assertRaises(AccessError):
            Page.with_user(self.olga)._render_qweb_html(name, [], data={"day": day})

    def test_queries_do_not_grow(self):
        self._report(self.fiona)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._report(self.fiona)
        once = self.env.cr.sql_log_count - before
        for _number in range(5):
            self._sale(self.north, 1)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._report(self.fiona)
        self.assertLessEqual(self.env.cr.sql_log_count - before, once + 1)


def _texts(content):
    """The texts of a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/sharedStrings.xml").decode()
