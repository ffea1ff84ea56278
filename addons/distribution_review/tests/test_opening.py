from contextlib import suppress
from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY, SUNDAY, ReviewCase


@tagged("post_install", "-at_install")
class TestOpening(ReviewCase):
    """A pack opens at its cut-off, once, with the figures of its period."""

    def test_the_job_opens_the_pack_at_the_cut_off(self):
        self.assertFalse(self._job(MONDAY.replace(hour=6) - timedelta(days=63)).ids)
        review = self._job(MONDAY)
        self.assertEqual(review.period_from, date(2026, 3, 2))
        self.assertEqual(review.period_to, SUNDAY)
        self.assertEqual(review.cut_off_at, MONDAY.replace(hour=7))
        self.assertEqual(review.name, "Monday review, 2 Mar – 8 Mar 2026")
        self.assertEqual(review.state, "open")
        self.assertFalse(review.opened_by_id)

    def test_not_before_the_cut_off(self):
        self._job(MONDAY)
        self.assertEqual(len(self._job(MONDAY + timedelta(days=6, hours=21))), 1)
        self.assertEqual(len(self._job(MONDAY + timedelta(days=6, hours=22))), 2)

    def test_the_cut_off_is_in_the_time_zone_of_the_company(self):
        self.company.resource_calendar_id.tz = "America/New_York"  # 07:00 is 11:00 UTC
        self._job(MONDAY.replace(hour=10))
        self.assertEqual(self._job(MONDAY.replace(hour=10)).period_to, date(2026, 3, 1))
        self.assertIn(SUNDAY, self._job(MONDAY.replace(hour=11)).mapped("period_to"))

    def test_a_repeated_job_opens_nothing_more(self):
        self.assertEqual(self._job(), self._job())

    def test_button_and_job_open_the_same(self):
        review = self._open(MONDAY + timedelta(days=2))
        self.assertEqual(review.period_to, SUNDAY)
        self.assertEqual(review.opened_by_id, self.paul)
        self.assertEqual(
            self._open(MONDAY + timedelta(days=3), user=self.fiona), review
        )
        self.assertEqual(self._job(MONDAY + timedelta(days=3)), review)

    @mute_logger("odoo.sql_db")
    def test_the_key_allows_no_second_pack(self):
        """What two who open at once meet: each sees no review yet."""
        self._open()
        cut_off = self.template._cut_off(self.company, MONDAY)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["distribution.review"]._open_pack(
                self.template, self.company, cut_off
            )

    def test_missed_cut_offs_are_caught_up_once(self):
        self._job(MONDAY)
        reviews = self._job(self._week(4))
        self.assertEqual(
            reviews.mapped("period_to"), [SUNDAY + timedelta(days=28), SUNDAY]
        )

    def test_a_new_template_waits_for_its_next_cut_off(self):
        self.template.starts_at = MONDAY
        self.assertFalse(self._job(MONDAY))
        self.assertTrue(self._job(self._week(1)))

    def test_a_new_schedule_counts_from_now_on(self):
        with self._now(MONDAY):
            self.template.with_user(self.boss).weekday = "6"
        self.assertFalse(self._job(MONDAY))
        self.assertTrue(self._job(MONDAY + timedelta(days=6)))

    def test_an_archived_template_opens_nothing(self):
        self.template.active = False
        self.assertFalse(self._job())

    def test_monthly_is_about_the_calendar_month_before(self):
        self.template.write({"frequency": "monthly", "month_day": 31})
        self.template.starts_at = "2026-01-01"
        review = self._job(MONDAY)
        self.assertEqual(review.cut_off_at.date(), date(2026, 2, 28))
        self.assertEqual(review.period_from, date(2026, 1, 1))
        self.assertEqual(review.period_to, date(2026, 1, 31))

    @mute_logger("odoo.addons.distribution_review.models.distribution_review_template")
    def test_one_that_fails_leaves_the_others(self):
        broken = self.template.copy({"sequence": 1})
        broken.starts_at = "2026-01-01"
        broken.section_ids.rule_ids = False
        original = type(self.env["distribution.review"])._raise_items

        def raise_items(review):
            if review.template_id == broken:
                raise ZeroDivisionError
            return original(review)

        self.patch(type(self.env["distribution.review"]), "_raise_items", raise_items)
        # Not assertRaises, which would undo what the job did before.
        with suppress(ZeroDivisionError):
            self._job()
            self.fail("The job that opens reviews hides its failure.")
        self.assertTrue(self.template.review_count)
        self.assertFalse(broken.review_count)

    def test_who_opens(self):
        for user in (self.bea, self.olga, self.aude, self.rex):
            with self.assertRaises(AccessError):
                self._open(user=user)
        self.template.chair_id = self.bea
        self.assertTrue(self._open(user=self.bea))

    def test_participants_are_those_of_roles_and_named_ones_and_are_told(self):
        review = self._open()
        self.assertLessEqual(self.bea | self.walt | self.paul, review.participant_ids)
        self.assertFalse((self.olga | self.rex | self.boss) & review.participant_ids)
        self.assertIn(self.bea.partner_id, review.message_partner_ids)
        message = review.message_ids.filtered("partner_ids")
        self.assertIn(self.walt.partner_id, message.partner_ids)

    def test_figures_are_frozen(self):
        self._measure({self.north: (80, 100), self.west: (99, 100)})
        review = self._open()
        figures = {one.branch_id: one for one in review.figure_ids}
        self.assertEqual(figures[self.north].value, 80)
        self.assertEqual(figures[self.north].target, 95)
        self.assertEqual(figures[self.north].status, "bad")
        self.assertEqual(figures[self.west].status, "good")
        company = figures[self.env["distribution.branch"]]
        self.assertEqual(company.scope, "company")
        self.assertEqual((company.numerator, company.denominator), (179, 200))
        self.assertEqual(company.version_id, self.kpi.version_id)
        self.target.value = 10
        self.assertEqual(figures[self.north].target, 95)

    def test_figures_are_of_all_branches_whoever_opens(self):
        self._measure({self.north: (80, 100), self.west: (99, 100)})
        self.template.chair_id = self.bea
        review = self._open(user=self.bea)
        self.assertLessEqual(self.north | self.west, review.figure_ids.branch_id)

    def test_a_period_without_figures(self):
        review = self._open()
        self.assertFalse(review.figure_ids.is_measured)
        self.assertFalse(review.item_ids)

    def test_the_queries_do_not_depend_on_branches_and_items(self):
        counts = []
        for week, branches in ((0, 2), (1, 12)):
            found = [
                self._open_branch(f"Depot {week} {n}", f"D{week}{n}", self.region_west)
                for n in range(branches)
            ]
            day = SUNDAY + timedelta(days=7 * week)
            self._measure({branch: (1, 2) for branch in found}, day)
            for branch in found:
                self._find(branch, 100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review = self._open(self._week(week))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self._decide_all(review)
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
