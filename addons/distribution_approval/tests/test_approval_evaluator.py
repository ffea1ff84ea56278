from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common import ApprovalCase

MEASURES = ("fake_amount", "fake_quantity", "fake_cheapest")
# Borders and values from few numbers, so that values often lie on a border.
numbers = st.sampled_from([-50, 0, 0.01, 1, 1.5, 2, 10, 99.99, 100, 250, 1000, 10000])

rules = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(MEASURES),
        "borders": st.lists(numbers, max_size=4, unique=True).map(sorted),
        # For each band, from the lowest: whether somebody has to decide.
        "needed": st.lists(st.booleans(), min_size=5, max_size=5),
        "tag": st.sampled_from([None, "good", "bad", "worse"]),
    }
)
policies = st.fixed_dictionaries(
    {
        "rules": st.lists(rules, min_size=1, max_size=3),
        "only": st.sampled_from([None, "draft", "big"]),
        "when": st.sampled_from(["always", "past", "future"]),
    }
)
orders = st.fixed_dictionaries(
    {
        "note": st.sampled_from(["big", "small"]),
        "tags": st.sets(st.sampled_from(["good", "bad", "worse"]), max_size=2),
        "lines": st.lists(st.tuples(numbers, st.integers(0, 3)), max_size=3),
    }
)


class Rollback(Exception):
    """Takes one example back."""


