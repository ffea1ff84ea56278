from odoo import api, fields, models


class StockRoute(models.Model):
    _inherit = "stock.route"

    lane_id = fields.Many2one(
        "distribution.lane",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        help="The lane this route brings goods along.",
    )


class StockRule(models.Model):
    _inherit = "stock.rule"

    lane_id = fields.Many2one(
        related="route_id.lane_id", store=True, index="btree_not_null"
    )
    lane_leg = fields.Selection(
        [
            ("pick", "Pick"),
            ("pack", "Pack"),
            ("ship", "Ship"),
            ("receive", "Receive"),
            ("deliver", "Deliver"),
        ],
        readonly=True,
        help="What the rule does for its lane.",
    )

    def _get_stock_move_values(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
    ):
        """Date the moves of a lane by its timetable instead of by a fixed delay."""
        move_values = super()._get_stock_move_values(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
        )
        if self.lane_leg in ("ship", "receive"):
            needed = fields.Datetime.to_datetime(values["date_planned"])
            move_values["date"] = fields.Datetime.to_string(self._lane_date(needed))
        return move_values

    @api.model
    def _lane_date(self, needed):
        """The date of the lane's move, for goods that are needed at `needed`.

        The last truck that arrives in time, or the next one where none does any more.
        Receiving is dated at that truck's arrival, shipping at its departure.
        """
        lane = self.lane_id.sudo()  # the timetable is for everybody who orders
        departure, arrival = lane._schedule(needed)
        return arrival if self.lane_leg == "receive" else departure
