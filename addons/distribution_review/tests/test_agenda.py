from odoo.tests import tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestAgenda(ReviewCase):
    """What comes up: exceptions, missed targets, and what was left."""

    def test_the_first_of_the_ranking_in_each_branch(self):
        found = [self._find(self.north, amount) for amount in (10, 50, 30, 40, 20)]
        other = self._find(self.west, 1)
        items = self._open().item_ids
        north = items.filtered(lambda item: item.branch_id == self.north)
        self.assertEqual(north.mapped("amount"), [50, 40, 30])
        self.assertEqual(north.exception_id, found[1] | found[3] | found[2])
        self.assertEqual((items - north).exception_id, other)

    def test_an_item_says_what_the_exception_said_at_the_cut_off(self):
        found = self._find(self.north, 70, detail="No street")
        item = self._open().item_ids
        self.assertEqual(item.kind, "exception")
        self.assertEqual(item.subject, "Address is wrong")
        self.assertEqual((item.name, item.detail), ("Fjord Machines", "No street"))
        self.assertEqual(item.user_id, self.bea)
        self.assertEqual(item.section, "Service")
        self.assertEqual(item.now, "open")
        self._settle(found)
        item.invalidate_recordset()
        self.assertEqual(item.now, "closed")
        self.assertEqual(item.amount, 70)

    def test_closed_exceptions_and_those_of_other_rules_do_not_come_up(self):
        self._settle(self._find(self.north, 10))
        self._find(self.north, 10, rule=self._rule("Another"))
        self.assertFalse(self._open().item_ids)

    def test_the_owner_of_an_exception_is_suggested(self):
        self._find(self.north, 70, user_id=self.olga.id)
        self.assertEqual(self._open().item_ids.user_id, self.olga)

    def test_a_missed_target_comes_up(self):
        self.target.create(
            {
                "kpi_id": self.kpi.id,
                "branch_id": self.west.id,
                "value": 99.0,
                "date_from": "2026-01-01",
                "owner_id": self.fiona.id,
            }
        )
        # North is near its target, which is good enough not to be discussed.
        self._measure({self.north: (94, 100), self.west: (90, 100)})
        items = self._open().item_ids
        item = items.filtered(lambda one: one.branch_id == self.west)
        self.assertEqual(item.kind, "kpi")
        self.assertEqual(item.user_id, self.fiona)
        self.assertIn("90.0 %", item.detail)
        self.assertFalse(items.filtered(lambda one: one.branch_id == self.north))

    def test_all_kpis_with_a_target(self):
        kpi = self.env["distribution.kpi"].search([("code", "=", "backlog_lines")])
        section = self.template.section_ids
        section.write({"kpi_ids": [(5,)], "all_targets": True})
        self.assertNotIn(kpi, self._open().figure_ids.kpi_id)
        self.target.create({"kpi_id": kpi.id, "value": 1, "date_from": "2026-01-01"})
        review = self._open(self._week(1))
        self.assertLessEqual(kpi | self.kpi, review.figure_ids.kpi_id)

    def test_what_is_watched_comes_up_again_while_it_is_there(self):
        stays, goes = self._find(self.north, 10), self._find(self.north, 20)
        first = self._open()
        self._items(first, self.bea).action_watch()
        first.with_user(self.paul).action_close()
        self._settle(goes)
        again = self._open(self._week(1)).item_ids
        self.assertEqual(again.exception_id, stays)
        self.assertEqual(again.kind, "left")
        self.assertEqual(again.times, 2)
        self.assertEqual(again.previous_id, self._item(first, stays))

    def test_what_was_accepted_is_not_left_over(self):
        found = self._find(self.north, 10)
        first = self._open()
        self._decide_all(first)
        again = self._open(self._week(1)).item_ids
        self.assertEqual(again.exception_id, found)
        self.assertEqual(again.kind, "exception")  # it is still an open exception
        self.assertEqual(again.times, 1)

    def test_what_was_left_undecided_is_taken_over(self):
        found = self._find(self.north, 10)
        first = self._open()
        second = self._open(self._week(1))
        self.assertEqual(first.item_ids.decision, "carried")
        self.assertEqual(second.item_ids.exception_id, found)
        self.assertEqual(second.item_ids.kind, "left")
        first.with_user(self.paul).action_close()
        self.assertEqual(first.state, "closed")

    def test_open_actions_come_up_until_they_are_done(self):
        found = self._find(self.north, 10)
        first = self._open()
        action = self._plan(first.item_ids, self.bea, name="Ask for the street")
        self._settle(found)
        for week in (1, 2):
            review = self._open(self._week(week))
            item = review.item_ids
            self.assertEqual(item.kind, "left")
            self.assertEqual(item.times, week + 1)
            self.assertEqual(item.action_ids, action.sudo())
            self.assertIn("Ask for the street (bea", item.action_text)
            self._decide_all(review)
        self._finish(action, self.bea)
        self.assertFalse(self._open(self._week(3)).item_ids)

    def test_an_action_beside_the_agenda_comes_up_too(self):
        first = self._open()
        self.env["distribution.review.action"].with_user(self.bea).create(
            {
                "name": "Paint the gate",
                "review_id": first.id,
                "branch_id": self.north.id,
                "user_id": self.olga.id,
            }
        )
        item = self._open(self._week(1)).item_ids
        self.assertEqual((item.name, item.branch_id), ("Paint the gate", self.north))
        self.assertEqual(item.action_ids.name, "Paint the gate")
        self._decide_all(item.review_id)
        again = self._open(self._week(2)).item_ids
        self.assertEqual(len(again), 1)
        self.assertEqual(again.times, 2)

    def test_a_missed_target_that_was_watched_is_left_over_with_its_new_figure(self):
        self._measure({self.north: (80, 100)})
        first = self._open()
        self._items(first).with_user(self.paul).action_watch()
        self._measure({self.north: (70, 100)}, self._week(1).date())
        self._measure({self.north: (60, 100)}, self._week(1).date().replace(day=15))
        second = self._open(self._week(1))
        item = second.item_ids.filtered("branch_id")
        self.assertEqual(item.kind, "left")
        self.assertEqual(item.figure_id.review_id, second)
        self.assertIn("60.0 %" if item.figure_id.value == 60 else "65.0 %", item.detail)
