import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SUFFIX = re.compile(r"[A-Z0-9][A-Z0-9.-]*")
# Deliveries take goods from below the warehouse's stock location; what is on hold or
# damaged must not be there.
ROLES_OUTSIDE_STOCK = ("input", "output", "quality_hold", "damaged")


class DistributionTemplateLocation(models.Model):
    """A location of every branch that is opened from the template."""

    _name = "distribution.template.location"
    _description = "Location of a Branch Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "distribution.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    location_role = fields.Selection(
        selection=lambda self: self._selection_location_role(),
        string="Role",
        help="What the location is for. It decides whether its stock can be promised.",
    )
    parent_id = fields.Many2one(
        "distribution.template.location",
        string="Inside",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('template_id', '=', template_id), ('id', '!=', id)]",
        help="The location of the template that this one is in.",
    )
    outside_stock = fields.Boolean(
        compute="_compute_outside_stock",
        store=True,
        readonly=False,
        precompute=True,
        help="Beside the warehouse's stock location instead of in it, so that "
        "deliveries do not take goods from here. For a location that is in no other.",
    )
    barcode_suffix = fields.Char(
        string="Barcode",
        help="The barcode is the code of the branch, a hyphen and this: capital "
        "letters, digits, dots and hyphens. Left empty, the location gets no barcode.",
    )

    _suffix_unique = models.UniqueIndex(
        "(template_id, barcode_suffix) WHERE barcode_suffix IS NOT NULL",
        "Two locations of a template cannot have the same barcode.",
    )

    @api.model
    def _selection_location_role(self):
        roles = self.env["stock.location"]._fields["location_role"].selection
        # Transit locations belong to lanes, which make them.
        return [(value, label) for value, label in roles if value != "transit"]

    @api.depends("location_role")
    def _compute_outside_stock(self):
        for line in self:
            line.outside_stock = line.location_role in ROLES_OUTSIDE_STOCK

    @api.constrains("parent_id", "template_id")
    def _check_parent(self):
        for line in self.filtered("parent_id"):
            if line.parent_id.template_id != line.template_id:
                raise ValidationError(
                    self.env._(
                        "Location %(location)s of template %(template)s cannot be "
                        "inside %(parent)s, which belongs to template %(other)s.",
                        location=line.name,
                        template=line.template_id.name,
                        parent=line.parent_id.name,
                        other=line.parent_id.template_id.name,
                    )
                )
            line._check_no_cycle()

    def _check_no_cycle(self):
        """Refuse a location inside itself, naming the circle."""
        path, parent = [self.name], self.parent_id
        while parent and parent != self and len(path) < 50:
            path.append(parent.name)
            parent = parent.parent_id
        if parent:
            raise ValidationError(
                self.env._(
                    "The locations of template %(template)s go round in a circle: "
                    "%(circle)s. Clear the field Inside of one of them.",
                    template=self.template_id.name,
                    circle=" → ".join([*path, parent.name]),
                )
            )

    @api.constrains("barcode_suffix")
    def _check_barcode_suffix(self):
        for line in self.filtered("barcode_suffix"):
            if not SUFFIX.fullmatch(line.barcode_suffix):
                raise ValidationError(
                    self.env._(
                        "%(barcode)s cannot be the barcode of location %(location)s of "
                        "template %(template)s: use capital letters, digits, dots and "
                        "hyphens.",
                        barcode=line.barcode_suffix,
                        location=line.name,
                        template=line.template_id.name,
                    )
                )

    @api.constrains("name", "parent_id", "template_id", "outside_stock")
    def _check_name_is_unique_in_parent(self):
        """Two locations of one name in one place could not be told apart."""
        for template in self.template_id:
            seen = {}
            for line in template.location_ids:
                place = (line.parent_id, not line.parent_id and line.outside_stock)
                if seen.setdefault((place, line.name), line) != line:
                    raise ValidationError(
                        self.env._(
                            "Template %(template)s has two locations with the name "
                            "%(location)s in the same place. Rename one of them.",
                            template=template.name,
                            location=line.name,
                        )
                    )

    def _parents_first(self):
        """The lines, each after the one it is in."""
        ordered = self.browse()
        waiting = self.sorted()
        while waiting:
            ready = waiting.filtered(
                lambda line, rest=waiting: line.parent_id not in rest
            )
            ordered += ready
            waiting -= ready
        return ordered

    def _copy_tree(self, template):
        copies = {}
        for line in self._parents_first():
            values = line.copy_data({"template_id": template.id})[0]
            values["parent_id"] = copies.get(line.parent_id, line.browse()).id
            copies[line] = line.create(values)
