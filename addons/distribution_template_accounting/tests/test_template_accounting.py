from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.distribution_template.tests.common import TemplateCase


@tagged("post_install", "-at_install")
class TestTemplateAccounting(TemplateCase):
    """A branch is opened with its transfer prices, and with what shared costs go by."""

    def setUp(self):
        super().setUp()
        self.template.write({"floor_space": 800, "head_count": 12})
        self.lane_line.write(
            {
                "price_rule": "cost_plus",
                "price_percent": 10,
                "price_deferred": False,
                "freight_bearer": "source",
            }
        )

    def _price(self, lane):
        return (
            lane.price_rule,
            lane.price_percent,
            lane.price_deferred,
            lane.freight_bearer,
        )

    def test_opening(self):
        branch = self._open().branch_id
        self.assertEqual((branch.floor_space, branch.head_count), (800, 12))
        lane = branch.lane_in_ids
        self.assertEqual(self._price(lane), ("cost_plus", 10, False, "source"))
        self.assertTrue(branch.analytic_account_id)
        self.assertFalse(self._drift(branch))

    def test_preview(self):
        lines = self._preview(self._prepare())
        lane = lines.filtered(lambda line: line.name == "Lane CEN → EAS")
        self.assertRegex(lane.value_to, r"Goods costing .*100\.00 go at .*110\.00")
        self.assertIn("Analytic account of Depot EAS", lines.mapped("name"))
        branch = lines.filtered(lambda line: line.name.startswith("Branch"))
        self.assertIn("Floor Space: 800", branch.value_to)

    def test_drift(self):
        branch = self._open().branch_id
        branch.write({"floor_space": 950, "head_count": 3})
        self.assertFalse(self._drift(branch))
        branch.lane_in_ids.write(
            {"price_rule": "cost", "freight_bearer": "destination"}
        )
        lines = self._drift(branch)
        self.assertEqual(
            {
                line.field_label: (line.value_branch, line.value_template)
                for line in lines
            },
            {
                "Transfer Price": ("Cost", "Cost plus"),
                "Freight Borne By": ("Receiving branch", "Sending branch"),
            },
        )
        lines[0].action_reapply()
        self.assertEqual(branch.lane_in_ids.price_rule, "cost_plus")

    def test_percent_that_the_rule_does_not_use_is_no_drift(self):
        self.lane_line.price_rule = "cost"
        branch = self._open().branch_id
        branch.lane_in_ids.price_percent = 5
        self.assertFalse(self._drift(branch))

    def test_undo_of_a_branch_that_was_there(self):
        before = self._price(self.lane_north)
        self.template.job_ids.unlink()
        opening = self._open(branch_id=self.north.id)
        self.assertEqual(
            self._price(self.lane_north), ("cost_plus", 10, False, "source")
        )
        self.assertFalse(self.north.floor_space)
        opening.action_undo()
        self.assertEqual(self._price(self.lane_north), before)

    def test_undo_of_a_new_branch(self):
        before = self._all_counts()
        opening = self._open()
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})

    def test_price_that_makes_no_sense(self):
        for values in (
            {"price_rule": "list_minus", "price_percent": 101},
            {"price_percent": -1},
            {"price_rule": "pricelist"},
        ):
            with self.assertRaisesRegex(ValidationError, "Transfer price of Lane"):
                self.lane_line.write(values)

    def test_price_list_of_another_currency(self):
        other = self.env["res.currency"].create({"name": "DST", "symbol": "d"})
        prices = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": other.id, "company_id": False}
        )
        self.lane_line.write(
            {"price_rule": "pricelist", "price_pricelist_id": prices.id}
        )
        with self.assertRaisesRegex(UserError, "Branches of one company settle"):
            self._open()

    def test_in_the_form(self):
        with Form(self.template.with_user(self.boss)) as form:
            form.head_count = 7
            with form.lane_ids.edit(0) as line:
                line.price_rule = "list_minus"
                line.price_percent = 20
        self.assertEqual(self.lane_line.price_rule, "list_minus")
        copy = self.template.copy()
        self.assertEqual(copy.lane_ids.price_percent, 20)
        self.assertEqual(copy.head_count, 7)
