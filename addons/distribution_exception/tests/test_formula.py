from datetime import datetime

from psycopg2 import DataError, IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from odoo.addons.distribution_exception.models.formula import (
    Formula,
    FormulaError,
    literal,
)

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
            "-" * 60 + "1",
            "1" + "+1" * 90,
        ):
            with self.subTest(text), self.assertRaises(FormulaError):
                Formula(text)

    def test_what_cannot_be_worked_out_is_one_kind_of_error(self):
        for text in (
            "1 / 0",
            "amount + name",
            "amount < name",
            "days(10 * 9999999999)",
        ):
            with self.subTest(text), self.assertRaises(FormulaError):
                Formula(text).evaluate({"amount": 1.0, "name": "x"}, NOW)

    def test_what_would_take_all_time_or_memory_is_refused(self):
        for text in ("round(7, -1000000000)", "'a' * 3000000000", "name * 9", "-name"):
            with self.subTest(text), self.assertRaises(FormulaError):
                Formula(text).evaluate({"name": "x"}, NOW)
        self.assertEqual(Formula("round(1.25, 1) + round(1.5)").evaluate({}, NOW), 3.2)

    def test_a_filter_is_words_and_numbers(self):
        names = {"uid": 7}
        for text, expected in (
            ("[('a', '=', uid), '|', ('b', 'in', [1, -2.5])]", 7),
            ("['&', ('a', '=', uid), ('b', '=', None)]", 7),
        ):
            with self.subTest(text):
                conditions = literal(text, names)
                self.assertIn(("a", "=", expected), conditions)
        for text in (
            "[('a', '=', 9 ** 9 ** 9)]",
            "[0] * 10 ** 10",
            "[('a', '=', uid.__class__)]",
            "[('a', '=', other)]",
            "[x for x in 'ab']",
            "-'a'",
            "[" * 300 + "]" * 300,
            "()(",
        ):
            with self.subTest(text), self.assertRaises(FormulaError):
                literal(text, names)


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
            {"domain": "[('child_ids', 'any', [('signup_type', '!=', False)])]"},
            {"domain": "[('parent_id', 'not any', [('signup_type', '=', 'x')])]"},
            {"domain": "[('parent_id.signup_type', '=', 'x')]"},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "may not read"),
            ):
                self._rule(**values)

    def test_records_that_no_rule_can_look_in_are_refused(self):
        """A rule over exceptions would ask who may read them whenever they are read."""
        for model in (
            "distribution.exception",
            "distribution.exception.event",
            "distribution.exception.notice",
            "distribution.exception.snooze",
            "mail.thread",
        ):
            with (
                self.subTest(model),
                self.assertRaisesRegex(ValidationError, "cannot look in"),
            ):
                self._rule("[]", model=model, amount_expression=False)
        partners = self.env["ir.model"]._get_id("res.partner")
        with self.assertRaisesRegex(ValidationError, "cannot look in"):
            self._rule("[]", detector="rule_failed").model_id = partners

    def test_links_to_records_that_the_roles_may_not_read_are_refused(self):
        """Operators may read templates of messages, and no mail servers."""
        for values in (
            {"amount_expression": "mail_server_id.smtp_port"},
            {"domain": "[('mail_server_id.smtp_port', '=', 25)]"},
            {"domain": "[('mail_server_id', 'any', [('smtp_port', '=', 25)])]"},
        ):
            values = {"model": "mail.template", "amount_expression": False, **values}
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "may not read"),
            ):
                self._rule(**{"domain": "[]", **values})

    def test_a_rule_reads_what_its_writer_may_read(self):
        """An administrator of the suite may not read Odoo's parameters."""
        Rule = self.env["distribution.exception.rule"].with_user(self.ada)
        values = {
            "name": "Secret",
            "model_id": self.env["ir.model"]._get_id("ir.config_parameter"),
            "role_ids": [(6, 0, self.operators.ids)],
        }
        for more in (
            {"measure_expression": "value"},
            {"domain": "[('value', 'like', 'a')]"},
        ):
            with (
                self.subTest(more),
                self.assertRaisesRegex(ValidationError, "You may not read"),
            ):
                Rule.create({**values, **more})

    def test_the_failure_of_a_rule_tells_no_data(self):
        for expression in ("name", "max('x', name)", "name * color", "round(name)"):
            rule = self._rule(amount_expression=expression)
            self._sweep(rule)
            self.assertEqual(rule.state, "failed", expression)
            self.assertNotIn("Customer", rule.failure)
        rule = self._rule(amount_expression="1e308 * 10")
        self._sweep(rule)
        self.assertEqual(rule.failure, "the formula gives no number")
        with self.assertRaises(DataError) as refused, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute("SELECT 'Customer 1'::int")
        rule._note_failure(refused.exception)
        self.assertIn("invalid input", rule.failure)
        self.assertNotIn("LINE", rule.failure)

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
