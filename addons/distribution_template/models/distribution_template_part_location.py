from odoo import api, models
from odoo.exceptions import UserError

from .plan import Item, Ref


class DistributionTemplatePartLocation(models.AbstractModel):
    """The locations of the template, in the warehouse of the branch."""

    _name = "distribution.template.part.location"
    _description = "Locations"
    _inherit = ["distribution.template.part"]

    _part_sequence = 20

    @api.private
    def describe(self, target):
        """One item for each location of the template, parents first."""
        lines = target.template.location_ids._parents_first()
        warehouse = target.branch.warehouse_id
        existing = self._existing_locations(warehouse)
        found, items = {}, []
        for line in lines:
            record = self._find(line, warehouse, existing, found)
            found[line] = record
            items.append(self._location_item(target, line, record))
        self._check_barcodes(target, items)
        return items

    def _existing_locations(self, warehouse):
        Location = self.env["stock.location"].with_context(active_test=False)
        if not warehouse:
            return Location.browse()
        return Location.search([("id", "child_of", warehouse.view_location_id.id)])

    def _find(self, line, warehouse, existing, found):
        """The location of a line: the one made from it, else the one of its name."""
        made = existing.filtered(lambda location: location.template_location_id == line)
        if made or not existing:
            return made[:1]
        parent = self._parent(line, warehouse, found)
        return existing.filtered(
            lambda location: location.location_id == parent
            and location.name == line.name
        )[:1]

    def _parent(self, line, warehouse, found):
        if line.parent_id:
            return found[line.parent_id]
        if line.outside_stock:
            return warehouse.view_location_id
        return warehouse.lot_stock_id

    def _location_item(self, target, line, record):
        values = {
            "name": line.name,
            "location_id": self._parent_value(target, line),
            "location_role": line.location_role,
            "active": True,
        }
        if line.barcode_suffix:
            values["barcode"] = f"{target.code}-{line.barcode_suffix}"
        values["template_location_id"] = line.id
        return Item(
            key=f"location:{line.id}",
            label=self.env._("Location %s", self._path(target, line)),
            model="stock.location",
            record=record,
            values=values,
            initial={"usage": "internal", "company_id": target.company.id},
            note=self._note(line, values),
        )

    def _parent_value(self, target, line):
        """The parent: an item of this part, or a location of the warehouse."""
        if line.parent_id:
            return Ref(f"location:{line.parent_id.id}")
        return Ref("view_location" if line.outside_stock else "stock_location")

    def _path(self, target, line):
        names = [line.name]
        while line.parent_id:
            line = line.parent_id
            names.append(line.name)
        if not line.outside_stock:
            names.append(self.env._("Stock"))
        return "/".join([target.code, *reversed(names)])

    def _note(self, line, values):
        labels = dict(line._fields["location_role"]._description_selection(self.env))
        parts = []
        if line.location_role:
            parts.append(self.env._("Role: %s", labels[line.location_role]))
        if values.get("barcode"):
            parts.append(self.env._("Barcode: %s", values["barcode"]))
        return "; ".join(parts) or self.env._("No role")

    def _value_text(self, target, field, value):
        text = super()._value_text(target, field, value)
        if field.name == "template_location_id" and value:
            # As superuser: the template before may be another company's.
            line = self.env[field.comodel_name].sudo().browse(value)
            return f"{line.template_id.name}: {text}"
        return text

    def _check_barcodes(self, target, items):
        """Name the location that has a barcode, before the database refuses it."""
        wanted = {
            item.values["barcode"]: item for item in items if "barcode" in item.values
        }
        owners = (
            self.env["stock.location"]
            .with_context(active_test=False)
            .search(
                [
                    ("barcode", "in", list(wanted)),
                    ("company_id", "=", target.company.id),
                ]
            )
        )
        for owner in owners:
            item = wanted[owner.barcode]
            if owner != item.record:
                raise UserError(
                    self.env._(
                        "%(location)s cannot get the barcode %(barcode)s: "
                        "%(owner)s has it. Change one of the two.",
                        location=item.label,
                        barcode=owner.barcode,
                        owner=owner.complete_name,
                    )
                )
