from datetime import datetime

from odoo.exceptions import AccessError

from odoo.addons.distribution_network.tests.common import NetworkCase


class TestExceptionBranch(NetworkCase):
    """Exceptions about sales orders: records that name their branch themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operators = cls.env.ref("distribution_base.group_branch_operator")
        customer = cls.env["res.partner"].create({"name": "Exception customer"})
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "client_order_ref": "watched",
                    "warehouse_id": branch.warehouse_id.id,
                }
                for branch in (cls.north, cls.west)
            ]
        )
        cls.north_order, cls.west_order = cls.orders

    def _rule(self, **values):
        return self.env["distribution.exception.rule"].create(
            {
                "name": "Watched orders",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain": "[('client_order_ref', '=', 'watched')]",
                "amount_expression": "100",
                "measure_expression": "10",
                "role_ids": [(6, 0, self.operators.ids)],
                **values,
            }
        )

    def _sweep(self, rule):
        rule.action_sweep()
        found = self.env["distribution.exception"].search([("rule_id", "=", rule.id)])
        return {self.orders.browse(one.res_id): one for one in found}

    def test_the_branch_and_region_of_the_record(self):
        found = self._sweep(self._rule())
        one = found[self.north_order]
        self.assertEqual(one.branch_id, self.north)
        self.assertEqual(one.region_id, self.north.region_id)

    def test_a_user_sees_those_of_own_branches_only(self):
        rule = self._rule()
        found = self._sweep(rule)
        mine = self.env["distribution.exception"].with_user(self.olga)
        domain = [("rule_id", "=", rule.id)]
        self.assertEqual(mine.search(domain), found[self.north_order])
        self.assertEqual(
            mine._read_group(domain, [], ["__count", "amount:sum"]), [(1, 100.0)]
        )
        foreign = found[self.west_order].with_user(self.olga)
        for call in (
            lambda: foreign.read(["name"]),
            foreign.action_take,
            foreign.action_resolve,
            lambda: foreign.event_ids.read(["kind"]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_thresholds_of_a_branch_and_a_category(self):
        rule = self._rule(threshold=11)
        self.assertFalse(self._sweep(rule))
        rule.threshold_ids = [(0, 0, {"branch_id": self.north.id, "value": 9})]
        self.assertEqual(set(self._sweep(rule)), {self.north_order})

    def test_the_manager_owns_it(self):
        self.north.manager_id = self.cora
        one = self._sweep(self._rule(owner="manager"))[self.north_order]
        self.assertEqual(one.user_id, self.cora)

    def test_due_in_the_opening_hours_of_the_branch(self):
        calendar = self.north.calendar_id
        calendar.tz = "UTC"
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            (
                0,
                0,
                {
                    "name": "Open",
                    "dayofweek": str(day),
                    "hour_from": 8,
                    "hour_to": 16,
                    "day_period": "morning",
                },
            )
            for day in range(5)
        ]
        friday = datetime(2026, 3, 6, 14)
        self.assertEqual(
            calendar._after_opening_hours(friday, 6, "UTC"), datetime(2026, 3, 9, 12)
        )
        self.assertEqual(
            calendar._after_opening_hours(friday, 2, "UTC"), datetime(2026, 3, 6, 16)
        )
        self.assertEqual(
            calendar._after_opening_hours(datetime(2026, 3, 7, 3), 1, "UTC"),
            datetime(2026, 3, 9, 9),
        )
        rule = self._rule(hours_to_act=6)
        rule._detect(now=friday)
        one = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("branch_id", "=", self.north.id)]
        )
        self.assertEqual(one.due_at, datetime(2026, 3, 9, 12))

    def test_without_opening_hours_the_clock_counts_and_the_administrator_hears(self):
        self.north.calendar_id = False
        rule = self._rule(hours_to_act=6)
        rule._detect(now=datetime(2026, 3, 6, 14))
        one = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("branch_id", "=", self.north.id)]
        )
        self.assertEqual(one.due_at, datetime(2026, 3, 6, 20))
        hours = self.env.ref(
            "distribution_exception_network.distribution_exception_rule_hours"
        )
        hours.action_sweep()
        self.assertIn(
            self.north.name,
            self.env["distribution.exception"]
            .search([("rule_id", "=", hours.id), ("state", "=", "open")])
            .mapped("name"),
        )

    def test_a_branch_without_manager_is_found_until_it_has_one(self):
        rule = self.env.ref(
            "distribution_exception_network.distribution_exception_rule_manager"
        )
        self.north.manager_id = False
        rule.action_sweep()
        domain = [("rule_id", "=", rule.id), ("branch_id", "=", self.north.id)]
        one = self.env["distribution.exception"].search(domain)
        self.assertEqual(one.state, "open")
        self.north.manager_id = self.cora
        rule.action_sweep()
        self.assertEqual(one.state, "closed")

    def test_who_has_left_manages_nothing(self):
        gone = self._new_user("regional_manager", "gone")
        self.north.manager_id = self.north.region_id.manager_id = gone
        gone.active = False
        rule = self._rule(owner="manager", escalate_hours=1)
        rule.escalate_user_id = self.cora
        one = self._sweep(rule)[self.north_order]
        self.assertFalse(one.user_id)
        self.env.cr.execute(
            "UPDATE distribution_exception SET escalate_at = '2020-01-01'"
            " WHERE rule_id = %s",
            (rule.id,),
        )
        rule._escalate()
        above = self.north.region_id.parent_id
        self.assertEqual(one.escalation_user_id, above.manager_id or self.cora)
        lacking = self.env.ref(
            "distribution_exception_network.distribution_exception_rule_manager"
        )
        lacking.action_sweep()
        domain = [("rule_id", "=", lacking.id), ("branch_id", "=", self.north.id)]
        self.assertEqual(
            self.env["distribution.exception"].search(domain).state, "open"
        )

    def test_escalates_to_the_nearest_regional_manager(self):
        region = self.north.region_id
        region.manager_id = self.rita
        rule = self._rule(escalate_hours=1, escalate_user_id=self.cora.id)
        found = self._sweep(rule)
        self.env.cr.execute(
            "UPDATE distribution_exception SET escalate_at = '2020-01-01'"
            " WHERE rule_id = %s",
            (rule.id,),
        )
        rule._escalate()
        self.assertEqual(found[self.north_order].escalation_user_id, self.rita)
        self.assertEqual(
            found[self.west_order].escalation_user_id,
            self.west.region_id.manager_id or self.cora,
        )
