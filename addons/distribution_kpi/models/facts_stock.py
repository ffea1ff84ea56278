from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from . import stock_sql as sql
from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

# What is the same in all KPIs of this file.
OF_STOCK = {
    "theme": "stock",
    "model": "product.product",
    "dimensions": ("category",),
}
OF_COUNTS = {
    "theme": "stock",
    "kind": "flow",
    "model": "stock.move",
    "dimensions": ("category",),
}
LOOKBACK = {"lookback": 90}
LOOKBACK_NAME = {"lookback": _lt("Days that demand is taken from")}

KPIS = (
    Kpi(
        code="stock_value",
        name=_lt("Stock value"),
        description=_lt(
            "What the stock of the branch is worth at the end of the day, in company "
            "currency, with goods on a lane, which are the sender's until they arrive. "
            "Quantity at the product's cost of that day: the cost at its last delivery, or "
            "that was set since, averaged with what was received afterwards. Costs of lots "
            "and first-in-first-out layers are not looked at; goods of other owners are "
            "left out."
        ),
        formula=_lt("quantity on hand x cost of the day"),
        unit="money",
        direction="down",
        kind="state",
        facts="_facts_stock_value",
        **OF_STOCK,
    ),
    Kpi(
        code="inventory_turns",
        name=_lt("Inventory turns"),
        description=_lt(
            "How many times a year the stock is sold at the pace of the period: the cost of "
            "goods delivered to customers, less what they brought back, against the average "
            "value of the stock. Transfers to other branches, goods of which no stock is "
            "kept and those that never were in it are left out."
        ),
        formula=_lt(
            "365 x cost of goods delivered / sum of the stock value of each day"
        ),
        unit="ratio",
        direction="up",
        kind="flow",
        facts="_facts_inventory_turns",
        **OF_STOCK,
    ),
    Kpi(
        code="days_of_stock",
        name=_lt("Days of stock"),
        description=_lt(
            "How many days the stock of the branch lasts at its own pace. The pace is what "
            "left the branch in the last days to customers, production and other branches, "
            "less what came back, at the cost of the day. Stock without any demand counts "
            "in full; demand of products that are out of stock does not."
        ),
        formula=_lt("stock value / value of the demand of a day"),
        unit="days",
        direction="down",
        kind="state",
        facts="_facts_days_of_stock",
        parameters=LOOKBACK,
        parameter_names=LOOKBACK_NAME,
        **OF_STOCK,
    ),
    Kpi(
        code="stock_age",
        name=_lt("Stock age"),
        description=_lt(
            "How many days ago the stock came into the company, weighted by value. First "
            "in, first out: the stock of a product in all branches is what was bought, made "
            "or found by a count last, and each branch has the same part of every receipt. "
            "A transfer between branches changes no age, and what customers bring back is "
            "no receipt."
        ),
        formula=_lt("sum of value x days since the receipt / stock value"),
        unit="days",
        direction="down",
        kind="state",
        facts="_facts_stock_age",
        **OF_STOCK,
    ),
    Kpi(
        code="aged_stock_value",
        name=_lt("Aged stock"),
        description=_lt(
            "The value of stock that came into the company more than so many days ago, in "
            "company currency. Ages are those of the KPI Stock age."
        ),
        formula=_lt("stock value x share of receipts over the limit"),
        unit="money",
        direction="down",
        kind="state",
        facts="_facts_aged_stock",
        parameters={"aged_after": 180},
        parameter_names={"aged_after": _lt("Days after which stock is aged")},
        **OF_STOCK,
    ),
    Kpi(
        code="excess_stock_value",
        name=_lt("Excess stock"),
        description=_lt(
            "The value of stock beyond what the branch needs for so many days, product by "
            "product, in company currency. What it needs is what left it in the last days "
            "to customers, production and other branches, less what came back. Stock "
            "without demand is all excess."
        ),
        formula=_lt("(quantity - days x demand of a day) x cost, where more than 0"),
        unit="money",
        direction="down",
        kind="state",
        facts="_facts_excess_stock",
        parameters={"days": 90, **LOOKBACK},
        parameter_names={"days": _lt("Days of demand to keep"), **LOOKBACK_NAME},
        **OF_STOCK,
    ),
    Kpi(
        code="stockout_rate",
        name=_lt("Stockout rate"),
        description=_lt(
            "The share of products of a branch that have nothing to promise at the end of "
            "the day: nothing in locations whose stock can be promised. Counted are "
            "storable products that have a reordering rule of the branch, or that left it "
            "in the last days. What is set aside for orders counts as there."
        ),
        formula=_lt("products without stock / products stocked"),
        unit="percent",
        direction="down",
        kind="state",
        scale=100,
        facts="_facts_stockout",
        parameters=LOOKBACK,
        parameter_names=LOOKBACK_NAME,
        **OF_STOCK,
    ),
    Kpi(
        code="stock_accuracy",
        name=_lt("Stock accuracy"),
        description=_lt(
            "The share of counts that found exactly what was expected. Each quantity that "
            "was counted and applied is one count, also the same place twice."
        ),
        formula=_lt("counts without a difference / counts"),
        unit="percent",
        direction="up",
        scale=100,
        facts="_facts_stock_accuracy",
        **OF_COUNTS,
    ),
    Kpi(
        code="count_variance",
        name=_lt("Count variance"),
        description=_lt(
            "The value of what counts found more or less than expected, more and less added "
            "up, in company currency at the cost of the moment."
        ),
        formula=_lt("value found + value missing"),
        unit="money",
        direction="down",
        facts="_facts_count_variance",
        **OF_COUNTS,
    ),
    Kpi(
        code="count_variance_net",
        name=_lt("Count variance, net"),
        description=_lt(
            "The value of what counts found more than expected, less what they missed, in "
            "company currency at the cost of the moment. Negative where goods are lost."
        ),
        formula=_lt("value found - value missing"),
        unit="money",
        direction="up",
        facts="_facts_count_variance_net",
        **OF_COUNTS,
    ),
)


