"""Open items and open orders by branch, in SQL."""

from odoo import fields
from odoo.tools import SQL

# Ids of rows: those of journal items and of order lines are in ranges of their own, and an
# item that several branches share has a row for each.
ORDERS = 4_000_000_000_000


def shares(line):
    """The branches that share a journal item: LATERAL, no row where one branch has it all.

    `since` and `until` are percentages that count up from branch to branch: rounding both
    ends of each part loses no cent.

    :param line: SQL name of what has the analytic distribution
    """
    return SQL(
        """LATERAL (
            SELECT named.branch_id,
                   ROW_NUMBER() OVER named_before AS ordinal,
                   SUM(named.percent) OVER named_before - named.percent AS since,
                   SUM(named.percent) OVER named_before AS until,
                   SUM(named.percent) OVER () AS whole
              FROM (
                SELECT branch.id AS branch_id, SUM(part.percent::numeric) AS percent
                  FROM JSONB_EACH_TEXT(%(line)s.analytic_distribution)
                           AS part(accounts, percent)
                  JOIN distribution_branch branch
                    ON branch.analytic_account_id::text
                           = ANY(STRING_TO_ARRAY(part.accounts, ','))
                 WHERE %(line)s.branch_split
                 GROUP BY branch.id
              ) named
            WINDOW named_before AS (ORDER BY named.branch_id)
        )""",
        line=line,
    )


def _later(day):
    """What is reconciled, and does not count on `day`, by item.

    It was reconciled after that day, or with an entry that was taken back to draft: Odoo
    keeps the two together and what is left of the posted one low.
    """
    return SQL(
        """SELECT matched.line_id, SUM(matched.amount) AS amount
             FROM (
                SELECT id FROM account_partial_reconcile WHERE max_date > %(day)s
                 UNION
                SELECT partial.id
                  FROM account_move draft
                  JOIN account_move_line item ON item.move_id = draft.id
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.id
                 WHERE draft.state = 'draft'
                 UNION
                SELECT partial.id
                  FROM account_move draft
                  JOIN account_move_line item ON item.move_id = draft.id
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = item.id
                 WHERE draft.state = 'draft'
             ) uncounted
             JOIN account_partial_reconcile partial ON partial.id = uncounted.id
       CROSS JOIN LATERAL (
                VALUES (partial.debit_move_id, partial.amount),
                       (partial.credit_move_id, -partial.amount)
             ) AS matched (line_id, amount)
            GROUP BY matched.line_id""",
        day=day,
    )


def open_items(day):
    """Receivables and payables that were open at the end of `day`.

    What is open now, and what was reconciled since: no need to add up the years before.
    """
    open_at_day = SQL("line.amount_residual + COALESCE(later.amount, 0)")
    candidates = SQL(
        """SELECT id FROM account_move_line
            WHERE amount_residual <> 0 AND parent_state = 'posted'
            UNION
           SELECT line_id FROM later"""
    )
    return SQL(
        """WITH later AS (%(later)s)
           SELECT line.id * 1000::bigint AS id,
                  CASE account.account_type
                       WHEN 'asset_receivable' THEN 'receivable' ELSE 'payable'
                  END AS kind,
                  line.company_id, line.branch_id, line.branch_split,
                  line.analytic_distribution, line.date,
                  COALESCE(line.date_maturity, line.date) AS due_date,
                  line.partner_id, line.move_id, NULL::int AS order_id,
                  line.account_id, line.product_id,
                  CASE account.account_type
                       WHEN 'asset_receivable' THEN 1 ELSE -1
                  END * (%(open)s) AS amount
             FROM (%(candidates)s) candidate
             JOIN account_move_line line ON line.id = candidate.id
             JOIN account_account account ON account.id = line.account_id
        LEFT JOIN later ON later.line_id = line.id
            WHERE account.account_type IN ('asset_receivable', 'liability_payable')
              AND line.parent_state = 'posted'
              AND line.date <= %(day)s
              AND %(open)s <> 0""",
        later=_later(day),
        candidates=candidates,
        open=open_at_day,
        day=day,
    )


def stock_items(accounts, day):
    """What is posted on stock accounts until the end of `day`."""
    return SQL(
        """SELECT line.id * 1000::bigint, 'stock',
                  line.company_id, line.branch_id, line.branch_split,
                  line.analytic_distribution, line.date, NULL::date,
                  line.partner_id, line.move_id, NULL::int,
                  line.account_id, line.product_id, line.balance
             FROM account_move_line line
            WHERE line.account_id IN %s
              AND line.parent_state = 'posted'
              AND line.date <= %s
              AND line.balance <> 0""",
        tuple(accounts) or (0,),
        day,
    )


# What an order line costs its customer, with taxes, in company currency.
_UNIT = SQL(
    """COALESCE(
           line.price_total / NULLIF(line.product_uom_qty, 0),
           line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
       ) / COALESCE(NULLIF(sale.currency_rate, 0), 1)"""
)
# Lines of the journal, in company currency, with taxes.
_DRAFT = SQL(
    """CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END * item.price_total
       / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)"""
)


