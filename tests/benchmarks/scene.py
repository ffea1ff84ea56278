"""The records that an operation works on, found again in either database."""

import json

PARAMETER = "distribution_benchmark.scene"


class Scene:
    """One transaction in one database."""

    def __init__(self, env, sizes):
        values = json.loads(env["ir.config_parameter"].sudo().get_param(PARAMETER))
        self.env = env
        self.sizes = sizes
        self.clerk = env["res.users"].browse(values["clerk"])
        self.products = env["product.product"].browse(values["products"])
        self.customers = env["res.partner"].browse(values["customers"])
        self.warehouses = env["stock.warehouse"].browse(values["warehouses"])
        self.stocked = values["stocked"]

    @property
    def central(self):
        """The warehouse that supplies the others."""
        return self.warehouses[0]

    @property
    def depot(self):
        """The warehouse of the clerk."""
        return self.warehouses[1]

    def as_clerk(self, model):
        """`model` as the clerk's web client would ask for it."""
        context = {
            "lang": "en_US",
            "tz": "UTC",
            "uid": self.clerk.id,
            "allowed_company_ids": self.env.company.ids,
        }
        return self.env(user=self.clerk.id, context=context)[model]

    def order_values(self, orders, lines, warehouse=None):
        """Values of orders that take the depot's products in turn."""
        warehouse = warehouse or self.depot
        return [
            {
                "partner_id": self.customers[number % len(self.customers)].id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    (0, 0, self._line_values(number * lines + line))
                    for line in range(lines)
                ],
            }
            for number in range(orders)
        ]

    def purchase_values(self, orders, lines):
        """Values of purchase orders of the depot's products, each of one vendor."""
        vendors = self.env["product.supplierinfo"].search([], order="id").partner_id
        return [
            {
                "partner_id": vendors[number % len(vendors)].id,
                "picking_type_id": self.depot.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.products[
                                (number * lines + line) % len(self.products)
                            ].id,
                            "product_qty": 5,
                            "price_unit": 1.0,
                        },
                    )
                    for line in range(lines)
                ],
            }
            for number in range(orders)
        ]

    def _line_values(self, number):
        product = self.stocked[number % len(self.stocked)]
        return {"product_id": product, "product_uom_qty": 1 + number % 3}

    def depot_orders(self):
        """The confirmed orders of the depot."""
        return self.env["sale.order"].search(
            [("warehouse_id", "=", self.depot.id)], order="id"
        )

    def depot_deliveries(self):
        """The deliveries of the depot that wait to be validated."""
        return self.env["stock.picking"].search(
            [
                ("picking_type_id", "=", self.depot.out_type_id.id),
                ("state", "=", "assigned"),
            ],
            order="id",
        )
