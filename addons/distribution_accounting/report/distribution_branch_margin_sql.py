"""From list price to net margin, line by line, in SQL."""

from odoo.tools import SQL

from .distribution_branch_balance_sql import shares

MINUS = SQL("CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END")
RATE = SQL("COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)")
# One company-currency unit in the currency of the order. That of the invoice where both
# are in one currency: no gain or loss on exchange becomes a discount.
ORDER_RATE = SQL(
    """CASE WHEN sold.currency_id = line.currency_id THEN %s
            ELSE COALESCE(NULLIF(sold.currency_rate, 0), 1) END""",
    RATE,
)
# The quantity in the unit of the order line, and in that of the product.
ORDER_QUANTITY = SQL("line.quantity * COALESCE(unit.factor / sold_unit.factor, 1)")
PRODUCT_QUANTITY = SQL("line.quantity * COALESCE(unit.factor / product_unit.factor, 1)")
# Where no list price is known, it is the price before the discount of the line.
LIST_VALUE = SQL(
    """CASE WHEN move.move_type = 'out_refund' THEN 0
            WHEN sold.list_price_unit <> 0
            THEN %(quantity)s * sold.list_price_unit / %(order_rate)s
            WHEN line.discount >= 100 THEN line.quantity * line.price_unit / %(rate)s
            ELSE -line.balance / (1 - COALESCE(line.discount, 0) / 100)
       END::numeric""",
    quantity=ORDER_QUANTITY,
    order_rate=ORDER_RATE,
    rate=RATE,
)


def _cost(order_cost):
    """What the goods of a line cost.

    As posted with the invoice; else what the order line says; else the product's cost.

    :param order_cost: the cost of a unit on the order line, in its currency
    """
    return SQL(
        """COALESCE(
               posted.cost,
               %(minus)s * %(order_quantity)s * NULLIF(%(order_cost)s, 0)
                   / %(order_rate)s,
               %(minus)s * %(quantity)s
                   * (product.standard_price ->> line.company_id::text)::float8,
               0
           )::numeric""",
        minus=MINUS,
        order_quantity=ORDER_QUANTITY,
        order_cost=order_cost,
        order_rate=ORDER_RATE,
        quantity=PRODUCT_QUANTITY,
    )


def lines(has_order_cost, period):
    """Posted lines of customer invoices and credit notes, with list value and cost.

    A line that several branches share has a row for each.

    :param has_order_cost: whether order lines know their cost
    :param period: (first, last) accounting date; all without
    """
    order_cost = SQL("sold.purchase_price" if has_order_cost else "NULL::float8")
    wanted = SQL("TRUE")
    if period:
        wanted = SQL("line.date BETWEEN %s AND %s", *period)
    return SQL(
        """SELECT line.id * 1000::bigint + COALESCE(share.ordinal, 0) AS id,
                  line.id AS line_id, line.move_id, line.company_id, line.date,
                  COALESCE(share.branch_id, line.branch_id) AS branch_id,
                  move.commercial_partner_id AS partner_id,
                  move.team_id, move.invoice_user_id AS user_id,
                  line.product_id, line.category_id, sold.order_id, line.quantity,
                  move.move_type = 'out_refund' AS is_claim,
                  -line.balance * part.share AS income,
                  %(list)s * part.share AS list_value,
                  %(cost)s * part.share AS cost,
                  CASE WHEN posted.cost IS NOT NULL THEN 'posted'
                       WHEN %(order_cost)s <> 0 THEN 'order'
                       WHEN line.product_id IS NOT NULL THEN 'product'
                  END AS cost_origin
             FROM account_move_line line
             JOIN account_move move ON move.id = line.move_id
        LEFT JOIN LATERAL (%(sold)s) sold ON TRUE
        LEFT JOIN LATERAL (%(posted)s) posted ON TRUE
        LEFT JOIN %(shares)s share ON TRUE
       CROSS JOIN LATERAL (
                  SELECT COALESCE((share.until - share.since) / share.whole, 1) AS share
                  ) part
                  %(units)s
            WHERE line.parent_state = 'posted'
              AND line.display_type = 'product'
              AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND %(wanted)s""",
        list=LIST_VALUE,
        cost=_cost(order_cost),
        order_cost=order_cost,
        sold=_SOLD,
        posted=_POSTED,
        shares=shares(SQL("line")),
        units=_UNITS,
        wanted=wanted,
    )


