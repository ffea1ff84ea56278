from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionTemplate(models.Model):
    """What shared costs of a new branch go by."""

    _inherit = "distribution.template"

    floor_space = fields.Float(
        digits=(16, 2),
        tracking=True,
        help="Square metres of a new branch, for distribution keys by floor space. The "
        "branch has its own afterwards. Nil proposes nothing.",
    )
    head_count = fields.Integer(
        string="Head-count",
        tracking=True,
        help="People of a new branch, for distribution keys by head-count. The branch has "
        "its own afterwards. Nil proposes nothing.",
    )

    _measures_sane = models.Constraint(
        "CHECK (head_count >= 0 AND floor_space >= 0)",
        "The head-count and the floor space of a branch cannot be below nil.",
    )


class DistributionTemplateLane(models.Model):
    """What the receiving branch pays the sending one along the lane."""

    _inherit = "distribution.template.lane"

    price_rule = fields.Selection(
        selection=lambda self: self.env["distribution.lane"]
        ._fields["price_rule"]
        ._description_selection(self.env),
        string="Transfer Price",
        default="cost",
        required=True,
        help="What the receiving branch pays the sending one when goods arrive.",
    )
    price_percent = fields.Float(
        string="Transfer Price %",
        digits=(16, 2),
        help="Percent on top of the cost, or off the list price.",
    )
    price_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Transfer Price List",
        check_company=True,
        ondelete="restrict",
        help="In the currency of the company whose branches are opened.",
    )
    price_deferred = fields.Boolean(
        string="Defer Mark-up",
        default=True,
        help="The sending branch earns its mark-up when the goods leave the receiving one.",
    )
    freight_bearer = fields.Selection(
        selection=lambda self: self.env["distribution.lane"]
        ._fields["freight_bearer"]
        ._description_selection(self.env),
        string="Freight Borne By",
        default="destination",
        required=True,
        help="The branch that the freight of transfers is posted to.",
    )

    @api.constrains("price_rule", "price_percent", "price_pricelist_id")
    def _check_price(self):
        for line in self:
            most = 100.0 if line.price_rule == "list_minus" else 1000.0
            if line.price_rule == "pricelist" and not line.price_pricelist_id:
                problem = self.env._("it needs a price list.")
            elif not 0 <= line.price_percent <= most:
                problem = self.env._(
                    "the percentage has to be between 0 and %(most)d.", most=most
                )
            else:
                continue
            raise ValidationError(
                self.env._(
                    "Transfer price of %(lane)s of template %(template)s: %(problem)s",
                    lane=line.display_name,
                    template=line.template_id.name,
                    problem=problem,
                )
            )

    def _prepare_price(self):
        """The transfer price of the lane, without what its rule does not use."""
        self.ensure_one()
        values = {"price_rule": self.price_rule, "freight_bearer": self.freight_bearer}
        if self.price_rule == "pricelist":
            values["price_pricelist_id"] = self.price_pricelist_id.id
        elif self.price_rule != "cost":
            values["price_percent"] = self.price_percent
        if self.price_rule != "cost":
            values["price_deferred"] = self.price_deferred
        return values
