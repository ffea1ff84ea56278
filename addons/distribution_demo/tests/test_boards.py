from odoo.tests import tagged

from .common import ReferenceCase

# Who opens which board first.
BOARDS = {
    "executive": "administrator",
    "operations": "planner",
    "branch": "manager.north",
    "regional": "regional.west",
    "sales": "operator.south",
    "warehouse": "operator.central",
    "buyer": "buyer",
    "finance": "finance",
    "planner": "planner",
}
MOST_FIGURES = 7
# A branch has no figure of what it does not do, such as picking for others.
FEWEST_VALUES = 4


@tagged("post_install", "-at_install")
class TestBoards(ReferenceCase):
    """Each role finds figures with target and trend, and what to do first."""

    def _board(self, code, stem=None):
        return self._as(stem or BOARDS[code], "distribution.board").get_board(code)

    def test_each_board_has_a_reader(self):
        boards = self.env["distribution.board"].search([])
        self.assertEqual(set(boards.mapped("code")), set(BOARDS))

    def test_each_figure_of_the_company_has_a_value_a_target_and_a_trend(self):
        for code in BOARDS:
            figures = self._board(code, "administrator")["figures"]
            self.assertTrue(FEWEST_VALUES < len(figures) <= MOST_FIGURES, code)
            for figure in figures:
                what = code, figure["code"]
                self.assertFalse(figure["failure"], what)
                self.assertIsNotNone(figure["value"], what)
                self.assertTrue(figure["target_text"], what)
                self.assertTrue(figure["trend"], what)

    def test_each_reader_has_figures_and_something_to_do(self):
        for code in BOARDS:
            board = self._board(code)
            known = [x for x in board["figures"] if x["value"] is not None]
            self.assertGreaterEqual(len(known), FEWEST_VALUES, code)
            self.assertTrue(board["exceptions"]["rows"], code)
            for row in board["exceptions"]["rows"]:
                self.assertTrue(row["why"], code)
                self.assertTrue(row["resolve_label"], code)

    def test_no_board_is_all_good_or_all_bad(self):
        for code in ("executive", "branch", "buyer", "finance"):
            figures = self._board(code)["figures"]
            statuses = {figure["status"] for figure in figures}
            self.assertTrue({"bad", "near"} & statuses, code)
            self.assertIn("good", statuses, code)

    def test_the_board_of_north_is_of_north(self):
        board = self._board("branch")
        self.assertEqual(len(board["branches"]), 1)
        names = {row["branch"] for row in board["exceptions"]["rows"]}
        self.assertEqual(names, {self.depots[0].name})
