from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a rule charges for, and by what its amount is shared among lines. What is charged
# for a trip as a whole is shared by weight.
BASES = {
    "fixed": "weight",
    "weight": "weight",
    "volume": "volume",
    "value": "value",
    "distance": "weight",
}
# Rules whose amount does not grow with the goods: transfers on one truck share it.
PER_TRIP = ("fixed", "distance")


class DistributionLane(models.Model):
    """What a trip along the lane costs, as long as no vendor bill says so."""

    _inherit = "distribution.lane"

    freight_rule = fields.Selection(
        [
            ("none", "No freight"),
            ("fixed", "Fixed per trip"),
            ("weight", "By weight"),
            ("volume", "By volume"),
            ("value", "By value"),
            ("distance", "By distance"),
        ],
        default="none",
        required=True,
        tracking=True,
        help="How the freight of transfers is worked out until a vendor bill is assigned to "
        "them. Transfers of the same departure are one trip.",
    )
    freight_rate = fields.Float(
        digits=(16, 4),
        tracking=True,
        help="In company currency: for a trip, for a kilogram, for a cubic metre or for a "
        "kilometre, as the rule says. By value: percent of the cost of the goods.",
    )
    freight_unit = fields.Char(
        compute="_compute_freight_unit", help="What the rate is charged for."
    )
    freight_minimum = fields.Monetary(
        string="Minimum Freight",
        tracking=True,
        help="The least that a trip costs, in company currency. 0 for no minimum.",
    )
    distance = fields.Float(
        digits=(16, 1),
        tracking=True,
        help="Kilometres from the sending to the receiving branch, one way.",
    )

    _freight_sane = models.Constraint(
        "CHECK (freight_rate >= 0 AND freight_minimum >= 0 AND distance >= 0)",
        "The rate, the minimum and the distance of a lane cannot be negative.",
    )

    @api.depends("freight_rule", "currency_id")
    @api.depends_context("lang")
    def _compute_freight_unit(self):
        env = self.env
        for lane in self:
            money = lane.currency_id.name or ""
            lane.freight_unit = {
                "fixed": env._("%(money)s a trip", money=money),
                "weight": env._("%(money)s a kg", money=money),
                "volume": env._("%(money)s a m³", money=money),
                "value": env._("percent of the cost of the goods"),
                "distance": env._("%(money)s a km", money=money),
            }.get(lane.freight_rule, "")

    @api.constrains("freight_rule", "freight_rate", "distance")
    def _check_freight(self):
        for lane in self:
            if lane.freight_rule == "distance" and not lane.distance:
                raise ValidationError(
                    self.env._(
                        "Freight of lane %s goes by distance: enter its kilometres.",
                        lane.name,
                    )
                )

    def _is_charged_per_trip(self):
        """Whether transfers on one truck share what it costs."""
        self.ensure_one()
        least = self.freight_rule != "none" and self.freight_minimum
        return self.freight_rule in PER_TRIP or bool(least)

    def _freight_charge(self, totals):
        """What the rule charges for a trip.

        :param totals: {"weight": kg, "volume": m³, "value": cost, "quantity": units} of
            what is on the truck
        """
        self.ensure_one()
        if self.freight_rule == "none" or not totals["quantity"]:
            return 0.0
        charged = {
            "fixed": 1.0,
            "value": totals["value"] / 100.0,
            "distance": self.distance,
        }
        measure = charged.get(self.freight_rule, totals.get(self.freight_rule))
        return self.currency_id.round(
            max(self.freight_rate * measure, self.freight_minimum)
        )
