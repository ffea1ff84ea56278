from odoo import models
from odoo.tools import SQL

# Lines that are sold and not invoiced in full, with their own price, the pricelist's, and
# what they cost and bring.
SOLD = """
    SELECT r.id AS res_id, r.company_id, r.warehouse_id, t.categ_id AS category_id,
           r.order_partner_id AS partner_id, r.salesman_id AS user_id,
           o.name || ' · ' || SPLIT_PART(r.name, E'\n', 1) AS label,
           r.first_promised_at AS too_late_at, y.measure,
           y.amount / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount, y.detail
      FROM sale_order_line r
      JOIN sale_order o ON o.id = r.order_id
      JOIN product_product p ON p.id = r.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
CROSS JOIN LATERAL (%(prices)s) x
CROSS JOIN LATERAL (%(measured)s) y
     WHERE %(only)s AND r.state = 'sale' AND r.qty_invoiced < r.product_uom_qty
       AND r.is_downpayment IS NOT TRUE AND y.measure > 0"""
PRICES = """
    SELECT r.price_unit * (1 - COALESCE(r.discount, 0) / 100) AS own, COALESCE(
               NULLIF(r.pricelist_price, 0), r.technical_price_unit)::numeric AS given"""
PRICE = """
    SELECT ROUND((1 - x.own / x.given) * 100, 2) AS measure,
           (x.given - x.own) * r.product_uom_qty AS amount,
           FORMAT(%s, ROUND(x.own, 2), ROUND(x.given, 2)) AS detail WHERE x.given > 0"""
MARGINS = """
    SELECT %(floor)s AS floor, r.price_subtotal - %(cost)s * r.product_uom_qty AS money,
           CASE WHEN r.price_subtotal > 0 THEN 100 - %(cost)s * r.product_uom_qty
                / r.price_subtotal * 100 ELSE -100 END AS rate
     WHERE r.price_subtotal >= 0 AND %(cost)s > 0"""
MARGIN = """
    SELECT ROUND(x.floor - x.rate, 2) AS measure,
           r.price_subtotal * x.floor / 100 - x.money AS amount,
           FORMAT(%s, ROUND(x.rate, 1), x.floor) AS detail"""
# What customers owe, and what they have ordered beside that, both with taxes.
CREDIT = """
    SELECT DISTINCT ON (r.id) r.id AS res_id, c.id AS company_id, r.name AS label,
           r.id AS partner_id, r.user_id, sold.too_late_at, x.excess AS amount,
           ROUND(x.excess / x.credit * 100, 2) AS measure, FORMAT(%(detail)s,
               ROUND(owed.money, 2), ROUND(sold.money, 2), ROUND(x.credit, 2)) AS detail
      FROM res_partner r
      JOIN res_company c ON c.account_use_credit_limit
       AND (r.credit_limit ->> c.id::text)::numeric > 0
CROSS JOIN LATERAL (
           SELECT COALESCE(SUM(l.amount_residual), 0) AS money
             FROM account_move_line l JOIN account_account a ON a.id = l.account_id
            WHERE l.partner_id = r.id AND l.company_id = c.id
              AND a.account_type = 'asset_receivable' AND l.reconciled IS NOT TRUE
              AND l.parent_state IN ('draft', 'posted')) owed
CROSS JOIN LATERAL (
           SELECT COALESCE(SUM(l.price_total * GREATEST(1 - l.qty_invoiced
                      / l.product_uom_qty, 0) / COALESCE(NULLIF(o.currency_rate, 0), 1)), 0
                  )::numeric AS money, MIN(l.first_promised_at) FILTER (
                      WHERE l.product_uom_qty > l.qty_delivered) AS too_late_at
             FROM res_partner child
             JOIN sale_order o ON o.partner_invoice_id = child.id AND o.company_id = c.id
             JOIN sale_order_line l ON l.order_id = o.id AND l.state = 'sale'
            WHERE child.commercial_partner_id = r.id AND l.product_uom_qty > 0
              AND l.is_downpayment IS NOT TRUE) sold
CROSS JOIN LATERAL (
           SELECT (r.credit_limit ->> c.id::text)::numeric AS credit, owed.money + sold.money
                  - (r.credit_limit ->> c.id::text)::numeric AS excess) x
     WHERE %(only)s AND r.commercial_partner_id = r.id AND x.excess > 0
  ORDER BY r.id, x.excess DESC"""


class DistributionExceptionRule(models.Model):
    """Orders that cost money: prices, margins, credit."""

    _inherit = "distribution.exception.rule"

    def _query_sale_price(self, only):
        """Lines sold below the pricelist: confirmed, and not invoiced in full.

        The pricelist is that of the order, on the day it was confirmed. Measured is by how
        many percent the price, after discount, is below it; at risk is the difference for
        the ordered quantity. It is too late when the goods are promised: the invoice
        follows them.
        """
        words = self.env._(
            "Sold at %(own)s; the pricelist says %(given)s.", own="%1$s", given="%2$s"
        )
        return SQL(SOLD, only=only, prices=SQL(PRICES), measured=SQL(PRICE, words))

    def _query_sale_margin(self, only):
        """Lines whose margin is under the floor: confirmed, and not invoiced in full.

        Measured are the points of margin missing; at risk is the money that is missing.
        What is given away for nothing has a margin of -100 percent. It is too late when
        the goods are promised: the invoice follows them. Nothing is found where lines have
        no cost, which they have from Odoo's margins on orders.
        """
        has_cost = "purchase_price" in self.env["sale.order.line"]._fields
        cost = SQL("r.purchase_price" if has_cost else "NULL::numeric")
        floor = SQL("%s::numeric", self.margin_floor)
        words = self.env._(
            "The margin is %(rate)s percent; the floor is %(floor)s percent.",
            rate="%1$s",
            floor="%2$s",
        )
        margins = SQL(MARGINS, floor=floor, cost=cost)
        return SQL(SOLD, only=only, prices=margins, measured=SQL(MARGIN, words))

    def _query_sale_credit(self, only):
        """Customers who owe more than their credit limit, in a company that uses limits.

        What they owe: open items of their invoices, drafts too, and what is ordered and
        not invoiced. Limits of their own count, not the company's default; of several
        companies the one with the greatest excess. Measured is the excess in percent of
        the limit; at risk is the excess. It is too late when the next goods of theirs are
        promised.
        """
        words = self.env._(
            "Owes %(owed)s, has ordered %(sold)s; the limit is %(limit)s.",
            owed="%1$s",
            sold="%2$s",
            limit="%3$s",
        )
        return SQL(CREDIT, only=only, detail=words)
