from odoo import api, fields, models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "distribution.document.mixin"]
    _branch_fields = ("picking_type_id", "branch_id", "peer_branch_id")

    branch_id = fields.Many2one(
        "distribution.branch",
        related="picking_type_id.branch_id",
        store=True,
        index="btree_not_null",
        help="The branch whose warehouse does the work.",
    )
    lane_id = fields.Many2one(
        "distribution.lane",
        compute="_compute_lane_id",
        store=True,
        index="btree_not_null",
        help="The lane the goods travel.",
    )
    peer_branch_id = fields.Many2one(
        "distribution.branch",
        string="Other Branch",
        compute="_compute_lane_id",
        store=True,
        index="btree_not_null",
        help="The branch at the other end of the lane. It sees this transfer, and cannot "
        "change it.",
    )

    @api.depends("location_id.lane_id", "location_dest_id.lane_id", "branch_id")
    def _compute_lane_id(self):
        for picking in self:
            lane = picking.location_id.lane_id or picking.location_dest_id.lane_id
            picking.lane_id = lane
            picking.peer_branch_id = lane._other_end(picking.branch_id)
