from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.distribution_network.models.distribution_lane import WEEKDAYS


class DistributionTemplateLane(models.Model):
    """A lane from or to every branch that is opened from the template."""

    _name = "distribution.template.lane"
    _description = "Lane of a Branch Template"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "distribution.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    sequence = fields.Integer(default=10)
    direction = fields.Selection(
        [("in", "To the branch"), ("out", "From the branch")],
        required=True,
        default="in",
        help="Whether goods travel to the branch that is opened, or from it.",
    )
    peer_branch_id = fields.Many2one(
        "distribution.branch",
        string="Branch",
        ondelete="restrict",
        domain="[('company_id', '=?', company_id)]",
        help="The branch at the other end. Left empty, it is found by its type.",
    )
    peer_type = fields.Selection(
        selection=lambda self: self.env[
            "distribution.template"
        ]._selection_branch_type(),
        string="Type of Branch",
        default="central",
        help="The type of the branch at the other end: the source branch that is "
        "chosen when a branch is opened, or the only one of that type in the company.",
    )
    transit_days = fields.Integer(
        default=1,
        required=True,
        help="Calendar days on the road, from the departure to the arrival.",
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    cutoff_time = fields.Float(
        string="Cut-off",
        default=16.0,
        required=True,
        help="The hour at which the truck leaves, in the time zone of the sender.",
    )

    _transit_days_sane = models.Constraint(
        "CHECK (transit_days BETWEEN 0 AND 90)",
        "The days on the road must be between 0 and 90.",
    )
    _cutoff_sane = models.Constraint(
        "CHECK (cutoff_time >= 0 AND cutoff_time < 24)",
        "The cut-off must be an hour of the day, from 00:00 to 23:59.",
    )

    @api.depends("direction", "peer_branch_id", "peer_type")
    def _compute_display_name(self):
        for line in self:
            peer = line._peer_label()
            if line.direction == "in":
                line.display_name = self.env._("Lane from %s", peer)
            else:
                line.display_name = self.env._("Lane to %s", peer)

    @api.constrains("peer_branch_id", "peer_type")
    def _check_peer(self):
        for line in self:
            if not line.peer_branch_id and not line.peer_type:
                raise ValidationError(
                    self.env._(
                        "A lane of template %s says neither which branch nor which "
                        "type of branch is at its other end. Enter one of them.",
                        line.template_id.name,
                    )
                )

    @api.constrains("peer_branch_id", "template_id")
    def _check_peer_company(self):
        """A template of one company has lanes in it; one of all companies, in any."""
        for line in self.filtered("peer_branch_id"):
            company = line.template_id.company_id
            if company and line.peer_branch_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "Template %(template)s belongs to company %(company)s, and branch "
                        "%(branch)s does not. Choose a branch of that company.",
                        template=line.template_id.name,
                        company=company.name,
                        branch=line.peer_branch_id.display_name,
                    )
                )

    @api.constrains(*WEEKDAYS)
    def _check_departure_days(self):
        for line in self:
            if not any(line[day] for day in WEEKDAYS):
                raise ValidationError(
                    self.env._(
                        "%(lane)s of template %(template)s needs at least one "
                        "departure day.",
                        lane=line.display_name,
                        template=line.template_id.name,
                    )
                )

    @api.constrains("template_id", "direction", "peer_branch_id", "peer_type")
    def _check_no_second_lane(self):
        for template in self.template_id:
            seen = set()
            for line in template.lane_ids:
                end = (line.direction, line.peer_branch_id or line.peer_type)
                if end in seen:
                    raise ValidationError(
                        self.env._(
                            "Template %(template)s has two lanes of the same kind: "
                            "%(lane)s. Remove one of them.",
                            template=template.name,
                            lane=line.display_name,
                        )
                    )
                seen.add(end)

    def _peer_label(self):
        if self.peer_branch_id:
            return self.peer_branch_id.display_name
        labels = dict(self._fields["peer_type"]._description_selection(self.env))
        return labels.get(self.peer_type, "")

    def _find_peer(self, target):
        """The branch at the other end of the lane, for the branch of `target`."""
        self.ensure_one()
        peer = self.peer_branch_id
        if not peer and target.source_branch.branch_type == self.peer_type:
            peer = target.source_branch
        peer = peer or self._find_peer_by_type(target)
        self._check_found_peer(peer, target)
        return peer

    def _find_peer_by_type(self, target):
        found = target.branches_of_type(self.peer_type)
        if len(found) == 1:
            return found
        if not found:
            raise UserError(
                self.env._(
                    "%(lane)s of template %(template)s needs a branch of that type, "
                    "and company %(company)s has none. Open that branch first.",
                    lane=self.display_name,
                    template=self.template_id.name,
                    company=target.company.name,
                )
            )
        raise UserError(
            self.env._(
                "%(lane)s of template %(template)s could lead to any of %(branches)s. "
                "Choose one as the source branch, or name it in the template.",
                lane=self.display_name,
                template=self.template_id.name,
                branches=", ".join(found.mapped("display_name")),
            )
        )

    def _check_found_peer(self, peer, target):
        if peer == target.branch:
            raise UserError(
                self.env._(
                    "%(lane)s of template %(template)s would lead from branch "
                    "%(branch)s to itself. Choose another source branch or template.",
                    lane=self.display_name,
                    template=self.template_id.name,
                    branch=peer.display_name,
                )
            )
        if peer.company_id != target.company:
            raise UserError(
                self.env._(
                    "%(lane)s of template %(template)s leads to company %(other)s, and "
                    "branch %(branch)s belongs to %(company)s. A lane stays within one "
                    "company.",
                    lane=self.display_name,
                    template=self.template_id.name,
                    other=peer.company_id.name,
                    branch=target.name,
                    company=target.company.name,
                )
            )
