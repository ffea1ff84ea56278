from odoo import fields, models
from odoo.tools import SQL

# What a detail may name, by the place of its value in FORMAT.
WORDS = {"quantity": "%1$s", "unit": "%2$s", "since": "%3$s", "counted": "%4$s"}
WORDS.update({"expected": "%5$s", "planned": "%6$s", "arrived": "%7$s"})


class DistributionExceptionRule(models.Model):
    """Goods where they lie: too long, too few, not counted, not released."""

    _inherit = "distribution.exception.rule"

    def _query_stock_aged(self, only):
        """Goods that came long ago; moving them does not make them younger.

        At risk: their value. Nothing becomes too late.
        """
        return self._quants_sql(
            SQL("%s AND r.quantity > 0", only),
            measure=self._days_since_sql(SQL("r.in_date")),
            detail=self.env._(
                "%(quantity)s %(unit)s in stock since %(since)s", **WORDS
            ),
        )

    def _query_stock_negative(self, only):
        """Stock below zero. At risk: its value. Too late since it came about."""
        return self._quants_sql(
            SQL("%s AND r.quantity < 0", only),
            measure=SQL("-r.quantity"),
            deadline=SQL("r.in_date"),
            detail=self.env._(
                "The books say %(quantity)s %(unit)s, since %(since)s", **WORDS
            ),
        )

    def _query_stock_variance(self, only):
        """Counts that differ from the books and are not applied.

        The measure is the value of the difference, in company currency, and so is what is at
        risk. Too late: on the day the count was planned for.
        """
        return self._quants_sql(
            SQL(
                "%s AND r.inventory_quantity_set AND r.inventory_diff_quantity <> 0",
                only,
            ),
            measure=SQL("ABS(r.inventory_diff_quantity) * %s", self._stock_cost_sql()),
            units=SQL("r.inventory_diff_quantity"),
            deadline=SQL("r.inventory_date::timestamp"),
            detail=self.env._(
                "%(counted)s %(unit)s counted, %(expected)s expected", **WORDS
            ),
        )

    def _query_stock_overdue(self, only):
        """Stock whose planned count has not been done.

        What is at risk nobody knows, so the rule assumes it. Too late since the planned day.
        """
        today = fields.Date.context_today(self)
        return self._quants_sql(
            SQL("%s AND r.quantity <> 0 AND r.inventory_date < %s", only, today),
            measure=SQL("%s::date - r.inventory_date", today),
            units=SQL("0"),
            deadline=SQL("r.inventory_date::timestamp"),
            detail=self.env._(
                "%(quantity)s %(unit)s; planned for %(planned)s", **WORDS
            ),
        )

    def _query_stock_hold(self, only):
        """Goods on quality hold, by the time since the first of them came there.

        At risk: their value. Nothing becomes too late.
        """
        return self._quants_sql(
            SQL("%s AND r.quantity > 0 AND l.id IN (%s)", only, self._hold_sql()),
            measure=self._days_since_sql(SQL("r.create_date")),
            detail=self.env._(
                "%(quantity)s %(unit)s on hold since %(arrived)s", **WORDS
            ),
        )

    def _hold_sql(self):
        """Locations on hold: by their role, or else those for quality control."""
        if "location_role" in self.env["stock.location"]._fields:
            held = SQL("h.location_role = 'quality_hold'")
        else:
            held = SQL("h.id IN (SELECT wh_qc_stock_loc_id FROM stock_warehouse)")
        return SQL(
            """SELECT c.id FROM stock_location c JOIN stock_location h
                   ON c.parent_path LIKE h.parent_path || %s WHERE %s""",
            "%",
            held,
        )

    def _days_since_sql(self, moment):
        now = fields.Datetime.now()
        return SQL("FLOOR(EXTRACT(EPOCH FROM %s::timestamp - %s) / 86400)", now, moment)

    def _quants_sql(self, only, measure, detail, units=None, deadline=None):
        """Stock in internal locations; `units` at cost are at risk, by default all of it.

        Goods that others own are worth nothing to us.
        """
        return SQL(
            """
            SELECT r.id AS res_id, r.company_id, l.warehouse_id, r.user_id,
                   pt.categ_id AS category_id, %(measure)s AS measure,
                   CASE WHEN r.owner_id IS NULL THEN ABS(%(units)s) * %(cost)s ELSE 0 END
                       AS amount,
                   %(deadline)s AS too_late_at,
                   CONCAT_WS(' ', %(label)s, '(' || lot.name || ')') AS label,
                   FORMAT(%(detail)s, TRIM_SCALE(r.quantity), u.name->>'en_US',
                      r.in_date::date, TRIM_SCALE(r.inventory_quantity),
                      TRIM_SCALE(r.inventory_quantity - r.inventory_diff_quantity),
                      r.inventory_date, r.create_date::date) AS detail
              FROM stock_quant r
              JOIN stock_location l ON l.id = r.location_id AND l.usage = 'internal'
              %(joins)s
         LEFT JOIN stock_lot lot ON lot.id = r.lot_id
             WHERE %(only)s
            """,
            only=only,
            label=self._stock_label_sql(SQL("l.complete_name")),
            joins=self._stock_joins_sql(),
            measure=measure,
            units=units or SQL("r.quantity"),
            cost=self._stock_cost_sql(),
            deadline=deadline or SQL("NULL::timestamp"),
            detail=detail,
        )
