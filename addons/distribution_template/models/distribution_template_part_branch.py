from odoo import api, models

from .plan import CHANGE, CREATE, Item, Ref, SideEffect


class DistributionTemplatePartBranch(models.AbstractModel):
    """The branch itself: its address, its warehouse with its steps, and its type."""

    _name = "distribution.template.part.branch"
    _description = "Branch"
    _inherit = ["distribution.template.part"]

    _part_sequence = 10
    _part_side_models = (
        "stock.location",
        "stock.picking.type",
        "ir.sequence",
        "stock.route",
        "stock.rule",
    )

    @api.private
    def describe(self, target):
        """The address of a new branch, the warehouse and the branch."""
        items = [self._warehouse_item(target), self._branch_item(target)]
        if not target.branch:
            items.insert(0, self._address_item(target))
        return items

    def _address_item(self, target):
        return Item(
            key="address",
            label=self.env._("Address of %s", target.name),
            model="res.partner",
            initial={
                "name": target.name,
                "parent_id": target.company.partner_id.id,
                "type": "other",
                "company_id": target.company.id,
                **target.address,
            },
        )

    def _warehouse_item(self, target):
        template = target.template
        return Item(
            key="warehouse",
            label=self.env._("Warehouse %s", target.name),
            model="stock.warehouse",
            record=target.branch.warehouse_id,
            values={
                "reception_steps": template.reception_steps,
                "delivery_steps": template.delivery_steps,
            },
            initial={
                "name": target.name,
                "code": target.code,
                "company_id": target.company.id,
                "partner_id": Ref("address"),
            },
        )

    def _branch_item(self, target):
        values = {"branch_type": target.template.branch_type}
        if target.template.calendar_id:
            values["calendar_id"] = target.template.calendar_id.id
        return Item(
            key="branch",
            label=self.env._(
                "Branch [%(code)s] %(name)s", code=target.code, name=target.name
            ),
            model="distribution.branch",
            record=target.branch,
            values=values,
            initial={
                "name": target.name,
                "code": target.code,
                "company_id": target.company.id,
                "partner_id": Ref("address"),
                "warehouse_id": Ref("warehouse"),
                **target.initial,
            },
        )

    def _side_effects(self, target, item, change):
        if item.key != "warehouse":
            return []
        if change.action == CHANGE:
            label = self.env._("Routes, rules and operation types of %s", item.label)
            return [SideEffect(CHANGE, "stock.route", label)]
        # A record in memory, to ask Odoo what it will make; nothing is written.
        values = {
            d.field: d.value for d in change.diffs if not isinstance(d.value, Ref)
        }
        warehouse = self.env["stock.warehouse"].new(values)
        return [
            SideEffect(CREATE, model, label, count)
            for model, label, count in self._warehouse_records(warehouse, values)
        ]

    def _warehouse_records(self, warehouse, values):
        """What Odoo makes with a warehouse: (model, label, how many)."""
        code = warehouse.code
        yield "stock.location", self.env._("Location %s", code), 1
        for location in warehouse._get_locations_values(values).values():
            yield "stock.location", f"{code}/{location['name']}", 1
        types = warehouse._get_picking_type_create_values(0)[0]
        for operation in types.values():
            name = operation["name"]
            yield "stock.picking.type", self.env._("Operation type %s", name), 1
        label = self.env._("Number sequences of the operation types")
        yield "ir.sequence", label, len(types)
        routes = warehouse._get_routes_values()
        for route in routes.values():
            yield "stock.route", route["route_update_values"]["name"], 1
        yield "stock.rule", self.env._("Rules"), self._rule_count(warehouse, routes)

    def _rule_count(self, warehouse, routes):
        """Rules of the warehouse's own routes, and one in each route for all."""
        rules = warehouse.get_rules_dict()[warehouse.id]
        shared = [
            field
            for field in warehouse._fields.values()
            if field.type == "many2one" and field.comodel_name == "stock.rule"
        ]
        return len(shared) + sum(len(rules[r["routing_key"]]) for r in routes.values())

    def _writable(self, records):
        """As superuser for the address, which may be made, but not be deleted."""
        return records.sudo() if records._name == "res.partner" else records

    # --- taking back ------------------------------------------------------------------

    @api.private
    def undo(self, entries):
        """Restore an existing branch, or remove one with all that Odoo made for it."""
        created = {
            entry["key"]: self._entry_record(entry)
            for entry in entries
            if entry["action"] == "create" and not entry.get("side")
        }
        for entry in entries:
            if entry["action"] == "change":
                self._restore(entry)
        if "branch" in created:
            self._remove_branch(created["branch"], created["warehouse"], entries)
            created["address"].sudo().unlink()  # only what this opening made; see above
        else:
            # Rules that came with other steps of the warehouse.
            self._side_records(entries)["stock.rule"].unlink()

    def _remove_branch(self, branch, warehouse, entries):
        side = self._side_records(entries)
        branch.unlink()
        inside = self.env["stock.location"].with_context(active_test=False)
        locations = inside.search([("id", "child_of", warehouse.view_location_id.id)])
        rules = self.env["stock.rule"].with_context(active_test=False)
        rules.search([("warehouse_id", "=", warehouse.id)]).unlink()
        side["stock.picking.type"].unlink()
        warehouse.unlink()
        side["stock.route"].unlink()
        locations.sorted("parent_path", reverse=True).unlink()
        # As superuser: Odoo made the sequences so, for the operation types.
        side["ir.sequence"].sudo().unlink()

    def _side_records(self, entries):
        """What Odoo made along with the warehouse and is still there."""
        side = {}
        for model in self._part_side_models:
            ids = [e["id"] for e in entries if e.get("side") and e["model"] == model]
            side[model] = self.env[model].browse(ids).exists()
        return side
