"""A year of a distributor, written in SQL: products, stock, orders, moves, transfers.

The company, its branches and its ledger are those of `ledger_data`. What is counted in the
names of the queries is what the issue of the control tower asks for: 18,000 products in
four branches, a million stock moves, 200,000 order lines.
"""

import ledger_data

END = "2026-11-20"
DAYS = 365
LINES_OF_ORDER = 10
LINES_OF_PURCHASE = 20
LINES_OF_TRANSFER = 25
# One order, purchase and transfer in so many is not done.
OPEN_ORDERS, OPEN_PURCHASES, OPEN_TRANSFERS = 25, 40, 60

TEMPLATES = """
INSERT INTO product_template (uom_id, type, service_tracking, name, tracking, categ_id,
       list_price, active, is_storable, sale_ok, purchase_ok, purchase_method,
       invoice_policy)
SELECT %(uom)s, 'consu', 'no', jsonb_build_object('en_US', 'Product ' || n), 'none',
       (%(categories)s::int[])[1 + n %% cardinality(%(categories)s::int[])],
       10 + n %% 90, TRUE, TRUE, TRUE, TRUE, 'receive', 'order'
  FROM generate_series(1, %(skus)s) n
RETURNING id
"""
PRODUCTS = """
INSERT INTO product_product (product_tmpl_id, default_code, active, combination_indices,
       standard_price)
SELECT id, 'BENCH-' || id, TRUE, '', jsonb_build_object(%(company)s::text, 4 + id %% 50)
  FROM product_template WHERE id = ANY(%(templates)s)
RETURNING id
"""
QUANTS = """
INSERT INTO stock_quant (product_id, company_id, location_id, quantity, reserved_quantity,
       in_date, inventory_date, branch_id)
SELECT product, %(company)s, place.stock_id,
       CASE WHEN (product + place.number) %% 400 = 0 THEN -3
            ELSE (product * 37 + place.number * 11) %% 200 END,
       0, %(end)s::timestamp - (product * 7 + place.number) %% 400 * INTERVAL '1 day',
       %(end)s::date + (product %% 90 - 3), place.branch_id
  FROM unnest(%(products)s::int[]) product CROSS JOIN bench_place place
"""
ORDERPOINTS = """
INSERT INTO stock_warehouse_orderpoint (warehouse_id, location_id, product_id, company_id,
       name, trigger, product_min_qty, product_max_qty, branch_id, active)
SELECT place.warehouse_id, place.stock_id, product, %(company)s, 'OP/' || product,
       'manual', 5 + product %% 40, 60 + product %% 100, place.branch_id, TRUE
  FROM unnest(%(products)s::int[]) product CROSS JOIN bench_place place
"""
ORDERS = """
INSERT INTO sale_order (company_id, partner_id, partner_invoice_id, partner_shipping_id,
       name, date_order, picking_policy, state, warehouse_id, branch_id, team_id,
       currency_id, currency_rate, user_id, amount_untaxed, amount_total, invoice_status)
SELECT %(company)s, partner, partner, partner, 'BENCH-SO' || n,
       %(end)s::timestamp - n %% %(days)s * INTERVAL '1 day' - INTERVAL '8 hours',
       'direct', 'sale', place.warehouse_id, place.branch_id,
       (%(teams)s::int[])[1 + n %% 4], %(currency)s, 1, %(user)s, 1000, 1000, 'no'
  FROM generate_series(1, %(orders)s) n
 CROSS JOIN LATERAL (SELECT (%(partners)s::int[])[1 + n %% 200] AS partner) who
  JOIN bench_place place ON place.number = n %% 4
RETURNING id
"""
ORDER_LINES = """
INSERT INTO sale_order_line (order_id, company_id, currency_id, order_partner_id, name,
       product_id, product_uom_id, product_uom_qty, price_unit, discount, price_subtotal,
       price_total, price_reduce_taxexcl, customer_lead, state, branch_id, qty_delivered,
       qty_invoiced, qty_delivered_method, purchase_price, list_price_unit, warehouse_id,
       first_promised_at)
SELECT o.id, o.company_id, o.currency_id, o.partner_id, 'Line', product.id, %(uom)s,
       1 + (o.id + n) %% 9, 10 + product.id %% 90, 0,
       (1 + (o.id + n) %% 9) * (10 + product.id %% 90),
       (1 + (o.id + n) %% 9) * (10 + product.id %% 90), 10 + product.id %% 90, 1, 'sale',
       o.branch_id,
       CASE WHEN o.id %% %(open)s = 0 THEN 0 ELSE 1 + (o.id + n) %% 9 END, 0, 'stock_move',
       4 + product.id %% 50, 10 + product.id %% 90, o.warehouse_id,
       o.date_order + INTERVAL '1 day'
  FROM sale_order o
 CROSS JOIN generate_series(1, %(lines)s) n
 CROSS JOIN LATERAL (SELECT (%(products)s::int[])[1 + (o.id * 13 + n * 17) %% %(skus)s]
                         AS id) product
 WHERE o.company_id = %(company)s
"""
PICKINGS = """
INSERT INTO stock_picking (location_id, location_dest_id, picking_type_id, move_type, state,
       company_id, partner_id, name, origin, scheduled_date, date_deadline, date_done,
       sale_id, branch_id, priority)
SELECT place.stock_id, %(customers)s, place.out_type_id, 'direct',
       CASE WHEN o.id %% %(open)s = 0 THEN 'confirmed' ELSE 'done' END, o.company_id,
       o.partner_id, 'BENCH-OUT' || o.id, o.name, o.date_order + INTERVAL '1 day',
       o.date_order + INTERVAL '1 day',
       CASE WHEN o.id %% %(open)s = 0 THEN NULL
            ELSE o.date_order + (o.id %% 40) * INTERVAL '1 hour' END,
       o.id, o.branch_id, '0'
  FROM sale_order o JOIN bench_place place ON place.branch_id = o.branch_id
 WHERE o.company_id = %(company)s
"""
DELIVERIES = """
INSERT INTO stock_move (company_id, product_id, product_uom, location_id, location_dest_id,
       procure_method, product_uom_qty, product_qty, quantity, date, date_deadline, state,
       picking_id, picking_type_id, sale_line_id, branch_id, is_out, value, warehouse_id,
       picked)
SELECT line.company_id, line.product_id, line.product_uom_id, p.location_id,
       p.location_dest_id, 'make_to_stock', line.product_uom_qty, line.product_uom_qty,
       line.qty_delivered, COALESCE(p.date_done, p.scheduled_date), p.date_deadline,
       p.state, p.id, p.picking_type_id, line.id, line.branch_id, TRUE,
       line.product_uom_qty * (4 + line.product_id %% 50), line.warehouse_id,
       p.state = 'done'
  FROM sale_order_line line JOIN stock_picking p ON p.sale_id = line.order_id
 WHERE line.company_id = %(company)s
"""
PURCHASES = """
INSERT INTO purchase_order (partner_id, currency_id, company_id, name, date_order,
       date_approve, date_planned, picking_type_id, state, branch_id, currency_rate, user_id)
SELECT (%(partners)s::int[])[1 + n %% 40], %(currency)s, %(company)s, 'BENCH-PO' || n,
       moment, moment, moment + INTERVAL '7 days', place.in_type_id, 'purchase',
       place.branch_id, 1, %(user)s
  FROM generate_series(1, %(purchases)s) n
 CROSS JOIN LATERAL (SELECT %(end)s::timestamp - n %% %(days)s * INTERVAL '1 day' AS moment
                    ) at
  JOIN bench_place place ON place.number = n %% 4
"""
PURCHASE_LINES = """
INSERT INTO purchase_order_line (order_id, name, product_qty, product_uom_qty, price_unit,
       price_subtotal, price_total, product_id, product_uom_id, company_id, partner_id,
       qty_received, qty_received_method, qty_invoiced, date_planned, branch_id,
       first_confirmed_date)
SELECT o.id, 'Line', 20 + n, 20 + n, 4, (20 + n) * 4, (20 + n) * 4, product.id, %(uom)s,
       o.company_id, o.partner_id,
       CASE WHEN o.id %% %(open)s = 0 THEN 0 ELSE 20 + n END, 'stock_moves', 0,
       o.date_planned + (o.id %% 3) * INTERVAL '1 day', o.branch_id, o.date_planned
  FROM purchase_order o
 CROSS JOIN generate_series(1, %(lines)s) n
 CROSS JOIN LATERAL (SELECT (%(products)s::int[])[1 + (o.id * 29 + n * 31) %% %(skus)s]
                         AS id) product
 WHERE o.company_id = %(company)s
"""
RECEIPTS = """
INSERT INTO stock_move (company_id, product_id, product_uom, location_id, location_dest_id,
       procure_method, product_uom_qty, product_qty, quantity, date, state, picking_type_id,
       purchase_line_id, branch_id, is_in, value, picked)
SELECT line.company_id, line.product_id, line.product_uom_id, %(suppliers)s, place.stock_id,
       'make_to_stock', line.product_qty, line.product_qty, line.qty_received,
       line.date_planned + (line.order_id %% 5 - 1) * INTERVAL '1 day',
       CASE WHEN line.qty_received > 0 THEN 'done' ELSE 'assigned' END, place.in_type_id,
       line.id, line.branch_id, TRUE, line.price_subtotal, line.qty_received > 0
  FROM purchase_order_line line
  JOIN bench_place place ON place.branch_id = line.branch_id
 WHERE line.company_id = %(company)s
"""
TRANSFERS = """
INSERT INTO distribution_transfer (lane_id, company_id, source_branch_id,
       destination_branch_id, user_id, name, reason, priority, state, value, date_wanted,
       departure_date, arrival_date, latest_arrival_date, shipped_date, left_date,
       received_date, closed_date, create_date, board_stage)
SELECT lane.id, %(company)s, lane.source_branch_id, lane.destination_branch_id, %(user)s,
       'BENCH-TR' || n, 'replenishment', '0',
       CASE WHEN n %% %(open)s = 0 THEN 'in_transit' ELSE 'closed' END, 500,
       moment + INTERVAL '2 days', moment, moment + INTERVAL '1 day',
       moment + INTERVAL '2 days', moment, moment,
       CASE WHEN n %% %(open)s = 0 THEN NULL ELSE moment + n %% 60 * INTERVAL '1 hour' END,
       CASE WHEN n %% %(open)s = 0 THEN NULL ELSE moment + n %% 90 * INTERVAL '1 hour' END,
       moment - INTERVAL '1 day', CASE WHEN n %% %(open)s = 0 THEN 'on_road' END
  FROM generate_series(1, %(transfers)s) n
 CROSS JOIN LATERAL (SELECT %(end)s::timestamp - n %% %(days)s * INTERVAL '1 day' AS moment
                    ) at
  JOIN LATERAL (SELECT id, source_branch_id, destination_branch_id FROM distribution_lane
                 WHERE id = (%(lanes)s::int[])[1 + n %% cardinality(%(lanes)s::int[])]
               ) lane ON TRUE
"""
TRANSFER_LINES = """
INSERT INTO distribution_transfer_line (transfer_id, product_id, product_uom_id,
       requested_qty, approved_qty, shipped_qty, received_qty, in_transit_qty, short_qty,
       company_id,
       lane_id, source_branch_id, destination_branch_id, state, unit_cost, value)
SELECT t.id, product.id, %(uom)s, 4, 4, 4,
       CASE WHEN t.received_date IS NULL THEN 0 ELSE 4 END,
       CASE WHEN t.received_date IS NULL THEN 4 ELSE 0 END, 0, t.company_id, t.lane_id,
       t.source_branch_id, t.destination_branch_id, t.state, 5, 20
  FROM distribution_transfer t
 CROSS JOIN generate_series(1, %(lines)s) n
 CROSS JOIN LATERAL (SELECT (%(products)s::int[])[1 + (t.id * 19 + n * 23) %% %(skus)s]
                         AS id) product
 WHERE t.company_id = %(company)s
"""
# Each line leaves its branch for the lane, and arrives from it unless it is on the way.
TRAVELS = """
INSERT INTO stock_move (company_id, product_id, product_uom, location_id, location_dest_id,
       procure_method, product_uom_qty, product_qty, quantity, date, state, picking_type_id,
       branch_id, peer_branch_id, transfer_id, transfer_line_id, transfer_leg, value, picked)
SELECT line.company_id, line.product_id, line.product_uom_id,
       CASE WHEN leg.ships THEN source.stock_id ELSE lane.transit_location_id END,
       CASE WHEN leg.ships THEN lane.transit_location_id ELSE destination.stock_id END,
       'make_to_stock', 4, 4, CASE WHEN leg.ships OR t.received_date IS NOT NULL THEN 4 END,
       CASE WHEN leg.ships THEN t.left_date
            ELSE COALESCE(t.received_date, t.arrival_date) END,
       CASE WHEN leg.ships OR t.received_date IS NOT NULL THEN 'done' ELSE 'assigned' END,
       CASE WHEN leg.ships THEN source.out_type_id ELSE destination.in_type_id END,
       CASE WHEN leg.ships THEN t.source_branch_id ELSE t.destination_branch_id END,
       CASE WHEN leg.ships THEN t.destination_branch_id ELSE t.source_branch_id END,
       t.id, line.id, CASE WHEN leg.ships THEN 'ship' ELSE 'receive' END, 20, TRUE
  FROM distribution_transfer_line line
  JOIN distribution_transfer t ON t.id = line.transfer_id
  JOIN distribution_lane lane ON lane.id = t.lane_id
  JOIN bench_place source ON source.branch_id = t.source_branch_id
  JOIN bench_place destination ON destination.branch_id = t.destination_branch_id
 CROSS JOIN (VALUES (TRUE), (FALSE)) leg (ships)
 WHERE line.company_id = %(company)s
"""
MOVE_LINES = """
INSERT INTO stock_move_line (move_id, picking_id, company_id, product_id, product_uom_id,
       location_id, location_dest_id, date, state, quantity, quantity_product_uom, picked,
       branch_id, peer_branch_id, create_uid, write_uid)
SELECT id, picking_id, company_id, product_id, product_uom, location_id, location_dest_id,
       date, state, quantity, quantity, picked, branch_id, peer_branch_id, %(user)s, %(user)s
  FROM stock_move WHERE company_id = %(company)s AND state = 'done'
"""
STEPS = (
    *(QUANTS, ORDERPOINTS, ORDERS, ORDER_LINES, PICKINGS, DELIVERIES, PURCHASES),
    *(PURCHASE_LINES, RECEIPTS, TRANSFERS, TRANSFER_LINES, TRAVELS, MOVE_LINES),
)
LINES = {
    ORDER_LINES: LINES_OF_ORDER,
    PURCHASE_LINES: LINES_OF_PURCHASE,
    TRANSFER_LINES: LINES_OF_TRANSFER,
}
OPEN = {
    **dict.fromkeys((ORDER_LINES, PICKINGS), OPEN_ORDERS),
    PURCHASE_LINES: OPEN_PURCHASES,
    TRANSFERS: OPEN_TRANSFERS,
}


