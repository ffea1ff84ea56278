from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import KpiCase
from .fake import FakeKpisMixin, fake_kpi

LOGGER = "odoo.addons.distribution_kpi.models.distribution_kpi_measure"


class TestSnapshots(FakeKpisMixin, KpiCase):
    """How days are measured, and how figures are added up."""

    def test_ratio_by_branch(self):
        self._define(fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 4)
        self._add_facts("rate", 0, self.north, 2, 4)
        self._add_facts("rate", 0, self.west, 1, 1)
        self._add_facts("rate", 1, self.west, 0, 1)
        self._take(0, "rate")
        rows = {row.branch_id: row for row in self._rows("rate", 0)}
        self.assertEqual(set(rows), {self.north, self.west})
        north = rows[self.north]
        self.assertEqual((north.numerator, north.denominator), (3, 8))
        self.assertEqual(north.value, 37.5)
        self.assertEqual(north.region_id, self.region_north)
        self.assertEqual(rows[self.west].value, 100)

    def test_group_is_divided_after_it_is_added(self):
        """The figure of a group is neither a sum nor an average of figures."""
        self._define(fake_kpi("rate"), fake_kpi("other"))
        for code in ("rate", "other"):
            self._add_facts(code, 0, self.north, 1, 10)
            self._add_facts(code, 0, self.west, 1, 1)
            self._add_facts(code, 1, self.west, 0, 9)
        self._take(0, "rate", "other")
        self._take(1, "rate", "other")
        domain = [("kpi_id.code", "=", "rate")]
        [(whole,)] = self.Snapshot._read_group(domain, [], ["value:avg"])
        self.assertEqual(whole, 10)
        by_branch = dict(
            self.Snapshot._read_group(domain, ["branch_id"], ["value:avg"])
        )
        self.assertEqual(by_branch, {self.north: 10, self.west: 10})
        by_day = self.Snapshot._read_group(domain, ["day:day"], ["value:avg"])
        self.assertEqual([round(value, 2) for _, value in by_day], [18.18, 0])
        [(mixed,)] = self.Snapshot._read_group(
            [("kpi_id.code", "in", ["rate", "other"])], [], ["value:avg"]
        )
        self.assertFalse(mixed, "two KPIs together have no figure")
        sets = self.Snapshot._read_grouping_sets(
            domain, [["region_id"], []], ["value:avg"]
        )
        self.assertEqual(sets[1], [(10,)])

    def test_state_is_of_the_last_day(self):
        """What stands at the end of a day is not added up over days."""
        self._define(
            fake_kpi("level", kind="state", unit="money", scale=1),
            fake_kpi("share", kind="state"),
        )
        for number, amount in enumerate((5, 7, 3)):
            self._add_facts("level", number, self.north, amount)
            self._add_facts("share", number, self.north, amount, 10)
        self._add_facts("level", 2, self.west, 4)
        for number in range(4):
            self._take(number, "level", "share")
        for number, expected in ((2, 7), (3, 0)):
            [(_month, value)] = self.Snapshot._read_group(
                [("kpi_id.code", "=", "level"), ("day", "<=", self._day(number))],
                ["day:month"],
                ["value:avg"],
            )
            self.assertEqual(value, expected)
        self.assertEqual(self._figure("level", 2, 0)["value"], 7)
        self.assertEqual(self._figure("share", 2, 0)["value"], 30)
        self.assertEqual(self._figure("level", 3, 0)["value"], 0, "nothing was left")
        self.assertIsNone(self._figure("share", 3, 0)["value"], "of nothing, no share")

    def test_state_of_a_branch_with_nothing_left(self):
        """It is 0 on the last day, not what it was when there was something."""
        self._define(
            fake_kpi("level", kind="state", unit="money", scale=1),
            fake_kpi("share", kind="state"),
        )
        for code in ("level", "share"):
            self._add_facts(code, 0, self.north, 5, 10 if code == "share" else None)
            for number in range(3):
                self._add_facts(
                    code, number, self.west, 4, 8 if code == "share" else None
                )
        for number in range(3):
            self._take(number, "level", "share")
        level, share = (
            [("kpi_id.code", "=", code), ("day", "<=", str(self._day(9)))]
            for code in ("level", "share")
        )
        by_branch = dict(self.Snapshot._read_group(level, ["branch_id"], ["value:avg"]))
        self.assertEqual(by_branch, {self.north: 0, self.west: 4})
        sets = [["branch_id"], ["branch_id", "day:month"], ["day:day"], []]
        found = self.Snapshot._read_grouping_sets(level, sets, ["value:avg"])
        self.assertEqual(dict(found[0]), by_branch)
        self.assertEqual([value for *_, value in found[1]], [0, 4])
        self.assertEqual([value for _, value in found[2]], [9, 4, 4])
        self.assertEqual(found[3], [(4,)])
        first = [("kpi_id.code", "=", "level"), ("day", "<", str(self._day(1)))]
        [(value,)] = self.Snapshot._read_group(first, [], ["value:avg"])
        self.assertEqual(value, 9, "what is asked for ends before")
        by_branch = dict(self.Snapshot._read_group(share, ["branch_id"], ["value:avg"]))
        self.assertEqual(by_branch, {self.north: False, self.west: 50})

    def test_state_by_week(self):
        """Weeks begin as in the language of the user, and end before the next one."""
        self._define(fake_kpi("level", kind="state", unit="money", scale=1))
        for number in range(15):
            self._add_facts("level", number, self.north, number)
            self._take(number, "level")
        lang = self.env["res.lang"]._lang_get("en_US")
        for first, expected in (("1", [6, 13, 14]), ("7", [5, 12, 14])):
            lang.week_start = first
            found = self.Snapshot._read_group(
                [("kpi_id.code", "=", "level")], ["day:week"], ["value:avg"]
            )
            self.assertEqual([value for _, value in found], expected)

    def test_one_dimension_at_a_time(self):
        self._define(fake_kpi("rate"), fake_kpi("narrow", dimensions=("category",)))
        category = self.perpetual.id
        for code in ("rate", "narrow"):
            self._add_facts(code, 0, self.north, 1, 2, category_id=category)
            self._add_facts(code, 0, self.north, 0, 3)
        self._take(0, "rate", "narrow")
        domain = [("kpi_id.code", "=", "rate")]
        sums = ["numerator:sum", "denominator:sum"]
        self.assertEqual(self.Snapshot._read_group(domain, [], sums), [(1, 5)])
        self.assertEqual(
            self.Snapshot._read_group(domain, ["category_id"], sums),
            [(self.perpetual, 1, 2), (self.env["product.category"], 0, 3)],
        )
        self.assertEqual(self.Snapshot.search(domain).mapped("dimension"), ["branch"])
        found = self.Snapshot.search([*domain, ("category_id", "=", category)])
        self.assertEqual(found.value, 50)
        with self.assertRaisesRegex(UserError, "one of product category"):
            self.Snapshot._read_group(domain, ["category_id", "team_id"], sums)
        narrow = [("kpi_id.code", "=", "narrow"), ("dimension", "!=", False)]
        kinds = self.Snapshot.search(narrow).mapped("dimension")
        self.assertEqual(set(kinds), {"branch", "category"})

    def test_second_measuring_changes_nothing(self):
        self._define(fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 2)
        self._take(0, "rate")
        before = self._rows("rate", 0)
        self._add_facts("rate", 0, self.north, 1, 2)
        self._take(0, "rate")
        self.assertEqual(self._rows("rate", 0), before)
        self.assertEqual(before.numerator, 1)
        self.assertEqual(len(self._kpi("rate").run_ids), 1)

    def test_day_without_data(self):
        self._define(fake_kpi("rate"))
        self.assertFalse(self._take(0, "rate"))
        self.assertFalse(self._rows("rate", 0))
        self.assertTrue(self._kpi("rate").run_ids, "the day is known to be empty")
        figure = self._figure("rate", 0)
        self.assertIsNone(figure["value"])
        self.assertEqual(figure["status"], "none")
        self.assertEqual(self._figure("rate", 9)["trend"], [])

    def test_failure_of_one_leaves_the_others(self):
        self._define(fake_kpi("broken"), fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 2)
        with mute_logger(LOGGER, "odoo.sql_db"):
            failed = self._take(0, "broken", "rate")
        broken = self._kpi("broken")
        self.assertEqual(failed, broken)
        self.assertEqual(broken.state, "failed")
        self.assertIn("no_such_column", broken.failure)
        self.assertTrue(broken.failed_at)
        self.assertEqual(self._rows("rate", 0).value, 50)
        self.assertEqual(self._kpi("rate").state, "ok")
        # Once it is corrected, the day is measured, and the KPI is well again.
        facts = self.registry["distribution.kpi.facts"]
        query = self._query(fake_kpi("rate"))
        with patch.object(facts, "_facts_broken", query):
            self.assertFalse(self._take(0, "broken"))
        self.assertEqual((broken.state, broken.failure), ("ok", False))

    def test_failed_kpi_becomes_an_exception(self):
        self._define(fake_kpi("broken"))
        rule = self.env.ref("distribution_kpi.distribution_exception_rule_kpi_failed")
        rule._detect()
        Exceptions = self.env["distribution.exception"]
        domain = [("rule_id", "=", rule.id), ("res_id", "=", self._kpi("broken").id)]
        self.assertFalse(Exceptions.search(domain))
        with mute_logger(LOGGER, "odoo.sql_db"):
            self._take(0, "broken")
        rule._detect()
        exception = Exceptions.search(domain)
        self.assertEqual(exception.state, "open")
        self.assertEqual(exception.name, "Broken")
        self.assertIn("no_such_column", exception.detail)
        self.assertTrue(exception.with_user(self.boss).has_access("read"))
        self.assertFalse(exception.with_user(self.bea).has_access("read"))

    def test_kpi_of_what_is_not_installed(self):
        kpi = self._define(fake_kpi("claims", needs=("no.such.model",)))
        self.assertEqual(kpi.state, "unavailable")
        self.assertIn("not installed: model.", kpi.failure)
        self.assertFalse(self._take(0, "claims"))
        self.assertFalse(kpi.run_ids)
        self.assertFalse(self._items("claims", 0).search([]))
        self.assertEqual(self._figure("claims", 0)["state"], "unavailable")

    def test_figures_are_evidence(self):
        self._define(fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 2)
        self._take(0, "rate")
        row = self._rows("rate", 0)
        run = row.run_id
        for user in (self.env.user, self.boss, self.fiona):
            for record in (row.with_user(user), run.with_user(user)):
                with self.assertRaises(AccessError):
                    record.write({"day": self._day(1)})
                with self.assertRaises(AccessError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    record.create({"kpi_id": row.kpi_id.id, "day": self._day(3)})

    def test_queries_do_not_grow_with_branches(self):
        """Measuring costs the same with three branches and with thirty facts of each."""
        self._define(*(fake_kpi(f"rate_{number}") for number in range(4)))
        codes = [f"rate_{number}" for number in range(4)]
        branches = self.central | self.north | self.west
        for code in codes:
            self._add_facts(code, 0, self.north, 1, 2)
            for branch in branches:
                for _ in range(30):
                    self._add_facts(
                        code, 1, branch, 1, 2, category_id=self.perpetual.id
                    )
        self._take(5, *codes)
        one = self._queries(lambda: self._take(0, codes[0]))
        few = self._queries(lambda: self._take(2, *codes))
        many = self._queries(lambda: self._take(1, *codes))
        self.assertEqual(few, many)
        self.assertLess(one, 20)
        self.assertLessEqual((many - one) / 3, 9, "queries of one more KPI")
        small = self._queries(lambda: self.Kpi._figures(codes[:1], *self._days(0, 1)))
        large = self._queries(lambda: self.Kpi._figures(codes, *self._days(0, 5)))
        self.assertLessEqual(large, small + 1)
        self.assertLess(large, 12)

    def _days(self, first, last):
        return self._day(first), self._day(last)

    def _queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # The job.

    def _run_job(self, number, hour=10, batches=99):
        """The job at that hour of that day; it is stopped after so many batches."""
        left = [batches]

        def progress(cron, processed=0, *, remaining=None, deactivate=False):
            left[0] -= processed
            return max(left[0], 0)

        crons = self.registry["ir.cron"]
        with self._at(number, hour), patch.object(crons, "_commit_progress", progress):
            self.Kpi._cron_measure()

    def _measured(self, code):
        days = self._kpi(code).run_ids.filtered(
            lambda run: run.company_id == self.company
        )
        return sorted((run.day - self.fixed).days for run in days)

    def test_job_catches_up(self):
        self._only(fake_kpi("rate"))
        with patch(f"{LOGGER}.FIRST_DAYS", 3):
            self._run_job(5)
        self.assertEqual(self._measured("rate"), [2, 3, 4])
        self._run_job(5, hour=21)
        self.assertEqual(self._measured("rate"), [2, 3, 4], "the day is not over")
        self._run_job(5, hour=23)
        self.assertEqual(
            self._measured("rate"), [2, 3, 4, 5], "after midnight over there"
        )
        self._run_job(9, batches=2)
        self.assertEqual(self._measured("rate"), [2, 3, 4, 5, 6, 7], "stopped half-way")
        self._run_job(9)
        self.assertEqual(self._measured("rate"), list(range(2, 9)))

    def test_job_goes_on_after_a_failure(self):
        self._only(fake_kpi("broken"), fake_kpi("rate"))
        with mute_logger(LOGGER, "odoo.sql_db"):
            self._run_job(5)
        self.assertEqual(self._measured("broken"), [])
        self.assertEqual(len(self._measured("rate")), 31)

    def _only(self, *definitions):
        """No other KPI and no other company for the job."""
        kpis = self._define(*definitions)
        (self.Kpi.search([]) - kpis).active = False
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        if others:
            others.action_archive()

    def test_archived_kpi_is_not_measured(self):
        self._define(fake_kpi("rate"))
        self._kpi("rate").active = False
        self.Kpi._take_snapshots(self._day(0), companies=self.company)
        self.assertFalse(self._kpi("rate").run_ids)
