from odoo import fields, models
from odoo.tools import SQL

# What a detail may name, by the place of its value in FORMAT.
WORDS = {"quantity": "%1$s", "unit": "%2$s", "since": "%3$s", "counted": "%4$s"}
WORDS.update({"expected": "%5$s", "planned": "%6$s"})
DAYS_SINCE = "FLOOR(EXTRACT(EPOCH FROM %(now)s - s.since) / 86400)"
# When the day of a count is over, where the company is.
DAY_IS_OVER = (
    "((r.inventory_date + 1)::timestamp AT TIME ZONE zone.tz AT TIME ZONE 'UTC')"
)
# Of goods `r`, going back from what is there now. `began`: since when there is more than
# nothing of them, or less. `came`: when the oldest of them came: first in, first out.
# Odoo's own date is that of the first goods since the place was empty, so what sells every
# day would grow old. What came into the warehouse last is there now; but a transfer makes
# goods no younger than all that the company received last. Lots and packages have dates of
# their own.
HISTORY = """
    SELECT COALESCE(MAX(x.date) FILTER (WHERE SIGN(r.quantity - x.net) <> SIGN(r.quantity)),
                    r.in_date) AS began,
           GREATEST(r.in_date, MAX(x.date) FILTER (WHERE r.lot_id IS NULL
               AND r.package_id IS NULL AND x.put >= h.here AND x.bought >= h.held)) AS came
      FROM (SELECT SUM(q.quantity) AS held, SUM(q.quantity)
                       FILTER (WHERE o.warehouse_id = l.warehouse_id) AS here
              FROM stock_quant q JOIN stock_location o ON o.id = q.location_id
             WHERE q.product_id = r.product_id AND q.company_id = r.company_id
               AND q.quantity > 0 AND o.usage IN ('internal', 'transit')) h
 LEFT JOIN (SELECT m.date,
                   SUM(m.quantity_product_uom * CASE r.location_id WHEN d.id THEN 1 ELSE -1
                       END) FILTER (WHERE m.lot_id IS NOT DISTINCT FROM r.lot_id
                       AND o.id <> d.id AND r.location_id IN (o.id, d.id)) OVER w AS net,
                   SUM(m.quantity_product_uom) FILTER (WHERE d.warehouse_id = l.warehouse_id
                       AND o.warehouse_id IS DISTINCT FROM d.warehouse_id
                       AND o.usage <> 'customer') OVER w AS put,
                  SUM(m.quantity_product_uom) FILTER (WHERE d.usage IN ('internal', 'transit')
                    AND o.usage NOT IN ('internal', 'transit', 'customer')) OVER w AS bought
              FROM stock_move_line m
              JOIN stock_location o ON o.id = m.location_id
              JOIN stock_location d ON d.id = m.location_dest_id
             WHERE m.product_id = r.product_id AND m.company_id = r.company_id
              AND m.state = 'done' WINDOW w AS (ORDER BY m.date DESC, m.id DESC)) x ON TRUE"""
BEGAN = f"SELECT x.began AS since FROM ({HISTORY}) x"
CAME = f"SELECT x.came AS since FROM ({HISTORY}) x"
IN_DATE = "SELECT r.in_date AS since"


