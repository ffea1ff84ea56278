from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ReferenceCase

# Nobody packs, and approvals were decided today.
UNMEASURED = {"pick_to_pack", "pack_lines_per_hour", "approval_time"}
# Figures whose items are added up, of flows and of states.
ADDED = ("line_fill_rate", "net_sales", "stock_value", "exceptions_open", "receivables")
PERIOD = 30


@tagged("post_install", "-at_install")
class TestKpis(ReferenceCase):
    """Two months of figures, by the code that measures every night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpis = cls.env["distribution.kpi"].search([])
        [(cls.last,)] = cls.env["distribution.kpi.run"]._read_group(
            [], aggregates=["day:max"]
        )
        cls.first = cls.last - timedelta(days=PERIOD - 1)

    def _figures(self, stem="administrator"):
        return self._as(stem, "distribution.kpi")._figures(
            self.kpis.mapped("code"), self.first, self.last
        )

    def test_no_kpi_failed(self):
        self.assertEqual(set(self.kpis.mapped("state")), {"ok"})
        everything = self.kpis.with_context(active_test=False).search([])
        self.assertEqual((everything - self.kpis).mapped("code"), ["claim_cycle_time"])

    def test_each_has_a_figure_and_a_past(self):
        for code, figure in self._figures().items():
            if code in UNMEASURED:
                continue
            self.assertIsNotNone(figure["value"], code)
            self.assertTrue(figure["trend"], code)

    def test_two_months_were_measured(self):
        days = self.env["distribution.kpi.run"]._read_group(
            [("kpi_id.code", "=", "net_sales")], ["day:day"]
        )
        self.assertGreaterEqual(len(days), PERIOD)
        yesterday = fields.Date.today() - timedelta(days=1)
        self.assertLessEqual(self.last, yesterday)

    def test_no_figure_is_absurd(self):
        figures = self._figures()
        for code, figure in figures.items():
            value = figure["value"]
            if value is None:
                continue
            if figure["unit"] == "percent":
                self.assertTrue(-20 <= value <= 100, (code, value))
            if figure["unit"] in ("days", "hours", "per_hour", "count"):
                self.assertTrue(0 <= value < 500, (code, value))
        for code, least in (("line_fill_rate", 75), ("on_time_in_full", 60)):
            self.assertGreater(figures[code]["value"], least, code)
        self.assertTrue(1 < figures["inventory_turns"]["value"] < 20)
        self.assertTrue(10 < figures["dso"]["value"] < 90)

    def test_branches_have_targets_with_owners(self):
        targets = self.env["distribution.kpi.target"].search([])
        self.assertTrue(all(targets.mapped("owner_id")))
        self.assertLessEqual(self.depots | self.central, targets.branch_id)
        fill = targets.filtered(lambda x: x.kpi_id.code == "line_fill_rate")
        self.assertGreater(len(set(fill.mapped("value"))), 1)

    def test_figures_are_the_sums_of_their_items(self):
        figures = self._figures()
        for kpi in self.kpis.filtered(lambda x: x.code in ADDED):
            action = kpi.action_open_items(self.first, self.last)
            items = (
                self.env["distribution.kpi.item"]
                .with_context(**action["context"])
                .search(action["domain"])
            )
            total = sum(items.mapped("numerator"))
            self.assertAlmostEqual(
                figures[kpi.code]["numerator"], total, delta=0.05, msg=kpi.code
            )

    def test_branches_add_up_to_the_company(self):
        figures = self._figures()
        by_branch = self.kpis._figures_by_branch(ADDED, self.first, self.last)
        for code, found in by_branch.items():
            total = sum(one["numerator"] for one in found.values())
            self.assertAlmostEqual(figures[code]["numerator"], total, 2, code)
