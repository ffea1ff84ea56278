from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_exception.models.detector import Detector

_lt = LazyTranslate(__name__)


class DistributionExceptionRule(models.Model):
    """Goods that are missing, lie in the wrong place, or are not what the books say."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="stock_shortage",
                model="stock.warehouse.orderpoint",
                name=_lt("Stock below safety, nothing on the way"),
                measure=_lt("units short"),
                query="_query_stock_shortage",
                resolve="_resolve_stock_shortage",
                resolve_label=_lt("Replenish"),
            ),
            Detector(
                code="stock_excess",
                model="stock.warehouse.orderpoint",
                name=_lt("Excess beside the shortage of another warehouse"),
                measure=_lt("units that could move"),
                query="_query_stock_excess",
                resolve="_resolve_stock_excess",
                resolve_label=_lt("Compare warehouses"),
            ),
            *self._detectors_of_quants(),
        ]

    @api.model
    def _detectors_of_quants(self):
        return [
            Detector(
                code="stock_aged",
                model="stock.quant",
                name=_lt("Aged stock"),
                measure=_lt("days in stock"),
                query="_query_stock_aged",
                resolve="_resolve_stock_places",
                resolve_label=_lt("Show where it lies"),
            ),
            Detector(
                code="stock_negative",
                model="stock.quant",
                name=_lt("Negative stock"),
                measure=_lt("units below zero"),
                query="_query_stock_negative",
                resolve="_resolve_stock_count",
                resolve_label=_lt("Start a count"),
            ),
            Detector(
                code="stock_variance",
                model="stock.quant",
                name=_lt("Count differs from the books"),
                measure=_lt("in value of the difference"),
                query="_query_stock_variance",
                resolve="_resolve_stock_variance",
                resolve_label=_lt("Open the count"),
            ),
            Detector(
                code="stock_count_overdue",
                model="stock.quant",
                name=_lt("Count is overdue"),
                measure=_lt("days overdue"),
                query="_query_stock_count_overdue",
                resolve="_resolve_stock_count",
                resolve_label=_lt("Start a count"),
            ),
            Detector(
                code="stock_hold",
                model="stock.quant",
                name=_lt("Goods on quality hold"),
                measure=_lt("days on hold"),
                query="_query_stock_hold",
                resolve="_resolve_stock_hold",
                resolve_label=_lt("Release"),
            ),
        ]

    def _stock_cost_sql(self):
        """The cost of a unit of product `pp` in the company of `r`."""
        return SQL("COALESCE((pp.standard_price->>r.company_id::text)::numeric, 0)")
