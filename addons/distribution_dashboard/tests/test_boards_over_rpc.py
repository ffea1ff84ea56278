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
