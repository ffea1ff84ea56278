from datetime import timedelta

from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.distribution_accounting.report import (
    distribution_branch_balance_sql as balance,
)

from . import stock_sql as sql
from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

OF_ITEMS = {
    "theme": "finance",
    "kind": "state",
    "model": "account.move.line",
    "dimensions": ("segment", "channel"),
}
LOOKBACK = {"lookback": 90}
OPEN = _lt(
    "As open at the end of the day, whatever was paid since, with taxes, in company "
    "currency; credit notes and payments that are not matched count against it. By branch "
    "as in the report Branch Balance."
)

KPIS = (
    Kpi(
        code="receivables",
        name=_lt("Receivables"),
        description=OPEN,
        formula=_lt("sum of open items of receivable accounts"),
        unit="money",
        direction="down",
        facts="_facts_receivables",
        **OF_ITEMS,
    ),
    Kpi(
        code="receivables_overdue_share",
        name=_lt("Overdue receivables"),
        description=_lt(
            "The share of the receivables that was due before the day. With taxes; credit "
            "notes and payments that are not matched count by their own date."
        ),
        formula=_lt("receivables due before the day / receivables"),
        unit="percent",
        direction="down",
        scale=100,
        facts="_facts_receivables_overdue",
        **OF_ITEMS,
    ),
    Kpi(
        code="payables",
        name=_lt("Payables"),
        description=OPEN,
        formula=_lt("sum of open items of payable accounts"),
        unit="money",
        direction="down",
        facts="_facts_payables",
        **OF_ITEMS,
    ),
    Kpi(
        code="dso",
        name=_lt("Days sales outstanding"),
        description=_lt(
            "For how many days of sales customers have yet to pay: receivables at the end "
            "of the day against what was invoiced in the last days, less credit notes, both "
            "with taxes."
        ),
        formula=_lt("receivables / (invoiced in the last days / days)"),
        unit="days",
        direction="down",
        facts="_facts_dso",
        parameters=LOOKBACK,
        parameter_names={"lookback": _lt("Days of invoices")},
        **OF_ITEMS,
    ),
    Kpi(
        code="dpo",
        name=_lt("Days payables outstanding"),
        description=_lt(
            "For how many days of bills vendors have yet to be paid: payables at the end of "
            "the day against what was billed in the last days, less refunds, both with "
            "taxes. All bills count, not those for goods alone."
        ),
        formula=_lt("payables / (billed in the last days / days)"),
        unit="days",
        direction="up",
        facts="_facts_dpo",
        parameters=LOOKBACK,
        parameter_names={"lookback": _lt("Days of bills")},
        **OF_ITEMS,
    ),
    Kpi(
        code="dio",
        name=_lt("Days inventory outstanding"),
        description=_lt(
            "For how many days the stock lasts at the pace of what customers got: stock "
            "value at the end of the day against the cost of goods delivered to customers "
            "in the last days, less what they brought back. Transfers to other branches do "
            "not count, so that branches add up to the company."
        ),
        formula=_lt("stock value / (cost of goods delivered in the last days / days)"),
        theme="finance",
        unit="days",
        direction="down",
        kind="state",
        model="product.product",
        facts="_facts_dio",
        parameters=LOOKBACK,
        parameter_names={"lookback": _lt("Days of deliveries")},
        dimensions=("category",),
    ),
    Kpi(
        code="working_capital",
        name=_lt("Working capital"),
        description=_lt(
            "What is tied up in trade at the end of the day, in company currency: "
            "receivables and stock, less payables, as the KPIs of these names have them. "
            "Stock is at its value, not as far as the books are. Cash, taxes and accruals "
            "are left out."
        ),
        formula=_lt("receivables + stock value - payables"),
        theme="finance",
        unit="money",
        direction="down",
        kind="state",
        model="distribution.branch",
        facts="_facts_working_capital",
        dimensions=(),
    ),
    Kpi(
        code="branch_result",
        name=_lt("Branch result"),
        description=_lt(
            "Income less costs that are posted on days of the period, in company currency, "
            "as in the report Branch P&L: with shared costs and with what branches charge "
            "each other, which adds up to nothing in the company."
        ),
        formula=_lt("income - costs"),
        theme="finance",
        unit="money",
        direction="up",
        kind="flow",
        model="account.move.line",
        facts="_facts_branch_result",
    ),
)


