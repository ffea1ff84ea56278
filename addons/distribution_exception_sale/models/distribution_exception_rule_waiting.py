from odoo import fields, models
from odoo.tools import SQL

OPEN = SQL("('waiting', 'confirmed', 'partially_available', 'assigned')")
# What is reserved of move `m`, in units of its product.
RESERVED = SQL(
    "m.product_qty * LEAST(COALESCE(m.quantity, 0) / NULLIF(m.product_uom_qty, 0), 1)"
)
# What the lines need: their open moves on the way out, in units of the product. Other steps
# of a chain go elsewhere. Of what a vendor sends straight to the customer nothing is
# reserved.
NEEDS = """needs AS MATERIALIZED (
    SELECT m.id, r.id AS line_id, m.product_id, l.warehouse_id, m.state,
           CASE WHEN l.usage = 'supplier' THEN m.date END AS sent_at,
           CASE WHEN l.usage = 'supplier' THEN 0 ELSE %(reserved)s END AS reserved,
           m.product_qty AS demand
     FROM sale_order_line r JOIN stock_move m ON m.sale_line_id = r.id AND m.state IN %(open)s
      JOIN stock_location l ON l.id = m.location_id
      JOIN stock_location f ON f.id = COALESCE(m.location_final_id, m.location_dest_id)
     WHERE %(only)s AND r.state = 'sale' AND r.product_uom_qty > r.qty_delivered
       AND r.first_promised_at IS NOT NULL AND f.usage = 'customer' AND m.product_qty > 0)"""
# What was ordered or sent for one of them: when the last of it arrives.
CHAINED = """chained AS MATERIALIZED (
    SELECT n.id, MAX(o.date) AS arrives, BOOL_OR(l.usage = 'transit') AS is_transfer
      FROM needs n JOIN stock_move_move_rel x ON x.move_dest_id = n.id
      JOIN stock_move o ON o.id = x.move_orig_id AND o.state IN %(open)s
      JOIN stock_location l ON l.id = o.location_id
  GROUP BY n.id)"""
# The others share the stock of a warehouse: these are its products.
PLACES = """places AS MATERIALIZED (
    SELECT DISTINCT n.product_id, n.warehouse_id, s.parent_path AS stock
      FROM needs n
      JOIN stock_warehouse wh ON wh.id = n.warehouse_id
      JOIN stock_location s ON s.id = wh.lot_stock_id
     WHERE n.state IN ('confirmed', 'partially_available')
       AND n.id NOT IN (SELECT id FROM chained))"""
# All that waits for that stock, in the order in which Odoo reserves it: `needed` is what has
# to come until the last unit of a move is there. What lies there free comes off it.
QUEUE = """queue AS (
    SELECT m.id, p.product_id, p.warehouse_id, SUM(m.product_qty - %(reserved)s) OVER (
               PARTITION BY p.product_id, p.warehouse_id
               ORDER BY m.priority DESC, m.date, m.id) - p.free AS needed
      FROM (SELECT p.*, (
                   SELECT COALESCE(SUM(q.quantity - q.reserved_quantity), 0)
                     FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
                    WHERE q.product_id = p.product_id AND l.usage = 'internal'
                      AND STARTS_WITH(l.parent_path, p.stock)) AS free FROM places p) p
      JOIN stock_move m ON m.product_id = p.product_id
       AND m.state IN ('confirmed', 'partially_available')
      JOIN stock_location l ON l.id = m.location_id AND STARTS_WITH(l.parent_path, p.stock)
      JOIN stock_location d ON d.id = m.location_dest_id
       AND NOT STARTS_WITH(d.parent_path, p.stock))"""
