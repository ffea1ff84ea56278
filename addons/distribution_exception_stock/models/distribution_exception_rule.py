# Words are translated when they are shown.
# pylint: disable=prefer-env-translation
from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_exception.models.detector import Detector

_lt = LazyTranslate(__name__)
# Code, name, measure, one click; the methods are named after the code.
OF_REPLENISHMENT = [
    ("shortage", _lt("Stock below safety"), _lt("units short"), _lt("Replenish")),
    ("excess", _lt("Excess beside a shortage"), _lt("units to move"), _lt("Compare")),
]
OF_STOCK = [
    ("aged", _lt("Aged stock"), _lt("days in stock"), _lt("Show where it lies")),
    ("negative", _lt("Negative stock"), _lt("units below zero"), _lt("Start a count")),
    ("variance", _lt("Count is off"), _lt("in value of goods"), _lt("Open the count")),
    ("overdue", _lt("Count is overdue"), _lt("days overdue"), _lt("Start a count")),
    ("hold", _lt("Goods on quality hold"), _lt("days on hold"), _lt("Release")),
]


class DistributionExceptionRule(models.Model):
    """Goods that are missing, lie in the wrong place, or are not what the books say."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        kinds = {
            "stock.warehouse.orderpoint": OF_REPLENISHMENT,
            "stock.quant": OF_STOCK,
        }
        return [
            *super()._detectors(),
            *(
                Detector(
                    *(f"stock_{code}", model, name, measure),
                    *(f"_query_stock_{code}", f"_resolve_stock_{code}", label),
                )
                for model, rows in kinds.items()
                for code, name, measure, label in rows
            ),
        ]

    def _stock_joins_sql(self):
        """Names and units of the product of `r`."""
        return SQL(
            """JOIN product_product pp ON pp.id = r.product_id
               JOIN product_template pt ON pt.id = pp.product_tmpl_id
               JOIN uom_uom u ON u.id = pt.uom_id
         CROSS JOIN LATERAL (SELECT %s AS unit, CONCAT_WS(' ', '[' || NULLIF(
                    pp.default_code, '') || ']', %s) AS product) said""",
            self.env["uom.uom"]._field_to_sql("u", "name"),
            self.env["product.template"]._field_to_sql("pt", "name"),
        )

    def _stock_label_sql(self, place):
        return SQL("CONCAT_WS(' ', %s, '·', said.product)", place)

    def _stock_cost_sql(self):
        """The cost of a unit of product `pp` in the company of `r`."""
        return SQL("COALESCE((pp.standard_price->>r.company_id::text)::numeric, 0)")