def _order_rows(number, kind, quantity, done):
    """Lines of confirmed orders of which `quantity` is open."""
    return SQL(
        """SELECT %(base)s + line.id * 10::bigint + %(number)s, %(kind)s,
                  line.company_id, line.branch_id, FALSE, NULL::jsonb,
                  sale.date_order::date, NULL::date,
                  sale.partner_invoice_id, NULL::int, line.order_id, NULL::int,
                  line.product_id, (%(quantity)s * %(unit)s)::numeric
             FROM sale_order_line line
             JOIN sale_order sale ON sale.id = line.order_id
            WHERE line.state = 'sale' AND line.display_type IS NULL
              AND line.is_downpayment IS NOT TRUE
              AND %(done)s""",
        base=ORDERS,
        number=number,
        kind=kind,
        quantity=quantity,
        unit=_UNIT,
        done=done,
    )


def delivered_rows():
    """What is delivered and on no invoice, not even a draft."""
    return _order_rows(
        1,
        "delivered",
        SQL("(line.qty_delivered - line.qty_invoiced)"),
        SQL("line.qty_delivered > line.qty_invoiced"),
    )


def ordered_rows():
    """What is ordered, neither delivered nor on an invoice."""
    return _order_rows(
        2,
        "ordered",
        SQL(
            "(line.product_uom_qty - GREATEST(line.qty_delivered, line.qty_invoiced, 0))"
        ),
        SQL(
            "line.product_uom_qty > line.qty_delivered "
            "AND line.product_uom_qty > line.qty_invoiced"
        ),
    )


def draft_rows():
    """Lines of draft invoices for orders: not yet a receivable, no longer to be invoiced."""
    return SQL(
        """SELECT %(base)s + item.id * 10::bigint + 3, 'delivered',
                  item.company_id, item.branch_id, item.branch_split,
                  item.analytic_distribution, item.date, NULL::date,
                  move.commercial_partner_id, item.move_id, NULL::int, NULL::int,
                  item.product_id, (%(amount)s)::numeric
             FROM account_move move
             JOIN account_move_line item ON item.move_id = move.id
            WHERE move.state = 'draft'
              AND move.move_type IN ('out_invoice', 'out_refund')
              AND item.display_type = 'product'
              AND EXISTS (SELECT FROM sale_order_line_invoice_rel rel
                           WHERE rel.invoice_line_id = item.id)""",
        base=ORDERS,
        amount=_DRAFT,
    )


def down_payment_rows():
    """Down payments that no invoice has deducted yet: so much less will be invoiced."""
    return SQL(
        """SELECT %(base)s + line.id * 10::bigint + 4, 'ordered',
                  line.company_id, line.branch_id, FALSE, NULL::jsonb,
                  sale.date_order::date, NULL::date,
                  sale.partner_invoice_id, NULL::int, line.order_id, NULL::int,
                  line.product_id, -SUM(%(amount)s)::numeric
             FROM sale_order_line line
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
             JOIN account_move_line item ON item.id = rel.invoice_line_id
             JOIN account_move move ON move.id = item.move_id
            WHERE line.is_downpayment AND line.state = 'sale'
              AND move.state IN ('draft', 'posted')
            GROUP BY line.id, sale.id""",
        base=ORDERS,
        amount=_DRAFT,
    )


def rows(day, accounts, today):
    """All rows, as the report shows them.

    :param day: at the end of which; orders are known as they stand now only
    :param accounts: ids of the accounts of stock
    """
    parts = [SQL("(%s)", open_items(day)), stock_items(accounts, day)]
    if day >= today:
        parts += [delivered_rows(), ordered_rows(), draft_rows(), down_payment_rows()]
    return SQL(
        """SELECT item.id + COALESCE(share.ordinal, 0) AS id,
                  item.kind, item.company_id,
                  COALESCE(share.branch_id, item.branch_id) AS branch_id,
                  branch.region_id,
                  item.date, item.due_date, item.partner_id, item.move_id,
                  item.order_id, item.account_id, item.product_id,
                  GREATEST(%(day)s - item.due_date, 0) AS days,
                  CASE WHEN item.due_date IS NULL THEN NULL
                       WHEN %(day)s <= item.due_date THEN 'current'
                       WHEN %(day)s - item.due_date <= 30 THEN 'd30'
                       WHEN %(day)s - item.due_date <= 60 THEN 'd60'
                       WHEN %(day)s - item.due_date <= 90 THEN 'd90'
                       ELSE 'over'
                  END AS age,
                  CASE WHEN share.branch_id IS NULL
                       THEN ROUND(item.amount, currency.decimal_places)
                       ELSE ROUND(item.amount * share.until / share.whole,
                                  currency.decimal_places)
                          - ROUND(item.amount * share.since / share.whole,
                                  currency.decimal_places)
                  END AS amount
             FROM (%(parts)s) item
             JOIN res_company company ON company.id = item.company_id
             JOIN res_currency currency ON currency.id = company.currency_id
        LEFT JOIN %(shares)s share ON TRUE
        LEFT JOIN distribution_branch branch
               ON branch.id = COALESCE(share.branch_id, item.branch_id)""",
        day=fields.Date.to_date(day),
        parts=SQL(" UNION ALL ").join(parts),
        shares=shares(SQL("item")),
    )
