from collections import defaultdict, deque

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

ADMINISTRATOR = "distribution_base.group_administrator"


class DistributionApprovalDelegation(models.Model):
    """Somebody decides on behalf of somebody else, from one day to another."""

    _name = "distribution.approval.delegation"
    _description = "Approval Delegation"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="From",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Whose authority is given.",
    )
    delegate_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Who may decide as well. Never on what one of the two has asked for.",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(string="Last Day", required=True, tracking=True)
    policy_ids = fields.Many2many(
        "distribution.approval.policy",
        "distribution_approval_delegation_policy_rel",
        string="Policies",
        domain="[('state', '=', 'active')]",
        help="Only what these policies ask, in any version. Empty: all of them.",
    )
    reason = fields.Char(help="Such as a holiday.", tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("planned", "Planned"), ("running", "In force"), ("over", "Over")],
        compute="_compute_state",
        search="_search_state",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "The last day of a delegation must not be before its first day.",
    )
    _two_people = models.Constraint(
        "CHECK (user_id != delegate_id)", "Nobody can delegate to themselves."
    )

    @api.depends("user_id", "delegate_id")
    def _compute_display_name(self):
        for delegation in self:
            delegation.display_name = (
                f"{delegation.user_id.name or ''} → {delegation.delegate_id.name or ''}"
            )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for delegation in self:
            if not delegation.date_from or delegation.date_from > today:
                delegation.state = "planned"
            elif delegation.date_to and delegation.date_to < today:
                delegation.state = "over"
            else:
                delegation.state = "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "planned": Domain("date_from", ">", today),
            "running": Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
            "over": Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("user_id", "delegate_id", "date_from", "date_to", "active")
    def _check_cycle(self):
        """Name the people of a circle in which each decides for the next."""
        for delegation in self.filtered("active"):
            path = delegation._path_back()
            if path:
                raise ValidationError(
                    self.env._(
                        "These delegations go round in a circle: %(names)s. End one of "
                        "them first.",
                        names=" → ".join(path.mapped("name")),
                    )
                )

    def _path_back(self):
        """The users from the one who gives to himself again, over delegations that hold
        at the same time; no user where there is no such path.
        """
        self.ensure_one()
        others = (
            self.sudo().search(  # a circle may pass through people one does not see
                [("date_from", "<=", self.date_to), ("date_to", ">=", self.date_from)]
            )
        )
        onward = others.grouped("user_id")
        paths = deque(
            # As above.
            [(self.delegate_id.sudo(), [self.user_id.id, self.delegate_id.id])]
        )
        seen = set()
        while paths:
            user, path = paths.popleft()
            for other in onward.get(user, ()):
                to = other.delegate_id
                if to == self.user_id:
                    return to.browse([*path, to.id])
                if to not in seen:
                    seen.add(to)
                    paths.append((to, [*path, to.id]))
        return self.env["res.users"]

    @api.constrains("user_id", "delegate_id")
    def _check_people(self):
        for delegation in self:
            people = (delegation.user_id | delegation.delegate_id).sudo()  # their state
            if any(user.share or not user.active for user in people):
                raise ValidationError(
                    self.env._("Only active internal users can delegate to each other.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        for delegation in delegations:  # made by hand, one at a time
            people = delegation.user_id | delegation.delegate_id
            delegation.message_subscribe(people.partner_id.ids)
        delegations._after_change()
        return delegations

    def write(self, vals):
        self._ensure_own()
        result = super().write(vals)
        self._after_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never_used(self):
        """A delegation ends by archiving; that it was there stays to be seen."""
        today = fields.Date.context_today(self)
        if any(delegation.date_from <= today for delegation in self):
            raise ValidationError(
                self.env._(
                    "A delegation that was in force is not deleted: archive it, or set "
                    "its last day."
                )
            )

    def _ensure_own(self):
        """Whoever gives authority must have it: one's own, or an administrator."""
        if self.env.su or self.env.user.has_group(ADMINISTRATOR):
            return
        if any(delegation.user_id != self.env.user for delegation in self):
            raise AccessError(self.env._("You can delegate your own authority only."))

    def _after_change(self):
        self._ensure_own()
        self.env["distribution.approval.task"]._refresh_open()

    # Used by tasks.

    @api.model
    def _in_force(self):
        """All delegations of today, by who gives them."""
        today = fields.Date.context_today(self)
        running = self.sudo().search(  # authority does not depend on who looks
            [("date_from", "<=", today), ("date_to", ">=", today)]
        )
        return running.grouped("user_id")

    def _covers(self, request):
        """Whether the delegation holds for a request. Extended by glue with branches."""
        self.ensure_one()
        policies = self.policy_ids.mapped(lambda p: p.origin_id or p)
        policy = request.policy_id
        return not policies or (policy.origin_id or policy) in policies

    @api.model
    def _spread(self, request, holders, excluded, in_force=None):
        """Who may decide on `request`, as {user: users whose authority it is}.

        :param holders: those who have the authority themselves
        :param excluded: those who asked for it. They neither decide nor pass authority on:
            one's own authority over one's own request goes to nobody.
        """
        in_force = self._in_force() if in_force is None else in_force
        authority = defaultdict(lambda: self.env["res.users"])
        for holder in holders - excluded:
            todo, seen = deque([holder]), set(excluded)
            while todo:
                user = todo.popleft()
                if user in seen:
                    continue
                seen.add(user)
                authority[user] |= holder
                for delegation in in_force.get(user, ()):
                    if delegation._covers(request):
                        todo.append(delegation.delegate_id)
        return dict(authority)
