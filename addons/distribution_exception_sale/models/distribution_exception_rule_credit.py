from odoo import models
from odoo.tools import SQL

# See `for_reader`: the currency before the amount.
WORDS = {"owed": "%4$s %1$s", "sold": "%4$s %2$s", "limit": "%4$s %3$s"}
# What customers owe, and what they have ordered beside that, both with taxes.
CREDIT = """
    SELECT DISTINCT ON (r.id) r.id AS res_id, c.id AS company_id, r.name AS label,
           r.id AS partner_id, r.user_id, sold.due AS too_late_at, x.excess AS amount,
           ROUND(x.excess / own.credit * 100, 2) AS measure, FORMAT(%(detail)s,
               ROUND(owed.money, 2), ROUND(sold.money, 2), ROUND(own.credit, 2),
               currency.name) AS detail
      FROM res_partner r
      JOIN res_company c ON c.account_use_credit_limit
      JOIN res_currency currency ON currency.id = c.currency_id
CROSS JOIN LATERAL (SELECT (r.credit_limit ->> c.id::text)::numeric AS credit) own
CROSS JOIN LATERAL (
           SELECT COALESCE(SUM(l.amount_residual), 0) AS money
             FROM account_move_line l JOIN account_account a ON a.id = l.account_id
            WHERE l.partner_id = r.id AND l.company_id = c.id
              AND a.account_type = 'asset_receivable' AND l.reconciled IS NOT TRUE
              AND l.parent_state IN ('draft', 'posted')) owed
CROSS JOIN LATERAL (
           SELECT COALESCE(SUM(CASE WHEN l.is_downpayment THEN l.price_unit * -l.qty_invoiced
                      * o.amount_total / NULLIF(o.amount_untaxed, 0) ELSE l.price_total
                      * GREATEST(w.quantity - l.qty_invoiced, 0) / l.product_uom_qty END
                      / COALESCE(NULLIF(o.currency_rate, 0), 1)), 0)::numeric AS money,
                  MIN(l.first_promised_at) FILTER (WHERE w.quantity > l.qty_delivered) AS due
             FROM res_partner child
             JOIN sale_order o ON o.partner_invoice_id = child.id AND o.company_id = c.id
             JOIN sale_order_line l ON l.order_id = o.id AND l.state = 'sale'
CROSS JOIN LATERAL (SELECT CASE WHEN BOOL_AND(m.state IN ('done', 'cancel')) THEN LEAST(
                      l.product_uom_qty, l.qty_delivered) ELSE l.product_uom_qty END
                      AS quantity FROM stock_move m WHERE m.sale_line_id = l.id) w
            WHERE child.commercial_partner_id = r.id
              AND (l.product_uom_qty > 0 OR l.is_downpayment)) sold
CROSS JOIN LATERAL (SELECT owed.money + sold.money - own.credit AS excess) x
     WHERE %(only)s AND r.commercial_partner_id = r.id AND own.credit > 0 AND x.excess > 0
  ORDER BY r.id, x.excess DESC"""


class DistributionExceptionRule(models.Model):
    """Customers who owe more than they may."""

    _inherit = "distribution.exception.rule"

    def _query_sale_credit(self, only):
        """Customers who owe more than their credit limit, in a company that uses limits.

        What they owe: open items of their invoices, drafts too, and what is ordered and
        not invoiced, less down payments; what was closed short is not ordered any more.
        Limits of their own count, not the company's default; of several
        companies the one with the greatest excess. Measured is the excess in percent of
        the limit; at risk is the excess. It is too late when the next goods of theirs are
        promised.
        """
        words = self.env._(
            "Owes %(owed)s, has ordered %(sold)s; the limit is %(limit)s.", **WORDS
        )
        return SQL(CREDIT, only=only, detail=words)
