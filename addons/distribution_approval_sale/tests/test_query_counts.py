import logging

from odoo.tests import TransactionCase, tagged

from .common import SaleApprovalMixin

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestQueryCounts(SaleApprovalMixin, TransactionCase):
    """Of one transaction with cold caches, as a request from a client has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls.goods = [cls._product(f"Tool {i}", 50 + i, 40) for i in range(40)]

    def _orders(self, count):
        template = self._order(
            self.sam, *[(x, 5, {"discount": 5}) for x in self.goods[:4]]
        )
        orders = template
        for index in range(count - 1):
            orders |= self._order(
                self.sam,
                *[
                    (self.goods[(index * 3 + k) % 40], k + 1, {"discount": 5})
                    for k in range(4)
                ],
                date_order=f"2026-03-{index % 28 + 1:02} 10:00:00",
            )
        return orders

    def _queries(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        Engine = self.env["distribution.approval.engine"]
        before = self.env.cr.sql_log_count
        Engine._evaluate(orders)
        return self.env.cr.sql_log_count - before

    def test_evaluating_does_not_depend_on_the_number(self):
        orders = self._orders(100)
        for measure in (
            "sale_amount",
            "sale_margin",
            "sale_discount",
            "sale_below_pricelist",
        ):
            with self.subTest(measure):
                policy = self._policy(measure, 1)
                self._queries(orders[:2])
                few, many = self._queries(orders[:10]), self._queries(orders)
                _logger.info("%s: %s queries for 10, %s for 100", measure, few, many)
                self.assertLessEqual(many, few, measure)
                self.assertLess(many, 40)
                policy.action_retire()
