from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector

# Lines that are sold and not invoiced in full, with their own price, the pricelist's, and
# what they cost and bring.
SOLD = """
    SELECT r.id AS res_id, r.company_id, t.categ_id AS category_id,
           r.order_partner_id AS partner_id, r.salesman_id AS user_id,
           o.name || ' · ' || SPLIT_PART(r.name, E'\n', 1) AS label,
           COALESCE(o.commitment_date, o.date_order + r.customer_lead
               * INTERVAL '1 day') AS too_late_at, y.measure,
           y.amount / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount, y.detail
      FROM sale_order_line r
      JOIN sale_order o ON o.id = r.order_id
      JOIN product_product p ON p.id = r.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
CROSS JOIN LATERAL (%(prices)s) x
CROSS JOIN LATERAL (%(measured)s) y
     WHERE %(only)s AND r.state = 'sale' AND r.qty_invoiced < r.product_uom_qty
       AND r.is_downpayment IS NOT TRUE AND y.measure > 0 AND %(open)s"""
# Not so: delivered in part, closed short, and what was delivered is invoiced.
OPEN = """
    (r.qty_invoiced < r.qty_delivered OR r.qty_delivered <= 0 OR EXISTS (
        SELECT FROM stock_move m
         WHERE m.sale_line_id = r.id AND m.state NOT IN ('done', 'cancel'))
     OR NOT EXISTS (SELECT FROM stock_move m WHERE m.sale_line_id = r.id))"""
PRICES = """
    SELECT r.price_unit * (1 - COALESCE(r.discount, 0) / 100) AS own, COALESCE(
               NULLIF(r.pricelist_price, 0), r.technical_price_unit)::numeric AS given"""
PRICE = """
    SELECT ROUND((1 - x.own / x.given) * 100, 2) AS measure,
           (x.given - x.own) * r.product_uom_qty AS amount,
           FORMAT(%s, ROUND(x.own, 2), ROUND(x.given, 2), c.name) AS detail
      FROM res_currency c WHERE c.id = o.currency_id AND x.given > 0"""
MARGINS = """
    SELECT %s AS floor, r.price_subtotal - r.purchase_price * r.product_uom_qty AS money,
           CASE WHEN r.price_subtotal > 0 THEN 100 - r.purchase_price * r.product_uom_qty
                / r.price_subtotal * 100 ELSE -100 END AS rate
     WHERE r.price_subtotal >= 0 AND r.purchase_price > 0"""
MARGIN = """
    SELECT ROUND(x.floor - x.rate, 2) AS measure,
           r.price_subtotal * x.floor / 100 - x.money AS amount,
           FORMAT(%s, ROUND(x.rate, 1), x.floor) AS detail"""


class DistributionExceptionRule(models.Model):
    """Order lines that cost money: sold below the pricelist, or under the margin floor."""

    _inherit = "distribution.exception.rule"

    margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="The margin that no order line should be under, in percent of its price.",
    )

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="sale_price",
                model="sale.order.line",
                name=self.env._("Price is below the pricelist"),
                measure=self.env._("percent below the pricelist"),
                query="_query_sale_price",
                resolve="_resolve_sale_price",
                resolve_label=self.env._("Open the order"),
            ),
            Detector(
                code="sale_margin",
                model="sale.order.line",
                name=self.env._("Margin is below the floor"),
                measure=self.env._("points under the floor"),
                query="_query_sale_margin",
                resolve="_resolve_sale_price",
                resolve_label=self.env._("Open the order"),
            ),
        ]

    def _query_sale_price(self, only):
        """Lines sold below the pricelist: confirmed, and not invoiced in full.

        The pricelist is that of the order, on the day it was confirmed. Measured is by how
        many percent the price, after discount, is below it; at risk is the difference for
        the ordered quantity. It is too late when the goods are promised: the invoice
        follows them.
        """
        words = self.env._(
            "Sold at %(own)s; the pricelist says %(given)s.",
            own="%3$s %1$s",  # see `for_reader`: the currency before the amount
            given="%3$s %2$s",
        )
        return self._sold_sql(only, SQL(PRICES), SQL(PRICE, words))

    def _query_sale_margin(self, only):
        """Lines whose margin is under the floor: confirmed, and not invoiced in full.

        Measured are the points of margin missing; at risk is the money that is missing.
        What is given away for nothing has a margin of -100 percent. Lines without a cost
        are not found. It is too late when the goods are promised: the invoice follows them.
        """
        words = self.env._(
            "The margin is %(rate)s percent; the floor is %(floor)s percent.",
            rate="%1$s",
            floor="%2$s",
        )
        margins = SQL(MARGINS, SQL("%s::numeric", self.margin_floor))
        return self._sold_sql(only, margins, SQL(MARGIN, words))

    def _sold_sql(self, only, prices, measured):
        """Sold lines that can still be invoiced; what is delivered is known with stock."""
        has_moves = "move_ids" in self.env["sale.order.line"]._fields
        values = {"only": only, "prices": prices, "measured": measured}
        return SQL(SOLD, open=SQL(OPEN if has_moves else "TRUE"), **values)
