from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount

CONTROLLER = "distribution_base.group_finance_controller"
PRICE = (
    "price_rule",
    "price_percent",
    "price_pricelist_id",
    "price_deferred",
    "freight_bearer",
)
# What the examples are of: cost and list price of one piece.
COST, LIST_PRICE = 100.0, 150.0


class DistributionLane(models.Model):
    """What goods cost the receiving branch is for finance controllers to say.

    Planners keep the lanes themselves.
    """

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

    @api.model_create_multi
    def create(self, vals_list):
        if not self._may_price():
            usual = self.default_get(PRICE)
            for vals in vals_list:
                for name in set(PRICE) & set(vals):
                    if (vals[name] or False) != (usual.get(name) or False):
                        raise self._price_error()
        return super().create(vals_list)

    def write(self, vals):
        if not set(PRICE).isdisjoint(vals) and not self._may_price():
            raise self._price_error()
        return super().write(vals)

    @api.model
    def _may_price(self):
        return self.env.su or self.env.user.has_group(CONTROLLER)

    def _price_error(self):
        return AccessError(
            self.env._(
                "What goods cost the receiving branch, and who bears the freight, is for "
                "finance controllers to say: they press Change on the page Accounting of "
                "the lane."
            )
        )

    def action_change_price(self):
        """Open the form in which a controller changes the transfer price.

        :raises AccessError: the user is no finance controller
        """
        self.ensure_one()
        if not self._may_price():
            raise self._price_error()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_accounting.distribution_lane_price_action"
        )
        values = self.read(PRICE, load=False)[0]
        action["context"] = {
            "default_lane_id": self.id,
            **{f"default_{name}": values[name] for name in PRICE},
        }
        return action
