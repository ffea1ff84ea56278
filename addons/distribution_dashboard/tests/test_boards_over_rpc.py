from odoo.exceptions import MissingError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import BoardCase


@tagged("post_install", "-at_install")
class TestBoardsOverRpc(Json2Mixin, BoardCase, HttpCase):
    """What a client of a user gets, whatever it sends."""

    def test_board_of_another_role(self):
        for method, arguments in (
            ("get_board", {"code": "finance", "filters": {}}),
            ("get_exceptions", {"code": "finance", "filters": {}}),
            ("open_figure", {"code": "finance", "kpi_code": "dso", "filters": {}}),
        ):
            answer = self._json_2(self.bea, "distribution.board", method, **arguments)
            self.assertEqual(answer.status_code, 403, method)

    def test_own_board(self):
        self._trouble(self.west)
        mine = self._trouble(self.north)
        answer = self._json_2(
            self.bea, "distribution.board", "get_board", code="branch", filters={}
        )
        rows = answer.json()["exceptions"]["rows"]
        self.assertEqual([row["id"] for row in rows], mine.ids)

    def test_foreign_branch(self):
        self._trouble(self.west)
        answer = self._json_2(
            self.bea,
            "distribution.board",
            "get_board",
            code="branch",
            filters={"branch": self.west.id},
        )
        self.assertEqual(answer.json()["exceptions"]["rows"], [])

    def test_filters_of_a_wrong_type(self):
        """An address that somebody wrote by hand brings a board, or says what is wrong."""
        Board = self.Board.with_user(self.bea)
        mine = self._trouble(self.north)
        for filters in (
            "branch",
            ["branch"],
            5,
            {"period": ["today"]},
            {"period": {"a": 1}},
            {"limit": float("inf")},
            {"limit": 10**30},
            {"limit": "1 OR 1=1"},
        ):
            with self.subTest(filters):
                board = Board.get_board("branch", filters)
                rows = board["exceptions"]["rows"]
                self.assertEqual([row["id"] for row in rows], mine.ids)
        for filters in (
            {"branch": float("nan")},
            {"branch": 10**30},
            {"branch": -5},
            {"region": "1 OR 1=1"},
            {"region": [1]},
        ):
            with self.subTest(filters):
                board = Board.get_board("branch", filters)
                self.assertFalse(board["exceptions"]["rows"])
        for day in ("0001-01-01", 5, True, {"a": 1}, "2026-13-45"):
            days = {"period": "custom", "date_from": day, "date_to": day}
            with self.subTest(day), self.assertRaisesRegex(UserError, "no days"):
                Board.get_board("branch", days)

    def test_next_exceptions_after_anything(self):
        self._trouble(self.north)
        Board = self.Board.with_user(self.bea)
        for offset, count in (
            ("x", 1),
            (None, 1),
            ([1], 1),
            (-3, 1),
            (float("nan"), 1),
            (10**30, 0),
        ):
            with self.subTest(offset):
                found = Board.get_exceptions("branch", {}, offset)
                self.assertEqual(len(found["rows"]), count)

    def test_page_of_no_customer(self):
        Page = self.env["distribution.customer.page"].with_user(self.bea)
        for wrong in ("abc", None, [1], {}, 0, -1, 10**30):
            with self.subTest(wrong), self.assertRaises(MissingError):
                Page.get_page(wrong)

    def test_an_auditor_with_another_role_reads_boards(self):
        auditor = self._new_user("auditor", "aud")
        auditor.group_ids += self.env.ref("distribution_base.group_branch_manager")
        self.assertTrue(self._board(auditor)["readonly"])
        self.assertFalse(self._board(self.bea)["readonly"])

    def test_nobody_but_an_administrator_makes_boards_or_readers(self):
        for model, values in (
            ("distribution.board", {"name": "X", "code": "x", "question": "X?"}),
            ("distribution.bi.reader", {"name": "X", "role": "x"}),
        ):
            answer = self._json_2(self.bea, model, "create", vals_list=[values])
            self.assertEqual(answer.status_code, 403, model)
        answer = self._json_2(
            self.bea, "distribution.bi.reader", "search_read", domain=[]
        )
        self.assertEqual(answer.status_code, 403)
