from odoo import Command
from odoo.tests import new_test_user


class StockApprovalMixin:
    """A warehouse with 100 bolts at 10 each; `stan` counts, `mia` manages, `bea` decides.

    `_policy(100)` lets bea decide on differences from 100 on, `_count(60)` enters a count,
    `_approve` lets bea approve what was asked for last.
    """

    @classmethod
    def _set_up_people_and_goods(cls):
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.Request = cls.env["distribution.approval.request"]
        cls.Quant = cls.env["stock.quant"]
        user, manager = "stock.group_stock_user", "stock.group_stock_manager"
        cls.stan = new_test_user(cls.env, login="stan", groups=user)
        cls.mia = new_test_user(cls.env, login="mia", groups=manager)
        cls.bea = new_test_user(cls.env, login="bea", groups=user)
        cls.warehouse = cls.env["stock.warehouse"].create(
            {"name": "Hall", "code": "HALL"}
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.loss = cls.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", cls.env.company.id)],
            limit=1,
        )
        cls.bolt = cls._product("Bolt", 10)
        cls.quant = cls._on_hand(cls.bolt, 100)

    @classmethod
    def _product(cls, name, cost, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "standard_price": cost,
                **values,
            }
        )

    @classmethod
    def _on_hand(cls, product, quantity, location=None, lot=None):
        location = location or cls.stock
        cls.Quant._update_available_quantity(product, location, quantity, lot_id=lot)
        return cls.Quant._gather(product, location, lot_id=lot, strict=True)

    @classmethod
    def _policy(cls, limit, measure="stock_variance_value", model="stock.quant"):
        policy = cls.env["distribution.approval.policy"].create(
            {
                "name": "Stock",
                "document_model": model,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Rule",
                            "measure": measure,
                            "band_ids": [
                                Command.create(
                                    {
                                        "has_lower": False,
                                        "has_upper": True,
                                        "upper": limit,
                                    }
                                ),
                                Command.create(
                                    {
                                        "lower": limit,
                                        "step_ids": [
                                            Command.create(
                                                {
                                                    "authority": "user",
                                                    "user_id": cls.bea.id,
                                                }
                                            )
                                        ],
                                    }
                                ),
                            ],
                        }
                    )
                ],
            }
        )
        policy.action_activate()
        return policy

    def _count(self, quantity, quant=None, user=None):
        """Enter a count, as in the list of the physical inventory."""
        quant = (quant or self.quant).with_user(user or self.stan)
        quant = quant.with_context(inventory_mode=True)
        quant.inventory_quantity = quantity
        quant.user_id = quant.env.user
        return quant

    def _request(self, document):
        return self.Request.search(
            [("res_model", "=", document._name), ("res_id", "in", document.ids)],
            order="id desc",
            limit=1,
        )

    def _approve(self, document):
        request = self._request(document).with_user(self.bea)
        request.action_approve(reason="Counted twice")
        return request

    def _moves(self, product=None):
        """Moves of the product from or to the location of differences."""
        return self.env["stock.move"].search(
            [
                ("product_id", "=", (product or self.bolt).id),
                ("state", "=", "done"),
                "|",
                ("location_id.usage", "=", "inventory"),
                ("location_dest_id.usage", "=", "inventory"),
            ]
        )

    def assertWaits(self, quant, counted):
        """Nothing is posted, and the count is kept."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(quant.quantity, 100)
        self.assertEqual(quant.inventory_quantity, counted)
        self.assertTrue(quant.inventory_quantity_set)
        self.assertEqual(quant.inventory_diff_quantity, counted - 100)
        self.assertEqual(quant.approval_state, "pending")
        self.assertFalse(self._moves())
