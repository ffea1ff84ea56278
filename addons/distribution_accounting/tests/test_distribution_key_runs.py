from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .test_distribution_keys import FEBRUARY, JANUARY, KeyCase


@tagged("post_install", "-at_install")
class TestDistributionKeyRuns(KeyCase):
    """Months that are distributed again, and items that are chosen."""

    def _earn(self, branch, amount, day=JANUARY):
        """An invoice of a branch, posted in a month."""
        invoice = (
            self.env["account.move"]
            .with_user(self.nora)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": day,
                    "date": day,
                    "branch_id": branch.id,
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Goods",
                                "account_id": self.sales.id,
                                "price_unit": amount,
                                "tax_ids": [(5,)],
                            },
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice

    def _again(self, key, day=JANUARY):
        """Distribute a month again; returns the record of it."""
        found = key.with_user(self.fiona).distribute_again(day)
        return self.env["distribution.key.run"].browse(found or ())

    def _lock(self, day, field="fiscalyear_lock_date"):
        self.env.company.sudo()[field] = day

    def test_by_head_count(self):
        self.north.head_count = 9
        self.central.head_count = 1
        self.west.user_ids = self.wim | self.olga
        key = self._new_key(basis="head_count")
        item = self._share(120, key)
        self.assertEqual(
            self._borne(item), {self.north: 90, self.central: 10, self.west: 20}
        )

    def test_by_floor_space(self):
        (self.north | self.west | self.central).floor_space = 500
        key = self._new_key(basis="floor_space")
        item = self._share(100, key)
        shares = item.sudo().distribution_version_id.line_ids
        self.assertEqual(sorted(shares.mapped("percent")), [33.33, 33.33, 33.34])
        self.assertEqual(set(shares.mapped("basis_value")), {500})
        self.assertEqual(round(sum(self._borne(item).values()), 2), 100)

    def test_a_basis_of_nothing(self):
        key = self._new_key(basis="floor_space")
        with self.assertRaisesRegex(UserError, "has no shares"):
            self._share(100, key)
        with self.assertRaisesRegex(UserError, "has no shares"):
            self._again(key)

    def test_by_revenue_again(self):
        self._earn(self.north, 300)
        self._earn(self.west, 100)
        key = self._new_key(basis="revenue")
        item = self._share(100, key)
        self.assertEqual(self._borne(item), {self.north: 75, self.west: 25})
        self._earn(self.west, 200)
        self._earn(self.north, 999, FEBRUARY)
        run = self._again(key)
        self.assertEqual(self._borne(item), {self.north: 50, self.west: 50})
        self.assertEqual((run.item_count, run.amount), (1, 100))
        self.assertEqual((run.user_id, run.month), (self.fiona, date(2026, 1, 1)))
        first, second = key.version_ids.sorted("id")
        self.assertEqual((first.state, second.state), ("replaced", "active"))
        self.assertEqual(run.version_id, second)
        self.assertEqual(item.distribution_version_id, second)
        self.assertEqual(item.parent_state, "posted")
        self.assertEqual(item.balance, 100)

    def test_again_and_again(self):
        self._earn(self.north, 300)
        key = self._new_key(basis="revenue")
        item = self._share(100, key)
        self._earn(self.west, 100)
        self.assertTrue(self._again(key))
        analytic = item.analytic_line_ids
        versions, runs = key.version_ids, key.sudo().run_ids
        for _time in range(2):
            self.assertFalse(self._again(key))
        self.assertEqual(key.version_ids, versions)
        self.assertEqual(key.sudo().run_ids, runs)
        self.assertEqual(item.analytic_line_ids, analytic)

    def test_one_branch_and_back(self):
        self._earn(self.north, 300)
        key = self._new_key(basis="revenue")
        item = self._share(100, key)
        self.assertEqual((item.branch_id, item.branch_split), (self.north, False))
        self._earn(self.west, 300)
        self._again(key)
        self.assertFalse(item.branch_id)
        self.assertTrue(item.branch_split)
        self._refund(self._earn(self.north, 1))
        self._version(key, {self.west: 100}, date(2026, 1, 10))
        item._respread(key, "items")
        self.assertEqual((item.branch_id, item.branch_split), (self.west, False))

    def test_fixed_percentages_corrected(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        self._version(key, {self.north: 10, self.west: 90}, date(2026, 1, 1))
        self._again(key)
        self.assertEqual(self._borne(item), {self.north: 10, self.west: 90})

    def test_income_of_a_key_is_no_basis(self):
        self._earn(self.north, 300)
        key = self._new_key(basis="revenue")
        income = self._earn(self.west, 1000)
        income.button_draft()
        income.invoice_line_ids.distribution_key_id = key
        income.action_post()
        self.assertEqual(self._borne(income.invoice_line_ids), {self.north: -1000})
        self.assertFalse(self._again(key))

    def test_closed_periods(self):
        key = self._new_key({self.north: 60, self.west: 40})
        january, february = self._share(100, key), self._share(100, key, FEBRUARY)
        self._version(key, {self.west: 100}, date(2026, 1, 1))
        self._lock(date(2026, 1, 31))
        with self.assertRaisesRegex(UserError, "closed period"):
            self._again(key)
        self.assertEqual(self._borne(january), {self.north: 60, self.west: 40})
        self.assertTrue(self._again(key, FEBRUARY))
        self.assertEqual(self._borne(february), {self.west: 100})
        self.assertEqual(self._borne(january), {self.north: 60, self.west: 40})

    def test_closed_purchases(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        self._version(key, {self.west: 100}, date(2026, 1, 1))
        self._lock(date(2026, 1, 31), "purchase_lock_date")
        with self.assertRaisesRegex(UserError, "closed period"):
            self._again(key)
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})

    def test_reversals_go_along(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        dates = [{"invoice_date": FEBRUARY, "date": FEBRUARY}]
        note = item.move_id._reverse_moves(dates)
        note.action_post()
        self._version(key, {self.north: 10, self.west: 90}, date(2026, 1, 1))
        self.assertFalse(self._again(key, FEBRUARY))
        self.assertEqual(self._again(key).item_count, 2)
        both = item | note.invoice_line_ids
        self.assertEqual(self._borne(both), {self.north: 0, self.west: 0})

    def test_amounts_taxes_and_terms_stay(self):
        key = self._new_key({self.north: 60, self.west: 40})
        tax = self.env["account.tax"].create(
            {"name": "VAT", "amount": 20, "analytic": True, "type_tax_use": "purchase"}
        )
        item = self._share(100, key, tax_ids=[(6, 0, tax.ids)])
        before = item.move_id.line_ids.read(["balance", "account_id", "tax_line_id"])
        self._version(key, {self.west: 100}, date(2026, 1, 1))
        self._again(key)
        after = item.move_id.line_ids.read(["balance", "account_id", "tax_line_id"])
        self.assertEqual(after, before)

    def test_the_form_shows_what_it_does(self):
        self._earn(self.north, 300)
        key = self._new_key(basis="revenue")
        item = self._share(99.99, key)
        self._earn(self.west, 100)
        action = key.action_distribute_again()
        wizard = self.env[action["res_model"]].with_user(self.fiona)
        with Form(wizard.with_context(**action["context"])) as form:
            form.month = JANUARY
            self.assertFalse(form.problem)
            self.assertEqual((form.item_count, form.amount), (1, 99.99))
        shown = {
            line.branch_id: (line.amount_now, line.amount)
            for line in form.record.line_ids
        }
        self.assertEqual(shown, {self.north: (99.99, 74.99), self.west: (0, 25.0)})
        done = form.record.action_distribute()
        self.assertEqual(done["params"]["type"], "success")
        self.assertEqual(self._borne(item), {b: new for b, (_o, new) in shown.items()})
        self.assertEqual(form.record.action_distribute()["params"]["type"], "info")
        self._lock(date(2026, 1, 31))
        with Form(wizard.with_context(**action["context"])) as form:
            form.month = JANUARY
            self.assertIn("closed period", form.problem)

    def test_unassigned_items_get_a_key(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, None)
        self.assertEqual(item.move_id.unassigned_count, 1)
        context = {"active_model": item._name, "active_ids": item.ids}
        wizard = self.env["distribution.key.assign"].with_user(self.fiona)
        with Form(wizard.with_context(**context)) as form:
            form.key_id = key
        form.record.action_assign()
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})
        self.assertFalse(item.move_id.unassigned_count)
        run = key.sudo().run_ids
        self.assertEqual((run.kind, run.item_count, run.amount), ("items", 1, 100))
        self.assertEqual(run.action_view_items()["domain"], [("id", "in", item.ids)])

    def test_items_that_are_not_to_be_spread(self):
        key = self._new_key({self.north: 60, self.west: 40})
        named = self._share(100, None)
        named = self._charge(100, self.north)
        named.action_post()
        unassigned = self._share(100, None)
        payable = named.line_ids - named.invoice_line_ids
        for items, why in (
            (named.invoice_line_ids, "has a branch"),
            (payable, "balance sheet"),
            (unassigned | payable, "balance sheet"),
        ):
            with self.assertRaisesRegex(UserError, why):
                items.with_user(self.fiona).distribute_by_key(key.id)
        self._lock(date(2026, 1, 31))
        with self.assertRaisesRegex(UserError, "closed period"):
            unassigned.with_user(self.fiona).distribute_by_key(key.id)
        self.assertFalse(unassigned.distribution_key_id)

    def test_drafts_are_spread_when_they_are_posted(self):
        key = self._new_key({self.north: 60, self.west: 40})
        bill = self._charge(100, self.central)
        item = bill.invoice_line_ids
        item.with_user(self.fiona).distribute_by_key(key.id)
        self.assertEqual(item._named_branches(), self.north | self.west)
        bill.action_post()
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})

    def test_what_is_posted_keeps_its_key(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key).with_user(self.fiona)
        for vals in (
            {"distribution_key_id": False},
            {"distribution_version_id": False},
            {"analytic_distribution": {str(self.north.analytic_account_id.id): 100}},
        ):
            with self.assertRaises(UserError):
                item.write(vals)
        self.assertEqual(self._borne(item), {self.north: 60, self.west: 40})

    def test_queries_do_not_grow_with_items(self):
        key = self._new_key({self.north: 60, self.west: 40})
        counts = []
        for number in (3, 12):
            for _number in range(number):
                self._share(100, key)
            shares = {self.north: 50 - number, self.west: 50 + number}
            self._version(key, shares, date(2026, 1, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(self._again(key))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # Odoo itself looks once for each share, and once for the plan, of an item.
        self.assertLessEqual(counts[1], counts[0] + 12 * 3, counts)

    @freeze_time("2026-03-10")
    def test_today_is_the_month_that_is_proposed(self):
        wizard = self.env["distribution.key.distribute"].create(
            {"key_id": self._new_key({self.north: 100}).id}
        )
        self.assertEqual(wizard.month, fields.Date.to_date("2026-03-01"))

    def test_a_corrected_branch_is_not_spread_again(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key).with_user(self.fiona)
        item.correct_branches({self.central: 100.0}, "It was for Central alone.")
        self.assertFalse(item.distribution_key_id)
        self._version(key, {self.west: 100}, date(2026, 1, 1))
        self.assertFalse(self._again(key))
        self.assertEqual(self._borne(item), {self.central: 100})

    def test_only_controllers(self):
        key = self._new_key({self.north: 60, self.west: 40})
        item = self._share(100, key)
        for user in (self.bea, self.rita, self.olga, self.paul):
            for call in (
                lambda user=user: key.with_user(user).distribute_again(JANUARY),
                lambda user=user: item.with_user(user).distribute_by_key(key.id),
                lambda user=user: key.with_user(user).action_new_version(),
                lambda user=user: key.version_ids.with_user(user).action_draft(),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    call()

    def test_the_check_list_of_the_month_sees_it(self):
        key = self._new_key(basis="revenue")
        for day in (JANUARY, FEBRUARY):
            self._earn(self.north, 100, day)
        self._share(60, key, JANUARY)
        self._share(40, key, FEBRUARY)
        month = (
            self.env["distribution.closing"]
            .with_user(self.fiona)
            .create({"date_from": FEBRUARY.replace(day=1)})
        )
        month.action_refresh()
        item = month.item_ids.filtered(lambda x: x.code == "shared")
        self.assertEqual((item.count, item.amount), (1, 40))
        self._again(key, FEBRUARY)
        month.action_refresh()
        item = month.item_ids.filtered(lambda x: x.code == "shared")
        self.assertEqual(item.count, 0)
