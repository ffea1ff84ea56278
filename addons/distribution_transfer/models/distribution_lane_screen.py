from odoo import api, fields, models

from .distribution_transfer import LIVE


class DistributionLane(models.Model):
    """The way from a lane to its transfers."""

    _inherit = "distribution.lane"

    open_transfer_count = fields.Integer(
        string="Transfers",
        compute="_compute_open_transfer_count",
        help="Transfers along the lane that are not closed, rejected or cancelled.",
    )

    @api.depends_context("uid")
    def _compute_open_transfer_count(self):
        groups = self.env["distribution.transfer"]._read_group(
            self._open_document_domain(), ["lane_id"], ["__count"]
        )
        counts = {lane.id: count for lane, count in groups}
        for lane in self:
            lane.open_transfer_count = counts.get(lane.id, 0)

    def _open_document_domain(self):
        return [
            ("lane_id", "in", self.ids),
            ("state", "in", ("draft", "requested", *LIVE)),
        ]

    def action_view_open_transfers(self):
        """Open the transfers of the lane that are not over."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_transfer.distribution_transfer_action"
        )
        action.update(
            name=self.name,
            domain=self._open_document_domain(),
            context={"default_lane_id": self.id},
        )
        return action