class DistributionKpiFacts(models.AbstractModel):
    """KPIs of what branches own, owe and earn; they agree with the reports of accounting."""

    _inherit = "distribution.kpi.facts"

    def _kpis(self):
        return [*super()._kpis(), *KPIS]

    # Open items.

    def _facts_receivables(self, period):
        return self._facts_open(period, "receivable")

    def _facts_payables(self, period):
        return self._facts_open(period, "payable")

    def _facts_open(self, period, kind):
        return self._facts_of_items(
            SQL(
                "SELECT item.*, item.amount AS numerator, NULL::numeric AS denominator "
                "FROM (%s) item",
                _open_items(period, kind),
            ),
            period,
        )

    def _facts_receivables_overdue(self, period):
        return self._facts_of_items(
            SQL(
                "SELECT item.*, item.amount AS denominator, "
                "CASE WHEN item.due_date < %s THEN item.amount ELSE 0 END AS numerator "
                "FROM (%s) item",
                period.end,
                _open_items(period, "receivable"),
            ),
            period,
        )

    def _facts_dso(self, period):
        return self._facts_outstanding(
            period, "receivable", ("out_invoice", "out_refund", "out_receipt")
        )

    def _facts_dpo(self, period):
        return self._facts_outstanding(
            period, "payable", ("in_invoice", "in_refund", "in_receipt")
        )

    def _facts_outstanding(self, period, kind, move_types):
        """What is open, against what was invoiced a day; an item has one row with both."""
        return self._facts_of_items(
            SQL(
                """
                SELECT company_id, branch_id, line_id, partner_id, move_id,
                       SUM(outstanding) AS numerator, SUM(invoiced) AS denominator
                  FROM (
                    SELECT company_id, branch_id, line_id, partner_id, move_id,
                           amount AS outstanding, 0 AS invoiced
                      FROM (%s) item
                    UNION ALL
                    SELECT company_id, branch_id, line_id, partner_id, move_id,
                           0, amount / %s
                      FROM (%s) item
                       ) part
                 GROUP BY company_id, branch_id, line_id, partner_id, move_id
                """,
                _open_items(period, kind),
                max(int(period.parameters["lookback"]), 1),
                _invoiced_items(period, kind, move_types),
            ),
            period,
        )

    def _facts_of_items(self, rows, period):
        """Facts of journal items, by segment of the partner and channel of the invoice."""
        return SQL(
            """
            SELECT %(end)s::date AS day, item.company_id, item.branch_id,
                   NULL::int AS category_id, partner.industry_id, move.team_id,
                   item.line_id AS res_id, CONCAT_WS(' · ', move.name,
                   partner.complete_name) AS label,
                   item.numerator, item.denominator
              FROM (%(rows)s) item
              JOIN account_move move ON move.id = item.move_id
              LEFT JOIN res_partner partner ON partner.id = item.partner_id
            """,
            end=period.end,
            rows=rows,
        )

    # Stock and all together.

    def _facts_dio(self, period):
        days = max(int(period.parameters["lookback"]), 1)
        return self._facts_of_products(
            SQL(
                """
                SELECT %s::date AS day, company_id, branch_id, product_id,
                       SUM(value) AS numerator, SUM(delivered) AS denominator
                  FROM (
                    SELECT company_id, branch_id, product_id, value, 0 AS delivered
                      FROM (%s) stock
                    UNION ALL
                    SELECT company_id, branch_id, product_id, 0, value / %s
                      FROM (%s) delivered
                       ) part
                 GROUP BY company_id, branch_id, product_id
                """,
                period.end,
                sql.valued_stock(sql.days_before(period, 1)),
                days,
                sql.delivered(sql.days_before(period, days)),
            )
        )

    def _facts_working_capital(self, period):
        """Three rows for each branch."""
        return SQL(
            """
            SELECT %(end)s::date AS day, company_id, branch_id,
                   NULL::int AS category_id, NULL::int AS industry_id,
                   NULL::int AS team_id, COALESCE(branch_id, 0) AS res_id, label,
                   SUM(amount) AS numerator, NULL::numeric AS denominator
              FROM (
                SELECT company_id, branch_id,
                       CASE kind WHEN 'receivable' THEN %(receivables)s
                                 ELSE %(payables)s END AS label,
                       CASE kind WHEN 'receivable' THEN amount ELSE -amount END
                           AS amount
                  FROM (%(items)s) item
                UNION ALL
                SELECT company_id, branch_id, %(stocks)s, value
                  FROM (%(stock)s) stock
                   ) part
             GROUP BY company_id, branch_id, label
            """,
            end=period.end,
            receivables=self.env._("Receivables"),
            payables=self.env._("Payables"),
            items=_open_items(period),
            stocks=self.env._("Stock"),
            stock=sql.valued_stock(sql.days_before(period, 1)),
        )

    # Profit and loss.

    def _facts_branch_result(self, period):
        ledger = self.env["distribution.branch.ledger"]
        return SQL(
            """
            SELECT ledger.date AS day, ledger.company_id, ledger.branch_id,
                   ledger.category_id, ledger.industry_id, ledger.team_id,
                   ledger.move_line_id AS res_id,
                   COALESCE(ledger.name, '') AS label,
                   ledger.amount AS numerator, NULL::numeric AS denominator
              FROM (%s) ledger
             WHERE ledger.date BETWEEN %s AND %s AND ledger.company_id IN %s
            """,
            ledger._table_query,
            period.start,
            period.end,
            period.company_ids,
        )


