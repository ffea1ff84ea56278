from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionTemplateReplenishment(models.Model):
    """Reordering rules for the products of a category."""

    _name = "distribution.template.replenishment"
    _description = "Replenishment of a Branch Template"
    _rec_name = "categ_id"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "distribution.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    categ_id = fields.Many2one(
        "product.category",
        string="Category",
        required=True,
        ondelete="restrict",
        help="The storable products of this category and of those below it, except "
        "where another line names a category that is closer to the product.",
    )
    product_tag_id = fields.Many2one(
        "product.tag",
        string="Only with Tag",
        ondelete="restrict",
        help="Limits the line to products with this tag, such as Fast mover.",
    )
    trigger = fields.Selection(
        [("auto", "Auto"), ("manual", "Manual")],
        required=True,
        default="auto",
        help="Auto: the scheduler orders. Manual: a planner decides in the "
        "replenishment list.",
    )
    min_qty = fields.Float(
        string="Min",
        digits="Product Unit",
        help="Ordered when the forecast falls below this, in the product's unit.",
    )
    max_qty = fields.Float(
        string="Max",
        digits="Product Unit",
        help="Ordered up to this, in the product's unit.",
    )
    supply = fields.Selection(
        [
            ("default", "As the product says"),
            ("lane", "Inbound lane"),
            ("buy", "Buy"),
        ],
        string="Supply By",
        required=True,
        default="lane",
        help="Where goods come from: along the first inbound lane of the template, "
        "from a vendor, or by the routes of the product.",
    )
    enforce = fields.Boolean(
        string="Correct Existing",
        help="Also corrects reordering rules that exist. Without it the values are "
        "defaults for products without a rule, and what a planner tuned is left alone.",
    )

    _quantities_sane = models.Constraint(
        "CHECK (min_qty >= 0 AND max_qty >= min_qty)",
        "The quantities must be zero or more, the maximum no less than the minimum.",
    )
    _category_unique = models.UniqueIndex(
        "(template_id, categ_id, COALESCE(product_tag_id, 0))",
        "A template can name a category with the same tag only once.",
    )

    @api.constrains("supply", "template_id")
    def _check_lane_exists(self):
        for line in self.filtered(lambda line: line.supply == "lane"):
            if not line._inbound_lane():
                raise ValidationError(
                    self.env._(
                        "Category %(category)s of template %(template)s is supplied by "
                        "the inbound lane, and the template has none. Add a lane to "
                        "the branch, or choose another supply.",
                        category=line.categ_id.display_name,
                        template=line.template_id.name,
                    )
                )

    def _inbound_lane(self):
        return self.template_id.lane_ids.filtered(lambda lane: lane.direction == "in")[
            :1
        ]