@tagged("post_install", "-at_install")
class TestApprovalEvaluator(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["res.partner.category"]
        good, bad = Category.create([{"name": "Good"}, {"name": "Bad"}])
        worse = Category.create({"name": "Worse", "parent_id": bad.id})
        cls.tags = {"good": good, "bad": bad, "worse": worse}

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(st.lists(policies, max_size=3), st.lists(orders, min_size=1, max_size=4))
    def test_as_a_reader_of_the_policies_would(self, plans, papers):
        with self._undone():
            made = [
                self._make_policy(number, plan) for number, plan in enumerate(plans)
            ]
            documents = self.env["distribution.fake.order"]
            for paper in papers:
                documents |= self._make_order(paper)
            result = self.env["distribution.approval.engine"]._evaluate(documents)
            for document, paper in zip(documents, papers, strict=True):
                expected = self._expected(plans, made, paper)
                found = [
                    (finding.rule.id, finding.band.id, finding.needs_decision)
                    for finding in result[document.id].findings
                ]
                self.assertEqual(found, expected, (plans, paper))

    @settings(max_examples=40, deadline=None)
    @given(rules, st.lists(numbers, min_size=1))
    def test_exactly_one_band_of_a_rule_has_a_value(self, plan, values):
        with self._undone():
            policy = self._make_policy(
                1, {"rules": [plan], "only": None, "when": "always"}
            )
            rule = policy.rule_ids._compile()
            for value in values:
                holding = [
                    band
                    for band in rule.bands
                    if (band.lower is None or band.lower <= value)
                    and (band.upper is None or value < band.upper)
                ]
                self.assertEqual([rule.band_of(value)], holding)

    @contextmanager
    def _undone(self):
        try:
            with self.env.cr.savepoint():
                yield
                raise Rollback
        except Rollback:
            self.env.invalidate_all()
            self.registry.clear_cache()

    def _make_policy(self, number, plan):
        policy = self.Policy.create(
            {
                "name": f"Policy {number}",
                "sequence": number,
                "document_model": "distribution.fake.order",
                "domain": {
                    None: "[]",
                    "draft": "[('state', '=', 'draft')]",
                    "big": "[('note', '=', 'big')]",
                }[plan["only"]],
                "date_from": "2999-01-01" if plan["when"] == "future" else False,
                "date_to": "1999-01-01" if plan["when"] == "past" else False,
                "rule_ids": [
                    Command.create(self._rule_values(index, rule))
                    for index, rule in enumerate(plan["rules"])
                ],
            }
        )
        policy.action_activate()
        return policy

    def _rule_values(self, index, rule):
        borders = [None, *rule["borders"], None]
        bands = [
            (lower, upper, *([self._step()] if needed else []))
            for lower, upper, needed in zip(
                borders, borders[1:], rule["needed"], strict=False
            )
        ]
        return {
            "name": f"Rule {index}",
            "sequence": index,
            "measure": rule["measure"],
            "partner_category_ids": self.tags[rule["tag"]].ids if rule["tag"] else [],
            "band_ids": self._bands(*bands),
        }

    def _make_order(self, paper):
        tags = self.env["res.partner.category"].union(
            *map(self.tags.get, paper["tags"])
        )
        partner = self.env["res.partner"].create(
            {"name": "Somebody", "category_id": tags.ids}
        )
        return self.env["distribution.fake.order"].create(
            {
                "name": "Order",
                "note": paper["note"],
                "partner_id": partner.id,
                "line_ids": [
                    Command.create({"price": price, "quantity": quantity})
                    for price, quantity in paper["lines"]
                ],
            }
        )

    def _expected(self, plans, made, paper):
        """The policies, read one by one as a person would."""
        for plan, policy in zip(plans, made, strict=True):
            if plan["when"] != "always":
                continue
            if plan["only"] == "big" and paper["note"] != "big":
                continue
            return [
                found
                for rule, record in zip(plan["rules"], policy.rule_ids, strict=True)
                for found in self._expected_of_rule(rule, record, paper)
            ]
        return []

    def _expected_of_rule(self, rule, record, paper):
        below = {"bad": {"bad", "worse"}}
        if rule["tag"] and not below.get(rule["tag"], {rule["tag"]}) & paper["tags"]:
            return
        if not paper["lines"]:
            return
        value = {
            "fake_amount": sum(price * quantity for price, quantity in paper["lines"]),
            "fake_quantity": sum(quantity for _price, quantity in paper["lines"]),
            "fake_cheapest": min(price for price, _quantity in paper["lines"]),
        }[rule["measure"]]
        position = 0
        for border in rule["borders"]:
            if round(value, 6) >= border:
                position += 1
        bands = record.band_ids.sorted(lambda band: (band.has_lower, band.lower))
        yield record.id, bands[position].id, rule["needed"][position]

    def test_the_first_policy_that_fits_governs(self):
        self._policy((None, None, self._step()), sequence=20)
        exception = self._policy(
            (None, None), sequence=5, domain="[('note', '=', 'x')]"
        )
        engine = self.env["distribution.approval.engine"]
        plain, special = self._order(self.olga, 1), self._order(self.olga, 1, note="x")
        found = engine._evaluate(plain | special)
        self.assertTrue(found[plain.id].needed)
        self.assertEqual(found[special.id].policy.id, exception.id)
        self.assertFalse(found[special.id].needed)

    def test_limits_in_another_currency(self):
        euro = self.env["res.currency"].create(
            {
                "name": "XEU",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        self._policy(
            (None, 500), (500, None, self._step()), rule={"currency_id": euro.id}
        )
        below, at = self._order(self.olga, 999.99), self._order(self.olga, 1000)
        (below | at).action_confirm()
        self.assertEqual((below.state, at.state), ("done", "waiting"))
        self.assertIn("500 XEU", self._request(at).explanation)

    def test_the_number_of_queries_does_not_grow(self):
        self._policy(
            (None, 1000),
            (1000, None, self._step(), self._step(group=self.controllers, stage=2)),
        )
        engine = self.env["distribution.approval.engine"]

        def count(number):
            orders = self.env["distribution.fake.order"].union(
                *(self._order(self.olga, *[100] * 20) for _ in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            engine._evaluate(orders)
            evaluated = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.action_confirm()
            self.env.flush_all()
            self.assertEqual(set(orders.mapped("state")), {"waiting"})
            return evaluated, self.env.cr.sql_log_count - before

        count(2)
        few, few_asked = count(10)
        many, many_asked = count(100)
        self.assertEqual(few, many)
        # Odoo inserts records by the hundred; nothing is done for one order at a time.
        self.assertLess(many_asked - few_asked, 10)
