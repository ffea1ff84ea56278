from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.distribution_base.tests.common import DistributionCase
from odoo.addons.distribution_exception.models.distribution_exception_recheck import (
    PENDING,
)

BUYER = "purchase.group_purchase_user,stock.group_stock_user"


class PurchaseExceptionCase(DistributionCase):
    """Orders of one vendor, and the people around them.

    `bert` buys and receives, `max` manages purchases. Verbs: `_buy(10, due=-3)` confirms an
    order that is due in so many days, `_receive(line, 4)` receives a part, `_sweep(rule)` and
    `_recheck(rule, records)` look, and return {record: exception}; `_asked(model, change)`
    are the ids that a change has looked at again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bert = new_test_user(cls.env, login="bert", groups=BUYER)
        cls.max = new_test_user(
            cls.env, login="max", groups=f"{BUYER},purchase.group_purchase_manager"
        )
        cls.company = cls.env.company
        cls.company.po_double_validation = "one_step"
        cls.warehouse = cls._new_warehouse("Yard", "YRD")
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Nordic Bolts", "email": "orders@nordic.example"}
        )
        cls.product = cls._new_product("Hex bolt")
        cls.fiona = cls._new_user("finance_controller", "fiona")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.product.uom_ids = cls.dozen

    @classmethod
    def _rule(cls, detector):
        """The rule that is shipped for a detector."""
        name = f"distribution_exception_purchase.distribution_exception_rule_{detector}"
        return cls.env.ref(name)

    @classmethod
    def _new_warehouse(cls, name, code):
        return cls.env["stock.warehouse"].create({"name": name, "code": code})

    @classmethod
    def _currency(cls, rate):
        """A currency of which `rate` are one of the company's."""
        return cls.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": rate})],
            }
        )

    @classmethod
    def _set_up_accounts(cls):
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)

    @classmethod
    def _new_product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "standard_price": 4.0,
                "supplier_taxes_id": False,
                **values,
            }
        )

    def _day(self, days):
        return fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)

    def _line(self, quantity, due=3, price=5.0, product=None, **values):
        return {
            "product_id": (product or self.product).id,
            "product_qty": quantity,
            "price_unit": price,
            "date_planned": self._day(due),
            **values,
        }

    def _buy(self, quantity, confirm=True, user=None, order=None, **values):
        """The line of an order, confirmed unless told otherwise."""
        order = (
            self.env["purchase.order"]
            .with_user(user or self.bert)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": [Command.create(self._line(quantity, **values))],
                    **(order or {}),
                }
            )
        )
        if confirm:
            order.button_confirm()
        return order.order_line

    def _receive(self, line, quantity, backorder=True):
        """Receive a part of a line, in the unit of its product."""
        moves = line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        moves[:1].quantity = moves[:1].product_id.uom_id._compute_quantity(
            quantity, moves[:1].product_uom
        )
        moves[:1].picked = True
        picking = moves[:1].picking_id.with_context(skip_backorder=True, skip_sms=True)
        if not backorder:
            picking = picking.with_context(picking_ids_not_to_backorder=picking.ids)
        picking.button_validate()

    def _deliver(self, quantity, due, warehouse=None):
        """A delivery that waits for the product."""
        warehouse = warehouse or self.warehouse
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": quantity,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": warehouse.out_type_id.id,
                "date": self._day(due),
            }
        )
        move._action_confirm()
        return move

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
        self.env.cr.precommit.data.pop(PENDING, None)
        change()
        return self.env.cr.precommit.data.get(PENDING, {}).get(model, set())