_UNITS = SQL(
    """LEFT JOIN product_product product ON product.id = line.product_id
        LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
        LEFT JOIN uom_uom sold_unit ON sold_unit.id = sold.product_uom_id
        LEFT JOIN uom_uom product_unit ON product_unit.id = template.uom_id"""
)
_SOLD = SQL(
    """SELECT sale_line.*, sale.currency_rate
         FROM sale_order_line_invoice_rel rel
         JOIN sale_order_line sale_line ON sale_line.id = rel.order_line_id
         JOIN sale_order sale ON sale.id = sale_line.order_id
        WHERE rel.invoice_line_id = line.id
        ORDER BY sale_line.id
        LIMIT 1"""
)
_POSTED = SQL(
    """SELECT SUM(item.balance) AS cost
         FROM account_move_line item
         JOIN account_account account ON account.id = item.account_id
        WHERE item.cogs_origin_id = line.id AND account.account_type LIKE 'expense%%'"""
)


def freight(period):
    """Posted freight by branch, category and month."""
    wanted = SQL("TRUE")
    if period:
        wanted = SQL("line.date BETWEEN %s AND %s", *period)
    return SQL(
        """SELECT line.company_id, COALESCE(share.branch_id, line.branch_id) AS branch_id,
                  line.category_id, DATE_TRUNC('month', line.date) AS month,
                  SUM(line.balance
                      * COALESCE((share.until - share.since) / share.whole, 1)) AS amount
             FROM account_move_line line
             JOIN account_account account ON account.id = line.account_id
        LEFT JOIN %(shares)s share ON TRUE
            WHERE account.branch_section = 'freight'
              AND line.parent_state = 'posted' AND %(wanted)s
            GROUP BY 1, 2, 3, 4""",
        shares=shares(SQL("line")),
        wanted=wanted,
    )


def _rates(has_order_cost, months):
    """Freight by one unit of cost of sales, of each branch, category and month.

    What is not of a category, or of one that sold nothing, is spread over the branch.
    """
    return SQL(
        """SELECT base.company_id, base.branch_id, base.category_id, base.month,
              COALESCE(own.amount, 0) / base.cost
                  + (total.amount - SUM(COALESCE(own.amount, 0)) OVER of_branch)
                  / SUM(base.cost) OVER of_branch AS rate
         FROM (
            SELECT sale.company_id, sale.branch_id, sale.category_id,
                   DATE_TRUNC('month', sale.date) AS month, SUM(sale.cost) AS cost
              FROM (%(lines)s) sale
             WHERE NOT sale.is_claim AND sale.cost > 0
             GROUP BY 1, 2, 3, 4
         ) base
    LEFT JOIN freight own
           ON own.company_id = base.company_id AND own.month = base.month
          AND own.branch_id IS NOT DISTINCT FROM base.branch_id
          AND own.category_id = base.category_id
         JOIN (
            SELECT company_id, branch_id, month, SUM(amount) AS amount
              FROM freight GROUP BY 1, 2, 3
         ) total
           ON total.company_id = base.company_id AND total.month = base.month
          AND total.branch_id IS NOT DISTINCT FROM base.branch_id
       WINDOW of_branch AS (
              PARTITION BY base.company_id, base.branch_id, base.month)""",
        lines=lines(has_order_cost, months),
    )


def rows(has_order_cost, period, months):
    """All rows, as the report shows them.

    :param has_order_cost: whether order lines know their cost
    :param period: (first, last) accounting date; all without
    :param months: the period in whole months: what the freight of a month is spread over
    """
    return SQL(
        """WITH freight AS (%(freight)s),
                rates AS (%(rates)s)
           SELECT sale.id, sale.line_id, sale.move_id, sale.company_id, sale.date,
                  sale.branch_id, branch.region_id, sale.partner_id, sale.team_id,
                  sale.user_id, sale.product_id, sale.category_id, sale.order_id,
                  sale.is_claim, sale.cost_origin,
                  sale.list_value,
                  CASE WHEN sale.is_claim THEN 0
                       ELSE sale.list_value - sale.income END AS discount,
                  CASE WHEN sale.is_claim THEN 0 ELSE sale.income END AS net_sales,
                  sale.cost,
                  borne.freight,
                  CASE WHEN sale.is_claim THEN -sale.income ELSE 0 END AS claims,
                  sale.income - sale.cost - borne.freight AS margin
             FROM (%(lines)s) sale
        LEFT JOIN distribution_branch branch ON branch.id = sale.branch_id
        LEFT JOIN rates
               ON NOT sale.is_claim AND sale.cost > 0
              AND rates.company_id = sale.company_id
              AND rates.month = DATE_TRUNC('month', sale.date)
              AND rates.branch_id IS NOT DISTINCT FROM sale.branch_id
              AND rates.category_id IS NOT DISTINCT FROM sale.category_id
       CROSS JOIN LATERAL (
                  SELECT sale.cost * COALESCE(rates.rate, 0) AS freight
                  ) borne""",
        freight=freight(months),
        rates=_rates(has_order_cost, months),
        lines=lines(has_order_cost, period),
    )
