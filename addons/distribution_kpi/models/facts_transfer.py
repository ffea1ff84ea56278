from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from . import stock_sql as sql
from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

RECEIVED = {
    "theme": "transfer",
    "direction": "down",
    "kind": "flow",
    "model": "distribution.transfer",
    "dimensions": (),
}
ON_ROAD = {
    "theme": "transfer",
    "direction": "down",
    "kind": "state",
    "model": "distribution.transfer.line",
    "dimensions": ("category",),
}

KPIS = (
    Kpi(
        code="transfer_delay",
        name=_lt("Transfer delay"),
        description=_lt(
            "How many hours after its latest arrival a transfer was received, on the "
            "average of the transfers whose last truck was unloaded. On time or early "
            "counts as 0. Where a lane has too few trips for a latest arrival, the expected "
            "one is taken. Of the branch that receives."
        ),
        formula=_lt("sum of hours late / transfers received"),
        unit="hours",
        facts="_facts_transfer_delay",
        **RECEIVED,
    ),
    Kpi(
        code="transfer_late_share",
        name=_lt("Late transfers"),
        description=_lt(
            "The share of transfers whose last truck was unloaded after the latest arrival; "
            "after the expected one, where a lane has too few trips. Of the branch that "
            "receives."
        ),
        formula=_lt("transfers received late / transfers received"),
        unit="percent",
        scale=100,
        facts="_facts_transfer_late",
        **RECEIVED,
    ),
    Kpi(
        code="in_transit_age",
        name=_lt("In-transit age"),
        description=_lt(
            "For how many days the goods on the road at the end of the day have been there, "
            "weighted by value. What was shipped first arrives first. Of the branch that "
            "sent them; open differences that hold goods count."
        ),
        formula=_lt("sum of value x days since shipping / value on the road"),
        unit="days",
        facts="_facts_transit_age",
        **ON_ROAD,
    ),
    Kpi(
        code="in_transit_value",
        name=_lt("Value in transit"),
        description=_lt(
            "What the goods on the road are worth at the end of the day, in company "
            "currency, at the cost that the KPI Stock value uses. Of the branch that sent "
            "them; open differences that hold goods count."
        ),
        formula=_lt("quantity on the road x cost of the day"),
        unit="money",
        facts="_facts_transit_value",
        **ON_ROAD,
    ),
)


class DistributionKpiFacts(models.AbstractModel):
    """KPIs of transfers: how late they arrive, and what is on the road."""

    _inherit = "distribution.kpi.facts"

    def _kpis(self):
        return [*super()._kpis(), *KPIS]

    def _facts_transfer_delay(self, period):
        hours = SQL(
            "GREATEST(EXTRACT(EPOCH FROM transfer.received_date - due.at) / 3600, 0)"
        )
        return self._facts_of_received(period, hours)

    def _facts_transfer_late(self, period):
        return self._facts_of_received(
            period, SQL("(transfer.received_date > due.at)::int")
        )

    def _facts_of_received(self, period, numerator):
        return SQL(
            """
            SELECT %(day)s AS day, transfer.company_id,
                   transfer.destination_branch_id AS branch_id,
                   NULL::int AS category_id, NULL::int AS industry_id,
                   NULL::int AS team_id, transfer.id AS res_id, transfer.name AS label,
                   %(numerator)s AS numerator, 1 AS denominator
              FROM distribution_transfer transfer
             CROSS JOIN LATERAL (
                    SELECT COALESCE(transfer.latest_arrival_date, transfer.arrival_date)
                        AS at
                   ) due
             WHERE %(within)s AND due.at IS NOT NULL
               AND transfer.company_id IN %(companies)s
            """,
            day=period.day_of(SQL("transfer.received_date")),
            numerator=numerator,
            within=period.has(SQL("transfer.received_date")),
            companies=period.company_ids,
        )

    def _facts_transit_age(self, period):
        return self._facts_on_road(
            period,
            SQL("on_road.days * price.cost"),
            SQL("on_road.quantity * price.cost"),
        )

    def _facts_transit_value(self, period):
        return self._facts_on_road(
            period, SQL("on_road.quantity * price.cost"), SQL("NULL::numeric")
        )

    def _facts_on_road(self, period, numerator, denominator):
        last = sql.days_before(period, 1)
        return SQL(
            """
            WITH on_road AS MATERIALIZED (%(on_road)s),
            price AS (
                SELECT DISTINCT company_id, product_id, cost
                  FROM (%(stock)s) stock
            )
            SELECT %(end)s::date AS day, line.company_id,
                   line.source_branch_id AS branch_id,
                   template.categ_id AS category_id,
                   NULL::int AS industry_id, NULL::int AS team_id,
                   line.id AS res_id, CONCAT(transfer.name, ' · ', %(label)s) AS label,
                   %(numerator)s AS numerator, %(denominator)s AS denominator
              FROM on_road
              JOIN distribution_transfer_line line ON line.id = on_road.line_id
              JOIN distribution_transfer transfer ON transfer.id = line.transfer_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN price ON price.company_id = line.company_id
                        AND price.product_id = line.product_id
            """,
            on_road=_on_road(period),
            stock=sql.valued_stock(last, SQL("SELECT product_id FROM on_road")),
            end=period.end,
            label=sql.product_label(self.env.lang),
            numerator=numerator,
            denominator=denominator,
        )


