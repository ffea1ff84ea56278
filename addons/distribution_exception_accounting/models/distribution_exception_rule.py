from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distribution_accounting.report import distribution_branch_margin_sql
from odoo.addons.distribution_exception.models.detector import Detector

ITEM = "account.move.line"
# Days of invoices that count as what a customer buys now.
LEAKAGE_DAYS = 90
# The company of `r`, and its time zone.
COMPANY = SQL(
    """JOIN res_company company ON company.id = r.company_id
       JOIN res_partner zone ON zone.id = company.partner_id"""
)


class DistributionExceptionRule(models.Model):
    """What is found in the books: see the queries for what exactly."""

    _inherit = "distribution.exception.rule"

    leakage_amount = fields.Float(
        string="Least Given Away",
        default=1000.0,
        help="Customers to whom less than this was given away in the last 90 days, in "
        "company currency, are left out.",
    )

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="account_branch",
                model=ITEM,
                name=self.env._("Item of the profit and loss without branch"),
                measure=self.env._("in company currency"),
                query="_query_account_branch",
                resolve="_resolve_account_branch",
                resolve_label=self.env._("Correct the branch"),
            ),
            Detector(
                code="account_receivable",
                model="account.move",
                name=self.env._("Receivable is overdue"),
                measure=self.env._("days overdue"),
                query="_query_account_receivable",
                resolve="_resolve_account_receivable",
                resolve_label=self.env._("Send a reminder"),
            ),
            Detector(
                code="account_leakage",
                model="res.partner",
                name=self.env._("Margin leaks away with a customer"),
                measure=self.env._("percent given away"),
                query="_query_account_leakage",
                resolve="_resolve_account_leakage",
                resolve_label=self.env._("Show where it goes"),
            ),
            Detector(
                code="account_month",
                model="distribution.closing",
                name=self.env._("Month is not closed"),
                measure=self.env._("days since its end"),
                query="_query_account_month",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the check list"),
            ),
        ]

    def _query_account_branch(self, only):
        """Posted items of the profit and loss that name no branch, of open periods.

        They are of no branch. A cost of goods follows its invoice line, so where both lack
        the branch the line counts. Measured and at risk is the amount. It is too late when
        the month is over and should be closed. Companies without branches have none.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id,
                   CONCAT_WS(' · ', r.move_name, %(account)s) AS label,
                   ABS(r.balance) AS measure, ABS(r.balance) AS amount, r.partner_id,
                   r.category_id, r.name AS detail, %(over)s AS too_late_at
              FROM account_move_line r
              JOIN account_account account ON account.id = r.account_id
              JOIN account_move move ON move.id = r.move_id
                   %(company)s
             WHERE %(only)s AND r.parent_state = 'posted'
               AND r.branch_id IS NULL AND r.branch_split IS NOT TRUE
               AND (account.account_type LIKE 'income%%'
                    OR account.account_type LIKE 'expense%%')
               AND move.interbranch_kind IS NULL
               AND r.date > COALESCE(GREATEST(company.fiscalyear_lock_date,
                                              company.hard_lock_date), '-infinity')
               AND EXISTS (SELECT FROM distribution_branch branch
                            WHERE branch.company_id = r.company_id)
               AND NOT EXISTS (SELECT FROM account_move_line origin
                                WHERE origin.id = r.cogs_origin_id
                                  AND origin.branch_id IS NULL
                                  AND origin.branch_split IS NOT TRUE)
            """,
            only=only,
            account=self.env["account.account"]._field_to_sql("account", "name"),
            company=COMPANY,
            over=_day_is_over(
                SQL("(DATE_TRUNC('month', r.date) + INTERVAL '1 month - 1 day')::date")
            ),
        )

    def _query_account_receivable(self, only):
        """Invoices, and other entries, with receivables past due and not paid in full.

        The branch of the invoice acts: whoever sold. Measured are whole days since the end
        of the first due date that was missed, at risk is what is past due and not paid. It
        is too late at that date: the older, the more it weighs.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.branch_id, r.partner_id,
                   CONCAT_WS(' · ', r.name, partner.name) AS label,
                   CONCAT_WS(' · ', FORMAT(%(due)s, MIN(COALESCE(
                       item.date_maturity, item.date))), NULLIF(r.ref, '')) AS detail,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - MIN(%(over)s)) / 86400) AS measure,
                   SUM(item.amount_residual) AS amount, MIN(%(over)s) AS too_late_at,
                   r.invoice_user_id AS user_id
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
              JOIN account_move r ON r.id = item.move_id
                   %(company)s
         LEFT JOIN res_partner partner ON partner.id = r.partner_id
             WHERE %(only)s AND account.account_type = 'asset_receivable'
               AND item.parent_state = 'posted' AND item.amount_residual > 0
               AND item.amount_residual <> 0 -- as the index says
               AND %(over)s <= %(now)s
          GROUP BY r.id, partner.name
            """,
            now=_now(),
            only=only,
            company=COMPANY,
            due=self.env._("Due since %(date)s", date="%s"),
            over=_day_is_over(SQL("COALESCE(item.date_maturity, item.date)")),
        )

    def _query_account_leakage(self, only):
        """Customers who pay much less than the list price: invoices of the last 90 days.

        Of their branch where all is of one. Measured is what was given away by price
        lists, agreed prices and discounts, in percent of the list price; at risk is that
        money: as much is lost in the next 90 days if nobody acts. Credit notes do not
        count. Of a customer of several companies the one that loses most counts.
        """
        today = fields.Date.context_today(self)
        has_cost = "purchase_price" in self.env["sale.order.line"]._fields
        return SQL(
            """
            SELECT DISTINCT ON (r.id) r.id AS res_id, sale.company_id, r.id AS partner_id,
                   COALESCE(r.complete_name, r.name) AS label, r.user_id,
                   100 * SUM(sale.list_value - sale.income) / SUM(sale.list_value)
                       AS measure, SUM(sale.list_value - sale.income) AS amount,
                   NULL::timestamp AS too_late_at,
                   FORMAT(%(words)s, ROUND((100 * SUM(sale.list_value - sale.income)
                       / SUM(sale.list_value))::numeric, 1)) AS detail,
                   CASE WHEN MIN(sale.branch_id) = MAX(sale.branch_id)
                         AND COUNT(sale.branch_id) = COUNT(*)
                        THEN MIN(sale.branch_id) END AS branch_id
              FROM (%(lines)s) sale
              JOIN res_partner r ON r.id = sale.partner_id
             WHERE %(only)s AND NOT sale.is_claim
          GROUP BY r.id, sale.company_id
            HAVING SUM(sale.list_value) > 0
               AND SUM(sale.list_value - sale.income) >= %(least)s
          ORDER BY r.id, SUM(sale.list_value - sale.income) DESC
            """,
            only=only,
            least=self.leakage_amount,
            # A percent sign of its own would be an instruction to FORMAT.
            words=self.env._(
                "Given away of the list price, in percent: %(rate)s.", rate="%s"
            ),
            lines=distribution_branch_margin_sql.lines(
                has_cost, (today - timedelta(days=LEAKAGE_DAYS), today)
            ),
        )

    def _query_account_month(self, only):
        """Months that are over and not closed.

        They are of no branch. Measured are whole days since the last day. It is too late
        once they are as many as the threshold says. Money at risk is what the rule assumes.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.name AS label, 0 AS amount,
                   FLOOR(EXTRACT(EPOCH FROM %(now)s - over.moment) / 86400) AS measure,
                   over.moment + %(days)s * INTERVAL '1 day' AS too_late_at,
                   FORMAT(%(items)s, (
                       SELECT COUNT(*) FROM distribution_closing_item item
                        WHERE item.closing_id = r.id AND item.state = 'open')) AS detail
              FROM distribution_closing r
                   %(company)s
        CROSS JOIN LATERAL (SELECT %(over)s AS moment) over
             WHERE %(only)s AND r.state IN ('open', 'reopened')
               AND over.moment <= %(now)s
            """,
            now=_now(),
            only=only,
            company=COMPANY,
            over=_day_is_over(SQL("r.date_to")),
            days=self.threshold,
            items=self.env._("Items that are open: %s.", "%s"),
        )


def _now():
    return SQL("%s::timestamp", fields.Datetime.now())


def _day_is_over(date):
    """The moment at which a day is over, in the company's time zone."""
    return SQL(
        """((%s + 1)::timestamp AT TIME ZONE COALESCE(zone.tz, 'UTC')
            AT TIME ZONE 'UTC')""",
        date,
    )