# What comes into that stock and was not ordered for somebody else.
INFLOW = """inflow AS (
    SELECT p.product_id, p.warehouse_id, m.date, l.usage = 'transit' AS is_transfer,
           SUM(m.product_qty) OVER (PARTITION BY p.product_id, p.warehouse_id
                                    ORDER BY m.date, m.id) AS needed
      FROM places p JOIN stock_move m ON m.product_id = p.product_id AND m.state IN %(open)s
      JOIN stock_location l ON l.id = m.location_id
       AND NOT STARTS_WITH(l.parent_path, p.stock)
      JOIN stock_location d ON d.id = m.location_dest_id AND d.warehouse_id = p.warehouse_id
 LEFT JOIN stock_location f ON f.id = m.location_final_id
     WHERE f.usage IS DISTINCT FROM 'customer' AND NOT EXISTS (
           SELECT FROM stock_move_move_rel x JOIN stock_move n ON n.id = x.move_dest_id
            WHERE x.move_orig_id = m.id AND n.state IN %(open)s))"""
# The first inflow that brings enough for each move. Both stand in one row, the last unit
# first, so a running minimum is the earliest date behind each: a lookup for each move would
# be quadratic.
COVERED = """covered AS MATERIALIZED (
    SELECT id, needed <= 0 AS is_free, MIN(date) OVER behind AS arrives,
           MIN(date) FILTER (WHERE is_transfer) OVER behind AS transfer
      FROM (SELECT id, product_id, warehouse_id, needed, NULL::timestamp AS date,
                   FALSE AS is_transfer FROM queue
             UNION ALL
            SELECT NULL, product_id, warehouse_id, needed, date, is_transfer FROM inflow) x
    WINDOW behind AS (PARTITION BY product_id, warehouse_id
                      ORDER BY needed DESC, id NULLS FIRST ROWS UNBOUNDED PRECEDING))"""
# Of each move: whether it is short, whether its stock is there, when the rest arrives.
SUPPLIED = """supplied AS (
    SELECT n.*, n.reserved < n.demand AS is_short, n.sent_at IS NULL AND c.id IS NULL
               AND COALESCE(v.is_free, FALSE) AS is_free,
           CASE WHEN n.sent_at IS NOT NULL THEN n.sent_at WHEN c.id IS NOT NULL
                THEN c.arrives WHEN NOT v.is_free THEN v.arrives END AS arrives,
           COALESCE(c.is_transfer, v.transfer = v.arrives, FALSE) AS is_transfer
      FROM needs n LEFT JOIN chained c ON c.id = n.id LEFT JOIN covered v ON v.id = n.id)"""
# The lines. `expected_at` is when the customer can have all, shipping included; null where
# it could be shipped now. Unknown: nobody can say when the rest arrives.
WAITING = """waiting AS (
    SELECT r.*, n.*, o.name || ' · ' || SPLIT_PART(r.name, E'\\n', 1) AS label,
           t.categ_id AS category_id, r.price_subtotal / NULLIF(r.product_uom_qty, 0)
               * (r.product_uom_qty - r.qty_delivered)
               / COALESCE(NULLIF(o.currency_rate, 0), 1) AS value, s.shipping,
           n.arrives + s.shipping AS expected_at,
           r.first_promised_at - s.shipping AS too_late_at
      FROM (SELECT line_id, SUM(demand) AS demand, SUM(reserved) AS reserved,
                   MAX(arrives) FILTER (WHERE is_short) AS arrives,
                   BOOL_OR(is_short AND is_transfer) AS is_transfer,
                   BOOL_OR(is_short AND arrives < %(now)s) AS is_overdue,
                   BOOL_OR(is_short AND NOT is_free
                           AND COALESCE(arrives < %(now)s, TRUE)) AS is_unknown
              FROM supplied GROUP BY line_id) n
      JOIN sale_order_line r ON r.id = n.line_id JOIN sale_order o ON o.id = r.order_id
      JOIN product_product p ON p.id = r.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN res_company co ON co.id = r.company_id
CROSS JOIN LATERAL (SELECT co.security_lead * INTERVAL '1 day' AS shipping) s)"""
FOUND = """
    WITH %(clauses)s
    SELECT id AS res_id, company_id, warehouse_id, label, category_id,
           order_partner_id AS partner_id, salesman_id AS user_id, %(measure)s AS measure,
           %(amount)s AS amount, too_late_at, %(cause)s AS detail,
           CASE WHEN NOT is_unknown THEN expected_at END AS expected_at
      FROM waiting WHERE %(where)s"""
