"""Order lines of goods with what had been delivered of them at a moment, in SQL."""

from odoo.tools import SQL


def _is_out(place):
    """As Odoo sees it: at customers, or on the way to another company."""
    return SQL(
        "(%(place)s.usage = 'customer' "
        "OR (%(place)s.usage = 'transit' AND %(place)s.company_id IS NULL))",
        place=place,
    )


TO_OUT = _is_out(SQL("target"))
FROM_OUT = _is_out(SQL("origin"))
# A return counts where it is to be refunded, an exchange of goods does not.
SHIPPED = SQL(
    """(%(to_out)s AND NOT %(from_out)s
        AND (move.origin_returned_move_id IS NULL OR move.to_refund))""",
    to_out=TO_OUT,
    from_out=FROM_OUT,
)
RETURNED = SQL(
    "(%(from_out)s AND NOT %(to_out)s AND move.to_refund)",
    to_out=TO_OUT,
    from_out=FROM_OUT,
)
NO_JOIN = SQL()
# Lines that promise goods: no services, down payments, sections, nor what was set to nothing.
OF_GOODS = SQL(
    """template.type = 'consu' AND line.display_type IS NULL
       AND line.product_uom_qty > 0 AND line.first_promised_at IS NOT NULL"""
)
# A quantity of a move in the unit of its product.
MOVED = SQL("(move.quantity * move_unit.factor / unit.factor)::numeric")


def delivered(before):
    """What had been delivered of `line` before a moment, less returns; as a subquery.

    `shipped` is the same with what came back.

    :param before: timestamp in UTC, as `SQL`
    """
    return SQL(
        """SELECT COALESCE(SUM(CASE WHEN %(shipped)s THEN %(moved)s
                                    WHEN %(returned)s THEN -%(moved)s END), 0) AS quantity,
                  COALESCE(SUM(%(moved)s) FILTER (WHERE %(shipped)s), 0) AS shipped,
                  MAX(move.date) FILTER (WHERE %(shipped)s) AS last_at
             FROM stock_move move
             JOIN stock_location origin ON origin.id = move.location_id
             JOIN stock_location target ON target.id = move.location_dest_id
             JOIN uom_uom move_unit ON move_unit.id = move.product_uom
            WHERE move.sale_line_id = line.id AND move.state = 'done'
              AND move.product_id = line.product_id AND move.date < %(before)s""",
        shipped=SHIPPED,
        returned=RETURNED,
        moved=MOVED,
        before=before,
    )


def lines(day, before, where, sources=NO_JOIN):
    """Order lines of goods, with their day and what had been delivered of them.

    Columns: id, order_id, company_id, branch_id, category_id, industry_id, team_id, label,
    product_id, create_date, promised_at, day, ordered, delivered and shipped (in the unit of
    the product; shipped is before returns), value (in company currency, without taxes) and
    last_at (when goods last left before).

    :param day: date of a line, as `SQL`
    :param before: moment (UTC) up to which deliveries count; may use `day.day`
    :param where: condition on `line` and `sale`
    :param sources: further joins
    """
    return SQL(
        """SELECT line.id, line.order_id, line.company_id, line.branch_id,
                  template.categ_id AS category_id, customer.industry_id, sale.team_id,
                  sale.name || ' · ' || SPLIT_PART(line.name, E'\\n', 1) AS label,
                  line.product_id, line.create_date,
                  line.first_promised_at AS promised_at, day.day,
                  (line.product_uom_qty * line_unit.factor / unit.factor)::numeric
                      AS ordered,
                  done.quantity AS delivered, done.shipped, done.last_at,
                  (line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                      )::numeric AS value
             FROM sale_order_line line
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN product_product product ON product.id = line.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
             JOIN uom_uom unit ON unit.id = template.uom_id
             JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
             JOIN res_partner partner ON partner.id = sale.partner_id
        LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                  %(sources)s
       CROSS JOIN LATERAL (SELECT %(day)s AS day) day
       CROSS JOIN LATERAL (%(delivered)s) done
            WHERE %(of_goods)s AND %(where)s""",
        day=day,
        delivered=delivered(before),
        of_goods=OF_GOODS,
        where=where,
        sources=sources,
    )


# What was delivered, at most what was ordered: too much of one line fills no other.
FILLED = SQL("LEAST(GREATEST(line.delivered, 0), line.ordered)")
# Quantities of different units are divided, so a millionth is no difference.
IN_FULL = SQL("(line.delivered >= line.ordered - 0.000001)")
OF_LINE = SQL(
    "line.day, line.company_id, line.branch_id, line.category_id, line.industry_id, "
    "line.team_id, line.id AS res_id, line.label"
)
