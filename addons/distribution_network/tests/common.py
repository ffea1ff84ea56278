from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distribution_base.tests.common import DistributionCase


class NetworkCase(DistributionCase):
    """A central warehouse and two depots, as the suite's tests see them.

    `central`, `north` and `west` are branches of regions of their own; a lane leads from
    the central warehouse to each depot, every day at 16:00 UTC, one day on the road.
    `cora`, `olga` and `wim` are operators there, `bea` manages the north depot and `rita`
    its region; `paul` plans the network, `boss` administers it.

    Verbs: `_open_branch`, `_open_lane`, `_count` (stock through inventory), `_sell`,
    `_buy`, `_replenish` (along a lane), `_do` (validate a transfer in full).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.always = cls.env["resource.calendar"].create(
            {"name": "Every day", "tz": "UTC", "attendance_ids": cls._every_day(0, 24)}
        )
        Region = cls.env["distribution.region"]
        cls.network = Region.create({"name": "Network", "code": "NET"})
        cls.region_north, cls.region_west = Region.create(
            [
                {"name": "North", "code": "RN", "parent_id": cls.network.id},
                {"name": "West", "code": "RW", "parent_id": cls.network.id},
            ]
        )
        cls.central = cls._open_branch("Central", "CEN", cls.network, "central")
        cls.north = cls._open_branch("North", "NOR", cls.region_north)
        cls.west = cls._open_branch("West", "WES", cls.region_west)
        cls.lane_north = cls._open_lane(cls.central, cls.north)
        cls.lane_west = cls._open_lane(cls.central, cls.west)
        cls.cora = cls._new_user("branch_operator", "cora", branch_ids=cls.central.ids)
        cls.olga = cls._new_user("branch_operator", "olga", branch_ids=cls.north.ids)
        cls.wim = cls._new_user("branch_operator", "wim", branch_ids=cls.west.ids)
        cls.bea = cls._new_user("branch_manager", "bea", branch_ids=cls.north.ids)
        cls.rita = cls._new_user("regional_manager", "rita")
        cls.region_north.manager_id = cls.rita
        cls.paul = cls._new_user("network_planner", "paul")
        cls.boss = cls._new_user("administrator", "boss")
        cls.customer = cls.env["res.partner"].create({"name": "Fjord Machines"})
        cls.vendor = cls.env["res.partner"].create({"name": "Nordic Bolts"})
        cls.product = cls._new_product("Hex bolt M8")

    @classmethod
    def _every_day(cls, start, end):
        """Attendance lines for each weekday; several hours a line."""
        return [
            Command.create(
                {
                    "name": f"Day {day}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": "morning",
                }
            )
            for day in range(7)
        ]

    @classmethod
    def _new_product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "list_price": 10.0,
                "standard_price": 4.0,
                **values,
            }
        )

    @classmethod
    def _open_branch(cls, name, code, region, branch_type="depot", **values):
        return cls.env["distribution.branch"].create(
            {
                "name": name,
                "code": code,
                "region_id": region.id,
                "branch_type": branch_type,
                "calendar_id": cls.always.id,
                **values,
            }
        )

    @classmethod
    def _open_lane(cls, source, destination, **values):
        return cls.env["distribution.lane"].create(
            {
                "source_branch_id": source.id,
                "destination_branch_id": destination.id,
                "saturday": True,
                "sunday": True,
                **values,
            }
        )

    @classmethod
    def _count(cls, product, branch, quantity, location=None):
        """Put `quantity` of `product` in stock, as a count would."""
        location = location or branch.warehouse_id.lot_stock_id
        cls.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def _sell(self, user, branch, quantity, product=None, route=None, confirm=True):
        """An order of `user` at `branch`, confirmed."""
        line = {
            "product_id": (product or self.product).id,
            "product_uom_qty": quantity,
            "price_unit": 10.0,
        }
        if route:
            line["route_ids"] = route.ids
        order = (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": branch.warehouse_id.id,
                    "order_line": [Command.create(line)],
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    def _buy(self, user, branch, quantity, product=None, confirm=True):
        """A purchase order of `user` for `branch`, confirmed."""
        order = (
            self.env["purchase.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": branch.warehouse_id.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or self.product).id,
                                "product_qty": quantity,
                                "price_unit": 4.0,
                            }
                        )
                    ],
                }
            )
        )
        if confirm:
            order.button_confirm()
        return order

    def _replenish(self, lane, quantity, product=None, needed=None):
        """Bring goods along `lane` by its route; returns its transfers, shipping first."""
        product = product or self.product
        Rule = self.env["stock.rule"]
        destination = lane.destination_branch_id.warehouse_id
        before = self.env["stock.picking"].search([("lane_id", "=", lane.id)])
        Rule.run(
            [
                Rule.Procurement(
                    product,
                    quantity,
                    product.uom_id,
                    destination.lot_stock_id,
                    "Replenish",
                    "TEST",
                    self.company,
                    {
                        "route_ids": lane.route_id,
                        "warehouse_id": destination,
                        "date_planned": needed
                        or fields.Datetime.now() + timedelta(days=3),
                    },
                )
            ]
        )
        pickings = (
            self.env["stock.picking"].search([("lane_id", "=", lane.id)]) - before
        )
        return pickings.sorted(lambda picking: picking.picking_type_code == "incoming")

    def _do(self, picking, user=None, quantity=None):
        """Validate a transfer, in full unless `quantity` says how much is done."""
        picking = picking.with_user(user) if user else picking
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        return picking

    def _on_hand(self, branch, product=None):
        product = (product or self.product).with_context(
            warehouse_id=branch.warehouse_id.id
        )
        product.invalidate_recordset()
        return product.qty_available

    def _in_transit(self, lane, product=None):
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "=", lane.transit_location_id.id),
                ("product_id", "=", (product or self.product).id),
            ]
        )
        return sum(quants.mapped("quantity"))
