# Words are translated when they are shown.
# pylint: disable=prefer-env-translation
from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_exception.models.detector import Detector

_lt = LazyTranslate(__name__)
LINE = "sale.order.line"
WAITING = ("_resolve_sale_waiting", _lt("Reserve, or tell the customer"))
ORDER = ("_resolve_sale_order", _lt("Open the order"))
CREDIT = ("_resolve_sale_credit", _lt("Open the orders"))
DETECTORS = (
    Detector(
        *("sale_late", LINE, _lt("Order line will miss its first promise")),
        *(_lt("hours late"), "_query_sale_late", *WAITING),
    ),
    Detector(
        *("sale_partial", LINE, _lt("Order line is reserved in part")),
        *(_lt("units short"), "_query_sale_partial", *WAITING),
    ),
    Detector(
        *("sale_backorder", LINE, _lt("Backorder is ageing")),
        *(_lt("days since the first promise"), "_query_sale_backorder", *WAITING),
    ),
    Detector(
        *("sale_price", LINE, _lt("Price is below the pricelist")),
        *(_lt("percent below the pricelist"), "_query_sale_price", *ORDER),
    ),
    Detector(
        *("sale_margin", LINE, _lt("Margin is below the floor")),
        *(_lt("points under the floor"), "_query_sale_margin", *ORDER),
    ),
    Detector(
        *("sale_credit", "res.partner", _lt("Credit limit is passed")),
        *(_lt("percent over the limit"), "_query_sale_credit", *CREDIT),
    ),
)


class DistributionExceptionRule(models.Model):
    """What is found in sales orders: see the queries for what exactly."""

    _inherit = "distribution.exception.rule"

    look_ahead_days = fields.Float(
        string="Look Ahead (Days)",
        default=5.0,
        help="Order lines whose goods are nowhere in sight, or only in part, count once "
        "they have to be shipped within this many days.",
    )
    margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="The margin that no order line should be under, in percent of its price.",
    )

    @api.model
    def _detectors(self):
        return [*super()._detectors(), *DETECTORS]
