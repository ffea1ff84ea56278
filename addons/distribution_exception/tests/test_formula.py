from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from odoo.addons.distribution_exception.models.formula import Formula, FormulaError

from .common import ExceptionCase

NOW = datetime(2026, 3, 6, 14)


class TestFormula(BaseCase):
    def test_arithmetic_dates_and_choices(self):
        values = {"amount": 80.0, "limit": 50.0, "day": NOW.date(), "partner.name": "X"}
        for text, expected in (
            ("amount - limit", 30.0),
            ("max(0, amount - 100) + 1", 1),
            ("amount / 4 if amount > limit else 0", 20.0),
            ("day + days(2)", datetime(2026, 3, 8).date()),
            ("now - day", 14 / 24),
            ("now + hours(2)", datetime(2026, 3, 6, 16)),
            ("not amount or partner.name", "X"),
            ("0 < limit <= 50 and amount", 80.0),
        ):
            with self.subTest(text):
                formula = Formula(text)
                self.assertEqual(
                    formula.evaluate({p: values[p] for p in formula.paths}, NOW),
                    expected,
                )

    def test_the_fields_it_reads(self):
        self.assertEqual(
            Formula("partner_id.credit_limit * 2 + now.x").paths,
            {"partner_id.credit_limit", "now.x"},
        )

    def test_nothing_else_is_understood(self):
        for text in (
            "",
            "__import__('os')",
            "record.sudo()",
            "partner_id.__class__",
            "_fields",
            "[x for x in (1, 2)]",
            "open('f')",
            "(lambda: 1)()",
            "name[0]",
            "2 ** 99999",
            "f'{name}'",
            "amount := 1",
            "'a' % 1",
            "9" * 2000,
            "max(key=1)",
        ):
            with self.subTest(text), self.assertRaises(FormulaError):
                Formula(text)

    def test_what_cannot_be_worked_out_is_one_kind_of_error(self):
        for text in ("1 / 0", "amount + name", "amount < name"):
            with self.subTest(text), self.assertRaises(FormulaError):
                Formula(text).evaluate({"amount": 1.0, "name": "x"}, NOW)


class TestRuleOfOurOwn(ExceptionCase):
    def test_bad_rules_are_refused(self):
        for values in (
            {"domain": "[('nonsense', '=', 1)]"},
            {"domain": "not a domain"},
            {"domain": "[('ref', '=', __import__('os'))]"},
            {"amount_expression": "nonsense"},
            {"amount_expression": "name.sudo()"},
            {"deadline_expression": "1 +"},
            {"threshold": -1},
            {"role_ids": [(5, 0, 0)]},
            {"model_id": False},
            {"owner": "user", "user_id": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._try_rule(values)

    def _try_rule(self, values):
        """Make a rule; what the database refuses is a refusal like any other."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self._rule(**values).flush_recordset()
        except IntegrityError as error:
            raise ValidationError(str(error)) from error

    def test_a_field_that_the_roles_may_not_read_is_refused(self):
        """`signup_type` of partners is for those who manage rights."""
        field = self.env["res.partner"]._fields["signup_type"]
        self.assertTrue(field.groups)
        for values in (
            {"amount_expression": "1 if signup_type else 0"},
            {"domain": "[('signup_type', '!=', False)]"},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "may not read"),
            ):
                self._rule(**values)

    def test_fields_through_links_and_a_deadline_day(self):
        country = self.env.ref("base.be")
        self.partners[0].country_id = country
        rule = self._rule(
            "[('ref', '=', 'watched'), ('country_id.code', '=', 'BE')]",
            amount_expression="country_id.phone_code * 10",
            deadline_expression="create_date + days(1)",
        )
        found = self._sweep(rule)
        self.assertEqual(list(found), [self.partners[0]])
        self.assertEqual(found[self.partners[0]].amount, country.phone_code * 10)
        self.assertTrue(found[self.partners[0]].too_late_at)
