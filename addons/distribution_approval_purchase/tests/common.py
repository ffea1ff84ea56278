from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.distribution_approval.tests.common import ApprovalCase

BUYER = "purchase.group_purchase_user,stock.group_stock_user"
# With the role, because with the network invoices are for its roles alone.
BOOKKEEPER = "account.group_account_invoice,distribution_base.group_finance_controller"


class PurchaseCase(ApprovalCase):
    """Purchase orders, and the people around them.

    `bert` and `bine` buy, `max` manages purchases, `bea` and `bob` approve, `rene` receives,
    `abe` books and pays.

    Verbs: `_buy(bert, 10, price=5)` makes an order, `_govern((None, 1000), (1000, None,
    step))` puts a policy in force, `_sold(product, 90)` lets goods leave the warehouse.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bert = cls._with_groups("bert", BUYER)
        cls.bine = cls._with_groups("bine", BUYER)
        cls.max = cls._with_groups("max", "purchase.group_purchase_manager")
        cls.rene = cls._with_groups("rene", "stock.group_stock_user")
        cls.abe = cls._with_groups("abe", BOOKKEEPER)
        cls.company = cls.env.company
        cls.company.po_double_validation = "one_step"
        cls.warehouse = cls.env["stock.warehouse"].create(
            {"name": "Yard", "code": "YRD"}
        )
        cls.vendor, cls.other_vendor = cls.env["res.partner"].create(
            [{"name": "Nordic Bolts"}, {"name": "Alpine Bolts"}]
        )
        cls.product, cls.other = cls._new_product("Hex bolt"), cls._new_product("Nut")

    @classmethod
    def _with_groups(cls, login, groups):
        return new_test_user(cls.env, login=login, groups=f"base.group_user,{groups}")

    @classmethod
    def _new_product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "supplier_taxes_id": False,
                "purchase_method": "purchase",
                **values,
            }
        )

    @classmethod
    def _govern(cls, *bands, measure="purchase_amount", **values):
        return cls._policy(
            *bands, measure=measure, document_model="purchase.order", **values
        )

    def _line(self, quantity, price=10.0, product=None, **values):
        return Command.create(
            {
                "product_id": (product or self.product).id,
                "product_qty": quantity,
                "price_unit": price,
                **values,
            }
        )

    def _buy(self, user, quantity=1, price=10.0, product=None, lines=None, **values):
        return (
            self.env["purchase.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": lines or [self._line(quantity, price, product)],
                    **values,
                }
            )
        )

    def _ask(self, order, user=None):
        order = order.with_user(user) if user else order
        order.button_confirm()
        return self._request(order)

    def _approved(self, user, *args, **values):
        """An order that needed approval and has it."""
        order = self._buy(user, *args, **values)
        self._ask(order)
        self._decide(order, self.bea)
        return order

    def _measure(self, order, measure):
        """What a measure says of an order; None where it says nothing."""
        order = order.sudo()
        measured = getattr(order, f"_approval_measure_{measure}")
        return measured(order._approval_lines()).get(order.id)

    def _sold(self, product, quantity, days_ago=1, destination=None):
        destination = destination or self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": destination.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        move.move_line_ids.date = fields.Datetime.now() - timedelta(days=days_ago)
        return move
