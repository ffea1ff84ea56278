from odoo import models
from odoo.tools import SQL


class DistributionExceptionRule(models.Model):
    """Bills of vendors that ask for more, or for something else, than is owed."""

    _inherit = "distribution.exception.rule"

    def _query_purchase_bill(self, only):
        """Unpaid bills with a line at another price than ordered, or for goods not received.

        Of products that are billed as ordered, more than ordered. The measure is that of the
        worst line; at risk is the sum of the differences. Too late: when the bill is due.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.partner_id,
                   CONCAT_WS(' · ', COALESCE(NULLIF(r.name, '/'), MIN(o.name)), r.ref,
                             r.invoice_partner_display_name) AS label,
                   MAX(x.percent) AS measure, SUM(x.amount) AS amount,
                   r.invoice_date_due::timestamp AS too_late_at,
                   (ARRAY_AGG(o.user_id ORDER BY x.amount DESC))[1] AS user_id,
                   (ARRAY_AGG(pt.categ_id ORDER BY x.amount DESC))[1] AS category_id,
                   (ARRAY_AGG(%(detail)s ORDER BY x.amount DESC))[1] AS detail
              FROM account_move r
              JOIN account_move_line l ON l.move_id = r.id AND l.quantity > 0
              JOIN purchase_order_line pl ON pl.id = l.purchase_line_id
                   AND pl.product_qty >= 0
              JOIN purchase_order o ON o.id = pl.order_id
              JOIN res_currency c ON c.id = o.currency_id
              JOIN product_product pp ON pp.id = pl.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom pu ON pu.id = pl.product_uom_id
         LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
        %(figures)s
             WHERE %(only)s AND r.move_type = 'in_invoice' AND x.amount > 0
               AND (r.state = 'draft'
                    OR r.state = 'posted' AND r.payment_state IN ('not_paid', 'partial'))
             GROUP BY r.id
            """,
            only=only,
            figures=self._purchase_bill_figures(),
            detail=self._purchase_bill_detail(),
        )

    def _purchase_bill_figures(self):
        """What is off of bill line `l`: `b` in the unit and currency of its order line.

        A difference up to the rounding of the currency is none. What is billed too much
        falls upon the last bills of an order line; credit notes count first.
        """
        return SQL(
            """
             CROSS JOIN LATERAL (
                   SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate,
                          COALESCE(pl.price_subtotal / NULLIF(pl.product_qty, 0),
                                   pl.price_unit * (1 - COALESCE(pl.discount, 0) / 100)
                                   ) AS price,
                          (l.quantity * COALESCE(lu.factor / pu.factor, 1))::numeric
                              AS quantity,
                          CASE WHEN l.currency_id = o.currency_id THEN l.price_subtotal
                               ELSE l.balance * COALESCE(NULLIF(o.currency_rate, 0), 1)
                          END::numeric AS billed) b
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN ABS(b.billed - b.price * b.quantity) > c.rounding
                               THEN ABS(b.billed - b.price * b.quantity) ELSE 0
                          END AS difference,
                          GREATEST(0, LEAST(b.quantity, SUM(
                              CASE WHEN om.move_type = 'in_refund' THEN -ol.quantity
                                   WHEN ol.id <= l.id THEN ol.quantity ELSE 0 END
                              * COALESCE(ou.factor / pu.factor, 1))::numeric
                              - CASE pt.purchase_method WHEN 'purchase'
                                     THEN pl.product_qty ELSE pl.qty_received END
                          )) AS excess
                     FROM account_move_line ol
                     JOIN account_move om ON om.id = ol.move_id AND om.state <> 'cancel'
                LEFT JOIN uom_uom ou ON ou.id = ol.product_uom_id
                    WHERE ol.purchase_line_id = pl.id) e
             CROSS JOIN LATERAL (
                   SELECT ROUND((e.difference + e.excess * b.price) / b.rate, 2) AS amount,
                          GREATEST(
                              CASE WHEN e.difference = 0 THEN 0 WHEN b.price = 0 THEN 100
                                   ELSE 100 * e.difference / (b.price * b.quantity) END,
                              100 * e.excess / b.quantity) AS percent) x
            """
        )

    def _purchase_bill_detail(self):
        """What is off of a bill line, in words."""
        price = self.env._(
            "%(product)s: billed at %(billed)s, ordered at %(price)s",
            **{"product": "%1$s", "billed": "%2$s", "price": "%3$s"},
        )
        excess = self.env._(
            "%(product)s: %(excess)s %(unit)s too many billed",
            **{"product": "%1$s", "excess": "%2$s", "unit": "%3$s"},
        )
        return SQL(
            """CONCAT_WS('; ',
                   CASE WHEN e.difference > 0 THEN FORMAT(%(price)s, %(product)s,
                        TRIM_SCALE(ROUND(b.billed / b.quantity, 4)),
                        TRIM_SCALE(ROUND(b.price, 4))) END,
                   CASE WHEN e.excess > 0 THEN FORMAT(%(excess)s, %(product)s,
                        TRIM_SCALE(ROUND(e.excess, 4)), %(unit)s) END)""",
            price=price,
            excess=excess,
            product=self.env["product.template"]._field_to_sql("pt", "name"),
            unit=self.env["uom.uom"]._field_to_sql("pu", "name"),
        )
