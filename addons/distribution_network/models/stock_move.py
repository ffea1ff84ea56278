from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "distribution.document.mixin"]
    _branch_fields = (
        "picking_type_id",
        "location_id",
        "location_dest_id",
        "branch_id",
        "peer_branch_id",
    )

    branch_id = fields.Many2one(
        "distribution.branch",
        compute="_compute_branch_id",
        store=True,
        index="btree_not_null",
        help="The branch whose warehouse does the work.",
    )
    peer_branch_id = fields.Many2one(
        "distribution.branch",
        string="Other Branch",
        compute="_compute_branch_id",
        store=True,
        index="btree_not_null",
        help="The branch at the other end of the lane the goods travel.",
    )

    @api.depends(
        "picking_type_id.branch_id",
        "location_id.branch_id",
        "location_id.lane_id",
        "location_dest_id.branch_id",
        "location_dest_id.lane_id",
    )
    def _compute_branch_id(self):
        for move in self:
            branch = (
                move.picking_type_id.branch_id
                or move.location_id.branch_id
                or move.location_dest_id.branch_id
            )
            lane = move.location_id.lane_id or move.location_dest_id.lane_id
            move.branch_id = branch
            move.peer_branch_id = lane._other_end(branch)

    @api.constrains("location_id", "location_dest_id", "picking_type_id")
    def _check_locations_are_of_branch(self):
        for move in self:
            move._check_branch_of_locations(move)

    def _check_branch_of_locations(self, record):
        """Goods change branch on a lane only: each move stays within one branch.

        :param record: the move, or one of its lines
        """
        branch = self.branch_id
        for location in record.location_id | record.location_dest_id:
            if location.branch_id and branch and location.branch_id != branch:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot move from %(origin)s to %(target)s as an "
                        "operation of branch %(branch)s: goods change branch along a "
                        "lane only.",
                        product=self.product_id.display_name,
                        origin=record.location_id.display_name,
                        target=record.location_dest_id.display_name,
                        branch=branch.display_name,
                    )
                )

    def _key_assign_picking(self):
        """One transfer for each departure of a lane: a truck is one document."""
        key = super()._key_assign_picking()
        return (*key, self.date) if self._follows_timetable() else key

    def _search_picking_for_assignation_domain(self):
        domain = super()._search_picking_for_assignation_domain()
        if self._follows_timetable():
            return Domain(domain) & Domain("scheduled_date", "=", self.date)
        return domain

    def _follows_timetable(self):
        return self.rule_id.lane_leg in ("ship", "receive")

    def _action_cancel(self):
        """Cancelling reaches into the chain, so also into the branch at the other end."""
        return super(StockMove, self._as_chain())._action_cancel()

    def _set_date_deadline(self, new_deadline):
        """A new deadline is passed along the chain, so also to the other branch."""
        return super(StockMove, self._as_chain())._set_date_deadline(new_deadline)

    def _as_chain(self):
        """These moves with the right to change the moves they are chained to.

        As superuser, after the user's own right to change `self` was checked: a user of
        one end of a lane may not write the other end's moves himself, but what he does to
        his own has its consequences there.
        """
        if self.env.su:
            return self
        self.check_access("write")
        return self.sudo()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    branch_id = fields.Many2one(
        "distribution.branch",
        related="move_id.branch_id",
        store=True,
        index="btree_not_null",
    )
    peer_branch_id = fields.Many2one(
        "distribution.branch",
        string="Other Branch",
        related="move_id.peer_branch_id",
        store=True,
        index="btree_not_null",
    )

    @api.constrains("location_id", "location_dest_id", "move_id")
    def _check_locations_are_of_branch(self):
        for line in self:
            line.move_id._check_branch_of_locations(line)
