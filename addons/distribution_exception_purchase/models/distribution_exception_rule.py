from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distribution_exception.models.detector import Detector


class DistributionExceptionRule(models.Model):
    """Goods that vendors owe."""

    _inherit = "distribution.exception.rule"

    @api.model
    def _detectors(self):
        return [
            *super()._detectors(),
            Detector(
                code="purchase_late",
                model="purchase.order.line",
                name=self.env._("Receipt is overdue"),
                measure=self.env._("days late"),
                query="_query_purchase_late",
                resolve="_resolve_purchase_ask",
                resolve_label=self.env._("Ask the vendor"),
            ),
            Detector(
                code="purchase_moved",
                model="purchase.order.line",
                name=self.env._("Vendor moved the date"),
                measure=self.env._("days later than first confirmed"),
                query="_query_purchase_moved",
                resolve="_resolve_purchase_ask",
                resolve_label=self.env._("Ask the vendor"),
            ),
            Detector(
                code="purchase_bill",
                model="account.move",
                name=self.env._("Bill does not match order or receipt"),
                measure=self.env._("percent off"),
                query="_query_purchase_bill",
                resolve="_resolve_open",
                resolve_label=self.env._("Open the bill"),
            ),
        ]

    def _query_purchase_late(self, only):
        """Lines with goods still to come whose expected arrival has passed.

        At risk: what is still to come, at the price of the order. Too late: when the first
        delivery that waits for the product at the warehouse is due; at the expected arrival
        where the stock is below its minimum; otherwise today.
        """
        now = fields.Datetime.now()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        detail = self.env._(
            "%(open)s of %(ordered)s %(unit)s are still to come; they were due on %(date)s.",
            **{"open": "%1$s", "ordered": "%2$s", "unit": "%3$s", "date": "%4$s"},
        )
        return self._purchase_open_sql(
            SQL("%s AND r.date_planned < %s", only, now),
            span=SQL("%s::timestamp - r.date_planned", now),
            due=SQL("r.date_planned"),
            otherwise=SQL("%s::timestamp", today),
            # The vendor's receipts may have been planned anew, past the line.
            expected=SQL("CASE WHEN coming.at > %s THEN coming.at END", now),
            detail=detail,
        )

    def _query_purchase_moved(self, only):
        """Lines with goods still to come that are expected later than first confirmed.

        Once the new date has passed, too, the receipt is overdue and no longer moved. At
        risk: as there. Too late: when the first delivery that waits for it is due, at the
        latest at the date first confirmed where nobody waits or the stock is short.
        """
        detail = self.env._(
            "%(open)s of %(ordered)s %(unit)s are expected on %(date)s; first confirmed "
            "was %(first)s.",
            **{"open": "%1$s", "ordered": "%2$s", "unit": "%3$s"},
            **{"date": "%4$s", "first": "%5$s"},
        )
        return self._purchase_open_sql(
            SQL(
                "%s AND r.date_planned >= %s AND r.date_planned > r.first_confirmed_date",
                only,
                fields.Datetime.now(),
            ),
            span=SQL("r.date_planned - r.first_confirmed_date"),
            due=SQL("r.first_confirmed_date"),
            otherwise=SQL("r.first_confirmed_date"),
            expected=SQL("r.date_planned"),
            detail=detail,
        )

    def _purchase_open_sql(self, only, span, due, otherwise, expected, detail):
        """Lines of confirmed orders with goods still to come.

        Goods come in open receipts: what was closed short is not waited for. A line is a
        few index look-ups: its moves, the open moves and the stock of its product. Days
        are those of the company.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, r.partner_id, o.user_id,
                   pt.categ_id AS category_id,
                   CONCAT_WS(' ', o.name, '·', '[' || NULLIF(pp.default_code, '') || ']',
                             %(product)s) AS label,
                   FLOOR(EXTRACT(EPOCH FROM %(span)s) / 86400) AS measure,
                   (r.product_qty - r.qty_received) * r.price_subtotal / r.product_qty
                       / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount,
                   COALESCE(LEAST(%(waits)s, CASE WHEN %(short)s THEN %(due)s END),
                            %(otherwise)s) AS too_late_at,
                   %(expected)s AS expected_at,
                   FORMAT(%(detail)s, TRIM_SCALE(r.product_qty - r.qty_received),
                          TRIM_SCALE(r.product_qty), %(unit)s,
                          (r.date_planned AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date,
                          (r.first_confirmed_date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz
                          )::date) AS detail
              FROM purchase_order_line r
              JOIN purchase_order o ON o.id = r.order_id AND o.state = 'purchase'
              JOIN stock_picking_type t ON t.id = o.picking_type_id
              JOIN product_product pp ON pp.id = r.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom u ON u.id = r.product_uom_id
              JOIN res_company company ON company.id = r.company_id
              JOIN res_partner place ON place.id = company.partner_id
        CROSS JOIN LATERAL (SELECT COALESCE(place.tz, 'UTC') AS tz) zone
              JOIN LATERAL (
                   SELECT MAX(m.date) AS at FROM stock_move m
                    WHERE m.purchase_line_id = r.id AND m.state NOT IN ('done', 'cancel')
                      AND m.origin_returned_move_id IS NULL) coming ON coming.at IS NOT NULL
             WHERE %(only)s AND r.product_qty > r.qty_received
            """,
            only=only,
            product=self.env["product.template"]._field_to_sql("pt", "name"),
            unit=self.env["uom.uom"]._field_to_sql("u", "name"),
            span=span,
            due=due,
            otherwise=otherwise,
            expected=expected,
            detail=detail,
            waits=self._purchase_waits_sql(),
            short=self._purchase_short_sql(),
        )

    def _purchase_waits_sql(self):
        """When the first delivery is due that waits for product `r` at warehouse `t`."""
        return SQL(
            """(SELECT MIN(COALESCE(m.date_deadline, m.date))
                  FROM stock_move m
                  JOIN stock_location s ON s.id = m.location_id
                  JOIN stock_location d
                    ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
                 WHERE m.product_id = r.product_id AND s.warehouse_id = t.warehouse_id
                   AND d.warehouse_id IS DISTINCT FROM t.warehouse_id
                   AND m.state IN ('waiting', 'confirmed', 'partially_available'))"""
        )

    def _purchase_short_sql(self):
        """Whether the stock of product `r` at warehouse `t` is below its minimum."""
        return SQL(
            """EXISTS (
                SELECT FROM stock_warehouse_orderpoint p
                 WHERE p.product_id = r.product_id AND p.warehouse_id = t.warehouse_id
                   AND p.active AND p.product_min_qty > (
                       SELECT COALESCE(SUM(q.quantity), 0) FROM stock_quant q
                         JOIN stock_location l ON l.id = q.location_id
                        WHERE q.product_id = p.product_id AND l.usage = 'internal'
                          AND l.warehouse_id = p.warehouse_id))"""
        )
