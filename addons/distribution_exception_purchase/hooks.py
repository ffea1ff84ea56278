from odoo.tools import SQL


def post_init_hook(env):
    """Orders confirmed before have no better first date than the one they have now."""
    env.cr.execute(
        SQL(
            """
            UPDATE purchase_order_line l SET first_confirmed_date = l.date_planned
              FROM purchase_order o
             WHERE o.id = l.order_id AND o.state = 'purchase'
               AND l.first_confirmed_date IS NULL
            """
        )
    )