CLAUSES = (NEEDS, CHAINED, PLACES, QUEUE, INFLOW, COVERED, SUPPLIED, WAITING)


class DistributionExceptionRule(models.Model):
    """Order lines that wait for goods: how much is reserved, and when the rest comes.

    Their queries are one statement each; the clauses above say what is what.
    """

    _inherit = "distribution.exception.rule"

    def _query_sale_late(self, only):
        """Lines that will not reach the customer on the date first promised.

        Found as soon as the goods are known to arrive later; where nothing is in sight, or
        what should have come is overdue, once they have to leave within the days that the
        rule looks ahead; where they only have to be reserved or shipped, within its hours
        to act.

        Measured are the hours by which they will be late, as far as is known now. At risk
        is the value not delivered yet. It is too late once the goods had to leave: at the
        first promise, less the company's security lead time.
        """
        return self._query_waiting(
            only,
            measure="CEIL(GREATEST(EXTRACT(EPOCH FROM GREATEST(expected_at, %(now)s"
            " + shipping) - first_promised_at) / 3600, 0))",
            amount="value",
            where="expected_at > first_promised_at OR too_late_at <= %(now)s + %(act)s"
            " OR (is_unknown AND too_late_at <= %(now)s + %(ahead)s)",
        )

    def _query_sale_partial(self, only):
        """Lines of which some is reserved and some is not, and that have to leave soon.

        Measured are the units short; at risk is their value. It is too late once the goods
        had to leave. Soon are the days that the rule looks ahead.
        """
        return self._query_waiting(
            only,
            measure="demand - reserved",
            amount="value * (demand - reserved) / demand",
            where="reserved > 0 AND reserved < demand AND too_late_at <= %(now)s + %(ahead)s",
        )

    def _query_sale_backorder(self, only):
        """Lines delivered in part whose rest is open after the date first promised.

        Measured are whole days since that date; at risk is the value of the rest. It is
        too late already: the older, the more it weighs.
        """
        return self._query_waiting(
            only,
            measure="FLOOR(EXTRACT(EPOCH FROM %(now)s - first_promised_at) / 86400)",
            amount="value",
            where="qty_delivered > 0 AND first_promised_at <= %(now)s",
        )

    def _query_waiting(self, only, **parts):
        """The waiting lines `where` something holds, with their `measure` and `amount`."""
        values = {
            "only": only,
            "now": SQL("%s::timestamp", fields.Datetime.now()),
            "act": SQL("%s * INTERVAL '1 hour'", self.hours_to_act),
            "ahead": SQL("%s * INTERVAL '1 day'", self.look_ahead_days),
            "open": OPEN,
            "reserved": RESERVED,
        }
        clauses = SQL(", ").join(SQL(clause, **values) for clause in CLAUSES)
        parts = {name: SQL(part, **values) for name, part in parts.items()}
        return SQL(FOUND, clauses=clauses, cause=self._waiting_cause(), **parts)

    def _waiting_cause(self):
        """Why a line waits, in words."""
        return SQL(
            """CASE WHEN reserved >= demand THEN %s
                    WHEN is_overdue AND is_transfer THEN %s WHEN is_overdue THEN %s
                    WHEN is_unknown AND reserved > 0 THEN %s WHEN is_unknown THEN %s
                    WHEN expected_at IS NULL THEN %s
                    WHEN is_transfer THEN %s ELSE %s END""",
            self.env._("Ready, but not shipped."),
            self.env._("The transfer that it waits for is overdue."),
            self.env._("The receipt that it waits for is overdue."),
            self.env._("Reserved in part; nothing is on the way for the rest."),
            self.env._("Nothing is reserved and nothing is on the way."),
            self.env._("In stock, but not reserved."),
            self.env._("It waits for a transfer."),
            self.env._("It waits for a receipt."),
        )
