from datetime import timedelta

from odoo.addons.distribution_exception.models.detector import closeness

from .common import ExceptionCase


class TestRank(ExceptionCase):
    def test_closeness_grows_to_the_deadline_and_beyond(self):
        at = [
            closeness(self.now + timedelta(hours=hours), self.now)
            for hours in (24 * 7, 24, 0, -24, -240, -2400)
        ]
        self.assertEqual(at, [0.125, 0.5, 1.0, 1.1, 2.0, 2.0])
        self.assertEqual(closeness(None, self.now), 0.5)

    def test_the_list_is_in_the_order_of_the_rank(self):
        rule = self._rule(deadline_expression="now + days(color)")
        self._sweep(rule)
        exceptions = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id)]
        )
        self.assertEqual(
            exceptions.mapped("name"),
            exceptions.sorted("rank", reverse=True).mapped("name"),
        )
        # 500 in five days is 500 x 24/144 = 83, 100 in a day is 100 x 24/48 = 50.
        self.assertEqual(exceptions[0].name, "Customer 5")
        self.assertAlmostEqual(exceptions[0].rank, 500 * 24 / 144, delta=0.5)
        high = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("rank", ">", 60)]
        )
        self.assertEqual(high, exceptions.filtered(lambda one: one.rank > 60))

    def test_the_service_class_weighs(self):
        self.partners[0].service_class = "a"
        self.partners[1].service_class = "c"
        # Rules of our own take the customer from partner_id; partners have none.
        users = self.env["res.users"].create(
            [
                {"name": partner.name, "login": partner.name, "partner_id": partner.id}
                for partner in self.partners[:3]
            ]
        )
        rule = self._rule(
            f"[('id', 'in', {users.ids})]", model="res.users", amount_expression="100"
        )
        found = self._sweep(rule)
        self.assertEqual([found[user].stake for user in users], [150.0, 70.0, 100.0])

    def test_it_says_how_it_got_there(self):
        rule = self._rule(deadline_expression="now + hours(24)")
        one = self._sweep(rule)[self.partners[4]]
        self.assertIn("500.00", one.rank_reason)
        self.assertIn("24 hours left counts 0.50", one.rank_reason)

    def test_money_that_nobody_names_is_assumed(self):
        rule = self._rule(amount_expression=False, assumed_amount=250)
        one = self._sweep(rule)[self.partners[0]]
        self.assertEqual(one.amount, 250)
