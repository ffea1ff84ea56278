from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from . import stock_sql as sql
from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

OF_PURCHASE = {
    "theme": "purchase",
    "model": "purchase.order.line",
    "dimensions": ("category",),
}
OVERDUE = _lt(
    "Lines of confirmed purchase orders that are due by the end of the day, by the date "
    "first confirmed, and not received in full by then. Left out are lines of which nothing "
    "was to come any more, orders that had been cancelled, and what is not received into "
    "stock."
)

KPIS = (
    Kpi(
        code="overdue_receipt_lines",
        name=_lt("Overdue receipts"),
        description=OVERDUE,
        formula=_lt("number of overdue lines"),
        unit="count",
        direction="down",
        kind="state",
        facts="_facts_overdue_lines",
        **OF_PURCHASE,
    ),
    Kpi(
        code="overdue_receipt_value",
        name=_lt("Value of overdue receipts"),
        description=_lt(
            "What is still to come of overdue purchase lines, at their price without taxes, "
            "in company currency at the rate of the order. Which lines are overdue says the "
            "KPI Overdue receipts."
        ),
        formula=_lt("open quantity x price of overdue lines"),
        unit="money",
        direction="down",
        kind="state",
        facts="_facts_overdue_value",
        **OF_PURCHASE,
    ),
    Kpi(
        code="vendor_on_time",
        name=_lt("Vendor on time"),
        description=_lt(
            "The share of purchase lines that were received in full by the end of the day "
            "first confirmed. A line counts on the day it is due, also if nothing of it was "
            "ever delivered. Orders that had been cancelled by then are left out; one that "
            "was cancelled because it did not come counts. Quantities are those of the order "
            "as it is now, less what went back for a refund."
        ),
        formula=_lt("lines received in full by the day due / lines due"),
        unit="percent",
        direction="up",
        kind="flow",
        scale=100,
        facts="_facts_vendor_lines",
        parameters={"within": 0},
        parameter_names={"within": _lt("Days late that still count as on time")},
        **OF_PURCHASE,
    ),
    Kpi(
        code="vendor_in_full",
        name=_lt("Vendor in full"),
        description=_lt(
            "The share of purchase lines that were received in full within some days of the "
            "date first confirmed. A line counts on the day when these days are over, also "
            "if nothing of it was ever delivered. Orders that had been cancelled by then are "
            "left out. Quantities are those of the order as it is now, less what went back "
            "for a refund."
        ),
        formula=_lt(
            "lines received in full within the days / lines whose days are over"
        ),
        unit="percent",
        direction="up",
        kind="flow",
        scale=100,
        facts="_facts_vendor_lines",
        parameters={"within": 7},
        parameter_names={"within": _lt("Days after the date first confirmed")},
        **OF_PURCHASE,
    ),
    Kpi(
        code="vendor_delay",
        name=_lt("Vendor delay"),
        description=_lt(
            "How many days after the date first confirmed goods arrived, on the average of "
            "the receipts. A receipt on time or early counts as 0. What has not arrived is "
            "left out here: see Overdue receipts."
        ),
        formula=_lt("sum of days late / receipts"),
        unit="days",
        direction="down",
        kind="flow",
        facts="_facts_vendor_delay",
        **OF_PURCHASE,
    ),
)
# The day of a line by which the vendor is measured.
DUE = SQL("COALESCE(line.first_confirmed_date, line.date_planned)")
LINES = SQL(
    """
    purchase_order_line line
    JOIN purchase_order purchase ON purchase.id = line.order_id
    JOIN product_product product ON product.id = line.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    """
)
# Lines of what is received into stock, of orders that are or were confirmed.
STOCKED = SQL(
    "purchase.state IN ('purchase', 'cancel') AND purchase.date_approve IS NOT NULL "
    "AND line.qty_received_method = 'stock_moves' AND line.product_uom_qty > 0"
)


