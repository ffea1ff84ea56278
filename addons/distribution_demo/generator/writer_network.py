"""Regions, branches opened from templates, and users with roles. Needs the suite."""

from odoo.exceptions import UserError

from .network import PASSWORD
from .writer import Writer

TEMPLATES = {True: "central", False: "depot"}


class NewDatabaseCheck(Writer):
    """Refuses a second time before anything is written."""

    theme = "check"

    def run(self):
        logins = [user.login for user in self.plan.users]
        taken = self.env["res.users"].search([("login", "in", logins)])
        if taken:
            raise UserError(
                taken.env._(
                    "The users %(logins)s exist already. Install the demonstration in a"
                    " new database.",
                    logins=", ".join(taken.mapped("login")),
                )
            )


class NetworkWriter(Writer):
    theme = "network"

    def run(self):
        regions = self._write_regions()
        branches = self._open_branches(regions)
        self.book.branches = branches
        for planned in self.plan.branches:
            branch = branches[planned.key]
            self.book.warehouses[planned.key] = branch.warehouse_id
            lane = branch.lane_in_ids.filtered(
                lambda lane: lane.source_branch_id.branch_type == "central"
            )
            if lane:
                self.book.routes[planned.key] = lane[0].route_id
        self._retire_first_warehouse()

    def _write_regions(self):
        regions = {}
        for planned in self.plan.regions:
            parent = regions.get(planned.parent)
            regions[planned.code] = self.env["distribution.region"].create(
                {
                    "name": planned.name,
                    "code": planned.code,
                    "parent_id": parent.id if parent else False,
                }
            )
        return regions

    def _open_branches(self, regions):
        branches = {}
        for planned in self.plan.branches:
            values = {
                "name": planned.name,
                "code": planned.code,
                "region_id": regions[planned.region].id,
                "branch_type": TEMPLATES[planned.is_central],
            }
            branches[planned.key] = self.env["distribution.branch"].create(values)
        central, *depots = branches.values()
        for depot in depots:
            self.env["distribution.lane"].create(
                {
                    "source_branch_id": central.id,
                    "destination_branch_id": depot.id,
                    "transit_days": 1,
                }
            )
        return branches

    def _retire_first_warehouse(self):
        """Archive the warehouse that came with the database; nothing is in it."""
        mine = self.env["stock.warehouse"].concat(*self.book.warehouses.values())
        spare = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id), ("id", "not in", mine.ids)]
        )
        spare.filtered(lambda warehouse: not self._is_used(warehouse)).active = False

    def _is_used(self, warehouse):
        inside = [("location_id", "child_of", warehouse.view_location_id.id)]
        return bool(
            self.env["stock.quant"].search_count(inside, limit=1)
            or self.env["stock.picking"].search_count(
                [("picking_type_id.warehouse_id", "=", warehouse.id)], limit=1
            )
        )


class UserWriter(Writer):
    """People with a role and their branches, and the managers of the regions."""

    theme = "users"

    def run(self):
        users = self.create(
            "res.users", [self._user_values(user) for user in self.plan.users]
        )
        keys = [user.key for user in self.plan.users]
        self.book.users = dict(zip(keys, users, strict=True))
        self._appoint_managers()

    def _user_values(self, user):
        group = self.env.ref(f"distribution_base.group_{user.role}")
        branches = [self.book.branches[key] for key in user.branches]
        warehouses = [self.book.warehouses[key] for key in user.branches]
        values = {
            "name": user.name,
            "login": user.login,
            "email": user.login,
            "password": PASSWORD,
            "group_ids": [(4, self.env.ref("base.group_user").id), (4, group.id)],
            "branch_ids": [(6, 0, [branch.id for branch in branches])],
        }
        if warehouses:
            values["property_warehouse_id"] = warehouses[0].id
        return values

    def _appoint_managers(self):
        for planned in self.plan.regions:
            if planned.manager:
                region = self.env["distribution.region"].search(
                    [("code", "=", planned.code), ("company_id", "=", self.company.id)]
                )
                region.manager_id = self.book.users[planned.manager]
        for planned in self.plan.branches:
            branch = self.book.branches[planned.key]
            branch.manager_id = self.book.users[f"manager.{planned.key}"]
