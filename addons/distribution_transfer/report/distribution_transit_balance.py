import logging

from odoo import api, fields, models
from odoo.tools import SQL

from . import distribution_transit_sql as sql

_logger = logging.getLogger(__name__)


class DistributionTransitBalance(models.Model):
    """Whether the transit locations hold what transfers say is on the road."""

    _name = "distribution.transit.balance"
    _description = "Transit Balance"
    _auto = False
    _order = "is_different desc, lane_id, product_id, id"
    _rec_name = "product_id"
    _depends = sql.DEPENDS

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    lane_id = fields.Many2one("distribution.lane", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    transfer_quantity = fields.Float(
        string="By Transfers",
        digits="Product Unit",
        readonly=True,
        help="In transit by the lines of transfers, in the unit of the product.",
    )
    stock_quantity = fields.Float(
        string="In the Location",
        digits="Product Unit",
        readonly=True,
        help="What the transit location of the lane holds, in the unit of the product.",
    )
    difference = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What transfers say, less what the location holds, in the unit of the product.",
    )
    transfer_value = fields.Monetary(
        string="Value by Transfers",
        readonly=True,
        help="Of what transfers say, at present cost, in company currency.",
    )
    stock_value = fields.Monetary(
        string="Value in the Location",
        readonly=True,
        help="Of what the location holds, at present cost, in company currency.",
    )
    difference_value = fields.Monetary(
        string="Value of the Difference",
        readonly=True,
        help="The value by transfers, less the value in the location, in company currency.",
    )
    is_different = fields.Boolean(
        string="Differs",
        readonly=True,
        help="Transfers and the location do not say the same quantity.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY sums.lane_id, sums.product_id) AS id,
                   lane.company_id,
                   sums.lane_id,
                   sums.product_id,
                   template.categ_id,
                   template.uom_id AS product_uom_id,
                   sums.transfer_quantity,
                   sums.stock_quantity,
                   sums.transfer_quantity - sums.stock_quantity AS difference,
                   sums.transfer_value,
                   sums.stock_value,
                   sums.transfer_value - sums.stock_value AS difference_value,
                   ABS(sums.transfer_quantity - sums.stock_quantity) > 0.00001
                       AS is_different
              FROM (
                SELECT said.lane_id,
                       said.product_id,
                       SUM(said.transfer_quantity) AS transfer_quantity,
                       SUM(said.stock_quantity) AS stock_quantity,
                       SUM(said.transfer_value) AS transfer_value,
                       SUM(said.stock_value) AS stock_value
                  FROM (%(transfers)s UNION ALL %(stock)s) said
                 GROUP BY said.lane_id, said.product_id
              ) sums
              JOIN distribution_lane lane ON lane.id = sums.lane_id
              JOIN product_product product ON product.id = sums.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE ABS(sums.transfer_quantity) > 0.00001
                OR ABS(sums.stock_quantity) > 0.00001
            """,
            transfers=self._said_by_transfers(),
            stock=self._said_by_stock(),
        )

    def _said_by_transfers(self):
        return SQL(
            """
            SELECT transfer.lane_id,
                   line.product_id,
                   %(quantity)s AS transfer_quantity,
                   0 AS stock_quantity,
                   %(value)s AS transfer_value,
                   0 AS stock_value
              FROM %(lines)s
             CROSS JOIN %(cost)s cost
             CROSS JOIN %(lots)s lots
             WHERE line.in_transit_qty <> 0
            """,
            quantity=sql.LINE_QUANTITY,
            value=sql.line_value(),
            lines=sql.LINE_TABLES,
            cost=sql.LINE_COST,
            lots=sql.LINE_LOTS,
        )

    def _said_by_stock(self):
        company = SQL("lane.company_id")
        return SQL(
            """
            SELECT location.lane_id,
                   quant.product_id,
                   0 AS transfer_quantity,
                   quant.quantity AS stock_quantity,
                   0 AS transfer_value,
                   quant.quantity * CASE WHEN template.lot_valuated
                                         THEN COALESCE(%(lot_cost)s, %(cost)s)
                                         ELSE %(cost)s END AS stock_value
              FROM stock_location location
              JOIN distribution_lane lane ON lane.id = location.lane_id
              JOIN stock_quant quant ON quant.location_id = location.id
              JOIN product_product product ON product.id = quant.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN stock_lot lot ON lot.id = quant.lot_id
            """,
            lot_cost=sql.company_cost(SQL("lot.standard_price"), company),
            cost=sql.product_cost(company),
        )

    @api.model
    def verify(self):
        """The rows that differ; none where the transit locations are right.

        :return: records of this report, of what the user may see
        """
        self.invalidate_model()  # rows have no ids of their own that outlive a change
        return self.search([("is_different", "=", True)])

    @api.model
    def _cron_verify(self):
        """Tell the controllers where a transit location is wrong."""
        rows = self.verify()
        for row in rows:
            _logger.warning("transit balance: %s", row._difference_text())
        for lane, of_lane in rows.grouped("lane_id").items():
            lane._report_transit_difference(of_lane)

    def _difference_text(self):
        self.ensure_one()
        return self.env._(
            "%(lane)s, %(product)s: %(said)s %(unit)s by transfers, %(held)s in the transit "
            "location",
            lane=self.lane_id.name,
            product=self.product_id.display_name,
            said=f"{self.transfer_quantity:g}",
            held=f"{self.stock_quantity:g}",
            unit=self.product_uom_id.name,
        )

    def action_view_transfers(self):
        """Open the lines of transfers behind the row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transit_report_action"
        )
        action.update(
            domain=[
                ("lane_id", "=", self.lane_id.id),
                ("product_id", "=", self.product_id.id),
            ],
            context={},
        )
        return action
