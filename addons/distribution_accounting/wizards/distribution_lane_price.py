from odoo import api, fields, models


class DistributionLanePrice(models.TransientModel):
    """A new transfer price of a lane, for what arrives from now on."""

    _name = "distribution.lane.price"
    _description = "Transfer Price"
    _check_company_auto = True

    lane_id = fields.Many2one(
        "distribution.lane",
        required=True,
        ondelete="cascade",
        check_company=True,
        help="The lane whose goods get the price.",
    )
    company_id = fields.Many2one(related="lane_id.company_id", help="That of the lane.")
    price_rule = fields.Selection(
        selection=lambda self: self.env["distribution.lane"]
        ._fields["price_rule"]
        ._description_selection(self.env),
        string="Transfer Price",
        required=True,
        default="cost",
        help="What the receiving branch pays the sending one when goods arrive. What "
        "arrived before keeps its price.",
    )
    price_percent = fields.Float(
        string="Percent",
        digits=(16, 2),
        help="Percent on top of the cost, or off the list price.",
    )
    price_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        check_company=True,
        help="In company currency. Products that it has no price for go at list price.",
    )
    price_deferred = fields.Boolean(
        string="Defer Mark-up",
        default=True,
        help="The sending branch earns its mark-up, and the receiving one bears it, when "
        "the goods leave the receiving branch. Without it, when they arrive.",
    )
    freight_bearer = fields.Selection(
        selection=lambda self: self.env["distribution.lane"]
        ._fields["freight_bearer"]
        ._description_selection(self.env),
        string="Freight Borne By",
        required=True,
        default="destination",
        help="The branch that the freight of transfers is posted to.",
    )
    price_example = fields.Char(
        string="Example",
        compute="_compute_price_example",
        help="What the rule makes of goods that cost 100.00 and have a list price of 150.00.",
    )

    @api.depends("price_rule", "price_percent", "price_pricelist_id")
    def _compute_price_example(self):
        for wizard in self:
            lane = wizard.lane_id.new(
                {
                    "company_id": wizard.company_id.id,
                    "price_rule": wizard.price_rule,
                    "price_percent": wizard.price_percent,
                    "price_pricelist_id": wizard.price_pricelist_id.id,
                }
            )
            wizard.price_example = lane.price_example

    def action_apply(self):
        """Give the lane the price.

        :raises AccessError: the user is no finance controller
        :raises ValidationError: the price makes no sense
        """
        self.ensure_one()
        if not self.lane_id._may_price():
            raise self.lane_id._price_error()
        self.lane_id.check_access("read")
        uses_percent = self.price_rule in ("cost_plus", "list_minus")
        # As superuser: a controller changes nothing else of a lane.
        self.lane_id.sudo().write(
            {
                "price_rule": self.price_rule,
                "price_percent": self.price_percent if uses_percent else 0.0,
                "price_pricelist_id": self.price_rule == "pricelist"
                and self.price_pricelist_id.id,
                "price_deferred": self.price_deferred,
                "freight_bearer": self.freight_bearer,
            }
        )
        return {"type": "ir.actions.act_window_close"}
