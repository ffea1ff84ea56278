from odoo import Command, models
from odoo.tools import SQL


class StockWarehouseOrderpoint(models.Model):
    """What a branch lacks is asked for where there is most of it."""

    _inherit = "stock.warehouse.orderpoint"

    def _exception_replenish_action(self):
        """A new transfer along the lane whose sender has most above its own maximum.

        Of senders without a reordering rule everything free is to spare.

        :return: an action; None where nobody has anything to spare
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(self._exception_lanes_sql())
        if not rows:
            return None
        lane_id, spare = rows[0]
        needed = max(self.qty_to_order, self.product_max_qty - self.qty_forecast, 1)
        line = {"product_id": self.product_id.id, "requested_qty": min(needed, spare)}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_action"
        )
        context = {
            "default_lane_id": lane_id,
            "default_reason": "balancing",
            "default_line_ids": [Command.create(line)],
        }
        return {**action, "views": [(False, "form")], "context": context}

    def _exception_lanes_sql(self):
        """(id of a lane into the branch, units its sender has to spare), most first."""
        return SQL(
            """
            SELECT * FROM (
                SELECT lane.id, SUM(q.quantity - q.reserved_quantity) - COALESCE((
                           SELECT SUM(op.product_max_qty)
                             FROM stock_warehouse_orderpoint op
                            WHERE op.product_id = %(product)s AND op.active
                              AND op.branch_id = lane.source_branch_id), 0) AS spare
                  FROM distribution_lane lane
                  JOIN stock_location place ON place.branch_id = lane.source_branch_id
                  JOIN stock_quant q ON q.location_id = place.id
                 WHERE lane.destination_branch_id = %(branch)s AND lane.active
                   AND place.is_promisable AND q.product_id = %(product)s
              GROUP BY lane.id) sender
             WHERE spare > 0 ORDER BY spare DESC, id
            """,
            product=self.product_id.id,
            branch=self.branch_id.id or None,
        )
