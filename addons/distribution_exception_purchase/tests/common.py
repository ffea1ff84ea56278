from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.distribution_base.tests.common import DistributionCase

BUYER = "purchase.group_purchase_user,stock.group_stock_user"


class PurchaseExceptionCase(DistributionCase):
    """Orders of one vendor, and the people around them.

    `bert` buys and receives, `max` manages purchases. Verbs: `_buy(10, due=-3)` confirms an order that is due in
    so many days.
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
        cls.warehouse = cls.env["stock.warehouse"].create(
            {"name": "Yard", "code": "YRD"}
        )
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Nordic Bolts", "email": "orders@nordic.example"}
        )
        cls.product = cls._new_product("Hex bolt")

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
