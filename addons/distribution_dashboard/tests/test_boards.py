from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.board_defaults import FIGURES
from .common import BoardCase

ROLES = {
    "branch_operator": {"warehouse", "sales"},
    "branch_manager": {"branch", "warehouse", "sales"},
    "regional_manager": {"regional", "branch", "operations", "warehouse", "sales"},
    "network_planner": {"planner", "operations"},
    "central_buyer": {"buyer"},
    "finance_controller": {"finance"},
}
EVERY = {
    *("executive", "operations", "branch", "regional", "sales"),
    *("buyer", "warehouse", "finance", "planner"),
}


@tagged("post_install", "-at_install")
class TestBoards(BoardCase):
    def test_each_role_has_its_boards(self):
        for role, codes in ROLES.items():
            user = self._new_user(role, f"sees_{role}")
            boards = self._board(user, False)["boards"]
            self.assertEqual({board["code"] for board in boards}, codes, role)
        for role in ("auditor", "administrator"):
            user = self._new_user(role, f"sees_{role}")
            boards = self._board(user, False)["boards"]
            self.assertEqual({board["code"] for board in boards}, EVERY, role)

    def test_every_board_has_figures_a_question_and_opens(self):
        for code in sorted(EVERY - {"branch"}):
            data = self._board(self.boss, code)
            self.assertEqual(data["board"]["code"], code)
            self.assertTrue(data["board"]["question"].endswith("?"))
            self.assertTrue(1 <= len(data["figures"]) <= 7, code)

    def test_boards_come_with_seven_figures_each_that_exist(self):
        known = set(self.env["distribution.kpi"].search([]).mapped("code"))
        self.assertEqual(set(FIGURES), EVERY)
        for code, codes in FIGURES.items():
            self.assertEqual(len(codes), 7, code)
            self.assertLessEqual(set(codes), known, code)
        self.board_branch.figure_ids.unlink()
        self.Board._fill_figures()
        found = self.board_branch.figure_ids.kpi_id.mapped("code")
        self.assertEqual(tuple(found), FIGURES["branch"])

    def test_board_of_another_role_is_refused(self):
        with self.assertRaisesRegex(AccessError, "no board finance for your role"):
            self._board(self.bea, "finance")
        with self.assertRaisesRegex(AccessError, "no board finance for your role"):
            self.Board.with_user(self.bea).get_exceptions("finance")
        with self.assertRaisesRegex(AccessError, "no board finance for your role"):
            self.Board.with_user(self.bea).open_figure("finance", "dso")

    def test_who_has_no_role_has_no_board(self):
        data = self._board(self._new_user(None, "nobody"), False)
        self.assertFalse(data["board"])
        self.assertNotIn("figures", data)

    def test_figure_has_value_target_change_and_trend(self):
        self.kpi.target_ids = [
            Command.create({"value": 95.0, "date_from": "2020-01-01"})
        ]
        self._measured(self.north, 90)
        self._measured(self.west, 60)
        [figure] = self._board(self.bea)["figures"]
        self.assertEqual(figure["value"], 90.0)
        self.assertEqual(figure["value_text"], "90.0 %")
        self.assertEqual(figure["target_text"], "95.0 %")
        self.assertEqual(figure["status_text"], "Misses target")
        self.assertEqual(figure["change_text"], "As in the period before")
        self.assertEqual(len(figure["trend"]), 29)
        self.assertIn("Line fill rate: 90.0 %, target 95.0 %", figure["sentence"])
        [whole] = self._board(self.boss)["figures"]
        self.assertEqual(whole["value"], 75.0)
        [part] = self._board(self.boss, branch=self.west.id)["figures"]
        self.assertEqual(part["value"], 60.0)

    def test_figure_says_whether_it_got_better(self):
        today = fields.Date.context_today(self.Board)
        self._measure_day(self.kpi, self.north, today - timedelta(days=40), 50, 100)
        self._measure_day(self.kpi, self.north, today - timedelta(days=5), 80, 100)
        [figure] = self._board(self.bea)["figures"]
        self.assertEqual(figure["change_text"], "30.0 points better than before")
        self.assertEqual((figure["change"], figure["arrow"]), ("better", "up"))

    def test_figure_that_failed_says_why(self):
        self.kpi._mark("failed", "The clock stands still.")
        [figure] = self._board(self.bea)["figures"]
        self.assertEqual(figure["failure"], "The clock stands still.")
        self.assertEqual(figure["value_text"], "—")

    def test_figure_opens_the_records_behind_it(self):
        action = self.Board.with_user(self.bea).open_figure(
            "branch", "line_fill_rate", {"period": "last_month"}
        )
        self.assertEqual(action["res_model"], "distribution.kpi.item")
        self.assertEqual(action["display_name"], "Line fill rate")
        self.assertIn(("branch_id", "in", self.north.ids), action["domain"])
        with self.assertRaisesRegex(AccessError, "does not show this figure"):
            self.Board.with_user(self.bea).open_figure("branch", "dso")

    def test_operator_sees_figures_and_no_records_behind_them(self):
        self.env.ref("distribution_dashboard.board_sales").figure_ids = [
            Command.clear(),
            Command.create({"kpi_id": self.kpi.id}),
        ]
        self._measured(self.north, 90)
        self._measured(self.west, 10)
        data = self._board(self.olga, "sales")
        self.assertEqual(data["figures"][0]["value"], 90.0)
        self.assertFalse(data["can_drill"])
        with self.assertRaises(AccessError):
            self.Board.with_user(self.olga).open_figure("sales", "line_fill_rate")

    def test_seven_figures_are_enough(self):
        board = self.board_branch.with_user(self.boss)
        codes = (
            "dso",
            "dio",
            "dpo",
            "net_sales",
            "stock_value",
            "payables",
            "stock_age",
        )
        with self.assertRaisesRegex(ValidationError, "would have 8 figures"):
            board.figure_ids = [
                Command.create({"kpi_id": self._kpi(code).id}) for code in codes
            ]

    def test_administrator_changes_figures_and_others_do_not(self):
        with Form(self.board_branch.with_user(self.boss)) as form:
            with form.figure_ids.new() as line:
                line.kpi_id = self._kpi("net_sales")
        codes = [figure["code"] for figure in self._board(self.bea)["figures"]]
        self.assertEqual(set(codes), {"line_fill_rate", "net_sales"})
        with self.assertRaises(AccessError):
            self.board_branch.with_user(self.bea).question = "Why?"

    def test_days_that_are_none(self):
        for filters, words in (
            ({"date_from": "2026-05-02", "date_to": "2026-05-01"}, "is after the last"),
            ({"date_from": "never", "date_to": "2026-05-01"}, "no days"),
            ({"date_from": "2020-05-02", "date_to": "2026-05-01"}, "two years at most"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._board(self.bea, period="custom", **filters)
        self.assertEqual(
            self._board(self.bea, period="tomorrow")["filters"]["period"],
            "last_30_days",
        )

    def test_periods(self):
        today = fields.Date.context_today(self.Board)
        for period, _label in self._board(self.bea)["periods"]:
            filters = self._board(self.bea, period=period)["filters"]
            self.assertLessEqual(filters["date_from"], filters["date_to"], period)
            self.assertLessEqual(filters["date_to"], str(today), period)