class DistributionExceptionRule(models.Model):
    """Goods where they lie: too long, too few, not counted, not released."""

    _inherit = "distribution.exception.rule"

    def _query_stock_aged(self, only):
        """Goods that came long ago; moving them does not make them younger.

        First in, first out: of what is bought and sold all the time little is old. At
        risk: their value. Nothing becomes too late.
        """
        words = self.env._("%(quantity)s %(unit)s in stock since %(since)s", **WORDS)
        where = "r.quantity > 0 AND r.in_date <= %(now)s - %(least)s * INTERVAL '1 day'"
        return self._quants_sql(only, words, where, DAYS_SINCE, since=CAME)

    def _query_stock_negative(self, only):
        """Stock below zero. At risk: its value. Too late since it came about."""
        text = self.env._(
            "The books say %(quantity)s %(unit)s, since %(since)s", **WORDS
        )
        where, units, late = "r.quantity < 0", "-r.quantity", "s.since"
        return self._quants_sql(only, text, where, units, units, late, since=BEGAN)

    def _query_stock_variance(self, only):
        """Counts that differ from the books and are not applied.

        The measure is the value of the difference, in company currency, and so is what is at
        risk. Too late: when the day is over that the count was planned for.
        """
        words = self.env._(
            "%(counted)s %(unit)s counted, %(expected)s expected", **WORDS
        )
        gap = "r.inventory_diff_quantity"
        where = f"r.inventory_quantity_set AND {gap} <> 0"
        value = f"ABS({gap}) * %(cost)s"
        return self._quants_sql(only, words, where, value, gap, DAY_IS_OVER)

    def _query_stock_overdue(self, only):
        """Stock whose planned count has not been done, and the day is over.

        What is at risk nobody knows, so the rule assumes it. Too late since then.
        """
        words = self.env._("%(quantity)s %(unit)s; planned for %(planned)s", **WORDS)
        where = f"r.quantity <> 0 AND {DAY_IS_OVER} <= %(now)s"
        days = f"CEIL(EXTRACT(EPOCH FROM %(now)s - {DAY_IS_OVER}) / 86400)"
        return self._quants_sql(only, words, where, days, "0", DAY_IS_OVER)

    def _query_stock_hold(self, only):
        """Goods on quality hold, by the time since the first of them came there.

        At risk: their value. Nothing becomes too late.
        """
        words = self.env._("%(quantity)s %(unit)s on hold since %(since)s", **WORDS)
        where = "r.quantity > 0 AND l.id IN (%(held)s)"
        return self._quants_sql(only, words, where, DAYS_SINCE, since=BEGAN)

    def _hold_sql(self):
        """Locations on hold: by their role, or else those for quality control."""
        held = SQL("h.id IN (SELECT wh_qc_stock_loc_id FROM stock_warehouse)")
        if "location_role" in self.env["stock.location"]._fields:
            held = SQL("h.location_role = 'quality_hold'")
        return SQL(
            """SELECT c.id FROM stock_location c JOIN stock_location h
                   ON STARTS_WITH(c.parent_path, h.parent_path) WHERE %s""",
            held,
        )

    def _least_threshold(self):
        """The lowest threshold that may count for a finding."""
        finer = self.threshold_ids if "threshold_ids" in self._fields else self.browse()
        return min([self.threshold, *finer.mapped("value")])

    def _quants_sql(
        self,
        only,
        words,
        where,
        measure,
        units="r.quantity",
        late="NULL",
        since=IN_DATE,
    ):
        """Stock in internal locations; `units` at cost are at risk, by default all of it.

        Goods that others own are worth nothing to us. Days are those of the company.

        `late` is the moment at which it is too late, `since` a query of s.since.
        """
        cost, now = self._stock_cost_sql(), fields.Datetime.now()
        values = {"cost": cost, "held": self._hold_sql()}
        values.update(now=SQL("%s::timestamp", now), least=self._least_threshold())
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, l.warehouse_id, r.user_id,
                   pt.categ_id AS category_id, %(measure)s AS measure,
                   (%(late)s)::timestamp AS too_late_at,
                   (r.owner_id IS NULL)::int * ABS(%(units)s) * %(cost)s AS amount,
                   CONCAT_WS(' ', %(label)s, '(' || lot.name || ')') AS label,
                   FORMAT(%(words)s, TRIM_SCALE(r.quantity), said.unit,
                      (s.since AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date,
                      TRIM_SCALE(r.inventory_quantity), TRIM_SCALE(r.inventory_quantity
                      - r.inventory_diff_quantity), r.inventory_date) AS detail
              FROM stock_quant r
              JOIN stock_location l ON l.id = r.location_id AND l.usage = 'internal' %(joins)s
         LEFT JOIN stock_lot lot ON lot.id = r.lot_id
         LEFT JOIN res_company company ON company.id = r.company_id
         LEFT JOIN res_partner place ON place.id = company.partner_id
CROSS JOIN LATERAL (SELECT COALESCE(place.tz, 'UTC') AS tz) zone
CROSS JOIN LATERAL (%(since)s) s
             WHERE %(only)s AND %(where)s
            """,
            only=only,
            words=words,
            where=SQL(where, **values),
            label=self._stock_label_sql(SQL("l.complete_name")),
            joins=self._stock_joins_sql(),
            measure=SQL(measure, **values),
            units=SQL(units),
            cost=cost,
            late=SQL(late),
            since=SQL(since),
        )
