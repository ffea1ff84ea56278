from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestBadInput(AccountingCase):
    """What cannot be right is refused with what to do instead, and nothing is posted."""

    def assertRefused(self, pattern, function, *arguments, error=UserError, **values):
        before = self.env["account.move"].search_count([("state", "=", "posted")])
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            function(*arguments, **values)
            self.env.flush_all()
        self.assertRegex(str(caught.exception), pattern)
        self.env.invalidate_all()
        after = self.env["account.move"].search_count([("state", "=", "posted")])
        self.assertEqual(after, before)

    # The account of a branch.

    def test_account_is_kept(self):
        account = self.north.analytic_account_id
        self.assertRefused("analytic account of branch", account.action_archive)
        self.assertRefused("cannot be deleted", account.unlink)
        other = self.env["account.analytic.plan"].create({"name": "Projects"})
        self.assertRefused("stays active", account.write, {"plan_id": other.id})

    def test_account_is_not_chosen(self):
        other = self.west.analytic_account_id
        boss = self.north.with_user(self.boss)
        self.assertRefused(
            "made with it", boss.write, {"analytic_account_id": other.id}
        )

    def test_plan_is_kept(self):
        plan = self.env.ref("distribution_accounting.analytic_plan_branch")
        other = self.env["account.analytic.plan"].create({"name": "Projects"})
        self.assertRefused("cannot be deleted", plan.unlink)
        self.assertRefused("plan of its own", plan.write, {"parent_id": other.id})

    def test_branch_without_account_gets_one(self):
        self.north.sudo().analytic_account_id = False
        self.env["distribution.branch"].search([])._ensure_analytic_accounts()
        self.assertTrue(self.north.analytic_account_id)
        self.assertEqual(
            self._charge(10, self.north).invoice_line_ids.branch_id, self.north
        )

    # Shares.

    def _shared(self, *shares):
        branches = (self.north, self.west, self.central)
        return {
            str(branch.analytic_account_id.id): share
            for branch, share in zip(branches, shares, strict=False)
        }

    def test_shares_that_do_not_add_up(self):
        for shares in ((60.0, 30.0), (70.0, 40.0), (50.0,)):
            part = self._shared(*shares)
            bill = self._charge(100, self.north, analytic_distribution=part)
            self.assertRefused("add up to 100", bill.action_post)

    def test_shares_that_add_up(self):
        part = self._shared(33.33, 33.33, 33.34)
        bill = self._charge(100, self.north, analytic_distribution=part)
        bill.action_post()
        line = bill.invoice_line_ids
        self.assertTrue(line.branch_split)
        self.assertFalse(line.branch_id)
        amounts = sorted(line.analytic_line_ids.mapped("amount"))
        self.assertEqual(amounts, [-33.34, -33.33, -33.33])

    # Other companies.

    def test_branch_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env["account.chart.template"].try_loading("generic_coa", company)
        foreign = self.env["distribution.branch"].create(
            {
                "name": "Abroad",
                "code": "ABR",
                "company_id": company.id,
                "region_id": self.env["distribution.region"]
                .create({"name": "Far", "code": "FAR", "company_id": company.id})
                .id,
                "calendar_id": False,
            }
        )
        account = str(foreign.analytic_account_id.id)
        self.nora.company_ids |= company
        part = {account: 100.0}
        bill = self._charge(10, self.north, analytic_distribution=part)
        self.assertRefused("another company", bill.action_post)
        lines = [(self.rent, 5, foreign), (self.sales, -5, None)]
        self.assertRefused("compan", self._entry, lines)

    # Required, reserved, fixed.

    def test_company_wants_branches(self):
        self.company.branch_required = True
        bill = self._charge(10)
        self.assertRefused("have no branch", bill.action_post)
        bill.branch_id = self.north
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.branch_id, self.north)

    def test_unassigned_is_posted_and_found(self):
        bill = self._charge(10)
        bill.action_post()
        self.assertEqual(bill.unassigned_count, 1)
        self.assertEqual(bill.line_ids._without_branch(), bill.invoice_line_ids)

    def test_interbranch_accounts_are_reserved(self):
        clearing = self.company._interbranch_account("interbranch_clearing_account_id")
        entry = self._entry([(clearing, 5, self.north), (self.rent, -5, self.north)])
        self.assertRefused("nothing is posted to it by hand", entry.action_post)

    def test_interbranch_entries_are_kept(self):
        self._purchase(self.central, 50)
        self._carry(self.lane_north, 10)
        entry = self.env["account.move"].search(
            [("interbranch_kind", "=", "price")], limit=1
        )
        controller = entry.with_user(self.fiona)
        self.assertRefused("by the system alone", controller.button_draft)
        self.assertRefused("by the system alone", controller.button_cancel)
        self.assertRefused("by the system alone", controller._reverse_moves)
        self.assertRefused("posted journal item|system alone", controller.unlink)
        forged = {"interbranch_kind": False}
        self.assertRefused("by the system alone", controller.write, forged)
        lane = {"interbranch_lane_id": self.lane_west.id}
        self.assertRefused("by the system alone", controller.write, lane)

    def test_posted_items_keep_their_branch(self):
        bill = self._charge(10, self.north)
        bill.action_post()
        line = bill.invoice_line_ids.with_user(self.fiona)
        other = str(self.west.analytic_account_id.id)
        for forged in (
            {"analytic_distribution": {other: 100.0}},
            {"analytic_distribution": False},
            {"branch_id": self.west.id},
            {"own_branch_id": self.west.id},
            {"branch_split": True},
        ):
            self.assertRefused("its branch stays", line.write, forged)
        self.assertRefused(
            "its branch stays", bill.with_user(self.fiona).write, {"branch_id": False}
        )

    def test_other_plans_may_change(self):
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        project = self.env["account.analytic.account"].create(
            {"name": "Move", "plan_id": plan.id}
        )
        bill = self._charge(10, self.north)
        bill.action_post()
        line = bill.invoice_line_ids
        account = self.north.analytic_account_id.id
        line.analytic_distribution = {f"{project.id},{account}": 100.0}
        self.assertEqual(line.branch_id, self.north)

    # Lanes.

    def test_foreign_price_list(self):
        euro = self.env.ref("base.EUR") | self.env.ref("base.USD")
        foreign = (euro - self.company.currency_id)[:1]
        foreign.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        values = {"price_rule": "pricelist", "price_pricelist_id": pricelist.id}
        lane = self.lane_north
        self.assertRefused(
            "settle in its currency", lane.write, values, error=ValidationError
        )
        self.assertRefused(
            "Choose the transfer price list",
            lane.write,
            {"price_rule": "pricelist"},
            error=ValidationError,
        )
        self.assertRefused(
            "taken off",
            lane.write,
            {"price_rule": "list_minus", "price_percent": 101},
            error=ValidationError,
        )

    # Locked periods.

    def test_locked_period(self):
        """What follows from sales in a locked period is posted on the first open day."""
        self._purchase(self.central, 50)
        self.lane_north.write({"price_rule": "cost_plus", "price_percent": 10})
        self._carry(self.lane_north, 10)
        self._validate_all(self._order(self.north, 4).picking_ids)
        today = self.env.cr.now().date()
        self.company.fiscalyear_lock_date = today
        self.env["distribution.lane"]._cron_release_markup()
        entry = self.env["account.move"].search(
            [("interbranch_kind", "=", "deferral")], order="id desc", limit=1
        )
        self.assertEqual(entry.state, "posted")
        self.assertGreater(entry.date, today)

    def test_archived_interbranch_account(self):
        self._purchase(self.central, 50)
        account = self.company._interbranch_account("interbranch_clearing_account_id")
        account.active = False
        self.assertRefused("is archived, but needed", self._carry, self.lane_north, 10)

    # Proposals.

    def test_proposal_has_to_be_confirmed(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Till",
                "code": "TILL",
                "type": "general",
                "branch_id": self.north.id,
            }
        )
        lines = [(self.rent, 5, None), (self.sales, -5, None)]
        entry = self._entry(lines, journal_id=journal.id)
        self.assertEqual(entry.branch_id, self.north)
        self.assertTrue(entry.branch_proposed)
        self.assertRefused("which is a proposal", entry.action_post)
        forged = {"branch_proposed": False}
        self.assertRefused("by the system alone", entry.write, forged)
        entry.action_confirm_branch()
        entry.action_post()
        self.assertEqual(entry.line_ids.branch_id, self.north)

    def test_chosen_branch_is_no_proposal(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Till",
                "code": "TILL",
                "type": "general",
                "branch_id": self.north.id,
            }
        )
        lines = [(self.rent, 5, None), (self.sales, -5, None)]
        entry = self._entry(lines, journal_id=journal.id)
        entry.branch_id = self.west
        self.assertFalse(entry.branch_proposed)
        entry.action_post()
        self.assertEqual(entry.line_ids.branch_id, self.west)

    def test_nobody_types_what_goods_are_worth_between_branches(self):
        """Whoever may move goods could else skip their entry, or change a return."""
        self._purchase(self.central, 50)
        ship, receive = self._replenish(self.lane_north, 10, self.bolt)
        self._do(ship)
        move = receive.move_ids.with_user(self.olga)
        other = self.env["account.move"].search([], limit=1)
        for forged in (
            {"interbranch_entry_id": other.id},
            {"interbranch_price": 1},
            {"interbranch_cost": 1},
            {"interbranch_qty": 99},
            {"interbranch_lane_id": self.lane_west.id},
        ):
            self.assertRefused("nobody can type it", move.write, forged)
        self._do(receive)
        self.assertEqual(move.sudo().interbranch_cost, 40)
        self.assertRefused("nobody can type it", move.write, {"interbranch_price": 1})
