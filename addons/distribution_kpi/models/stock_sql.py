"""Stock at the end of days, what it cost, what left it and how old it is, in SQL.

Everything is worked out once for all products and branches: no query looks at one product.
"""

from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.distribution_transfer.report.distribution_transit_sql import (
    product_cost,
)

from .sale_lines import FROM_OUT, TO_OUT

# A quantity that is less is a rounding difference.
NOTHING = SQL("0.00001")
# What moved, in the unit of the product. The tables are joined by `MOVED`.
QUANTITY = SQL("(move.quantity * unit.factor::numeric / own_unit.factor::numeric)")
MOVED = SQL(
    """
    stock_move move
    JOIN stock_location origin ON origin.id = move.location_id
    JOIN stock_location target ON target.id = move.location_dest_id
    JOIN product_product product ON product.id = move.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom unit ON unit.id = move.product_uom
    JOIN uom_uom own_unit ON own_unit.id = template.uom_id
    """
)


def facts_of_products(rows, lang):
    """Facts by product.

    :param rows: query with `day`, `company_id`, `branch_id`, `product_id`, `numerator` and
        `denominator`
    """
    return SQL(
        """
        SELECT fact.day, fact.company_id, fact.branch_id,
               template.categ_id AS category_id,
               NULL::int AS industry_id, NULL::int AS team_id,
               fact.product_id AS res_id, %(label)s AS label,
               fact.numerator, fact.denominator
          FROM (%(rows)s) fact
          JOIN product_product product ON product.id = fact.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
        """,
        label=product_label(lang),
        rows=rows,
    )


def product_label(lang):
    """The name of `product` and `template`, as people know it."""
    return SQL(
        "CONCAT('[' || NULLIF(product.default_code, '') || '] ', "
        "COALESCE(template.name ->> %s, template.name ->> 'en_US'))",
        lang or "en_US",
    )


# Quantities.


def _places(period, condition):
    """Locations with stock of the companies; goods on a lane are still the sender's."""
    return SQL(
        """
        SELECT location.id, location.company_id, company.partner_id,
               COALESCE(location.branch_id, lane.source_branch_id) AS branch_id
          FROM stock_location location
          JOIN res_company company ON company.id = location.company_id
          LEFT JOIN distribution_lane lane ON lane.id = location.lane_id
         WHERE location.usage IN ('internal', 'transit')
           AND location.company_id IN %s
           AND %s
        """,
        period.company_ids,
        condition,
    )


def stock_of_days(period, condition=None, products=None):
    """What each branch had at the end of each day, by product.

    What is there now, less what has moved since: the moves after a day are few beside all
    that ever were. Goods of other owners are left out.

    :param condition: on `location`, which ones count; all by default
    :param products: query of the ids of products; all by default
    """
    return SQL(
        """
        WITH place AS MATERIALIZED (%(places)s),
        now AS (
            SELECT 'infinity'::date AS until, place.company_id, place.branch_id,
                   quant.product_id, quant.quantity
              FROM stock_quant quant
              JOIN place ON place.id = quant.location_id
             WHERE (quant.owner_id IS NULL OR quant.owner_id = place.partner_id)
               AND %(wanted_now)s
        ),
        since AS (%(since)s),
        held AS (
            SELECT until, company_id, branch_id, product_id, SUM(quantity) AS quantity
              FROM (SELECT * FROM now UNION ALL SELECT * FROM since) part
             GROUP BY until, company_id, branch_id, product_id
        )
        SELECT day.day::date AS day, held.company_id, held.branch_id, held.product_id,
               SUM(held.quantity) AS quantity
          FROM generate_series(%(start)s::date, %(end)s::date, '1 day') day(day)
          JOIN held ON held.until > day.day
         GROUP BY day.day, held.company_id, held.branch_id, held.product_id
        HAVING ABS(SUM(held.quantity)) > %(nothing)s
        """,
        places=_places(period, condition or SQL("TRUE")),
        wanted_now=_among(SQL("quant.product_id"), products),
        since=_moved_since(period, products),
        start=period.start,
        end=period.end,
        nothing=NOTHING,
    )


