from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

OF_WAREHOUSE = {
    "theme": "warehouse",
    "unit": "per_hour",
    "direction": "up",
    "kind": "flow",
    "model": "stock.picking",
    "dimensions": ("category",),
}
FORMULA = _lt("lines done / hours in which they were done")

KPIS = (
    Kpi(
        code="pick_lines_per_hour",
        name=_lt("Picked lines per hour"),
        description=_lt(
            "Lines of picking operations that were done, per hour worked on them. An hour "
            "of a person counts where he finished at least one such line in it. Warehouses "
            "that ship in one step have no picking operations."
        ),
        formula=FORMULA,
        facts="_facts_pick_lines",
        **OF_WAREHOUSE,
    ),
    Kpi(
        code="pack_lines_per_hour",
        name=_lt("Packed lines per hour"),
        description=_lt(
            "Lines of packing operations that were done, per hour worked on them. An hour "
            "of a person counts where he finished at least one such line in it. Only "
            "warehouses that deliver in three steps pack."
        ),
        formula=FORMULA,
        facts="_facts_pack_lines",
        **OF_WAREHOUSE,
    ),
    Kpi(
        code="ship_lines_per_hour",
        name=_lt("Shipped lines per hour"),
        description=_lt(
            "Lines of deliveries and of shipments to other branches that were done, per "
            "hour worked on them. An hour of a person counts where he finished at least one "
            "such line in it. In a warehouse that ships in one step they are picked, too."
        ),
        formula=FORMULA,
        facts="_facts_ship_lines",
        **OF_WAREHOUSE,
    ),
    Kpi(
        code="receipt_lines_per_hour",
        name=_lt("Received lines per hour"),
        description=_lt(
            "Lines of receipts from vendors, from other branches and of goods that "
            "customers brought back, per hour worked on them. An hour of a person counts "
            "where he finished at least one such line in it. Putting away is left out."
        ),
        formula=FORMULA,
        facts="_facts_receipt_lines",
        **OF_WAREHOUSE,
    ),
)


class DistributionKpiFacts(models.AbstractModel):
    """KPIs of the work in a warehouse."""

    _inherit = "distribution.kpi.facts"

    def _kpis(self):
        return [*super()._kpis(), *KPIS]

    def _facts_pick_lines(self, period):
        return self._facts_of_work(period, SQL("operation.id = warehouse.pick_type_id"))

    def _facts_pack_lines(self, period):
        return self._facts_of_work(period, SQL("operation.id = warehouse.pack_type_id"))

    def _facts_ship_lines(self, period):
        return self._facts_of_work(period, SQL("operation.code = 'outgoing'"))

    def _facts_receipt_lines(self, period):
        return self._facts_of_work(period, SQL("operation.code = 'incoming'"))

    def _facts_of_work(self, period, step):
        """Operations with their done lines, and the part of hours that these took.

        Who did a line is who wrote it when it was done; his hour is shared evenly by the
        lines of the step that he did in it, in that branch.

        :param step: condition on `operation` and `warehouse`
        """
        return SQL(
            """
            WITH done AS (
                SELECT %(day)s AS day, picking.company_id, picking.branch_id,
                       template.categ_id, picking.id AS picking_id,
                       picking.name AS label,
                       1.0 / COUNT(*) OVER (
                           PARTITION BY picking.company_id, picking.branch_id,
                                        line.write_uid, DATE_TRUNC('hour', move.date)
                       ) AS hours
                  FROM stock_move move
                  JOIN stock_move_line line ON line.move_id = move.id
                  JOIN stock_picking picking ON picking.id = move.picking_id
                  JOIN stock_picking_type operation
                    ON operation.id = picking.picking_type_id
                  JOIN stock_warehouse warehouse
                    ON warehouse.id = operation.warehouse_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE move.state = 'done' AND %(within)s
                   AND move.company_id IN %(companies)s
                   AND line.quantity > 0 AND %(step)s
            )
            SELECT day, company_id, branch_id, categ_id AS category_id,
                   NULL::int AS industry_id, NULL::int AS team_id,
                   picking_id AS res_id, label,
                   COUNT(*) AS numerator, SUM(hours) AS denominator
              FROM done
             GROUP BY day, company_id, branch_id, categ_id, picking_id, label
            """,
            day=period.day_of(SQL("move.date")),
            within=period.has(SQL("move.date")),
            companies=period.company_ids,
            step=step,
        )