class DistributionKpiFacts(models.AbstractModel):
    """KPIs of stock: its value, how fast it goes, how old it is, and whether it is right."""

    _inherit = "distribution.kpi.facts"

    def _kpis(self):
        return [*super()._kpis(), *KPIS]

    def _facts_stock_value(self, period):
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       value AS numerator, NULL::numeric AS denominator
                  FROM (%s) stock
                """,
                sql.valued_stock(period),
            )
        )

    def _facts_inventory_turns(self, period):
        """A year's worth of what was delivered on a day, against the stock of that day."""
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       SUM(cost) AS numerator, SUM(value) AS denominator
                  FROM (
                    SELECT day, company_id, branch_id, product_id, 0 AS cost, value
                      FROM (%s) stock
                    UNION ALL
                    SELECT day, company_id, branch_id, product_id, 365 * value, 0
                      FROM (%s) delivered
                       ) part
                 GROUP BY day, company_id, branch_id, product_id
                """,
                sql.valued_stock(period),
                sql.delivered(period),
            )
        )

    def _facts_days_of_stock(self, period):
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       quantity * cost AS numerator, pace * cost AS denominator
                  FROM (%s) stock
                 WHERE cost IS NOT NULL
                """,
                self._stock_and_demand(period),
            )
        )

    def _facts_excess_stock(self, period):
        days = period.parameters["days"]
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       (quantity - pace * %s) * cost AS numerator,
                       NULL::numeric AS denominator
                  FROM (%s) stock
                 WHERE cost IS NOT NULL AND quantity > pace * %s
                """,
                days,
                self._stock_and_demand(period),
                days,
            )
        )

    def _stock_and_demand(self, period):
        """Stock with its cost and its `pace`, what is needed a day; no cost without stock.

        Added up and not joined: whatever the database expects of either, it is one pass.
        """
        return SQL(
            """
            SELECT %s::date AS day, company_id, branch_id, product_id,
                   SUM(quantity) AS quantity, MAX(cost) AS cost, SUM(pace) AS pace
              FROM (
                SELECT company_id, branch_id, product_id, quantity, cost, 0 AS pace
                  FROM (%s) stock
                UNION ALL
                SELECT company_id, branch_id, product_id, 0, NULL, quantity
                  FROM (%s) demand
                   ) part
             GROUP BY company_id, branch_id, product_id
            """,
            period.end,
            sql.valued_stock(sql.days_before(period, 1)),
            sql.demand(period, period.parameters["lookback"]),
        )

    def _facts_stock_age(self, period):
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       value * age AS numerator, value AS denominator
                  FROM (%s) stock
                """,
                sql.aged_stock(period, 0),
            )
        )

    def _facts_aged_stock(self, period):
        return self._facts_of_products(
            SQL(
                """
                SELECT day, company_id, branch_id, product_id,
                       value * old AS numerator, NULL::numeric AS denominator
                  FROM (%s) stock
                 WHERE old > 0
                """,
                sql.aged_stock(period, period.parameters["aged_after"]),
            )
        )

    def _facts_stockout(self, period):
        """Products of a branch by its rules and its demand, and whether they are there."""
        return self._facts_of_products(
            SQL(
                """
                SELECT %(day)s::date AS day, part.company_id, part.branch_id, part.product_id,
                       (SUM(part.quantity) <= 0)::int AS numerator, 1 AS denominator
                  FROM (
                    SELECT company_id, branch_id, product_id,
                           TRUE AS wanted, 0 AS quantity
                      FROM stock_warehouse_orderpoint
                     WHERE active AND create_date < %(until)s
                       AND company_id IN %(companies)s
                    UNION ALL
                    SELECT company_id, branch_id, product_id, TRUE, 0
                      FROM (%(demand)s) demand
                    UNION ALL
                    SELECT company_id, branch_id, product_id, FALSE, quantity
                      FROM (%(stock)s) stock
                       ) part
                  JOIN product_product product ON product.id = part.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.is_storable AND part.branch_id IS NOT NULL
                 GROUP BY part.company_id, part.branch_id, part.product_id
                HAVING BOOL_OR(part.wanted)
                """,
                until=period.end_utc,
                companies=period.company_ids,
                demand=sql.demand(period, period.parameters["lookback"]),
                day=period.end,
                stock=sql.stock_of_days(
                    sql.days_before(period, 1), SQL("location.is_promisable")
                ),
            )
        )

    def _facts_of_products(self, rows):
        return sql.facts_of_products(rows, self.env.lang)

    # Counts.

    def _facts_stock_accuracy(self, period):
        exact = SQL("(move.quantity = 0)::int")
        return self._facts_of_counts(period, exact, SQL("1"), SQL("TRUE"))

    def _facts_count_variance(self, period):
        return self._facts_of_counts(
            period, SQL("ABS(move.value)"), SQL("NULL::numeric"), SQL("move.value <> 0")
        )

    def _facts_count_variance_net(self, period):
        net = SQL(
            "CASE WHEN origin.usage = 'inventory' THEN ABS(move.value) "
            "ELSE -ABS(move.value) END"
        )
        return self._facts_of_counts(
            period, net, SQL("NULL::numeric"), SQL("move.value <> 0")
        )

    def _facts_of_counts(self, period, numerator, denominator, condition):
        """Counts that were applied: Odoo keeps each as a move, also without a difference."""
        return SQL(
            """
            SELECT %(day)s AS day, move.company_id,
                   COALESCE(origin.branch_id, target.branch_id) AS branch_id,
                   template.categ_id AS category_id,
                   NULL::int AS industry_id, NULL::int AS team_id,
                   move.id AS res_id, %(label)s AS label,
                   %(numerator)s AS numerator, %(denominator)s AS denominator
              FROM %(moved)s
             WHERE move.state = 'done' AND move.is_inventory
               AND (origin.usage = 'inventory') <> (target.usage = 'inventory')
               AND %(within)s AND %(condition)s AND move.company_id IN %(companies)s
            """,
            day=period.day_of(SQL("move.date")),
            label=sql.product_label(self.env.lang),
            numerator=numerator,
            denominator=denominator,
            moved=sql.MOVED,
            within=period.has(SQL("move.date")),
            condition=condition,
            companies=period.company_ids,
        )
