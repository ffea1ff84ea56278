from collections import namedtuple

from odoo import models

Leg = namedtuple("Leg", "source target operation supply role")


class DistributionLane(models.Model):
    """The route of a lane: the rules that bring goods along it.

    The rules follow the steps of the two warehouses, as those of Odoo's own resupply
    routes do, but through the lane's transit location, and with the packing step where
    the sending warehouse packs.
    """

    _inherit = "distribution.lane"

    def _sync_routes(self):
        """Make the routes and rules as the lanes and their warehouses say now.

        Rules are changed in place, so that what refers to them keeps its meaning; a rule
        that is not needed any more is archived.
        """
        for lane in self.with_context(active_test=False):
            # As superuser: a planner sets lanes, and need not be a stock manager.
            lane.sudo()._sync_route()

    def _sync_route(self):
        self.ensure_one()
        if not self.route_id:
            self.route_id = self.env["stock.route"].create(self._prepare_route_values())
        spare = self.route_id.with_context(active_test=False).rule_ids
        for leg in self._legs():
            values = self._prepare_rule_values(leg)
            rule = spare.filtered(lambda rule, leg=leg: rule.lane_leg == leg.role)[:1]
            if rule:
                rule.write(values)
            else:
                rule.create(values)
            spare -= rule
        spare.active = False

    def _legs(self):
        """The rules the route needs, from the sender's shelf to the receiver's."""
        source = self.source_branch_id.warehouse_id
        destination = self.destination_branch_id.warehouse_id
        transit = self.transit_location_id
        stock, output = source.lot_stock_id, source.wh_output_stock_loc_id
        pack = source.wh_pack_stock_loc_id
        receive = Leg(
            transit,
            destination.lot_stock_id,
            destination.in_type_id,
            "make_to_order",
            "receive",
        )
        arrival = [receive, self._delivery_leg(destination)]
        if source.delivery_steps == "ship_only":
            ship = Leg(stock, transit, source.out_type_id, "make_to_stock", "ship")
            return [ship, *arrival]
        ship = Leg(output, transit, source.out_type_id, "make_to_order", "ship")
        if source.delivery_steps == "pick_ship":
            pick = Leg(stock, output, source.pick_type_id, "make_to_stock", "pick")
            return [pick, ship, *arrival]
        pick = Leg(stock, pack, source.pick_type_id, "make_to_stock", "pick")
        packing = Leg(pack, output, source.pack_type_id, "make_to_order", "pack")
        return [pick, packing, ship, *arrival]

    def _delivery_leg(self, warehouse):
        """Deliver to a customer what is there, and bring along the lane what is missing.

        So the route can be chosen on an order line. It begins the delivery as the
        warehouse does; the push rules of its delivery route take the goods on.
        """
        one_step = warehouse.delivery_steps == "ship_only"
        customers, _suppliers = warehouse._get_partner_locations()
        return Leg(
            warehouse.lot_stock_id,
            customers,
            warehouse.out_type_id if one_step else warehouse.pick_type_id,
            "mts_else_mto",
            "deliver",
        )

    def _prepare_route_values(self):
        return {
            "name": self._route_name(),
            "company_id": self.company_id.id,
            "lane_id": self.id,
            "active": self.active,
            "product_selectable": True,
            "product_categ_selectable": True,
            "warehouse_selectable": True,
            "sale_selectable": True,
            "supplied_wh_id": self.destination_branch_id.warehouse_id.id,
            "supplier_wh_id": self.source_branch_id.warehouse_id.id,
        }

    def _route_name(self):
        return self.env._(
            "%(destination)s: supply from %(origin)s",
            destination=self.destination_branch_id.name,
            origin=self.source_branch_id.name,
        )

    def _prepare_rule_values(self, leg):
        at_destination = leg.role in ("receive", "deliver")
        branch = self.destination_branch_id if at_destination else self.source_branch_id
        return {
            "name": f"{self.name}: {leg.source.display_name} → {leg.target.display_name}",
            "active": self.active,
            "route_id": self.route_id.id,
            "company_id": self.company_id.id,
            "warehouse_id": branch.warehouse_id.id,
            "lane_leg": leg.role,
            "action": "pull",
            "auto": "manual",
            "procure_method": leg.supply,
            "location_src_id": leg.source.id,
            "location_dest_id": leg.target.id,
            # The receiver's goods-in may be elsewhere than its stock, and its goods-out
            # before the customer; push rules take them on. Every other leg ends where
            # the rule says.
            "location_dest_from_rule": not at_destination,
            "picking_type_id": leg.operation.id,
            # Reordering rules look this far ahead. The dates of the moves themselves
            # come from the timetable, see stock_rule.py.
            "delay": self.lead_days if leg.role == "receive" else 0,
        }

    def _set_active_of_route(self, active):
        """Archive or restore what belongs to the lane.

        The transit location stays active: goods may be under way, and Odoo does not value
        goods in an archived location.
        """
        routes = self.with_context(
            active_test=False
        ).route_id.sudo()  # as in _sync_routes
        routes.active = active
        if active:
            self._sync_routes()
