from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .distribution_transfer_discrepancy import OPEN_STATES
from .distribution_transfer_discrepancy_settle import RESOLUTIONS, SIDES


class DistributionTransferDiscrepancy(models.Model):
    """What the screens show of a discrepancy: who may settle it, and by which count."""

    _inherit = "distribution.transfer.discrepancy"

    can_settle = fields.Boolean(compute="_compute_can_settle")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="It is not settled, and its due date is over.",
    )
    proposed_count_id = fields.Many2one(
        "stock.move",
        string="Proposed Count",
        compute="_compute_proposed_count_id",
        help="Of the counts since the truck was unloaded that explain the difference, the "
        "one that comes closest to it.",
    )
    proposal = fields.Char(
        compute="_compute_proposal",
        help="What the proposed count has found, and where.",
    )
    can_match = fields.Boolean(
        compute="_compute_can_match",
        help="Whether the user may settle it with the proposed count.",
    )

    @api.depends("state", "resolution")
    @api.depends_context("uid")
    def _compute_can_settle(self):
        may_write = self.has_access("write")
        for discrepancy in self:
            discrepancy.can_settle = may_write and discrepancy._is_undecided()

    def _is_undecided(self):
        """Whether a way to settle it can be chosen now."""
        expected = self.state == "waiting" and self.resolution == "later"
        return self.state == "open" or expected

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for discrepancy in self:
            due = discrepancy.date_due
            discrepancy.is_overdue = bool(
                due and discrepancy._is_open() and due < today
            )

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = fields.Date.context_today(self)
        overdue = fields.Domain(
            [("state", "in", OPEN_STATES), ("date_due", "<", today)]
        )
        wanted = (True in value) == (operator == "in")
        return overdue if wanted else ~overdue

    def _ways(self):
        """The ways in which the user may settle it, as codes of `resolution`."""
        self.ensure_one()
        return [
            way
            for way in RESOLUTIONS[self.kind]
            if self._is_on_side(SIDES.get((self.kind, way)))
        ]

    def _is_on_side(self, side):
        return not side or self.transfer_id._is_side(side)

    # Counts.

    @api.depends("state", "resolution", "kind", "quantity", "count_move_id")
    def _compute_proposed_count_id(self):
        asking = self.filtered(
            lambda x: x._count_ways() and x._is_undecided() and x.create_date
        )
        # As superuser: the receiver is told of the sender's count, but cannot open it.
        asking = asking.sudo()
        counts = asking._unused_counts()
        for discrepancy in self:
            discrepancy.proposed_count_id = False
        for discrepancy in asking:
            found = counts.filtered(
                lambda move, discrepancy=discrepancy: discrepancy._explained_as(move)
            )
            discrepancy.proposed_count_id = found.sorted("product_qty")[:1]

    @api.depends("proposed_count_id")
    @api.depends_context("lang", "tz")
    def _compute_proposal(self):
        for discrepancy in self:
            # As superuser: as for the proposed count.
            count = discrepancy.sudo().proposed_count_id
            discrepancy.proposal = discrepancy._proposal(count) if count else False

    def _proposal(self, count):
        day = fields.Datetime.context_timestamp(self, count.date).date()
        words = {
            "day": format_date(self.env, day),
            "branch": count.branch_id.name,
            "quantity": f"{count.product_uom_qty:g}",
            "unit": count.product_uom.name,
        }
        if self.kind == "short":
            return self.env._(
                "The count of %(day)s at %(branch)s found %(quantity)s %(unit)s more.",
                **words,
            )
        return self.env._(
            "The count of %(day)s at %(branch)s found %(quantity)s %(unit)s less.",
            **words,
        )

    @api.depends("proposed_count_id")
    @api.depends_context("uid")
    def _compute_can_match(self):
        for discrepancy in self:
            # As superuser: as for the proposed count.
            known = discrepancy.sudo()
            count = known.proposed_count_id
            way = known._explained_as(count) if count else False
            discrepancy.can_match = bool(
                discrepancy.can_settle and way in discrepancy._ways()
            )

    def action_match_count(self):
        """Settle it with the count that is proposed.

        :raises UserError: no count explains it, or the user works at the other end
        """
        self.ensure_one()
        if not self.proposed_count_id:
            raise UserError(self.env._("No count explains %s yet.", self.name))
        count = self.sudo().proposed_count_id  # as for the proposed count
        way = self.sudo()._explained_as(count)  # as above
        return self.action_settle(way, count_move_id=count.id)

    # Opening what belongs to it.

    def action_open_settling(self):
        """Open the choice of how to settle it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle %s", self.name),
            "res_model": "distribution.transfer.settling",
            "view_mode": "form",
            "target": "new",
            "context": {"default_discrepancy_id": self.id},
        }

    def action_view_transfer(self):
        """Open the transfer."""
        self.ensure_one()
        return self.transfer_id.get_formview_action()
