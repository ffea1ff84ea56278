from datetime import datetime, time

import pytz

from odoo import api, fields, models

# Stages in which goods of a transfer are on the road.
ROAD_STAGES = ("on_road", "to_receive")


class DistributionTransfer(models.Model):
    """The board: who has to do what next, for each transfer."""

    _inherit = "distribution.transfer"

    board_stage = fields.Selection(
        [
            ("to_approve", "To Approve"),
            ("to_pick", "To Pick"),
            ("to_ship", "To Ship"),
            ("on_road", "On the Road"),
            ("to_receive", "To Receive"),
            ("to_reconcile", "To Reconcile"),
        ],
        string="Stage",
        compute="_compute_board_stage",
        store=True,
        copy=False,
        group_expand=True,
        help="To ship: everything approved is ready to be loaded. To receive: the truck is "
        "due on this day at the receiving branch, or was due before. Empty for drafts and "
        "for what is done.",
    )

    _board_idx = models.Index(
        "(board_stage, departure_date) WHERE board_stage IS NOT NULL"
    )

    @api.depends(
        "state",
        "left_date",
        "arrival_date",
        "line_ids.to_ship_qty",
        "line_ids.in_transit_qty",
        "line_ids.short_qty",
        "line_ids.move_ids.state",
        "line_ids.move_ids.quantity",
    )
    def _compute_board_stage(self):
        for transfer in self:
            transfer.board_stage = transfer._find_board_stage()

    def _find_board_stage(self):
        self.ensure_one()
        fixed = {"requested": "to_approve", "received": "to_reconcile"}
        if self.state not in ("approved", "shipped", "in_transit"):
            return fixed.get(self.state, False)
        if self.state != "approved" and self.line_ids._undisputed():
            return "to_receive" if self._is_due() else "on_road"
        return "to_ship" if self._is_ready() else "to_pick"

    def _is_due(self):
        """Whether the truck has left and arrives today, or should have arrived."""
        if not (self.left_date and self.arrival_date):
            return False
        # As superuser: a sender need not see the receiving branch's opening hours.
        zone = pytz.timezone(self.sudo().destination_branch_id._timezone())
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        tonight = zone.localize(datetime.combine(today, time.max))
        return self.arrival_date <= tonight.astimezone(pytz.utc).replace(tzinfo=None)

    def _is_ready(self):
        """Whether all that is still to be shipped is set aside where trucks are loaded."""
        # As superuser: each end sees its own moves only.
        ships = self.sudo().line_ids.move_ids.filtered(
            lambda move: (
                move.transfer_leg == "ship"
                and not move.discrepancy_id
                and move.state not in ("done", "cancel")
            )
        )
        return all(
            move.product_uom.compare(move.quantity, move.product_uom_qty) >= 0
            for move in ships
        )

    @api.model
    def _cron_follow(self):
        """Trucks become due as the day passes, too."""
        result = super()._cron_follow()
        self._refresh_board()
        return result

    @api.model
    def _refresh_board(self):
        """Find the stage of what is on the road anew."""
        on_road = self.search([("board_stage", "in", ROAD_STAGES)])
        self.env.add_to_compute(self._fields["board_stage"], on_road)
        on_road.flush_recordset(["board_stage"])
