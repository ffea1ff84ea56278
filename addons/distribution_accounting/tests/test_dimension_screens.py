from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AccountingCase


@tagged("post_install", "-at_install")
class TestDimensionScreens(AccountingCase):
    """What people see of the branch on documents, items and lists."""

    def _action_records(self, name):
        """The records of a list of the menu, as the controller sees them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"distribution_accounting.{name}"
        )
        model = self.env[action["res_model"]].with_user(self.fiona)
        return model.search(safe_eval(action["domain"]))

    def _form(self, user):
        arch = (
            self.env["account.move"].with_user(user).get_view(view_type="form")["arch"]
        )
        return etree.fromstring(arch)

    def test_items_without_branch_are_listed(self):
        bill = self._charge(50)
        bill.action_post()
        self._charge(70, self.north).action_post()
        self._charge(90)
        listed = self._action_records("account_move_line_unassigned_action")
        own = listed & (bill.line_ids | self.env["account.move.line"])
        self.assertEqual(own, bill.invoice_line_ids)
        self.assertEqual(listed, listed._without_branch())

    def test_entries_between_branches_are_listed_and_kept(self):
        self._purchase(self.central, 100)
        self.lane_north.write({"price_rule": "cost_plus", "price_percent": 10})
        self._carry(self.lane_north, 10)
        entries = self._action_records("account_move_interbranch_action")
        self.assertTrue(entries)
        self.assertEqual(set(entries.mapped("company_id.id")), {self.company.id})
        form = self._form(self.fiona)
        reset = form.xpath("//header/button[@name='button_draft']")[0]
        self.assertIn("interbranch_kind", reset.get("invisible"))
        reverse = form.xpath("//header/button[@string='Reverse Entry']")[0]
        self.assertIn("interbranch_kind", reverse.get("invisible"))
        with self.assertRaises(UserError):
            entries[:1].with_user(self.fiona).button_draft()

    def test_proposed_branch_is_confirmed_in_the_form(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Cash North",
                "code": "CNOR",
                "type": "general",
                "branch_id": self.north.id,
            }
        )
        form = Form(
            self.env["account.move"]
            .with_user(self.fiona)
            .with_context(default_move_type="entry", default_journal_id=journal.id)
        )
        for account, side in ((self.rent, "debit"), (self.sales, "credit")):
            with form.line_ids.new() as line:
                line.account_id = account
                line[side] = 20
        self.assertEqual(form.branch_id, self.north)
        entry = form.save()
        self.assertTrue(entry.branch_proposed)
        with self.assertRaisesRegex(UserError, "Confirm Branch"):
            entry.action_post()
        other = entry.copy()
        self.assertTrue(other.branch_proposed)
        entry.action_confirm_branch()
        entry.action_post()
        self.assertEqual(entry.line_ids.branch_id, self.north)
        with Form(other) as form:
            form.branch_id = self.west
        self.assertFalse(other.branch_proposed)
        other.action_post()
        self.assertEqual(other.line_ids.branch_id, self.west)

    def test_proposal_of_an_entry_that_is_imported(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Cash North",
                "code": "CNOR",
                "type": "general",
                "branch_id": self.north.id,
            }
        )
        entry = self._entry(
            [(self.rent, 20, None), (self.sales, -20, None)], journal_id=journal.id
        )
        self.assertEqual(entry.branch_id, self.north)
        self.assertTrue(entry.branch_proposed)
        with self.assertRaises(UserError):
            entry.write({"branch_proposed": False})

    def test_correct_branch_is_for_controllers(self):
        path = "//header/button[@string='Correct Branch']"
        self.assertTrue(self._form(self.fiona).xpath(path))
        plain = self.env["res.users"].browse(self.nora.id).copy({"login": "ina"})
        plain.group_ids = [(6, 0, self.env.ref("account.group_account_invoice").ids)]
        self.assertFalse(self._form(plain).xpath(path))

    def test_settings(self):
        settings = Form(
            self.env["res.config.settings"].with_user(self.env.ref("base.user_admin"))
        )
        settings.branch_required = True
        settings.transfer_freight_account_id = self.rent
        settings.save().execute()
        self.assertTrue(self.company.branch_required)
        self.assertEqual(self.company.transfer_freight_account_id, self.rent)
        bill = self._charge(10)
        with self.assertRaisesRegex(UserError, "have no branch"):
            bill.action_post()
