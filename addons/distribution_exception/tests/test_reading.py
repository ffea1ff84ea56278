from odoo.tests import tagged

from odoo.addons.distribution_exception.models.wording import for_reader

from .common import ExceptionCase


@tagged("post_install", "-at_install")
class TestReading(ExceptionCase):
    """What people read of exceptions: totals, and the cause in their own language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(measure_expression="color")
        cls._sweep(cls.rule)
        cls.exceptions = cls.env["distribution.exception"].with_user(cls.olga)

    def test_pivot_and_graph_add_up_money(self):
        field = self.exceptions.fields_get(["amount"])["amount"]
        self.assertEqual(field["aggregator"], "sum")
        domain = [("rule_id", "=", self.rule.id)]
        [group] = self.exceptions.formatted_read_group(
            domain, ["rule_id"], ["amount:sum", "currency_id:array_agg_distinct"]
        )
        self.assertEqual(group["amount:sum"], 1500)
        currencies = group["currency_id:array_agg_distinct"]
        self.assertEqual(currencies, self.env.company.currency_id.ids)

    def test_measure_reads_well_of_one(self):
        found = self._found(self.rule)
        for partner, number in ((self.partners[0], "1"), (self.partners[4], "5")):
            self.assertEqual(found[partner].measure_text, number)
        self.rule.measure_expression = "1234567.5"
        one = self._sweep(self.rule)[self.partners[0]].with_user(self.olga)
        self.assertIn("1,234,567.50", one.measure_text)

    def test_dates_and_money_as_the_reader_writes_them(self):
        env = self.env(user=self.olga)
        currency = self.env.ref("base.USD")
        currency.active = True
        text = "Due on 2026-11-13; owes USD -54430.00, TD 12.50, XQZ 1.00."
        words = for_reader(env, text)
        self.assertIn("Due on 11/13/2026; owes ", words)
        self.assertIn("54,430.00", words)
        self.assertNotIn("USD", words)
        self.assertIn("TD 12.50, XQZ 1.00.", words)
        self.assertEqual(for_reader(env, "Lot 2026-99-99"), "Lot 2026-99-99")
        self.assertEqual(for_reader(env, False), "")

    def test_names_in_the_language_of_the_first_company(self):
        """Also where somebody looks who is none of its users."""
        self.env["res.lang"]._activate_lang("fr_FR")
        first = self.env["res.company"].create({"name": "First", "sequence": -1})
        first.partner_id.lang = "fr_FR"
        self.assertNotIn(first, self.ada.company_ids)
        tag = self.env["res.partner.category"].create({"name": "Builder"})
        tag.with_context(lang="fr_FR").name = "Maçon"
        rule = self._rule(
            f"[('id', '=', {tag.id})]",
            model="res.partner.category",
            amount_expression="1",
        )
        found = self._sweep(rule.with_user(self.ada))
        self.assertEqual(found[tag].name, "Maçon")
