from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BoardCase

# The limit is 40 for the whole first paint, and loading the action needs some of them.
MOST_QUERIES = 32


@tagged("post_install", "-at_install")
class TestBoardExceptions(BoardCase):
    def _names(self, user, code="branch", **filters):
        rows = self._board(user, code, **filters)["exceptions"]["rows"]
        return [row["name"] for row in rows]

    def test_most_money_and_least_time_come_first(self):
        little = self._trouble(self.north, 100, hours=2)
        much = self._trouble(self.north, 1000, hours=2)
        later = self._trouble(self.north, 1000, hours=200)
        names = self._names(self.bea)
        self.assertEqual(names, [much.name, later.name, little.name])
        exceptions = self._board(self.bea)["exceptions"]
        self.assertEqual(exceptions["total"], 3)
        self.assertIn("2,100", exceptions["money"])
        first = exceptions["rows"][0]
        self.assertEqual(first["deadline"], "2 hours left")
        self.assertIn("at risk", first["why"])
        self.assertFalse(first["is_late"])

    def test_foreign_branch_is_not_there(self):
        self._trouble(self.west, 500)
        mine = self._trouble(self.north, 5)
        self.assertEqual(self._names(self.bea), [mine.name])

    def test_ids_of_foreign_branches_give_nothing(self):
        self._measured(self.west, 60)
        self._trouble(self.west, 500)
        for filters in (
            {"branch": self.west.id},
            {"region": self.region_west.id},
            {"branch": "nonsense"},
        ):
            data = self._board(self.bea, **filters)
            self.assertEqual(data["exceptions"]["rows"], [])
            [figure] = data["figures"]
            self.assertIsNone(figure["value"])
            self.assertIn("None of the branches", figure["failure"])
            with self.assertRaisesRegex(AccessError, "None of the branches"):
                self.Board.with_user(self.bea).open_figure(
                    "branch", "line_fill_rate", filters
                )
        offered = [branch["id"] for branch in self._board(self.bea)["branches"]]
        self.assertEqual(offered, self.north.ids)

    def test_region_and_branch_narrow(self):
        north, west = self._trouble(self.north), self._trouble(self.west)
        self.assertEqual(
            self._names(self.boss, region=self.region_north.id), [north.name]
        )
        self.assertEqual(self._names(self.boss, branch=self.west.id), [west.name])
        self.assertEqual(len(self._names(self.boss, region=self.network.id)), 2)

    def test_snoozed_waits_until_it_is_asked_for(self):
        exception = self._trouble(self.north)
        until = fields.Datetime.now() + timedelta(days=2)
        exception.with_user(self.bea).action_snooze(until, "Vendor is closed")
        data = self._board(self.bea)["exceptions"]
        self.assertEqual((data["rows"], data["snoozed"]), ([], 1))
        [row] = self._board(self.bea, snoozed=True)["exceptions"]["rows"]
        self.assertIn("Snoozed until", row["flags"][0])

    def test_what_is_taken_is_mine(self):
        exception = self._trouble(self.north)
        exception.with_user(self.bea).action_take()
        [row] = self._board(self.bea)["exceptions"]["rows"]
        self.assertTrue(row["is_mine"])
        [row] = self._board(self.olga, "sales")["exceptions"]["rows"]
        self.assertFalse(row["is_mine"])
        self.assertEqual(row["owner"], self.bea.name)

    def test_a_board_knows_whether_the_rules_have_looked(self):
        rules = self.env["distribution.exception.rule"].search([])
        rules.write({"swept_at": False})
        self.assertFalse(self._board(self.bea)["exceptions"]["has_looked"])
        rules.write({"swept_at": fields.Datetime.now()})
        self.assertTrue(self._board(self.bea)["exceptions"]["has_looked"])

    def test_what_was_done_is_seen(self):
        exception = self._trouble(self.north)
        exception.with_user(self.bea).action_note(done="Called the vendor")
        [row] = self._board(self.olga, "sales")["exceptions"]["rows"]
        self.assertIn("Last step: Called the vendor", row["flags"])

    def test_auditor_looks_on(self):
        self._trouble(self.north)
        aude = self._new_user("auditor", "aude")
        self.assertTrue(self._board(aude)["readonly"])
        self.assertFalse(self._board(self.bea)["readonly"])

    def test_more_come_by_pages(self):
        for number in range(23):
            self._trouble(self.north, 100 + number)
        data = self._board(self.bea)["exceptions"]
        self.assertEqual((len(data["rows"]), data["total"]), (20, 23))
        more = self.Board.with_user(self.bea).get_exceptions("branch", {}, 20)
        self.assertEqual(len(more["rows"]), 3)
        known = {row["id"] for row in data["rows"]}
        self.assertFalse(known & {row["id"] for row in more["rows"]})

    def test_board_lists_what_its_rules_find(self):
        exception = self._trouble(self.north)
        self.assertEqual(self._names(self.boss, "sales"), [exception.name])
        self.assertEqual(self._names(self.boss, "warehouse"), [])
        self.assertEqual(self._names(self.boss, "finance"), [])
        self.assertEqual(self._names(self.boss, "executive"), [exception.name])
        self.rule.severity = "1"
        self.assertEqual(self._names(self.boss, "executive"), [])
        finance = self.env.ref("distribution_dashboard.board_finance")
        finance.rule_ids = self.rule
        self.assertEqual(self._names(self.boss, "finance"), [exception.name])

    def test_first_paint_is_a_constant_number_of_queries(self):
        board = self.board_branch
        codes = ("dso", "dio", "dpo", "net_sales", "stock_value", "payables")
        board.figure_ids = [
            Command.create({"kpi_id": self._kpi(code).id}) for code in codes
        ]
        self._measured(self.north, 90)
        self._trouble(self.north)
        few = self._count_queries()
        for number in range(19):
            self._trouble(self.north, 100 + number, user_id=self.olga.id)
        many = self._count_queries()
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, MOST_QUERIES)

    def _count_queries(self):
        """As a request of `bea` that finds nothing in the caches of the records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._board(self.bea)
        return self.env.cr.sql_log_count - before
