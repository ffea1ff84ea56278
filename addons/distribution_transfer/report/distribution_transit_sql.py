"""What both reports on goods in transit say in SQL: their cost, and whose they are."""

from odoo.tools import SQL


def company_cost(column, company):
    """A company-dependent cost column for `company`; NULL where it has no value."""
    return SQL("(%s ->> %s::text)::double precision", column, company)


def default_cost(company):
    """What Odoo takes for the cost of a product that has none in the company."""
    return SQL(
        """COALESCE((
            SELECT value.json_value::double precision
              FROM ir_default value
              JOIN ir_model_fields field ON field.id = value.field_id
             WHERE field.model = 'product.product'
               AND field.name = 'standard_price'
               AND value.user_id IS NULL
               AND value.condition IS NULL
               AND (value.company_id IS NULL OR value.company_id = %s)
             ORDER BY value.company_id NULLS LAST, value.id
             LIMIT 1
        ), 0)""",
        company,
    )


def product_cost(company):
    """Cost of a unit of `product`, an alias of product_product, in `company`."""
    return SQL(
        "COALESCE(%s, %s)",
        company_cost(SQL("product.standard_price"), company),
        default_cost(company),
    )


# Goods in transit of a line, in the unit of the product.
LINE_QUANTITY = SQL("line.in_transit_qty * unit.factor / product_unit.factor")
LINE_DISPUTED = SQL(
    "LEAST(line.short_qty, line.in_transit_qty) * unit.factor / product_unit.factor"
)

# A line and what is said of its product.
LINE_TABLES = SQL(
    """
    distribution_transfer_line line
    JOIN distribution_transfer transfer ON transfer.id = line.transfer_id
    JOIN product_product product ON product.id = line.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom unit ON unit.id = line.product_uom_id
    JOIN uom_uom product_unit ON product_unit.id = template.uom_id
    """
)

# Value of the lots of a line that are in transit, and their quantity; for products whose
# lots have costs of their own. A lot without a cost has that of its product.
LINE_LOTS = SQL(
    """
    LATERAL (
        SELECT SUM(travelled.quantity) AS quantity,
               SUM(travelled.quantity * COALESCE(%(lot_cost)s, cost.unit_cost)) AS value
          FROM (
            SELECT detail.lot_id,
                   CASE WHEN move.transfer_leg IN ('ship', 'send_back')
                        THEN detail.quantity_product_uom
                        ELSE -detail.quantity_product_uom
                    END AS quantity
              FROM stock_move move
              JOIN stock_move_line detail ON detail.move_id = move.id
             WHERE move.transfer_line_id = line.id
               AND move.state = 'done'
               AND move.transfer_leg IN (
                       'ship', 'send_back', 'receive', 'return', 'loss'
                   )
               AND template.lot_valuated
          ) travelled
          LEFT JOIN stock_lot lot ON lot.id = travelled.lot_id
    )
    """,
    lot_cost=company_cost(SQL("lot.standard_price"), SQL("transfer.company_id")),
)

LINE_COST = SQL(
    "LATERAL (SELECT %s AS unit_cost)", product_cost(SQL("transfer.company_id"))
)


def line_value():
    """Value of what is in transit of a line: of its lots, or at the product's cost."""
    return SQL(
        "CASE WHEN template.lot_valuated AND lots.quantity <> 0 THEN lots.value "
        "ELSE %s * cost.unit_cost END",
        LINE_QUANTITY,
    )


# What has to be in the database before either report is read.
DEPENDS = {
    "distribution.transfer": [
        "name",
        "company_id",
        "lane_id",
        "state",
        "arrival_date",
        "latest_arrival_date",
        "left_date",
        "shipped_date",
        "source_branch_id",
        "destination_branch_id",
    ],
    "distribution.transfer.line": [
        "transfer_id",
        "product_id",
        "product_uom_id",
        "in_transit_qty",
        "short_qty",
    ],
    "ir.default": ["field_id", "json_value", "company_id", "user_id", "condition"],
    "product.product": ["product_tmpl_id", "standard_price"],
    "product.template": ["categ_id", "uom_id", "lot_valuated"],
    "stock.location": ["lane_id"],
    "stock.lot": ["standard_price"],
    "stock.move": ["transfer_line_id", "transfer_leg", "state"],
    "stock.move.line": ["move_id", "lot_id", "quantity_product_uom"],
    "stock.quant": ["location_id", "product_id", "lot_id", "quantity", "company_id"],
    "uom.uom": ["factor"],
}
