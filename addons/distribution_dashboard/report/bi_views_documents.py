"""Views for external BI: stock, orders, transfers."""

from .bi_view import BiView

PRODUCT_ROWS = (
    "JOIN product_product product ON product.id = {line}.product_id "
    "JOIN product_template template ON template.id = product.product_tmpl_id"
)
PRODUCT = (
    ("product_id", "product.id", "The product."),
    ("product_code", "product.default_code", "Its internal reference."),
    ("product", "template.name->>'en_US'", "Its name, in English."),
    ("category_id", "template.categ_id", "Its category today."),
)

STOCK = BiView(
    "stock",
    "What is on hand in locations of warehouses, by location and lot. Goods on the "
    "road are "
    "in transfer_line.",
    "stock_quant quant "
    "JOIN stock_location location ON location.id = quant.location_id "
    "AND location.usage = 'internal' " + PRODUCT_ROWS.format(line="quant"),
    (
        ("stock_id", "quant.id", "The key of the row."),
        ("company_id", "quant.company_id", "The company."),
        ("branch_id", "location.branch_id", "The branch."),
        *PRODUCT,
        ("location_id", "quant.location_id", "The location."),
        ("location", "location.complete_name", "Its name with those above."),
        ("lot_id", "quant.lot_id", "The lot or serial number."),
        ("quantity", "quant.quantity", "On hand, in the unit of the product."),
        ("reserved_quantity", "quant.reserved_quantity", "Of that, reserved."),
        (
            "unit_cost",
            "(product.standard_price->>quant.company_id::text)::numeric",
            "The cost of the product today, in company currency.",
        ),
        (
            "value",
            "quant.quantity * "
            "(product.standard_price->>quant.company_id::text)::numeric",
            "Quantity at that cost.",
        ),
        ("in_date", "quant.in_date", "When it came here, UTC."),
    ),
)
ORDER_LINE = BiView(
    "order_line",
    "Lines of sales orders, quotations too.",
    "sale_order_line line "
    "JOIN sale_order ordered ON ordered.id = line.order_id "
    "LEFT JOIN res_currency currency ON currency.id = line.currency_id "
    + PRODUCT_ROWS.format(line="line"),
    (
        ("order_line_id", "line.id", "The key of the line."),
        ("order_id", "line.order_id", "The order."),
        ("order_name", "ordered.name", "The number of the order."),
        ("state", "line.state", "draft, sent, sale, cancel."),
        ("company_id", "line.company_id", "The company."),
        ("branch_id", "line.branch_id", "The branch that sells."),
        ("partner_id", "ordered.partner_id", "The customer."),
        ("team_id", "ordered.team_id", "The sales channel."),
        ("user_id", "ordered.user_id", "The salesperson."),
        *PRODUCT,
        ("ordered_at", "ordered.date_order", "When it was ordered, UTC."),
        (
            "promised_at",
            "ordered.commitment_date",
            "What the customer was told last, UTC.",
        ),
        (
            "first_promised_at",
            "line.first_promised_at",
            "What the customer was told first, UTC.",
        ),
        ("ordered_qty", "line.product_uom_qty", "In the unit of the line."),
        ("delivered_qty", "line.qty_delivered", "In the unit of the line."),
        ("invoiced_qty", "line.qty_invoiced", "In the unit of the line."),
        (
            "amount",
            "line.price_subtotal",
            "Without taxes, in the currency of the order.",
        ),
        ("margin", "line.margin", "In the currency of the order."),
        ("currency", "currency.name", "The currency of the order."),
    ),
)
PURCHASE_LINE = BiView(
    "purchase_line",
    "Lines of purchase orders, requests too.",
    "purchase_order_line line "
    "JOIN purchase_order ordered ON ordered.id = line.order_id "
    "LEFT JOIN res_currency currency ON currency.id = ordered.currency_id "
    + PRODUCT_ROWS.format(line="line"),
    (
        ("purchase_line_id", "line.id", "The key of the line."),
        ("order_id", "line.order_id", "The purchase order."),
        ("order_name", "ordered.name", "Its number."),
        ("state", "ordered.state", "draft, sent, to approve, purchase, cancel."),
        ("company_id", "line.company_id", "The company."),
        ("branch_id", "line.branch_id", "The branch that buys."),
        ("partner_id", "ordered.partner_id", "The vendor."),
        ("user_id", "ordered.user_id", "The buyer."),
        *PRODUCT,
        ("ordered_at", "ordered.date_approve", "When it was confirmed, UTC."),
        ("expected_at", "line.date_planned", "When it is expected, UTC."),
        (
            "first_confirmed_at",
            "line.first_confirmed_date",
            "When the vendor first said it would come, UTC.",
        ),
        ("ordered_qty", "line.product_qty", "In the unit of the line."),
        ("received_qty", "line.qty_received", "In the unit of the line."),
        ("invoiced_qty", "line.qty_invoiced", "Billed, in the unit of the line."),
        (
            "amount",
            "line.price_subtotal",
            "Without taxes, in the currency of the order.",
        ),
        ("currency", "currency.name", "The currency of the order."),
    ),
)
BOTH_ENDS = ("source_branch_id", "destination_branch_id")
TRANSFER = BiView(
    "transfer",
    "Transfers between branches. Either end sees them.",
    "distribution_transfer transfer",
    (
        ("transfer_id", "transfer.id", "The key of the transfer."),
        ("name", "transfer.name", "Its number."),
        (
            "state",
            "transfer.state",
            "draft, requested, approved, shipped, in_transit, received, reconciled, "
            "closed, cancel.",
        ),
        (
            "reason",
            "transfer.reason",
            "replenishment, customer_order, balancing, emergency.",
        ),
        ("company_id", "transfer.company_id", "The company."),
        ("source_branch_id", "transfer.source_branch_id", "The branch that sends."),
        (
            "destination_branch_id",
            "transfer.destination_branch_id",
            "The branch that receives.",
        ),
        ("wanted_at", "transfer.date_wanted", "When it is needed, UTC."),
        ("departure_at", "transfer.departure_date", "When it should leave, UTC."),
        ("arrival_at", "transfer.arrival_date", "When it should arrive, UTC."),
        ("shipped_at", "transfer.shipped_date", "When it was shipped, UTC."),
        ("received_at", "transfer.received_date", "When it was received, UTC."),
        ("closed_at", "transfer.closed_date", "When it was closed, UTC."),
        ("value", "transfer.value", "What the goods are worth, in company currency."),
        (
            "freight",
            "transfer.freight_amount",
            "What its freight costs, in company currency.",
        ),
    ),
    branches=BOTH_ENDS,
)
TRANSFER_LINE = BiView(
    "transfer_line",
    "Lines of transfers; quantities are in the unit of the line.",
    "distribution_transfer_line line " + PRODUCT_ROWS.format(line="line"),
    (
        ("transfer_line_id", "line.id", "The key of the line."),
        ("transfer_id", "line.transfer_id", "The transfer."),
        ("state", "line.state", "That of the transfer."),
        ("company_id", "line.company_id", "The company."),
        ("source_branch_id", "line.source_branch_id", "The branch that sends."),
        (
            "destination_branch_id",
            "line.destination_branch_id",
            "The branch that receives.",
        ),
        *PRODUCT,
        ("requested_qty", "line.requested_qty", "Asked for."),
        ("approved_qty", "line.approved_qty", "Approved."),
        ("shipped_qty", "line.shipped_qty", "Shipped."),
        ("in_transit_qty", "line.in_transit_qty", "On the road."),
        ("received_qty", "line.received_qty", "Received."),
        ("returned_qty", "line.returned_qty", "Sent back."),
        ("written_off_qty", "line.written_off_qty", "Written off."),
        ("value", "line.value", "What the goods are worth, in company currency."),
    ),
    branches=BOTH_ENDS,
)
VIEWS = (STOCK, ORDER_LINE, PURCHASE_LINE, TRANSFER, TRANSFER_LINE)
