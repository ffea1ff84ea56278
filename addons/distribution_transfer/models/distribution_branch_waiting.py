from odoo import api, fields, models
from odoo.fields import Domain

from .distribution_transfer_board import ROAD_STAGES

# {count: (the sides that the branch is, stages of the board)}
WAITING = {
    "to_approve_count": (["source"], ["to_approve"]),
    "to_ship_count": (["source"], ["to_pick", "to_ship"]),
    "road_out_count": (["source"], ROAD_STAGES),
    "road_in_count": (["destination"], ROAD_STAGES),
    "to_receive_count": (["destination"], ["to_receive"]),
    "to_reconcile_count": (["source", "destination"], ["to_reconcile"]),
}


class DistributionBranch(models.Model):
    """What waits at a branch: the page of its manager."""

    _inherit = "distribution.branch"

    is_own = fields.Boolean(search="_search_is_own")
    to_approve_count = fields.Integer(
        string="To Approve",
        compute="_compute_waiting",
        help="Transfers that other branches ask of this one.",
    )
    to_ship_count = fields.Integer(
        string="To Pick and Ship",
        compute="_compute_waiting",
        help="Approved transfers that this branch is still to ship, or a remainder of.",
    )
    road_out_count = fields.Integer(
        string="On the Road, Out",
        compute="_compute_waiting",
        help="Transfers from this branch that are on the road.",
    )
    road_in_count = fields.Integer(
        string="On the Road, In",
        compute="_compute_waiting",
        help="Transfers to this branch that are on the road, those to receive included.",
    )
    to_receive_count = fields.Integer(
        string="To Receive",
        compute="_compute_waiting",
        help="Transfers whose truck is due here today, or was due before.",
    )
    to_reconcile_count = fields.Integer(
        string="To Reconcile",
        compute="_compute_waiting",
        help="Received transfers from or to this branch with differences to be settled.",
    )
    overdue_transfer_count = fields.Integer(
        string="Late Trucks",
        compute="_compute_waiting",
        help="Transfers to this branch whose truck should have arrived.",
    )
    emergency_count = fields.Integer(
        string="Emergencies to Review",
        compute="_compute_waiting",
        help="Emergencies that this branch shipped and nobody has reviewed.",
    )

    def _search_is_own(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        own = Domain("id", "in", self.env.user.allowed_branch_ids.ids)
        return own if (True in value) == (operator == "in") else ~own

    @api.depends_context("uid")
    def _compute_waiting(self):
        stages = {
            side: self._count_by_stage(side) for side in ("source", "destination")
        }
        late = self._count_waiting("destination", self._late_transfer_domain())
        emergencies = self._count_waiting("source", self._emergency_domain())
        for branch in self:
            for name, (sides, names) in WAITING.items():
                branch[name] = sum(
                    stages[side].get((branch.id, stage), 0)
                    for side in sides
                    for stage in names
                )
            branch.overdue_transfer_count = late.get((branch.id,), 0)
            branch.emergency_count = emergencies.get((branch.id,), 0)

    def _count_by_stage(self, side):
        """{(branch id, stage): number of transfers} of which the branches are that side."""
        domain = Domain("board_stage", "!=", False)
        return self._count_waiting(side, domain, "board_stage")

    def _count_waiting(self, side, domain, *groups):
        field = f"{side}_branch_id"
        Transfer = self.env["distribution.transfer"]
        if not Transfer.has_access("read"):
            return {}
        found = Transfer._read_group(
            domain & Domain(field, "in", self.ids), [field, *groups], ["__count"]
        )
        return {(branch.id, *keys): count for branch, *keys, count in found}

    @api.model
    def _late_transfer_domain(self):
        return self.env["distribution.transfer"]._late_domain()

    @api.model
    def _emergency_domain(self):
        pending = Domain("emergency_review", "=", "pending")
        return pending & Domain("state", "!=", "cancelled")

    def _waiting_domain(self, name):
        """The transfers that the count `name` is about."""
        sides, stages = WAITING.get(name, (["destination"], ()))
        domain = Domain("board_stage", "in", stages)
        if name == "overdue_transfer_count":
            domain = self._late_transfer_domain()
        elif name == "emergency_count":
            sides, domain = ["source"], self._emergency_domain()
        ends = (Domain(f"{side}_branch_id", "in", self.ids) for side in sides)
        return Domain.OR(ends) & domain

    def action_view_waiting(self):
        """Open the transfers that one of the counts is about.

        The context says which: `waiting` is the name of the count.
        """
        self.ensure_one()
        name = self.env.context.get("waiting")
        if name not in (*WAITING, "overdue_transfer_count", "emergency_count"):
            return self.action_view_board()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_action"
        )
        label = self.fields_get([name], ["string"])[name]["string"]
        action.update(
            name=f"{self.code}: {label}",
            domain=list(self._waiting_domain(name)),
            context={},
        )
        return action

    def action_view_board(self):
        """Open the board of what leaves and reaches the branch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_board_action"
        )
        ends = Domain("source_branch_id", "=", self.id)
        ends |= Domain("destination_branch_id", "=", self.id)
        action.update(
            name=self.display_name,
            domain=list(ends & Domain("board_stage", "!=", False)),
        )
        return action