class DistributionKpiFacts(models.AbstractModel):
    """KPIs of vendors: what is overdue, and who delivers on time and in full."""

    _inherit = "distribution.kpi.facts"

    def _kpis(self):
        return [*super()._kpis(), *KPIS]

    def _facts_overdue_lines(self, period):
        return self._facts_overdue(period, SQL("1"))

    def _facts_overdue_value(self, period):
        return self._facts_overdue(
            period,
            SQL(
                "(line.product_uom_qty::numeric - COALESCE(received.quantity, 0)) "
                "* line.price_subtotal / line.product_uom_qty::numeric "
                "/ COALESCE(NULLIF(purchase.currency_rate, 0), 1)"
            ),
        )

    def _facts_overdue(self, period, numerator):
        return SQL(
            """
            SELECT %(end)s::date AS day, %(columns)s,
                   %(numerator)s AS numerator, NULL::numeric AS denominator
              FROM %(lines)s
              LEFT JOIN LATERAL (%(received)s) received ON TRUE
             WHERE %(stocked)s AND line.company_id IN %(companies)s
               AND purchase.date_approve < %(until)s
               AND %(due)s < %(until)s
               AND COALESCE(received.quantity, 0)
                       < line.product_uom_qty::numeric - %(nothing)s
               AND EXISTS (
                    SELECT FROM stock_move coming
                     WHERE coming.purchase_line_id = line.id
                       AND coming.product_id = line.product_id
                       AND (coming.state NOT IN ('done', 'cancel')
                            OR (coming.state = 'done' AND coming.date >= %(until)s)
                            OR coming.cancelled_at >= %(until)s))
            """,
            end=period.end,
            columns=self._line_columns(),
            numerator=numerator,
            lines=LINES,
            received=_received(period.end_utc),
            stocked=STOCKED,
            companies=period.company_ids,
            until=period.end_utc,
            due=DUE,
            nothing=sql.NOTHING,
        )

    def _facts_vendor_lines(self, period):
        """Lines on the day they are judged, and whether all of them was there by then."""
        within = int(period.parameters["within"])
        judged = SQL("(%s + %s)", period.day_of(DUE), within)
        return SQL(
            """
            SELECT %(judged)s AS day, %(columns)s,
                   (COALESCE(received.quantity, 0)
                       >= line.product_uom_qty::numeric - %(nothing)s)::int AS numerator,
                   1 AS denominator
              FROM %(lines)s
              LEFT JOIN LATERAL (%(received)s) received ON TRUE
             WHERE %(stocked)s AND line.company_id IN %(companies)s
               AND %(judged)s BETWEEN %(start)s AND %(end)s
               AND (purchase.state = 'purchase' OR EXISTS (
                    SELECT FROM stock_move waited
                     WHERE waited.purchase_line_id = line.id
                       AND waited.cancelled_at >= %(judged_at)s))
            """,
            judged=judged,
            judged_at=period.end_of(judged),
            columns=self._line_columns(),
            nothing=sql.NOTHING,
            lines=LINES,
            received=_received(period.end_of(judged)),
            stocked=STOCKED,
            companies=period.company_ids,
            start=period.start,
            end=period.end,
        )

    def _facts_vendor_delay(self, period):
        """Lines by the days on which something of them arrived."""
        return SQL(
            """
            SELECT receipt.day, %(columns)s,
                   GREATEST(receipt.day - %(due)s, 0) AS numerator, 1 AS denominator
              FROM (
                SELECT DISTINCT %(day)s AS day, move.purchase_line_id, move.product_id
                  FROM stock_move move
                  JOIN stock_location origin ON origin.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                 WHERE move.state = 'done' AND move.purchase_line_id IS NOT NULL
                   AND move.quantity > 0 AND %(within)s
                   AND move.company_id IN %(companies)s
                   AND origin.usage IN ('supplier', 'transit')
                   AND target.usage <> 'supplier'
                   ) receipt
              JOIN (%(lines)s) ON line.id = receipt.purchase_line_id
                              AND line.product_id = receipt.product_id
             WHERE %(stocked)s
            """,
            columns=self._line_columns(),
            due=period.day_of(DUE),
            day=period.day_of(SQL("move.date")),
            within=period.has(SQL("move.date")),
            companies=period.company_ids,
            lines=LINES,
            stocked=STOCKED,
        )

    def _line_columns(self):
        """The columns of the facts of a line, from the company to the label."""
        return SQL(
            """
            line.company_id, line.branch_id, template.categ_id AS category_id,
            NULL::int AS industry_id, NULL::int AS team_id,
            line.id AS res_id, CONCAT(purchase.name, ' · ', %s) AS label
            """,
            sql.product_label(self.env.lang),
        )


def _received(until):
    """What arrived of `line` before a moment, less what went back for a refund.

    In the unit of the product. As Odoo counts the received quantity of a line.
    """
    return SQL(
        """
        SELECT SUM(CASE WHEN target.usage <> 'supplier' THEN %(quantity)s
                        ELSE -%(quantity)s END) AS quantity
          FROM stock_move move
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location target ON target.id = move.location_dest_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         WHERE move.purchase_line_id = line.id AND move.product_id = line.product_id
           AND move.state = 'done' AND move.date < %(until)s
           AND (origin.usage IN ('supplier', 'transit') OR target.usage = 'supplier')
           AND (move.origin_returned_move_id IS NULL OR move.to_refund)
        """,
        quantity=sql.QUANTITY,
        until=until,
    )
