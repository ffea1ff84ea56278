from odoo import api, fields, models
from odoo.exceptions import ValidationError

PROMISABLE_ROLES = ("reserve", "picking", "input", "output")


class StockLocation(models.Model):
    _inherit = "stock.location"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="warehouse_id.branch_id",
        store=True,
        index="btree_not_null",
        help="The branch whose warehouse the location is in.",
    )
    lane_id = fields.Many2one(
        "distribution.lane",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The lane whose goods are here while they travel.",
    )
    location_role = fields.Selection(
        [
            ("reserve", "Reserve"),
            ("picking", "Picking"),
            ("input", "Goods in"),
            ("output", "Goods out"),
            ("quality_hold", "Quality hold"),
            ("damaged", "Damaged"),
            ("transit", "Transit"),
        ],
        index="btree_not_null",
        help="What the location is for. The role decides whether its stock can be "
        "promised to a customer; the name does not.",
    )
    is_promisable = fields.Boolean(
        compute="_compute_is_promisable",
        recursive=True,
        store=True,
        help="Stock here can be promised: the location is internal and has no role, or "
        "one of reserve, picking, goods in, goods out; and no location above it is on "
        "hold or for damaged goods.",
    )

    @api.depends(
        "usage", "location_role", "location_id.is_promisable", "location_id.usage"
    )
    def _compute_is_promisable(self):
        for location in self:
            parent = location.location_id
            location.is_promisable = (
                location.usage == "internal"
                and (
                    not location.location_role
                    or location.location_role in PROMISABLE_ROLES
                )
                and (parent.usage != "internal" or parent.is_promisable)
            )

    @api.constrains("location_role", "usage")
    def _check_location_role(self):
        for location in self:
            is_transit = location.location_role == "transit"
            if is_transit and location.usage != "transit":
                raise ValidationError(
                    self.env._(
                        "Location %s cannot have the role Transit: its type is not "
                        "transit location.",
                        location.display_name,
                    )
                )
            if (
                location.location_role
                and not is_transit
                and location.usage != "internal"
            ):
                raise ValidationError(
                    self.env._(
                        "Location %s cannot have a role: only internal and transit "
                        "locations hold stock of a branch.",
                        location.display_name,
                    )
                )


class StockQuant(models.Model):
    _inherit = "stock.quant"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="location_id.branch_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
