from odoo import fields, models
from odoo.tools import SQL

# What a detail may name, by the place of its value in FORMAT.
WORDS = {"on_hand": "%1$s", "unit": "%2$s", "incoming": "%3$s", "least": "%4$s"}
WORDS.update({"excess": "%5$s", "warehouse": "%6$s", "short": "%7$s"})


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
        due = "COALESCE(r.waits, CASE WHEN r.on_hand <= 0 THEN %s::timestamp END)"
        return self._points_sql(
            SQL("%s AND r.product_min_qty > 0", only),
            measure=SQL("r.short"),
            deadline=SQL(due, today),
            detail=self.env._(
                "%(on_hand)s %(unit)s on hand, %(incoming)s on the way, at least %(least)s "
                "wanted",
                **WORDS,
            ),
            other=SQL("CROSS JOIN (SELECT NULL AS warehouse, 0 AS short) b"),
            found=SQL("r.short > 0"),
        )

    def _query_stock_excess(self, only):
        """Rules with more free than the maximum, of a product another warehouse is short of.

        The other one is that which is shortest, in the same company. At risk: what could
        move, at cost. Too late: when the first delivery is due that waits there.
        """
        same = SQL(
            "SELECT r.product_id FROM stock_warehouse_orderpoint r WHERE %s", only
        )
        return self._points_sql(
            SQL("r.product_id IN (%s) AND r.product_max_qty > 0", same),
            measure=SQL("LEAST(r.free - r.most, b.short)"),
            deadline=SQL("b.waits"),
            detail=self.env._(
                "%(excess)s %(unit)s free above the maximum; %(warehouse)s is %(short)s "
                "short",
                **WORDS,
            ),
            other=SQL(
                """JOIN (SELECT DISTINCT ON (s.product_id, s.company_id) s.*,
                                w.name AS warehouse
                           FROM standing s JOIN stock_warehouse w ON w.id = s.warehouse_id
                          WHERE s.short > 0
                       ORDER BY s.product_id, s.company_id, s.short DESC, s.id) b
                     USING (product_id, company_id)"""
            ),
            found=SQL("%s AND r.free > r.most", only),
        )

    def _points_sql(self, points, **parts):
        """Replenishment rules among `points` that are `found`, beside an `other` one, b."""
        return SQL(
            """
            WITH %(standing)s
            SELECT r.id AS res_id, r.company_id, r.warehouse_id, pt.categ_id AS category_id,
                   %(label)s AS label, %(measure)s AS measure, %(deadline)s AS too_late_at,
                   %(measure)s * %(cost)s AS amount, FORMAT(%(detail)s,
                       TRIM_SCALE(r.on_hand), said.unit, TRIM_SCALE(r.incoming),
                       TRIM_SCALE(r.least), TRIM_SCALE(r.free - r.most), b.warehouse,
                       TRIM_SCALE(b.short)) AS detail
              FROM standing r %(other)s
              JOIN stock_warehouse w ON w.id = r.warehouse_id %(joins)s
             WHERE %(found)s
            """,
            standing=self._standing_sql(points),
            label=self._stock_label_sql(SQL("w.name")),
            cost=self._stock_cost_sql(),
            joins=self._stock_joins_sql(),
            **parts,
        )

    def _standing_sql(self, points):
        """Clauses up to `standing`: replenishment rules with the stock of their warehouse.

        on_hand and free (not reserved) can be promised; incoming comes from outside the
        warehouse; short is what both leave wanting; waits is when the first delivery is due
        that lacks goods. One look at the stock of all products, one at their open moves.
        """
        return SQL(
            """
            points AS MATERIALIZED (
                SELECT r.id, r.company_id, r.product_id, r.warehouse_id, r.product_min_qty
                       AS least, GREATEST(r.product_max_qty, r.product_min_qty) AS most
                  FROM stock_warehouse_orderpoint r JOIN stock_warehouse w
                    ON w.lot_stock_id = r.location_id AND w.active
                 WHERE r.active AND %(points)s),
            held AS (
                SELECT p.id, SUM(q.quantity) AS on_hand,
                       SUM(q.quantity - q.reserved_quantity) AS free
                  FROM points p JOIN stock_quant q ON q.product_id = p.product_id
                  JOIN stock_location l ON l.id = q.location_id
                       AND l.warehouse_id = p.warehouse_id AND %(promisable)s
              GROUP BY p.id),
            moving AS (
                SELECT p.id, MIN(COALESCE(m.date_deadline, m.date)) FILTER (
                           WHERE s.warehouse_id = p.warehouse_id AND m.state <> 'assigned'
                             AND e.warehouse_id IS DISTINCT FROM p.warehouse_id) AS waits,
                       SUM(m.product_qty) FILTER (WHERE d.warehouse_id = p.warehouse_id AND
                           s.warehouse_id IS DISTINCT FROM p.warehouse_id) AS incoming
                  FROM points p JOIN stock_move m ON m.product_id = p.product_id AND m.state
                       IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                  JOIN stock_location s ON s.id = m.location_id
                  JOIN stock_location d ON d.id = m.location_dest_id JOIN stock_location e
                    ON e.id = COALESCE(m.location_final_id, m.location_dest_id)
              GROUP BY p.id),
            standing AS (
                SELECT p.*, COALESCE(h.on_hand, 0) AS on_hand, COALESCE(h.free, 0) AS free,
                       COALESCE(m.incoming, 0) AS incoming, m.waits, p.least
                       - COALESCE(h.on_hand, 0) - COALESCE(m.incoming, 0) AS short
                  FROM points p LEFT JOIN held h USING (id) LEFT JOIN moving m USING (id))
            """,
            points=points,
            promisable=self._promisable_sql(),
        )

    def _promisable_sql(self):
        """Whether stock at location `l` can be promised; roles of locations may say no."""
        if "is_promisable" in self.env["stock.location"]._fields:
            return SQL("l.is_promisable")
        return SQL("l.usage = 'internal'")
