"""Regions, branches opened from templates, and users with roles. Needs the suite."""

from odoo.exceptions import UserError

from .network import PASSWORD
from .writer import Writer

TEMPLATES = {
    True: "distribution_template.template_central",
    False: "distribution_template.template_depot",
}


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


class UserWriter(Writer):
    """People. Those of a branch get their role from their job there."""

    theme = "users"

    def run(self):
        users = self.create_all(
            "res.users", [self._user_values(user) for user in self.plan.users]
        )
        self._set_password(users)
        keys = [user.key for user in self.plan.users]
        self.book.users = dict(zip(keys, users, strict=True))

    def _set_password(self, users):
        """Hash the one password once: a good hash is slow."""
        password = users._crypt_context().hash(PASSWORD)
        for user in users:
            user._set_encrypted_password(user.id, password)

    def _user_values(self, user):
        groups = [self.env.ref("base.group_user").id]
        if not user.branches:
            groups.append(self.env.ref(f"distribution_base.group_{user.role}").id)
        return {
            "name": user.name,
            "login": user.login,
            "email": user.login,
            "group_ids": [(6, 0, groups)],
            # Nobody reads mails to invented addresses.
            "notification_type": "inbox",
        }


class NetworkWriter(Writer):
    """Regions with their managers, and branches opened from templates."""

    theme = "network"

    def run(self):
        regions = self._write_regions()
        for planned in self.plan.branches:
            self._enter(planned, self._open_branch(planned, regions[planned.region]))
        self._retire_first_warehouse()

    def _write_regions(self):
        regions = {}
        for planned in self.plan.regions:
            parent = regions.get(planned.parent)
            manager = self.book.users.get(planned.manager)
            regions[planned.code] = self.env["distribution.region"].create(
                {
                    "name": planned.name,
                    "code": planned.code,
                    "parent_id": parent.id if parent else False,
                    "manager_id": manager.id if manager else False,
                }
            )
        return regions

    def _open_branch(self, planned, region):
        """Open a branch as an administrator of the network does."""
        template = self.env.ref(TEMPLATES[planned.is_central])
        Opening = self.env["distribution.branch.opening"]
        opening = Opening.with_user(self.book.users["administrator"]).create(
            {
                "template_id": template.id,
                "name": planned.name,
                "code": planned.code,
                "region_id": region.id,
                "street": planned.street,
                "zip": planned.zip,
                "city": planned.city,
                "country_id": self.company.country_id.id,
                "manager_id": self.book.users[f"manager.{planned.key}"].id,
                "person_ids": [
                    (0, 0, values) for values in self._people(planned, template)
                ],
            }
        )
        opening.action_preview()
        opening.action_apply()
        return opening.branch_id

    def _people(self, planned, template):
        """Who works there: the first job of the template that gives their role."""
        jobs = {job.group_id: job for job in template.job_ids[::-1]}
        return [
            {
                "user_id": self.book.users[user.key].id,
                "job_id": jobs[self.env.ref(f"distribution_base.group_{user.role}")].id,
            }
            for user in self.plan.users
            if planned.key in user.branches
        ]

    def _enter(self, planned, branch):
        branch = self.env["distribution.branch"].browse(branch.id)
        warehouse = branch.warehouse_id
        self.book.branches[planned.key] = branch
        self.book.warehouses[planned.key] = warehouse
        self.book.shelves[planned.key] = self._shelf(warehouse)
        lane = branch.lane_in_ids.filtered(
            lambda lane: lane.source_branch_id.branch_type == "central"
        )
        if lane:
            self.book.lanes[planned.key] = self.env["distribution.lane"].browse(
                lane[:1].id
            )
            self.book.routes[planned.key] = lane[:1].route_id

    def _shelf(self, warehouse):
        """Where in the warehouse's stock the template says that goods are picked."""
        return self.env["stock.location"].search(
            [
                ("id", "child_of", warehouse.lot_stock_id.id),
                ("id", "!=", warehouse.lot_stock_id.id),
                ("location_role", "=", "picking"),
            ],
            limit=1,
        )

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


class PutawayWriter(Writer):
    """What comes in goes to the shelf it is picked from."""

    theme = "put-away"

    def run(self):
        category = self.book.categories["all"]
        self.create_all(
            "stock.putaway.rule",
            [
                {
                    "category_id": category,
                    "location_in_id": warehouse.lot_stock_id.id,
                    "location_out_id": self.book.shelves[key].id,
                }
                for key, warehouse in self.book.warehouses.items()
                if self.book.shelves.get(key)
            ],
        )