def _among(column, products):
    return SQL("%s IN (%s)", column, products) if products else SQL("TRUE")


def _moved_since(period, products):
    """What has left (or, negative, entered) a branch after the first day, by day.

    Goods of which no stock is kept move, too, and were never there.
    """
    return SQL(
        """
        SELECT %(day)s AS until, place.company_id, place.branch_id, line.product_id,
               side.sign * line.quantity_product_uom AS quantity
          FROM stock_move_line line
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
                                        AND template.is_storable
          LEFT JOIN place origin ON origin.id = line.location_id
          LEFT JOIN place target ON target.id = line.location_dest_id
         CROSS JOIN LATERAL (
                VALUES (line.location_id, 1), (line.location_dest_id, -1)
               ) side(location_id, sign)
          JOIN place ON place.id = side.location_id
         WHERE line.state = 'done' AND line.date >= %(after)s AND %(wanted)s
           AND (line.owner_id IS NULL OR line.owner_id = place.partner_id)
           AND (origin.id IS NULL OR target.id IS NULL
                OR origin.branch_id IS DISTINCT FROM target.branch_id
                OR origin.company_id <> target.company_id)
        """,
        day=period.day_of(SQL("line.date")),
        after=period.end_of(SQL("%s::date", period.start)),
        wanted=_among(SQL("line.product_id"), products),
    )


# Cost and value.


def valued_stock(period, products=None):
    """The stock of each branch at the end of each day with its cost on that day.

    Rows with `day`, `company_id`, `branch_id`, `product_id`, `quantity`, `cost` of a unit
    and `value`.

    :param products: query of the ids of products; all by default
    """
    return SQL(
        """
        SELECT priced.day, priced.company_id, part.branch_id, priced.product_id,
               part.quantity, priced.cost, part.quantity * priced.cost AS value
          FROM (%s) priced
         CROSS JOIN LATERAL UNNEST(priced.branches, priced.quantities)
                            part(branch_id, quantity)
        """,
        _priced(period, products),
    )


def _priced(period, products=None):
    """The stock of all branches by product, with the cost of a unit.

    The cost last seen, at which a delivery was valued or which somebody set; and, unless
    the price is a standard one, averaged with what was received since. The branches and
    their quantities are in arrays, so that no join is needed to part them again.
    """
    return SQL(
        """
        SELECT whole.*,
               CASE WHEN received.quantity > 0
                    THEN (GREATEST(whole.quantity - received.quantity, 0)
                             * COALESCE(seen.cost, 0) + received.value)
                         / (GREATEST(whole.quantity - received.quantity, 0)
                             + received.quantity)
                    ELSE COALESCE(seen.cost, (%(present)s)::numeric)
                END AS cost
          FROM (
            SELECT day, company_id, product_id, %(end)s AS until,
                   SUM(quantity) AS quantity,
                   SUM(GREATEST(quantity, 0)) AS held,
                   ARRAY_AGG(branch_id) AS branches,
                   ARRAY_AGG(quantity) AS quantities
              FROM (%(stock)s) stock
             GROUP BY day, company_id, product_id
               ) whole
          JOIN res_company company ON company.id = whole.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
          JOIN product_product product ON product.id = whole.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN product_category category ON category.id = template.categ_id
          JOIN uom_uom own_unit ON own_unit.id = template.uom_id
          LEFT JOIN LATERAL (%(seen)s) seen ON TRUE
          LEFT JOIN LATERAL (%(received)s) received ON TRUE
        """,
        stock=stock_of_days(period, products=products),
        end=period.end_of(SQL("day")),
        present=product_cost(SQL("whole.company_id")),
        seen=_cost_last_seen(),
        received=_received_since(),
    )


