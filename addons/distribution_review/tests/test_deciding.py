from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestDeciding(ReviewCase):
    """Each item is decided by those who take part; only then the review closes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_north = cls._find(cls.north, 100, name="Fjord Machines")
        cls.in_west = cls._find(cls.west, 50, name="Alp Tools")

    def setUp(self):
        super().setUp()
        self.review = self._open()

    def _north(self, user=None):
        return self._item(self.review, self.in_north, user or self.bea)

    def test_one_tap(self):
        for method, decision in (
            ("action_accept", "accepted"),
            ("action_watch", "watch"),
            ("action_nothing", "none"),
        ):
            item = self._north()
            getattr(item, method)()
            self.assertEqual(item.decision, decision)
            self.assertEqual(item.decided_by_id, self.bea)
            self.assertTrue(item.decided_at)
        self.assertEqual(
            self._north().decision_ids.sorted("id").mapped("decision"),
            ["accepted", "watch", "none"],
        )

    def test_inline(self):
        with Form(self._north()) as form:
            form.decision = "accepted"
            form.note = "Agreed with the customer"
        item = self._north()
        self.assertEqual(item.note, "Agreed with the customer")
        self.assertEqual(item.decided_by_id, self.bea)
        self.assertEqual(item.decision_ids.note, "Agreed with the customer")

    def test_a_note_alone_decides_nothing(self):
        item = self._north()
        item.write({"note": "To be asked"})
        self.assertFalse(item.decision or item.decided_by_id or item.decision_ids)
        item.action_accept()
        item.write({"note": "Asked"})
        self.assertEqual(item.decision_ids.sorted("id")[-1].note, "Asked")

    def test_an_action_decides(self):
        item = self._north()
        action = self._plan(item, self.bea, user_id=self.olga, name="Correct it")
        self.assertEqual(item.decision, "action")
        self.assertEqual(item.decided_by_id, self.bea)
        self.assertEqual(action.branch_id, self.north)

    def test_an_action_cannot_be_decided_without_one(self):
        with self.assertRaisesRegex(UserError, "who does what until when"):
            self._north().write({"decision": "action"})

    def test_nobody_says_that_it_was_taken_over(self):
        with self.assertRaisesRegex(UserError, "by itself"):
            self._north().write({"decision": "carried"})

    def test_who_takes_no_part_does_not_decide(self):
        item = self._item(self.review, self.in_west)
        self.assertFalse(item.with_user(self.rex).can_decide)
        with self.assertRaisesRegex(AccessError, "do not take part"):
            item.with_user(self.rex).action_accept()
        with self.assertRaises(AccessError):
            item.with_user(self.aude).action_accept()
        self.review.with_user(self.paul).participant_ids |= self.rex
        item.with_user(self.rex).action_accept()
        self.assertEqual(item.decided_by_id, self.rex)

    def test_closing_names_what_is_undecided(self):
        self._north().action_accept()
        with self.assertRaisesRegex(
            UserError, "1 items.*undecided(.|\n)*West: Alp Tools"
        ):
            self.review.with_user(self.paul).action_close()
        self.review.with_user(self.paul).chair_id = self.bea
        with self.assertRaises(UserError) as caught:
            self.review.with_user(self.bea).action_close()
        self.assertNotIn("Alp", str(caught.exception))  # not of her branch
        self.assertIn("1 more", str(caught.exception))

    def test_closing(self):
        self._decide_all(self.review)
        self.review.with_user(self.paul).action_close()
        self.assertEqual(self.review.state, "closed")
        self.assertEqual(self.review.closed_by_id, self.paul)
        with self.assertRaisesRegex(UserError, "no longer changes"):
            self.review.with_user(self.paul).action_close()

    def test_a_closed_review_no_longer_changes(self):
        self._decide_all(self.review)
        self.review.with_user(self.paul).action_close()
        item = self._north()
        self.assertFalse(item.can_decide)
        for change in (
            item.action_watch,
            item.action_plan,
            lambda: item.write({"note": "Later"}),
            lambda: self.review.with_user(self.paul).write({"minutes": "Later"}),
            lambda: self._new_action(self.bea),
        ):
            with self.assertRaisesRegex(UserError, "no longer changes"):
                change()

    def _new_action(self, user):
        return (
            self.env["distribution.review.action"]
            .with_user(user)
            .create(
                {
                    "name": "Late",
                    "review_id": self.review.id,
                    "branch_id": self.north.id,
                }
            )
        )

    def test_who_closes(self):
        self._decide_all(self.review)
        for user in (self.bea, self.aude, self.rex):
            with self.assertRaises(AccessError):
                self.review.with_user(user).action_close()
        self.review.with_user(self.fiona).action_close()
        self.assertEqual(self.review.closed_by_id, self.fiona)

    def test_who_prepares(self):
        with Form(self.review.with_user(self.paul)) as form:
            form.minutes = "Nothing new"
            form.chair_id = self.bea
        self.assertEqual(self.review.minutes, "Nothing new")
        self.review.with_user(self.bea).minutes = "By the chair"
        with self.assertRaises(AccessError):
            self.review.with_user(self.walt).minutes = "By another"

    def test_counts(self):
        self._north().action_accept()
        seen = self.review.with_user(self.paul)
        self.assertEqual((seen.item_count, seen.undecided_count), (2, 1))
        self.assertEqual(seen.item_amount, 150)
        mine = self.review.with_user(self.bea)
        self.assertEqual((mine.item_count, mine.undecided_count), (1, 0))

    def test_the_printed_pack_has_what_its_reader_may_see(self):
        self._north().write({"decision": "accepted", "note": "Agreed"})
        self._measure({self.north: (80, 100)})
        texts = {}
        for user in (self.paul, self.bea):
            self.env.invalidate_all()
            report = self.env["ir.actions.report"].with_user(user)
            html = report._render_qweb_html(
                "distribution_review.distribution_review_pack", self.review.ids
            )[0]
            texts[user] = html.decode()
        self.assertIn("Alp Tools", texts[self.paul])
        self.assertNotIn("Alp Tools", texts[self.bea])
        self.assertIn("Agreed", texts[self.bea])
        self.assertEqual(
            self.review.with_user(self.bea).action_print()["report_name"],
            "distribution_review.distribution_review_pack",
        )
