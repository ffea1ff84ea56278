from odoo.tests import tagged

from .common import PurchaseCase

MEASURES = ("amount", "quantity", "price_rise", "need_deviation")


@tagged("post_install", "-at_install")
class TestPurchaseQueries(PurchaseCase):
    """What approval costs does not grow with the orders or their lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Product {number}",
                    "is_storable": True,
                    "supplier_taxes_id": False,
                }
                for number in range(20)
            ]
        )

    def _govern_all(self, limit):
        for measure in MEASURES:
            self._govern(
                (None, limit),
                (limit, None, self._step()),
                measure=f"purchase_{measure}",
            )

    def _orders(self, count, lines=20):
        one = [self._line(10, 10, product) for product in self.products[:lines]]
        return (
            self.env["purchase.order"]
            .with_user(self.bert)
            .create(
                [
                    {
                        "partner_id": self.vendor.id,
                        "picking_type_id": self.warehouse.in_type_id.id,
                        "order_line": one,
                    }
                    for _number in range(count)
                ]
            )
        )

    def _cost(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_evaluating_costs_the_same_for_many(self):
        rules = [
            {
                "name": measure,
                "measure": f"purchase_{measure}",
                "band_ids": self._bands((None, 1), (1, None, self._step())),
            }
            for measure in MEASURES
        ]
        self.Policy.create(
            {
                "name": "All",
                "document_model": "purchase.order",
                "rule_ids": [(0, 0, rule) for rule in rules],
            }
        ).action_activate()
        self._sold(self.products[0], 90)
        engine = self.env["distribution.approval.engine"].with_user(self.bert)
        few, many = self._orders(10), self._orders(100)
        engine._evaluate(few)  # caches of the registry
        few_cost = self._cost(lambda: engine._evaluate(few))
        many_cost = self._cost(lambda: engine._evaluate(many))
        asking = [self._cost(orders.button_confirm) for orders in (few, many)]
        self.assertEqual(set(many.mapped("state")), {"to approve"})
        self.assertEqual(few_cost, many_cost)
        self.assertLessEqual(asking[1], asking[0] + 2)  # mails go in batches

    def test_orders_that_need_none_cost_little_more(self):
        self._orders(1).button_confirm()
        free = self._cost(self._orders(10, 5).button_confirm)
        self._govern((None, 10**9), (10**9, None, self._step()))
        self._orders(1).button_confirm()
        governed = self._cost(self._orders(10, 5).button_confirm)
        self.assertLessEqual(governed, free * 1.1)