def _cost_last_seen():
    """The cost at the last delivery, or that was set later, before `whole.until`.

    Deliveries are valued to the cent, so those of less than 100 cents say little of a cost.
    """
    return SQL(
        """
        SELECT event.at, event.id, event.cost
          FROM (
            (SELECT value.date AS at, 0 AS id, value.value AS cost
               FROM product_value value
              WHERE value.product_id = whole.product_id
                AND value.company_id = whole.company_id
                AND value.move_id IS NULL AND value.lot_id IS NULL
                AND value.date < whole.until
              ORDER BY value.date DESC, value.id DESC
              LIMIT 1)
            UNION ALL
            (SELECT move.date, move.id,
                    ABS(move.value) / (move.quantity * unit.factor::numeric
                                       / own_unit.factor::numeric)
               FROM stock_move move
               JOIN uom_uom unit ON unit.id = move.product_uom
              WHERE move.product_id = whole.product_id
                AND move.company_id = whole.company_id
                AND move.state = 'done' AND move.is_out AND move.quantity > 0
                AND ABS(move.value) >= 100 * currency.rounding
                AND move.date < whole.until
              ORDER BY move.date DESC, move.id DESC
              LIMIT 1)
               ) event
         ORDER BY event.at DESC, event.id DESC
         LIMIT 1
        """
    )


def _received_since():
    """Quantity and value received after that cost was seen, unless the price is standard."""
    return SQL(
        """
        SELECT SUM(move.value) AS value,
               SUM(move.quantity * unit.factor::numeric / own_unit.factor::numeric)
                   AS quantity
          FROM stock_move move
          JOIN uom_uom unit ON unit.id = move.product_uom
         WHERE move.product_id = whole.product_id
           AND move.company_id = whole.company_id
           AND move.state = 'done' AND move.is_in AND move.quantity > 0
           AND move.value IS NOT NULL
           AND move.date < whole.until
           AND (move.date, move.id) > (COALESCE(seen.at, '-infinity'),
                                       COALESCE(seen.id, 0))
           AND COALESCE(category.property_cost_method ->> whole.company_id::text,
                        company.cost_method) <> 'standard'
        """
    )


# What leaves.


def days_before(period, days):
    """The moments between which moves are of the last `days` days."""
    first = period.end - timedelta(days=max(int(days), 1) - 1)
    return type(period)(first, period.end, period.tz, period.company_ids, {})


def delivered(period):
    """What customers got of the stock of a branch, less what they brought back, by day.

    Another company of the group is a customer where it was sold to, and not where it sold.
    Goods of which no stock is kept have a cost, too, and no stock to set it against.
    Rows with `day`, `company_id`, `branch_id`, `product_id`, `quantity` in the unit of the
    product and `value` at cost.
    """
    return SQL(
        """
        SELECT %(day)s AS day, move.company_id, move.branch_id, move.product_id,
               CASE WHEN %(to_out)s THEN 1 ELSE -1 END * %(quantity)s AS quantity,
               CASE WHEN %(to_out)s THEN 1 ELSE -1 END
                   * ABS(COALESCE(move.value, 0)) AS value
          FROM %(moved)s
         WHERE move.state = 'done' AND %(within)s AND move.company_id IN %(companies)s
           AND template.is_storable AND %(to_out)s <> %(from_out)s
           AND origin.usage IN ('internal', 'transit', 'customer')
           AND target.usage IN ('internal', 'transit', 'customer')
           AND ('customer' IN (origin.usage, target.usage)
                OR move.sale_line_id IS NOT NULL)
        """,
        to_out=TO_OUT,
        from_out=FROM_OUT,
        day=period.day_of(SQL("move.date")),
        quantity=QUANTITY,
        moved=MOVED,
        within=period.has(SQL("move.date")),
        companies=period.company_ids,
    )


