import logging

from odoo.tests import TransactionCase, tagged

from .common import StockApprovalMixin

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestQueryCounts(StockApprovalMixin, TransactionCase):
    """Of one transaction with cold caches, as a request from a client has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people_and_goods()
        cls.quants = cls.Quant.concat(
            *(cls._on_hand(cls._product(f"Part {i}", 5), 10) for i in range(100))
        )
        cls.quants.inventory_quantity = 7
        cls.scraps = cls.env["stock.scrap"].create(
            [
                {"product_id": quant.product_id.id, "location_id": cls.stock.id}
                for quant in cls.quants
            ]
        )

    def _queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def _compare(self, records, function, limit):
        function(records[:2])
        few = self._queries(lambda: function(records[:10]))
        many = self._queries(lambda: function(records))
        _logger.info("%s: %s queries for 10, %s for 100", records._name, few, many)
        self.assertLessEqual(many, few)
        self.assertLess(many, limit)

    def test_evaluating_does_not_depend_on_the_number(self):
        evaluate = self.env["distribution.approval.engine"]._evaluate
        for measure in ("value", "quantity", "percent"):
            policy = self._policy(1000, f"stock_variance_{measure}")
            self._compare(self.quants, evaluate, 20)
            policy.action_retire()
        for measure in ("value", "quantity"):
            policy = self._policy(1000, f"scrap_{measure}", "stock.scrap")
            self._compare(self.scraps, evaluate, 20)
            policy.action_retire()

    def test_nor_does_what_approvers_are_told(self):
        self._compare(
            self.quants, lambda x: (x._approval_facts(), x._approval_details()), 40
        )
        self._compare(self.scraps, lambda x: x._approval_facts(), 20)

    def test_nor_do_moves_beside_the_gates(self):
        self._policy(1000)
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": quant.product_id.id,
                    "product_uom_qty": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": self.loss.id,
                    "picked": True,
                    "quantity": 1,
                }
                for quant in self.quants
            ]
        )
        moves._action_done()
        lines = moves.move_line_ids.browse(moves.move_line_ids.ids)
        self.assertEqual(len(lines._approval_counts()), 100)
        self._compare(lines, lambda x: x._approval_check_differences(), 40)
