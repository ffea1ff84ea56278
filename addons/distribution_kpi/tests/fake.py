"""KPIs of tests, whose facts are rows of a table that the test fills."""

from unittest.mock import patch

from odoo.tools import SQL

from ..models.kpi import Kpi


class Words(str):
    """What a lazily translated word is to the code that reads it."""

    def _translate(self, lang=""):
        return str(self)


def fake_kpi(code, **values):
    """A definition; its facts are rows of `fake_fact` with its code."""
    return Kpi(
        **{
            "code": code,
            "name": Words(code.replace("_", " ").capitalize()),
            "description": Words("What the test counts."),
            "formula": Words("A / B"),
            "theme": "service",
            "unit": "percent",
            "direction": "up",
            "kind": "flow",
            "model": "distribution.branch",
            "facts": f"_facts_{code}",
            "scale": 100,
            **values,
        }
    )


class FakeKpisMixin:
    """For `KpiCase`: `_define` adds KPIs, `_add_facts` what they measure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            """CREATE TABLE fake_fact (
                   code varchar, day date, company_id integer, branch_id integer,
                   category_id integer, industry_id integer, team_id integer,
                   res_id integer, label varchar, numerator numeric, denominator numeric)"""
        )

    def _define(self, *definitions):
        """Let the dictionary know these KPIs for the length of the test."""
        facts = self.registry["distribution.kpi.facts"]
        original = facts._kpis

        def kpis(model):
            return [*original(model), *definitions]

        self.startPatcher(patch.object(facts, "_kpis", kpis))
        for definition in definitions:
            query = self._query(definition)
            self.startPatcher(patch.object(facts, definition.facts, query, create=True))
        self.Kpi._sync_dictionary()
        return self.Kpi.browse([self._kpi(one.code).id for one in definitions])

    def _query(self, definition):
        if definition.code == "broken":
            return lambda model, period: SQL("SELECT no_such_column FROM fake_fact")

        def facts(model, period):
            days = SQL("fact.day BETWEEN %s AND %s", period.start, period.end)
            factor = period.parameters.get("factor", 1)
            return SQL(
                """SELECT day, company_id, branch_id, category_id, industry_id, team_id,
                          res_id, label, numerator * %s AS numerator, denominator
                     FROM fake_fact fact WHERE code = %s AND %s""",
                factor,
                definition.code,
                days,
            )

        return facts

    def _add_facts(self, code, number, branch, numerator, denominator=None, **values):
        row = {
            "code": code,
            "day": self._day(number),
            "company_id": self.company.id,
            "branch_id": branch.id if branch else None,
            "category_id": None,
            "industry_id": None,
            "team_id": None,
            "res_id": branch.id if branch else None,
            "label": branch.name if branch else "Nowhere",
            "numerator": numerator,
            "denominator": denominator,
            **values,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO fake_fact (%s) VALUES %s",
                SQL(", ").join(SQL.identifier(name) for name in row),
                tuple(row.values()),
            )
        )