def demand(period, days):
    """What left each branch in the last days: rows with `quantity` a day, by product.

    To customers, to production and to other branches, less what customers brought back and
    what came back from a lane. What a branch sends back was never wanted there.
    """
    window = days_before(period, days)
    return SQL(
        """
        SELECT move.company_id, move.branch_id, move.product_id,
               SUM(CASE WHEN origin.usage = 'internal'
                         AND target.usage IN ('customer', 'production', 'transit')
                        THEN %(quantity)s ELSE -%(quantity)s END)
                   / %(days)s AS quantity
          FROM %(moved)s
         WHERE move.state = 'done' AND %(within)s AND move.company_id IN %(companies)s
           AND move.transfer_leg IS DISTINCT FROM 'send_back'
           AND ((origin.usage = 'internal'
                 AND target.usage IN ('customer', 'production', 'transit'))
                OR (target.usage = 'internal'
                    AND (origin.usage = 'customer' OR move.transfer_leg = 'return')))
         GROUP BY move.company_id, move.branch_id, move.product_id
        HAVING SUM(CASE WHEN origin.usage = 'internal'
                         AND target.usage IN ('customer', 'production', 'transit')
                        THEN %(quantity)s ELSE -%(quantity)s END) > 0
        """,
        quantity=QUANTITY,
        days=max(int(days), 1),
        moved=MOVED,
        within=window.has(SQL("move.date")),
        companies=period.company_ids,
    )


# Age.


def aged_stock(period, aged_after):
    """The stock of each branch at the end of the last day with its age.

    First in, first out over what the company received: the stock of a product in all
    branches is what was received last, and each branch has a part of every receipt. So a
    transfer changes no age. What no receipt explains is as old as the first one; without
    any receipt, as the product is known.

    Rows as `valued_stock`, with `age` in days and `old`, the share over `aged_after` days.
    """
    return SQL(
        """
        SELECT priced.day, priced.company_id, part.branch_id, priced.product_id,
               part.quantity, priced.cost, part.quantity * priced.cost AS value,
               COALESCE(aged.age, known.age) AS age,
               COALESCE(aged.old, (known.age > %(aged_after)s)::int) AS old
          FROM (%(priced)s) priced
          JOIN product_product product ON product.id = priced.product_id
          LEFT JOIN LATERAL (%(aged)s) aged ON TRUE
         CROSS JOIN LATERAL (
                SELECT GREATEST(priced.day - product.create_date::date, 0) AS age
               ) known
         CROSS JOIN LATERAL UNNEST(priced.branches, priced.quantities)
                            part(branch_id, quantity)
         WHERE part.quantity > 0
        """,
        priced=_priced(days_before(period, 1)),
        aged=_aged(period, int(aged_after)),
        aged_after=int(aged_after),
    )


def _aged(period, aged_after):
    """The age of a row of `priced`: the stock is what is left of its last receipts."""
    return SQL(
        """
        SELECT (SUM(left_over * age)
                   + (priced.held - SUM(left_over)) * MAX(age))
                   / NULLIF(priced.held, 0) AS age,
               (COALESCE(SUM(left_over) FILTER (WHERE age > %(aged_after)s), 0)
                   + CASE WHEN MAX(age) > %(aged_after)s
                          THEN priced.held - SUM(left_over) ELSE 0 END)
                   / NULLIF(priced.held, 0) AS old
          FROM (
            SELECT receipt.age,
                   GREATEST(LEAST(
                       receipt.quantity,
                       priced.held - SUM(receipt.quantity) OVER newer + receipt.quantity
                   ), 0) AS left_over
              FROM (%(receipts)s) receipt
            WINDOW newer AS (ORDER BY receipt.age, receipt.id ROWS UNBOUNDED PRECEDING)
               ) layer
        """,
        receipts=_receipts(period),
        aged_after=aged_after,
    )


def _receipts(period):
    """What came into the company of a product: bought, made, or found by a count."""
    return SQL(
        """
        SELECT move.id, priced.day - %(day)s AS age,
               move.quantity * unit.factor::numeric / own_unit.factor::numeric AS quantity
          FROM stock_move move
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         WHERE move.product_id = priced.product_id
           AND move.company_id = priced.company_id
           AND move.state = 'done' AND move.is_in AND move.quantity > 0
           AND move.date < priced.until
           AND origin.usage <> 'customer'
        """,
        day=period.day_of(SQL("move.date")),
    )
