from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestBranchCorrection(AccountingCase):
    """The branch of what is posted is corrected with a reason, by a controller alone."""

    def setUp(self):
        super().setUp()
        self.bill = self._charge(300, self.north)
        self.bill.action_post()
        self.cost = self.bill.invoice_line_ids

    def _correct(self, lines, branch, reason="Keyed wrongly.", user=None):
        """Through the wizard, as it is opened from a list of items."""
        wizard = Form(
            self.env["distribution.branch.correct"]
            .with_user(user or self.fiona)
            .with_context(active_model=lines._name, active_ids=lines.ids)
        )
        wizard.branch_id = branch
        wizard.reason = reason
        return wizard.save().action_correct()

    def _corrections(self):
        return self.env["distribution.branch.correction"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    def _analytic(self, line):
        line.invalidate_recordset(["analytic_line_ids"])
        column = line.env["account.analytic.line"]._branch_column()
        return {x[column]: x.amount for x in line.analytic_line_ids}

    def assertRefused(self, pattern, lines, shares, reason="Why", user=None):
        lines = lines.with_user(user or self.fiona)
        with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint():
            lines.correct_branches(shares, reason)

    def test_cost_moves_to_another_branch(self):
        self._correct(self.cost, self.west)
        self.assertEqual(self.cost.branch_id, self.west)
        self.assertEqual(self._balances(self.rent), {self.west: 300})
        account = self.west.analytic_account_id
        self.assertEqual(self._analytic(self.cost), {account: -300})

    def test_it_is_kept_who_and_why(self):
        self._correct(self.cost, self.west, "Rent of the depot West.")
        kept = self._corrections()
        self.assertEqual(len(kept), 1)
        self.assertEqual((kept.user_id, kept.line_id), (self.fiona, self.cost))
        self.assertEqual((kept.old_branches, kept.new_branches), ("North", "West"))
        self.assertEqual(kept.new_shares, {str(self.west.id): 100.0})
        body = self.bill.message_ids[0].body
        self.assertIn("Rent of the depot West.", body)
        self.assertIn("North → West", body)
        with self.assertRaises(AccessError):
            kept.sudo().write({"reason": "Another"})

    def test_correcting_back_is_one_more_correction(self):
        self._correct(self.cost, self.west)
        self._correct(self.cost, self.north, "It was right.")
        self.assertEqual(self._balances(self.rent), {self.north: 300})
        self.assertEqual(len(self._corrections()), 2)
        self._correct(self.cost, self.north, "Once more.")
        self.assertEqual(len(self._corrections()), 2, "nothing was changed")

    def test_cost_is_shared(self):
        wizard = Form(
            self.env["distribution.branch.correct"]
            .with_user(self.fiona)
            .with_context(active_model="account.move", active_ids=self.bill.ids)
        )
        wizard.is_shared = True
        wizard.reason = "Both use it."
        for branch, percent in ((self.north, 60), (self.west, 40)):
            with wizard.share_ids.new() as share:
                share.branch_id = branch
                share.percent = percent
        self.assertEqual(wizard.total, 100)
        wizard.save().action_correct()
        self.assertTrue(self.cost.branch_split)
        self.assertFalse(self.cost.branch_id)
        north, west = self.north.analytic_account_id, self.west.analytic_account_id
        self.assertEqual(self._analytic(self.cost), {north: -180, west: -120})
        self._correct(self.cost, self.west)
        self.assertFalse(self.cost.branch_split)
        self.assertEqual(self.cost.branch_id, self.west)

    def test_unassigned_item_gets_a_branch(self):
        bill = self._charge(50)
        bill.action_post()
        self.assertTrue(bill.line_ids._without_branch())
        self._correct(bill, self.west)
        self.assertFalse(bill.line_ids._without_branch())
        self.assertEqual(bill.unassigned_count, 0)

    def test_item_of_the_balance_sheet(self):
        payable = self.bill.line_ids - self.cost
        self._correct(payable, self.west)
        self.assertEqual(payable.branch_id, self.west)
        self.assertFalse(payable.analytic_distribution)
        shares = {self.north: 50, self.west: 50}
        self.assertRefused("only sales and costs are shared", payable, shares)

    def test_cost_of_goods_follows_its_invoice_line(self):
        self._purchase(self.north, 100)
        invoice = self._sale(self.north, 10)
        costs = invoice.line_ids.filtered(lambda x: x.display_type == "cogs")
        self.assertRefused("its cost follows", costs, {self.west: 100})
        self._correct(invoice.invoice_line_ids, self.west)
        self.assertEqual(costs.branch_id, self.west)
        expense = costs.filtered(lambda x: x.balance > 0)
        self.assertEqual(self._analytic(expense), {self.west.analytic_account_id: -40})

    def test_other_plans_stay(self):
        plan = self.env["account.analytic.plan"].create({"name": "Project"})
        other = self.env["account.analytic.account"].create(
            {"name": "Fair", "plan_id": plan.id}
        )
        bill = self._charge(100, self.north, analytic_distribution={str(other.id): 100})
        bill.action_post()
        line = bill.invoice_line_ids
        self._correct(line, self.west)
        key = {int(x) for x in next(iter(line.analytic_distribution)).split(",")}
        self.assertEqual(key, {other.id, self.west.analytic_account_id.id})

    def test_draft_is_no_case(self):
        draft = self._charge(10, self.north)
        self.assertRefused("not posted", draft.invoice_line_ids, {self.west: 100})

    def test_reason_and_shares_are_needed(self):
        self.assertRefused("Say why", self.cost, {self.west: 100}, reason="  ")
        self.assertRefused("add up to 90", self.cost, {self.west: 50, self.north: 40})
        self.assertRefused("positive", self.cost, {self.west: 150, self.north: -50})
        self.assertRefused("Choose the items", self.cost, {})

    def test_entries_between_branches_stay(self):
        self._purchase(self.central, 100)
        self.lane_north.write({"price_rule": "cost_plus", "price_percent": 10})
        self._carry(self.lane_north, 10)
        entry = self.env["account.move"].search([("interbranch_kind", "=", "price")])
        self.assertRefused("follow the transfers", entry.line_ids[:1], {self.west: 100})

    def test_branch_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        region = self.network.copy({"code": "ELS", "company_id": other.id})
        foreign = self._open_branch(
            "Far", "FAR", region, company_id=other.id, calendar_id=False
        )
        self.assertRefused("one of that company", self.cost, {foreign: 100})

    def test_closed_period(self):
        self.company.fiscalyear_lock_date = fields.Date.end_of(self.bill.date, "month")
        self.assertRefused("Its period is closed by", self.cost, {self.west: 100})
        self.assertEqual(self.cost.branch_id, self.north)

    def test_controllers_alone(self):
        for user in (self.bea, self.olga, self.paul):
            with self.assertRaises(AccessError):
                self.cost.with_user(user).correct_branches({self.west: 100}, "Mine")
            with self.assertRaises(AccessError):
                self.env["distribution.branch.correct"].with_user(user).create({})
        self._correct(self.cost, self.west, user=self.boss)
        self.assertEqual(self.cost.branch_id, self.west)

    def test_corrected_item_keeps_its_branch_in_draft(self):
        self._correct(self.cost, self.west)
        self.bill.button_draft()
        self.assertFalse(self.cost.analytic_line_ids)
        self.bill.action_post()
        self.assertEqual(self._balances(self.rent), {self.west: 300})
        self.assertEqual(
            self._analytic(self.cost), {self.west.analytic_account_id: -300}
        )

    def test_plan_beside_is_written_on_posted_items(self):
        plan = self.env["account.analytic.plan"].create({"name": "Project"})
        other = self.env["account.analytic.account"].create(
            {"name": "Fair", "plan_id": plan.id}
        )
        north = self.north.analytic_account_id
        self.cost.with_user(self.nora).write(
            {"analytic_distribution": {f"{other.id},{north.id}": 100}}
        )
        self.assertEqual(self.cost.analytic_line_ids[plan._column_name()], other)
        self.assertEqual(self.cost.branch_id, self.north)


@tagged("post_install", "-at_install")
class TestSideDoors(AccountingCase):
    """No path but the correction changes the branch of what is posted."""

    # What a client may put into its context, hoping that somebody trusts it.
    FORGED = {
        "skip_analytic_sync": True,
        "distribution_accounting_owner": True,
        "distribution_accounting_following": True,
        "distribution_evidence_writer": True,
        "check_move_validity": False,
    }

    def setUp(self):
        super().setUp()
        self.bill = self._charge(300, self.north)
        self.bill.action_post()
        self.cost = self.bill.invoice_line_ids
        self.env.flush_all()

    def _refused(self, call, *arguments):
        with (
            self.assertRaises(UserError),  # or one of its kind
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            call(*arguments)
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.cost.branch_id, self.north)
        column = self.env["account.analytic.line"]._branch_column()
        north = self.north.analytic_account_id
        self.assertEqual(self.cost.analytic_line_ids[column], north)
        self.assertEqual(sum(self.cost.analytic_line_ids.mapped("amount")), -300)

    def test_fields_of_items(self):
        west = self.west.analytic_account_id
        for context in ({}, self.FORGED):
            for user in (self.nora, self.fiona, self.boss):
                line = self.cost.with_user(user).with_context(**context)
                for values in (
                    {"analytic_distribution": {str(west.id): 100}},
                    {"analytic_distribution": False},
                    {"own_branch_id": self.west.id},
                    {"branch_id": self.west.id},
                    {"branch_split": True},
                ):
                    self._refused(line.write, values)

    def test_fields_of_entries(self):
        west = self.west.analytic_account_id
        command = Command.update(
            self.cost.id, {"analytic_distribution": {str(west.id): 100}}
        )
        for context in ({}, self.FORGED):
            bill = self.bill.with_user(self.nora).with_context(**context)
            self._refused(bill.write, {"branch_id": self.west.id})
            self._refused(bill.write, {"line_ids": [command]})
            self._refused(bill.write, {"invoice_line_ids": [command]})
            self._refused(bill.write, {"interbranch_kind": "price"})

    def test_analytic_lines(self):
        column = self.env["account.analytic.line"]._branch_column()
        west = self.west.analytic_account_id
        for context in ({}, self.FORGED):
            line = self.cost.analytic_line_ids.with_user(self.fiona)
            line = line.with_context(**context)
            self._refused(line.write, {column: west.id})
            self._refused(line.write, {column: False})
            self._refused(line.write, {"amount": -100})
            self._refused(line.write, {"move_line_id": False})
            self._refused(line.unlink)
            self._refused(
                line.create,
                {
                    "name": "More",
                    "amount": -50,
                    column: west.id,
                    "move_line_id": self.cost.id,
                },
            )
            self._refused(
                self.cost.with_user(self.fiona).with_context(**context).write,
                {"analytic_line_ids": [Command.delete(line.id)]},
            )

    def test_evidence(self):
        Correction = self.env["distribution.branch.correction"]
        values = {
            "company_id": self.company.id,
            "date": fields.Datetime.now(),
            "user_id": self.fiona.id,
            "entry": "X",
            "item": "X",
            "accounting_date": self.bill.date,
            "account_id": self.rent.id,
            "balance": 1,
            "reason": "X",
        }
        for user in (self.fiona, self.boss):
            model = Correction.with_user(user).with_context(**self.FORGED)
            self._refused(model.create, values)
            self._refused(model.sudo().create, values)
