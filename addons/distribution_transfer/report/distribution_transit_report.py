from odoo import fields, models
from odoo.tools import SQL

from . import distribution_transit_sql as sql


class DistributionTransferLine(models.Model):
    """What is on the road is found without reading all that has ever travelled."""

    _inherit = "distribution.transfer.line"

    _transit_idx = models.Index("(transfer_id) WHERE in_transit_qty <> 0")


class DistributionTransitReport(models.Model):
    """Everything on the road: a row for each line of a transfer that is in transit."""

    _name = "distribution.transit.report"
    _description = "Goods in Transit"
    _auto = False
    _order = "age_days desc, id"
    _rec_name = "transfer_id"
    _depends = sql.DEPENDS

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    lane_id = fields.Many2one("distribution.lane", readonly=True)
    source_branch_id = fields.Many2one(
        "distribution.branch", string="From", readonly=True
    )
    destination_branch_id = fields.Many2one(
        "distribution.branch", string="To", readonly=True
    )
    transfer_id = fields.Many2one("distribution.transfer", readonly=True)
    transfer_line_id = fields.Many2one("distribution.transfer.line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    carrier_id = fields.Many2one("res.partner", readonly=True)
    shipped_date = fields.Datetime(
        readonly=True, help="When the first goods of the transfer were issued."
    )
    left_date = fields.Datetime(
        string="Truck Left", readonly=True, help="When the truck left."
    )
    arrival_date = fields.Datetime(
        string="Expected Arrival",
        readonly=True,
        help="When the truck should be at the receiving branch.",
    )
    latest_arrival_date = fields.Datetime(
        string="Latest Arrival",
        readonly=True,
        help="Four trips out of five on this lane arrive by then. Empty until the lane has "
        "enough trips.",
    )
    age_days = fields.Float(
        string="Age",
        digits=(16, 1),
        readonly=True,
        aggregator="max",
        help="Days since the truck left; since it was loaded, where it has not left.",
    )
    age_range = fields.Selection(
        [
            ("0", "Up to a day"),
            ("1", "1 to 3 days"),
            ("3", "3 to 7 days"),
            ("7", "More than 7 days"),
        ],
        readonly=True,
        help="The age in ranges.",
    )
    is_late = fields.Boolean(
        string="Late",
        readonly=True,
        help="On the road, and its latest arrival is over; the expected arrival, where the "
        "lane has too few trips for a latest one.",
    )
    is_disputed = fields.Boolean(
        string="Disputed",
        readonly=True,
        help="An open discrepancy says that some of it is missing, refused or wrong.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="In transit now, in the unit of the product.",
    )
    disputed_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Of that, what open discrepancies are about, in the unit of the product.",
    )
    unit_cost = fields.Float(
        min_display_digits="Product Price",
        readonly=True,
        aggregator=None,
        help="Present cost of a unit of the product, in company currency; of the lots on "
        "the road, where lots have costs of their own.",
    )
    value = fields.Monetary(
        readonly=True,
        help="Of what is in transit, at present cost, in company currency.",
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT %(columns)s FROM %(lines)s "
            "CROSS JOIN %(cost)s cost CROSS JOIN %(lots)s lots "
            "WHERE line.in_transit_qty > 0",
            columns=SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(name))
                for name, expression in self._select_columns().items()
            ),
            lines=sql.LINE_TABLES,
            cost=sql.LINE_COST,
            lots=sql.LINE_LOTS,
        )

    def _select_columns(self):
        """{column: its SQL} of the report."""
        age = SQL(
            "EXTRACT(epoch FROM (NOW() AT TIME ZONE 'UTC') - "
            "COALESCE(transfer.left_date, transfer.shipped_date)) / 86400.0"
        )
        return {
            "id": SQL("line.id"),
            "company_id": SQL("transfer.company_id"),
            "lane_id": SQL("transfer.lane_id"),
            "source_branch_id": SQL("transfer.source_branch_id"),
            "destination_branch_id": SQL("transfer.destination_branch_id"),
            "transfer_id": SQL("transfer.id"),
            "transfer_line_id": SQL("line.id"),
            "product_id": SQL("product.id"),
            "categ_id": SQL("template.categ_id"),
            "product_uom_id": SQL("template.uom_id"),
            "carrier_id": SQL("transfer.carrier_id"),
            "shipped_date": SQL("transfer.shipped_date"),
            "left_date": SQL("transfer.left_date"),
            "arrival_date": SQL("transfer.arrival_date"),
            "latest_arrival_date": SQL("transfer.latest_arrival_date"),
            "age_days": age,
            "age_range": SQL(
                "CASE WHEN %(age)s < 1 THEN '0' WHEN %(age)s < 3 THEN '1' "
                "WHEN %(age)s < 7 THEN '3' ELSE '7' END",
                age=age,
            ),
            "is_late": self._late(),
            "is_disputed": SQL("line.short_qty > 0"),
            "quantity": sql.LINE_QUANTITY,
            "disputed_quantity": sql.LINE_DISPUTED,
            "unit_cost": SQL("%s / NULLIF(%s, 0)", sql.line_value(), sql.LINE_QUANTITY),
            "value": sql.line_value(),
        }

    def _late(self):
        """What is only disputed is not late: its truck is unloaded."""
        return SQL(
            "transfer.state IN ('shipped', 'in_transit') "
            "AND line.in_transit_qty > line.short_qty "
            "AND COALESCE(transfer.latest_arrival_date, transfer.arrival_date) "
            "<= NOW() AT TIME ZONE 'UTC'"
        )

    def action_view_transfer(self):
        """Open the transfer that the row is of."""
        self.ensure_one()
        return self.transfer_id.get_formview_action()
