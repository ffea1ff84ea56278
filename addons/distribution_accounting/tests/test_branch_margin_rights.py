from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AccountingCase

MARGIN = "distribution.branch.margin"


@tagged("post_install", "-at_install")
class TestBranchMarginRights(AccountingCase):
    """Who runs a branch sees what it earns on its sales, and no other's."""

    def setUp(self):
        super().setUp()
        self.auditor = self._new_user("auditor", "aud")
        self.invoices = {}
        for branch in (self.north, self.west):
            self._purchase(branch, 20)
            self.invoices[branch] = self._sale(branch, 10)
        self.env.flush_all()

    def _names(self, user, domain=None):
        report = self.env[MARGIN].with_user(user).get_waterfall(domain)
        return {group["name"] for group in report["groups"]}

    def test_who_sees_what(self):
        for user in (self.fiona, self.auditor, self.boss):
            self.assertEqual(
                self._names(user), {self.north.display_name, self.west.display_name}
            )
        for user in (self.bea, self.rita):
            self.assertEqual(self._names(user), {self.north.display_name})
        for user in (self.olga, self.paul):
            with self.assertRaises(AccessError):
                self._names(user)
            with self.assertRaises(AccessError):
                self.env[MARGIN].with_user(user).search([])

    def test_no_way_to_another_branch(self):
        Margin = self.env[MARGIN]
        west = Margin.search([("branch_id", "=", self.west.id)], limit=1)
        with self.assertRaises(AccessError):
            west.with_user(self.bea).read(["margin"])
        self.assertFalse(
            self._names(self.bea, ["|", (1, "=", 1), ("branch_id", "=", self.west.id)])
            - {self.north.display_name}
        )
        groups = Margin.with_user(self.bea).formatted_read_group(
            [], ["move_id"], ["cost:sum"]
        )
        self.assertEqual(len(groups), 1)

    def test_button_of_an_order(self):
        for user, branch in ((self.bea, self.north), (self.fiona, self.west)):
            order = self.invoices[branch].line_ids.sale_line_ids.order_id
            action = order.with_user(user).action_view_margin()
            params = action["params"]
            report = (
                self.env[MARGIN]
                .with_user(user)
                .get_waterfall(params["domain"], params["period"], "product_id")
            )
            self.assertEqual(report["totals"]["net_sales"], 100)
            self.assertEqual(report["totals"]["margin"], 60)
        with self.assertRaises(AccessError):
            order.with_user(self.olga).action_view_margin()

    def test_button_of_a_customer(self):
        action = self.customer.with_user(self.bea).action_view_margin()
        report = self.env[MARGIN].with_user(self.bea)
        report = report.get_waterfall(action["params"]["domain"])
        self.assertEqual(report["totals"]["net_sales"], 100)

    def test_buttons_are_for_those_who_may(self):
        order = self.invoices[self.north].line_ids.sale_line_ids.order_id
        for user, seen in ((self.bea, True), (self.olga, False)):
            arch = order.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("action_view_margin" in arch, seen)

    def test_every_dimension(self):
        Margin = self.env[MARGIN].with_user(self.fiona)
        dimensions = Margin.get_waterfall()["dimensions"]
        for dimension in dimensions:
            report = Margin.get_waterfall(None, None, dimension)
            self.assertEqual(report["group_by"], dimension)
            self.assertEqual(report["totals"]["net_sales"], 200)
        report = Margin.get_waterfall(None, None, "create_uid")
        self.assertEqual(report["group_by"], "branch_id")

    def test_lines_open_their_invoice(self):
        line = self.env[MARGIN].with_user(self.bea).search([], limit=1)
        action = line.action_open_document()
        self.assertEqual(action["res_id"], self.invoices[self.north].id)

    def test_queries(self):
        """Orders ask nothing more for their list price."""
        self._order(self.north, 1)
        order = self._order(self.north, 1)
        lines = order.order_line
        self.env.flush_all()
        self.env.invalidate_all()
        lines.mapped("product_id.lst_price")
        before = self.env.cr.sql_log_count
        lines.mapped("currency_id.rounding")
        lines.mapped("order_id.date_order")
        lines.mapped("tax_ids")
        lines.mapped("product_uom_id.factor")
        lines.mapped("product_id.currency_id")
        asked = self.env.cr.sql_log_count
        for line in lines:
            line._list_price()
        self.assertLessEqual(self.env.cr.sql_log_count - asked, 1)
        self.assertGreaterEqual(asked, before)