def _on_road(period):
    """Transfer lines with goods on the road at the end of the last day.

    Rows with `line_id`, `product_id`, `quantity` in the unit of the product and `days`,
    the quantity times the days since it was shipped.
    """
    return SQL(
        """
        SELECT shipment.line_id, shipment.product_id,
               SUM(shipment.quantity) AS quantity,
               SUM(shipment.quantity * EXTRACT(EPOCH FROM %(until)s - shipment.date)
                   / 86400) AS days
          FROM (
            SELECT travelled.line_id, travelled.product_id, travelled.date,
                   LEAST(travelled.sent, on_way.quantity - COALESCE(SUM(travelled.sent)
                       OVER later, 0)) AS quantity
              FROM (%(travelled)s) travelled
              JOIN (SELECT line_id, SUM(sent) - SUM(arrived) AS quantity
                      FROM (%(travelled)s) moved
                     GROUP BY line_id
                    HAVING SUM(sent) - SUM(arrived) > %(nothing)s) on_way USING (line_id)
             WHERE travelled.sent > 0
            WINDOW later AS (PARTITION BY travelled.line_id
                             ORDER BY travelled.date DESC, travelled.id DESC
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
               ) shipment
         WHERE shipment.quantity > 0
         GROUP BY shipment.line_id, shipment.product_id
        """,
        until=period.end_utc,
        travelled=_travelled(period),
        nothing=sql.NOTHING,
    )


def _travelled(period):
    """Moves into and out of transit before the end of the last day.

    Of lines that may have had goods there alone: those that have now, or that have moved
    since.
    """
    return SQL(
        """
        SELECT move.transfer_line_id AS line_id, move.product_id, move.id, move.date,
               CASE WHEN move.transfer_leg IN ('ship', 'send_back')
                    THEN %(quantity)s ELSE 0 END AS sent,
               CASE WHEN move.transfer_leg IN ('ship', 'send_back')
                    THEN 0 ELSE %(quantity)s END AS arrived
          FROM %(moved)s
         WHERE move.transfer_line_id IS NOT NULL AND move.state = 'done'
           AND move.transfer_leg IN ('ship', 'send_back', 'receive', 'return', 'loss')
           AND move.date < %(until)s AND move.company_id IN %(companies)s
           AND move.transfer_line_id IN (
               SELECT open.id FROM distribution_transfer_line open
                WHERE open.in_transit_qty > 0
                UNION
               SELECT since.transfer_line_id FROM stock_move since
                WHERE since.date >= %(until)s AND since.state = 'done'
                  AND since.transfer_line_id IS NOT NULL)
        """,
        quantity=sql.QUANTITY,
        moved=sql.MOVED,
        until=period.end_utc,
        companies=period.company_ids,
    )
