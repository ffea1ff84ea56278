from datetime import date

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.distribution_accounting.models.keys import keeping

from .common import AccountingCase

JANUARY, FEBRUARY = date(2026, 1, 15), date(2026, 2, 15)


class KeyCase(AccountingCase):
    """Costs that North, West and the central warehouse share.

    Verbs: `_new_key` (with one active version of fixed percentages, if any are given),
    `_version` (another one), `_share` (a posted bill of a key). Figure: `_borne`, what each
    branch bears of an item by its analytic items.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.power = cls._account("Power", "expense")

    def _new_key(self, shares=None, day=date(2026, 1, 1), name="Rent", **values):
        key = (
            self.env["distribution.key"]
            .with_user(self.fiona)
            .create({"name": name, "company_id": self.company.id, **values})
        )
        if shares:
            self._version(key, shares, day)
        return key

    def _version(self, key, shares, day, activate=True):
        version = (
            self.env["distribution.key.version"]
            .with_user(self.fiona)
            .create(
                {
                    "key_id": key.id,
                    "date_from": day,
                    "line_ids": [
                        Command.create({"branch_id": branch.id, "percent": percent})
                        for branch, percent in shares.items()
                    ],
                }
            )
        )
        if activate:
            version.action_activate()
        return version

    def _share(self, amount, key, day=JANUARY, **values):
        """The line of a posted bill of a key; those of `nora`."""
        bill = self._charge(amount, distribution_key_id=key and key.id, **values)
        bill.write({"invoice_date": day, "date": day})
        bill.action_post()
        return bill.invoice_line_ids

    def _borne(self, items):
        """{branch: amount} by the analytic items of the plan of branches."""
        self.env.flush_all()
        self.env.invalidate_all()
        column = self.env["account.analytic.plan"]._branch_plan()._column_name()
        groups = self.env["account.analytic.line"]._read_group(
            [("move_line_id", "in", items.ids), (column, "!=", False)],
            [column],
            ["amount:sum"],
        )
        branches = self.env["distribution.branch"]._analytic_map()
        return {
            self.north.browse(branches[account.id][0]): round(-amount, 2)
            for account, amount in groups
        }


@tagged("post_install", "-at_install")
class TestDistributionKeys(KeyCase):
    """The versions of a key, and what is posted with them."""

    def test_shares_are_exactly_a_hundred(self):
        key = self._new_key()
        for shares in (
            {self.north: 50, self.west: 49.99},
            {self.north: 50, self.west: 50.01},
            {self.north: 33.33, self.west: 33.33, self.central: 33.33},
        ):
            with self.assertRaisesRegex(ValidationError, "exactly 100"):
                self._version(key, shares, JANUARY)
        self._version(key, {self.north: 33.34, self.west: 66.66}, JANUARY)

    @mute_logger("odoo.sql_db")
    def test_no_share_below_nil_and_no_branch_twice(self):
        key = self._new_key()
        for lines in (
            [(self.north, 120), (self.west, -20)],
            [(self.north, 50), (self.north, 50)],
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.env["distribution.key.version"].create(
                    {
                        "key_id": key.id,
                        "line_ids": [
                            Command.create({"branch_id": b.id, "percent": p})
                            for b, p in lines
                        ],
                    }
                )

    def test_empty_version_is_not_activated(self):
        version = self._version(self._new_key(), {}, JANUARY, activate=False)
        with self.assertRaisesRegex(ValidationError, "exactly 100"):
            version.action_activate()

    def test_a_bill_is_spread(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})
        self.assertTrue(item.branch_split)
        self.assertFalse(item.branch_id)
        self.assertEqual(item.distribution_version_id, key.version_ids)
        self.assertFalse(item.move_id.unassigned_count)

    def test_through_the_form_of_a_bill(self):
        key = self._new_key({self.north: 60, self.west: 40})
        bill = self._charge(100, self.central)
        line = bill.invoice_line_ids
        self.assertEqual(line._named_branches(), self.central)
        with Form(bill) as form, form.invoice_line_ids.edit(0) as edited:
            edited.distribution_key_id = key
        self.assertEqual(line._named_branches(), self.north | self.west)
        with Form(bill) as form, form.invoice_line_ids.edit(0) as edited:
            edited.distribution_key_id = self.env["distribution.key"]
        self.assertEqual(line._named_branches(), self.central)

    def test_every_cent(self):
        key = self._new_key(
            {self.north: 33.34, self.west: 33.33, self.central: 33.33}, name="Thirds"
        )
        for amount in (0.01, 0.02, 0.05, 10.00, 99.99, 100.01, 1234567.89):
            borne = self._borne(self._share(amount, key))
            self.assertEqual(round(sum(borne.values()), 2), amount, borne)

    def test_every_cent_beside_another_plan(self):
        plan = self.env["account.analytic.plan"].create({"name": "Campaign"})
        fair = self.env["account.analytic.account"].create(
            {"name": "Fair", "plan_id": plan.id}
        )
        key = self._new_key({self.north: 33.34, self.west: 33.33, self.central: 33.33})
        for share in (100, 45.55):
            item = self._share(100.01, key, analytic_distribution={str(fair.id): share})
            self.assertEqual(round(sum(self._borne(item).values()), 2), 100.01)
            spent = item.analytic_line_ids.filtered(plan._column_name())
            self.assertAlmostEqual(-sum(spent.mapped("amount")), 1.0001 * share, 1)

    def test_versions_by_date(self):
        key = self._new_key({self.north: 60, self.west: 40})
        self._version(key, {self.north: 10, self.west: 90}, date(2026, 2, 1))
        self.assertEqual(self._borne(self._share(100, key))[self.north], 60)
        self.assertEqual(self._borne(self._share(100, key, FEBRUARY))[self.north], 10)
        first, second = key.version_ids.sorted("date_from")
        self.assertEqual(first.date_to, date(2026, 1, 31))
        self.assertFalse(second.date_to)

    def test_before_the_first_version(self):
        key = self._new_key({self.north: 100}, day=date(2026, 2, 1))
        with self.assertRaisesRegex(UserError, "no version that is valid"):
            self._share(100, key)

    def test_what_applied_is_kept(self):
        key = self._new_key({self.north: 60, self.west: 40})
        version = key.version_ids
        line = version.line_ids[0]
        for change in (
            lambda: version.write({"date_from": FEBRUARY}),
            lambda: version.write({"state": "draft"}),
            lambda: version.write({"line_ids": [Command.clear()]}),
            lambda: line.write({"percent": 10}),
            lambda: line.unlink(),
            lambda: version.unlink(),
            lambda: self.env["distribution.key.version"].create(
                {"key_id": key.id, "state": "active"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "kept as it is"):
                change()
        version.action_draft()
        line.write({"percent": 60})
        version.action_activate()
        self._share(100, key)
        with self.assertRaisesRegex(UserError, "kept as it is"):
            version.action_draft()

    def test_a_version_of_the_same_date_replaces_the_other(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        first = key.version_ids
        second = self._version(key, {self.north: 10, self.west: 90}, date(2026, 1, 1))
        self.assertEqual((first.state, second.state), ("replaced", "active"))
        self.assertEqual(self._borne(item)[self.north], 60)
        self.assertEqual(self._borne(self._share(100, key))[self.north], 10)

    def test_keys_of_accounts_and_journals(self):
        key = self._new_key({self.north: 60, self.west: 40})
        other = self._new_key({self.west: 100}, name="Office")
        self.rent.with_company(self.company).distribution_key_id = key
        item = self._charge(100, self.central).invoice_line_ids
        self.assertEqual(item.distribution_key_id, key)
        journal = item.journal_id.sudo()
        journal.distribution_key_id = other
        item = self._charge(100, account=self.power).invoice_line_ids
        self.assertEqual(item.distribution_key_id, other)
        self.assertEqual(self._charge(100).invoice_line_ids.distribution_key_id, key)

    def test_orders_keep_their_branch(self):
        key = self._new_key({self.west: 100})
        expense = self.company.expense_account_id
        expense.with_company(self.company).distribution_key_id = key
        bill = self._purchase(self.north, 10, product=self.tape)
        self.assertFalse(bill.line_ids.distribution_key_id)
        self.assertEqual(bill.line_ids.branch_id, self.north)

    def test_not_for_the_balance_sheet(self):
        key = self._new_key({self.north: 100})
        with self.assertRaisesRegex(ValidationError, "balance sheet"):
            self._charge(100, account=self.stock_account, distribution_key_id=key.id)

    def test_a_manual_entry_needs_no_confirmation(self):
        key = self._new_key({self.north: 60, self.west: 40})
        entry = self._entry(
            [(self.rent, 100, None), (self.stock_account, -100, None)], date=JANUARY
        )
        keeping(entry).branch_proposed = True
        with self.assertRaisesRegex(UserError, "proposal"):
            entry.action_post()
        item = entry.line_ids.filtered(lambda line: line.account_id == self.rent)
        item.distribution_key_id = key
        entry.action_post()
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})

    def test_key_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        key = self.env["distribution.key"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self._charge(100, distribution_key_id=key.id)
        with self.assertRaises(UserError):
            self.env["distribution.key.version"].create(
                {
                    "key_id": key.id,
                    "line_ids": [
                        Command.create({"branch_id": self.north.id, "percent": 100})
                    ],
                }
            )

    def test_a_reversal_follows_what_it_reverses(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        self._version(key, {self.west: 100}, date(2026, 2, 1))
        note = item.move_id._reverse_moves(
            [{"invoice_date": FEBRUARY, "date": FEBRUARY}]
        )
        note.action_post()
        self.assertEqual(
            self._borne(item | note.invoice_line_ids), {self.north: 0, self.west: 0}
        )

    def test_a_closed_branch_gets_no_new_share(self):
        self.west.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self._version(self._new_key(), {self.north: 50, self.west: 50}, JANUARY)

    def test_a_used_key_stays(self):
        key = self._new_key({self.north: 100})
        self._share(100, key)
        with self.assertRaisesRegex(UserError, "Archive it"):
            key.unlink()
        unused = self._new_key(name="Unused")
        unused.unlink()
        self.assertFalse(unused.exists())

    @freeze_time("2026-03-10")
    def test_new_version_in_the_form(self):
        key = self._new_key({self.north: 60, self.west: 40})
        action = key.action_new_version()
        version = key.version_ids.browse(action["res_id"])
        self.assertEqual(version.date_from, date(2026, 3, 1))
        with Form(version) as form:
            with form.line_ids.edit(0) as line:
                line.percent = 70
            with form.line_ids.edit(1) as line:
                line.percent = 30
        version.action_activate()
        self.assertEqual(key.current_version_id, version)
        self.assertEqual(sorted(key.current_line_ids.mapped("percent")), [30, 70])

    def test_fields_today(self):
        key = self._new_key({self.north: 60, self.west: 40}, day=date(2020, 1, 1))
        self._share(100, key, fields.Date.today())
        self.assertEqual(key.month_amount, 100)
        self.assertEqual(sorted(key.current_line_ids.mapped("month_amount")), [40, 60])