def _open_items(period, kind=None):
    """Items that were open at the end of the last day, as the Branch Balance has them.

    :param kind: "receivable" or "payable"; both by default
    """
    day = period.end
    # A day that is over: without the orders, of which nobody knows how they stood then.
    rows = balance.rows(day, (), day + timedelta(days=1))
    return SQL(
        """
        SELECT open.kind, open.company_id, open.branch_id,
               (open.id / 1000)::int AS line_id,
               open.partner_id, open.move_id, open.due_date, open.amount
          FROM (%s) open
         WHERE open.kind IN %s AND open.company_id IN %s
        """,
        rows,
        (kind,) if kind else ("receivable", "payable"),
        period.company_ids,
    )


def _invoiced_items(period, kind, move_types):
    """Items of invoices and credit notes of the last days, branch by branch."""
    days = max(int(period.parameters["lookback"]), 1)
    first, sign, account_type = (
        period.end - timedelta(days=days - 1),
        *(
            (1, "asset_receivable")
            if kind == "receivable"
            else (-1, "liability_payable")
        ),
    )
    return SQL(
        """
        SELECT line.company_id, COALESCE(share.branch_id, line.branch_id) AS branch_id,
               line.id AS line_id, line.partner_id, line.move_id,
               %(sign)s * line.balance * COALESCE(
                   (share.until - share.since) / NULLIF(share.whole, 0), 1) AS amount
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
          LEFT JOIN %(shares)s share ON TRUE
         WHERE line.parent_state = 'posted' AND line.company_id IN %(companies)s
           AND line.date BETWEEN %(first)s AND %(end)s
           AND account.account_type = %(account_type)s
           AND move.move_type IN %(move_types)s
        """,
        sign=sign,
        shares=balance.shares(SQL("line")),
        companies=period.company_ids,
        first=first,
        end=period.end,
        account_type=account_type,
        move_types=move_types,
    )
