from odoo import fields, models
from odoo.tools import SQL


class DistributionExceptionRule(models.Model):
    """What warehouses should hold, and what they do.

    Compared are the replenishment rules of the main stock of a warehouse with all that the
    warehouse holds and can promise; rules of single bins are filled from inside.
    """

    _inherit = "distribution.exception.rule"

    def _query_stock_shortage(self, only):
        """Rules with less on hand than the minimum, also with what is on the way.

        At risk: the units short, at cost. Too late: when the first delivery is due that waits
        for the product; today where nothing is left.
        """
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        points = SQL(
            """SELECT r.* FROM stock_warehouse_orderpoint r
                WHERE %s AND r.active AND r.product_min_qty > 0""",
            only,
        )
        detail = self.env._(
            "%(on_hand)s %(unit)s on hand, %(incoming)s on the way, at least %(least)s "
            "wanted",
            **{"on_hand": "%1$s", "unit": "%2$s", "incoming": "%3$s", "least": "%4$s"},
        )
        return SQL(
            """
            WITH %(standing)s
            SELECT r.id AS res_id, r.company_id, r.warehouse_id, %(label)s AS label,
                   pt.categ_id AS category_id, r.least - r.on_hand - r.incoming AS measure,
                   (r.least - r.on_hand - r.incoming) * %(cost)s AS amount,
                   COALESCE(r.waits, CASE WHEN r.on_hand <= 0 THEN %(today)s::timestamp END)
                       AS too_late_at,
                   FORMAT(%(detail)s, TRIM_SCALE(r.on_hand), u.name->>'en_US',
                          TRIM_SCALE(r.incoming), TRIM_SCALE(r.least)) AS detail
              FROM standing r
              %(names)s
             WHERE r.on_hand + r.incoming < r.least
            """,
            standing=self._standing_sql(points),
            label=self._orderpoint_label_sql(),
            cost=self._stock_cost_sql(),
            today=today,
            detail=detail,
            names=self._orderpoint_names_sql(),
        )

    def _query_stock_excess(self, only):
        """Rules with more free than the maximum, of a product another warehouse is short of.

        The other one is that which is shortest, in the same company. At risk: what could
        move, at cost. Too late: when the first delivery is due that waits there.
        """
        points = SQL(
            """SELECT p.* FROM stock_warehouse_orderpoint p
                WHERE p.active AND GREATEST(p.product_max_qty, p.product_min_qty) > 0
                  AND p.product_id IN (SELECT r.product_id
                                         FROM stock_warehouse_orderpoint r WHERE %s)""",
            only,
        )
        detail = self.env._(
            "%(excess)s %(unit)s free above the maximum here; "
            "%(warehouse)s is %(short)s short",
            **{"excess": "%1$s", "unit": "%2$s", "warehouse": "%3$s", "short": "%4$s"},
        )
        return SQL(
            """
            WITH %(standing)s,
            shortest AS (
                SELECT DISTINCT ON (product_id, company_id) product_id, company_id, waits,
                       warehouse_id, least - on_hand - incoming AS short
                  FROM standing WHERE on_hand + incoming < least
              ORDER BY product_id, company_id, least - on_hand - incoming DESC, id)
            SELECT r.id AS res_id, r.company_id, r.warehouse_id, %(label)s AS label,
                   pt.categ_id AS category_id, LEAST(r.free - r.most, b.short) AS measure,
                   LEAST(r.free - r.most, b.short) * %(cost)s AS amount,
                   b.waits AS too_late_at,
                   FORMAT(%(detail)s, TRIM_SCALE(r.free - r.most), u.name->>'en_US', bw.name,
                          TRIM_SCALE(b.short)) AS detail
              FROM standing r
              JOIN shortest b ON b.product_id = r.product_id AND b.company_id = r.company_id
              JOIN stock_warehouse bw ON bw.id = b.warehouse_id
              %(names)s
             WHERE %(only)s AND r.free > r.most
            """,
            standing=self._standing_sql(points),
            label=self._orderpoint_label_sql(),
            cost=self._stock_cost_sql(),
            detail=detail,
            names=self._orderpoint_names_sql(),
            only=only,
        )

    def _standing_sql(self, points):
        """Clauses up to `standing`: replenishment rules with the stock of their warehouse.

        on_hand and free (not reserved) can be promised; incoming comes from outside the
        warehouse; waits is when the first delivery is due that lacks goods. All products at
        once: one look at their stock and one at their open moves.
        """
        return SQL(
            """
            points AS MATERIALIZED (
                SELECT p.id, p.company_id, p.product_id, p.warehouse_id,
                       p.product_min_qty::numeric AS least,
                       GREATEST(p.product_max_qty, p.product_min_qty)::numeric AS most
                  FROM (%(points)s) p
                  JOIN stock_warehouse w ON w.id = p.warehouse_id
                       AND w.lot_stock_id = p.location_id),
            held AS (
                SELECT p.id, SUM(q.quantity) AS on_hand,
                       SUM(q.quantity - q.reserved_quantity) AS free
                  FROM points p
                  JOIN stock_quant q ON q.product_id = p.product_id
                  JOIN stock_location l ON l.id = q.location_id
                       AND l.warehouse_id = p.warehouse_id AND %(promisable)s
              GROUP BY p.id),
            moving AS (
                SELECT p.id,
                       SUM(m.product_qty) FILTER (
                           WHERE d.warehouse_id = p.warehouse_id
                             AND s.warehouse_id IS DISTINCT FROM p.warehouse_id
                       )::numeric AS incoming,
                       MIN(COALESCE(m.date_deadline, m.date)) FILTER (
                           WHERE s.warehouse_id = p.warehouse_id AND m.state <> 'assigned'
                             AND e.warehouse_id IS DISTINCT FROM p.warehouse_id) AS waits
                  FROM points p
                  JOIN stock_move m ON m.product_id = p.product_id AND m.state IN
                       ('waiting', 'confirmed', 'partially_available', 'assigned')
                  JOIN stock_location s ON s.id = m.location_id
                  JOIN stock_location d ON d.id = m.location_dest_id
                  JOIN stock_location e
                    ON e.id = COALESCE(m.location_final_id, m.location_dest_id)
              GROUP BY p.id),
            standing AS (
                SELECT p.*, COALESCE(h.on_hand, 0) AS on_hand, COALESCE(h.free, 0) AS free,
                       COALESCE(m.incoming, 0) AS incoming, m.waits
                  FROM points p
             LEFT JOIN held h ON h.id = p.id LEFT JOIN moving m ON m.id = p.id)
            """,
            points=points,
            promisable=self._promisable_sql(),
        )

    def _promisable_sql(self):
        """Whether stock at location `l` can be promised; roles of locations may say no."""
        if "is_promisable" in self.env["stock.location"]._fields:
            return SQL("l.is_promisable")
        return SQL("l.usage = 'internal'")

    def _orderpoint_names_sql(self):
        return SQL(
            """JOIN stock_warehouse w ON w.id = r.warehouse_id
               JOIN product_product pp ON pp.id = r.product_id
               JOIN product_template pt ON pt.id = pp.product_tmpl_id
               JOIN uom_uom u ON u.id = pt.uom_id"""
        )

    def _orderpoint_label_sql(self):
        return SQL(
            """CONCAT_WS(' ', w.name, '·', '[' || NULLIF(pp.default_code, '') || ']',
                         pt.name->>'en_US')"""
        )
