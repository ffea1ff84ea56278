from datetime import timedelta

from odoo import fields

from odoo.addons.distribution_base.tests.common import DistributionCase
from odoo.addons.distribution_exception.models.distribution_exception_recheck import (
    PENDING,
)


class StockExceptionCase(DistributionCase):
    """Two warehouses, yard and depot, and a product that costs 4.00.

    `olga` operates a branch, `bea` manages it, `paul` plans the network, `aude` audits.
    Verbs: `_count(10)` puts goods in stock, `_want(5, 20)` makes a replenishment rule,
    `_bring(7)` has goods on the way, `_deliver(3)` takes them out; `_sweep(rule)` and
    `_recheck(rule, records)` look, and return {record: exception}; `_asked(model, change)`
    are the ids that a change has looked at again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.olga = cls._new_user("branch_operator", "olga")
        cls.bea = cls._new_user("branch_manager", "bea")
        cls.paul = cls._new_user("network_planner", "paul")
        cls.aude = cls._new_user("auditor", "aude")
        cls.yard, cls.depot = cls.env["stock.warehouse"].create(
            [{"name": "Yard", "code": "YRD"}, {"name": "Depot", "code": "DPT"}]
        )
        cls.product = cls._new_product("Hex bolt", default_code="E-200")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")

    @classmethod
    def _rule(cls, code):
        """The rule that is shipped for a detector."""
        name = f"distribution_exception_stock.distribution_exception_rule_{code}"
        return cls.env.ref(name)

    @classmethod
    def _new_product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "is_storable": True, "standard_price": 4.0, **values}
        )

    def _count(self, quantity, warehouse=None, product=None, location=None):
        """Put goods in stock, as a count would; returns where they lie."""
        quant = (
            self.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": (product or self.product).id,
                    "location_id": (
                        location or (warehouse or self.yard).lot_stock_id
                    ).id,
                    "inventory_quantity": quantity,
                }
            )
        )
        quant.action_apply_inventory()
        return quant

    def _want(self, least, most, warehouse=None, product=None, **values):
        warehouse = warehouse or self.yard
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": (product or self.product).id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": least,
                "product_max_qty": most,
                **values,
            }
        )

    def _move(self, quantity, source, target, due=3, **values):
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "date": self._day(due),
                **values,
            }
        )
        move._action_confirm()
        return move

    def _bring(self, quantity, warehouse=None, **values):
        target = (warehouse or self.yard).lot_stock_id
        return self._move(quantity, self.suppliers, target, **values)

    def _deliver(self, quantity, warehouse=None, **values):
        source = (warehouse or self.yard).lot_stock_id
        return self._move(quantity, source, self.customers, **values)

    def _do(self, move):
        move.quantity = move.product_uom_qty
        move.picked = True
        move._action_done()
        return move

    def _day(self, days):
        return fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)

    def _back(self, quant, moves=0, **days):
        """Have a date of stock lie that many days back, or all moves of the product."""
        self.env.flush_all()
        for table in ("stock_move", "stock_move_line") if moves else ():
            self.env.cr.execute(
                f"UPDATE {table} SET date = %s WHERE product_id = %s",
                (self._day(-moves), quant.product_id.id),
            )
        for name, count in days.items():
            self.env.cr.execute(
                f"UPDATE stock_quant SET {name} = %s WHERE id = %s",
                (self._day(-count), quant.id),
            )
        self.env.invalidate_all()

    def _sweep(self, rule):
        rule.action_sweep()
        return self._found(rule)

    def _recheck(self, rule, records):
        rule._try_detect(ids=records.ids)
        return self._found(rule)

    def _found(self, rule):
        """{record: exception}, open or closed."""
        self.assertEqual(rule.state, "ok", rule.failure)
        found = self.env["distribution.exception"].search([("rule_id", "=", rule.id)])
        return {self.env[rule.model].browse(one.res_id): one for one in found}

    def _asked(self, model, change):
        """The ids of a model that a change has looked at again."""
        self.env.cr.precommit.run()
        change()
        orderpoints = self.env["stock.warehouse.orderpoint"]
        orderpoints._enlist_products()
        asked = self.env.cr.precommit.data.get(PENDING, {}).get(model, set())
        return set(asked)
