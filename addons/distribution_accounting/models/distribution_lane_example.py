from odoo import api, fields, models
from odoo.tools import format_amount

# What the examples are of: cost and list price of one piece.
COST, LIST_PRICE = 100.0, 150.0


class DistributionLane(models.Model):
    """The transfer price of a lane, in words."""

    _inherit = "distribution.lane"

    price_example = fields.Char(
        string="Example",
        compute="_compute_price_example",
        help="What the rule makes of goods that cost 100.00 and have a list price of 150.00.",
    )

    @api.depends("price_rule", "price_percent", "price_pricelist_id", "company_id")
    def _compute_price_example(self):
        for lane in self:
            currency = lane.company_id.currency_id or self.env.company.currency_id
            cost, full, price = (
                format_amount(self.env, amount, currency)
                for amount in (COST, LIST_PRICE, lane._example_price())
            )
            if lane.price_rule == "pricelist":
                lane.price_example = self.env._(
                    "Goods go at what %(pricelist)s says, whatever they cost.",
                    pricelist=lane.price_pricelist_id.name
                    or self.env._("the price list"),
                )
            elif lane.price_rule == "list_minus":
                lane.price_example = self.env._(
                    "Goods with a list price of %(full)s go at %(price)s.",
                    full=full,
                    price=price,
                )
            else:
                lane.price_example = self.env._(
                    "Goods costing %(cost)s go at %(price)s.", cost=cost, price=price
                )

    def _example_price(self):
        """The price of what the example is of, by the rule of the lane."""
        self.ensure_one()
        if self.price_rule == "cost_plus":
            return COST * (1.0 + self.price_percent / 100.0)
        if self.price_rule == "list_minus":
            return LIST_PRICE * (1.0 - self.price_percent / 100.0)
        return COST
