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
        self.sender = env["res.users"].browse(values["sender"])
        self.receiver = env["res.users"].browse(values["receiver"])
        self.products = env["product.product"].browse(values["products"])
        self.customers = env["res.partner"].browse(values["customers"])
        self.warehouses = env["stock.warehouse"].browse(values["warehouses"])
        self.stocked = values["stocked"]
        self.central_stocked = values["central_stocked"]

    @property
    def central(self):
        """The warehouse that supplies the others."""
        return self.warehouses[0]

    @property
    def depot(self):
        """The warehouse of the clerk, and of the receiver who is a colleague.

        The sender works in the central one.
        """
        return self.warehouses[1]

    @property
    def has_transfers(self):
        """Whether goods travel by governed transfers here."""
        return "distribution.transfer" in self.env

    @property
    def lane(self):
        """The lane from the central warehouse to the depot, with the suite."""
        return self.depot.branch_id.lane_in_ids

    @property
    def transit(self):
        """Where goods are between the warehouses."""
        if "distribution.lane" in self.env:
            return self.lane.transit_location_id
        return self.env.company.internal_transit_location_id

    def rest_scheduler(self):
        """Have no reordering rule run by itself, until the transaction ends."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("stock.no_auto_scheduler", "True")

    def retire_transfer_policies(self):
        """Have no policy in force for transfers, until the transaction ends."""
        if self.has_transfers:
            self.env["distribution.approval.policy"].search(
                [
                    ("document_model", "=", "distribution.transfer"),
                    ("state", "=", "active"),
                ]
            ).action_retire()

    def as_clerk(self, model):
        """`model` as the clerk's web client would ask for it."""
        return self.as_user(self.clerk, model)

    def as_user(self, user, model):
        """`model` as the web client of `user` would ask for it."""
        context = {
            "lang": "en_US",
            "tz": "UTC",
            "uid": user.id,
            "allowed_company_ids": self.env.company.ids,
        }
        return self.env(user=user.id, context=context)[model]

    def transfer_quantities(self, count):
        """{product id: quantity} of `count` lines that the central warehouse can ship."""
        products = self.central_stocked[:count]
        return {product: 1 + number % 3 for number, product in enumerate(products)}

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
