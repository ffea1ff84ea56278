# Words are translated when they are shown.
# pylint: disable=prefer-env-translation
from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_exception.models.detector import Detector

_lt = LazyTranslate(__name__)
# Code, name, measure; the queries are named after the code.
OF_LINES = [
    ("sale_late", _lt("Order line will miss its first promise"), _lt("hours late")),
    ("sale_partial", _lt("Order line is reserved in part"), _lt("units short")),
    ("sale_backorder", _lt("Backorder is ageing"), _lt("days since the first promise")),
]
WAITING = ("_resolve_sale_waiting", _lt("Reserve, or tell the customer"))
CREDIT = Detector(
    *("sale_credit", "res.partner", _lt("Credit limit is passed")),
    *(_lt("percent over the limit"), "_query_sale_credit"),
    *("_resolve_sale_credit", _lt("Show what is owed")),
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

    @api.model
    def _detectors(self):
        of_lines = (
            Detector(code, "sale.order.line", name, measure, f"_query_{code}", *WAITING)
            for code, name, measure in OF_LINES
        )
        return [*super()._detectors(), *of_lines, CREDIT]
