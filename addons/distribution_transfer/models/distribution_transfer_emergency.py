from odoo import api, fields, models
from odoo.exceptions import UserError

from .own import own


class DistributionTransfer(models.Model):
    """Emergencies go ahead at once, within a cap, and are reviewed afterwards."""

    _inherit = "distribution.transfer"

    emergency_review = fields.Selection(
        [("pending", "To review"), ("accepted", "Accepted"), ("objected", "Objected")],
        readonly=True,
        copy=False,
        tracking=True,
        help="What the sending branch, or the network, says of the emergency afterwards.",
    )
    reviewer_id = fields.Many2one(
        "res.users",
        string="Reviewed By",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    review_date = fields.Datetime(string="Reviewed On", readonly=True, copy=False)
    review_note = fields.Char(readonly=True, copy=False)

    _review_idx = models.Index("(lane_id) WHERE emergency_review = 'pending'")

    def _is_covered_emergency(self):
        """Whether it is an emergency within what the cap of its lane leaves."""
        self.ensure_one()
        if self.reason != "emergency":
            return False
        return (
            self.currency_id.compare_amounts(
                self.value + self._emergencies_to_review(), self.lane_id.emergency_cap
            )
            <= 0
        )

    def _emergencies_to_review(self):
        """Value of the emergencies of the lane that nobody has reviewed yet.

        They count against the cap, so that it is not split up.
        """
        Transfer = self.sudo()  # the cap is for all who ask along the lane
        [[total]] = Transfer._read_group(
            [
                ("lane_id", "=", self.lane_id.id),
                ("emergency_review", "=", "pending"),
                ("state", "!=", "cancelled"),
                ("id", "!=", self._origin.id),
            ],
            [],
            ["value:sum"],
        )
        return total or 0.0

    def _approve(self):
        emergencies = self.filtered(lambda transfer: transfer.reason == "emergency")
        own(emergencies).write({"emergency_review": "pending"})
        return super()._approve()

    def action_review_accept(self, note=None):
        """The emergency was one.

        :raises UserError: the user asked for it himself, or is of neither side
        """
        self._review("accepted", note)

    def action_review_object(self, note=None):
        """The emergency should have waited for approval; a note says why."""
        if not note:
            raise UserError(self.env._("Say why the emergency should have waited."))
        self._review("objected", note)

    def _review(self, outcome, note):
        for transfer in self:
            if transfer.emergency_review != "pending":
                raise UserError(
                    self.env._("%s is not waiting for a review.", transfer.name)
                )
            if self.env.user in (transfer.user_id, transfer.create_uid):
                raise UserError(
                    self.env._(
                        "You asked for %s yourself; somebody else reviews it.",
                        transfer.name,
                    )
                )
        self._ensure_side("source")
        self._ensure_reviewer()
        own(self).write(
            {
                "emergency_review": outcome,
                "reviewer_id": self.env.uid,
                "review_date": fields.Datetime.now(),
                "review_note": note,
            }
        )

    @api.model
    def _ensure_reviewer(self):
        if not self._is_reviewer():
            raise UserError(
                self.env._("A manager of the sending branch reviews emergencies.")
            )

    @api.model
    def _is_reviewer(self):
        """Whether the user has a role that reviews emergencies."""
        roles = "branch_manager,regional_manager,network_planner,administrator".split(
            ","
        )
        groups = ",".join(f"distribution_base.group_{role}" for role in roles)
        return self.env.user.has_groups(groups)