def build(env, skus, moves, order_lines):
    """Fill the database; return the company.

    Of the moves a fifth delivers, a tenth is received, and the rest travels along lanes.
    """
    company = ledger_data.build(env, order_lines)
    env = env(context={"allowed_company_ids": company.ids})
    branches = env["distribution.branch"].search([("company_id", "=", company.id)])
    values = _values(env, company, branches)
    purchase_lines = order_lines // 2
    travelling = max(moves - order_lines - purchase_lines, 0) // 2
    values |= {
        "skus": skus,
        "orders": order_lines // LINES_OF_ORDER,
        "purchases": purchase_lines // LINES_OF_PURCHASE,
        "transfers": travelling // LINES_OF_TRANSFER,
    }
    env.flush_all()
    _places(env, branches)
    env.cr.execute(TEMPLATES, values)
    values["templates"] = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(PRODUCTS, values)
    values["products"] = [row[0] for row in env.cr.fetchall()]
    for step in STEPS:
        extra = {"lines": LINES.get(step), "open": OPEN.get(step)}
        env.cr.execute(step, {**values, **extra})
    env.cr.execute("DROP TABLE bench_place")
    env.invalidate_all(flush=False)
    return company


def _values(env, company, branches):
    central, *depots = branches
    lanes = env["distribution.lane"].create(
        [
            {"source_branch_id": start.id, "destination_branch_id": end.id}
            for depot in depots
            for start, end in ((central, depot), (depot, central))
        ]
    )
    partners = env["res.partner"].search([("name", "like", "Customer %")], limit=200)
    return {
        "company": company.id,
        "currency": company.currency_id.id,
        "user": env.uid,
        "uom": env.ref("uom.product_uom_unit").id,
        "customers": env.ref("stock.stock_location_customers").id,
        "suppliers": env.ref("stock.stock_location_suppliers").id,
        "categories": env["product.category"].search([], limit=40).ids,
        "teams": env["crm.team"].search([("name", "like", "Channel %")], limit=4).ids,
        "partners": partners.ids,
        "lanes": lanes.ids,
        "end": END,
        "days": DAYS,
    }


def _places(env, branches):
    """Where the stock of each branch is, for the statements to join."""
    env.cr.execute(
        """CREATE TEMPORARY TABLE bench_place (number int, branch_id int, warehouse_id int,
               stock_id int, in_type_id int, out_type_id int)"""
    )
    for number, branch in enumerate(branches):
        warehouse = branch.warehouse_id
        env.cr.execute(
            "INSERT INTO bench_place VALUES (%s, %s, %s, %s, %s, %s)",
            (
                *(number, branch.id, warehouse.id, warehouse.lot_stock_id.id),
                *(warehouse.in_type_id.id, warehouse.out_type_id.id),
            ),
        )
