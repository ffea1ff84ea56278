from odoo.tests import tagged

from .common import ReferenceCase


@tagged("post_install", "-at_install")
class TestReviews(ReferenceCase):
    """One weekly review was held, one is to be held, and so is that of the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviews = cls.env["distribution.review"].search([], order="cut_off_at")
        cls.weekly = cls.reviews.filtered(lambda x: x.template_id.frequency == "weekly")
        cls.monthly = cls.reviews - cls.weekly

    def test_one_is_closed_and_two_are_open(self):
        self.assertEqual(self.weekly.mapped("state"), ["closed", "open"])
        self.assertEqual(self.monthly.mapped("state"), ["open"])
        for review in self.reviews:
            self.assertTrue(review.figure_ids, review.name)
            self.assertTrue(review.item_ids, review.name)
            self.assertGreaterEqual(review.opened_at, review.cut_off_at)

    def test_items_came_up_before_the_cut_off(self):
        for item in self.reviews.item_ids.filtered("exception_id"):
            opened = item.exception_id.opened_at
            self.assertLessEqual(opened, item.review_id.opened_at, item.name)

    def test_the_last_one_was_decided_and_left_something(self):
        held, next_one = self.weekly
        self.assertTrue(all(held.item_ids.mapped("decision")))
        self.assertIn("watch", held.item_ids.mapped("decision"))
        states = set(held.action_ids.mapped("state"))
        self.assertEqual(states, {"open", "done"})
        self.assertIn("left", next_one.item_ids.mapped("kind"))

    def test_participants_see_the_items_of_their_branches(self):
        review = self.weekly[-1].with_user(self._user("manager.north"))
        codes = set(review.item_ids.branch_id.sudo().mapped("code"))
        self.assertLessEqual(codes, {"NOR"})
        planner = self.weekly[-1].with_user(self._user("planner"))
        self.assertTrue(planner.can_decide and planner.can_lead)
