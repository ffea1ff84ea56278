from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributionLane(models.Model):
    """What the receiving branch pays the sending one for goods."""

    _inherit = "distribution.lane"

    price_rule = fields.Selection(
        [
            ("cost", "Cost"),
            ("cost_plus", "Cost plus"),
            ("list_minus", "List price less"),
            ("pricelist", "Price list"),
        ],
        string="Transfer Price",
        default="cost",
        required=True,
        tracking=True,
        help="What the receiving branch pays the sending one when goods arrive: their cost, "
        "cost plus a percentage, the list price less a percentage, or what a price list "
        "says. The difference to the cost is the margin of the sending branch.",
    )
    price_percent = fields.Float(
        string="Transfer Price %",
        digits=(16, 2),
        tracking=True,
        help="Percent on top of the cost, or off the list price.",
    )
    price_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Transfer Price List",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="In company currency. Products that it has no price for go at list price.",
    )
    price_deferred = fields.Boolean(
        string="Defer Mark-up",
        default=True,
        tracking=True,
        help="The sending branch earns its mark-up, and the receiving one bears it, when "
        "the goods leave the receiving branch. Without it, when they arrive.",
    )
    freight_bearer = fields.Selection(
        [("destination", "Receiving branch"), ("source", "Sending branch")],
        string="Freight Borne By",
        default="destination",
        required=True,
        tracking=True,
        help="The branch that the freight of transfers is posted to.",
    )

    _price_percent_sane = models.Constraint(
        "CHECK (price_percent >= 0 AND price_percent <= 1000)",
        "The percentage of a transfer price must be between 0 and 1000.",
    )

    @api.constrains("price_rule", "price_percent", "price_pricelist_id")
    def _check_price_rule(self):
        for lane in self:
            pricelist = lane.price_pricelist_id
            if lane.price_rule == "pricelist" and not pricelist:
                raise ValidationError(
                    self.env._("Choose the transfer price list of lane %s.", lane.name)
                )
            if lane.price_rule == "list_minus" and lane.price_percent > 100:
                raise ValidationError(
                    self.env._(
                        "Lane %s: no more than 100 % can be taken off the list price.",
                        lane.name,
                    )
                )
            if pricelist and pricelist.currency_id != lane.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "Price list %(pricelist)s is in %(currency)s. Branches of one "
                        "company settle in its currency, %(own)s: choose a price list in "
                        "%(own)s for lane %(lane)s.",
                        pricelist=pricelist.display_name,
                        currency=pricelist.currency_id.name,
                        own=lane.company_id.currency_id.name,
                        lane=lane.name,
                    )
                )

    def _transfer_prices(self, products):
        """What one unit of each product costs the receiving branch.

        :param products: product.product records
        :return: {product: price}, in company currency for the unit of the product
        """
        self.ensure_one()
        # As superuser: prices between branches are not for those who move the goods.
        products = products.sudo().with_company(self.company_id)
        rate = 1.0 + self.price_percent / 100.0
        if self.price_rule == "cost_plus":
            return {product: product.standard_price * rate for product in products}
        if self.price_rule == "list_minus":
            return {
                product: product.lst_price * (2.0 - rate) for product in products
            }
        if self.price_rule == "pricelist":
            # As above.
            prices = self.sudo().price_pricelist_id._get_products_price(products, 1.0)
            return {product: prices[product.id] for product in products}
        return {product: product.standard_price for product in products}
