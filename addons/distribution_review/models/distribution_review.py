from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .roles import AUDITOR, manages

# What the chair prepares; all else follows from the cut-off.
PREPARED = {"chair_id", "participant_ids", "minutes"}
NAMED = 8  # so many undecided items does the refusal to close name


class DistributionReview(models.Model):
    """A review of a period: its pack was frozen at the cut-off, its items are decided.

    How a pack comes about is in `distribution_review_opening.py` and
    `distribution_review_agenda.py`.
    """

    _name = "distribution.review"
    _description = "Review"
    _inherit = ["distribution.guarded.mixin", "mail.thread"]
    _order = "cut_off_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, help="The review and its period.")
    template_id = fields.Many2one(
        "distribution.review.template",
        string="Kind",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Which of the regular reviews it is.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period_from = fields.Date(string="From", required=True, readonly=True)
    period_to = fields.Date(
        string="To", required=True, readonly=True, help="The last day of the period."
    )
    cut_off_at = fields.Datetime(
        string="Cut-off", required=True, readonly=True, help="When it was to be opened."
    )
    opened_at = fields.Datetime(
        string="Figures As At",
        required=True,
        readonly=True,
        help="When figures were frozen and the agenda was made.",
    )
    opened_by_id = fields.Many2one(
        "res.users",
        string="Opened By",
        readonly=True,
        ondelete="restrict",
        help="Empty where it opened by itself.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        help="A closed review no longer changes; its actions go on.",
    )
    chair_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Leads the review and closes it.",
    )
    participant_ids = fields.Many2many(
        "res.users",
        "distribution_review_user_rel",
        string="Participants",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="They decide on the items of the branches that they see.",
    )
    minutes = fields.Text(help="What was said, for all who read the review.")
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    closed_by_id = fields.Many2one(
        "res.users", string="Closed By", readonly=True, ondelete="restrict"
    )
    figure_ids = fields.One2many(
        "distribution.review.figure", "review_id", string="Figures", readonly=True
    )
    item_ids = fields.One2many(
        "distribution.review.item", "review_id", string="Agenda", readonly=True
    )
    action_ids = fields.One2many(
        "distribution.review.action", "review_id", string="Actions", readonly=True
    )
    item_count = fields.Integer(
        string="Items", compute="_compute_item_count", help="That you may see."
    )
    undecided_count = fields.Integer(
        string="Undecided", compute="_compute_item_count", help="Of these."
    )
    item_amount = fields.Monetary(
        string="Money at Stake",
        compute="_compute_item_count",
        help="Of the items that you may see.",
    )
    action_count = fields.Integer(
        string="Actions Agreed", compute="_compute_action_count"
    )
    open_action_count = fields.Integer(
        string="Open Actions", compute="_compute_action_count"
    )
    can_decide = fields.Boolean(
        compute="_compute_can", help="Whether you may decide on its items."
    )
    can_lead = fields.Boolean(
        compute="_compute_can", help="Whether you may prepare and close it."
    )

    _once = models.UniqueIndex(
        "(template_id, company_id, period_to)",
        "This review of this period is already open.",
    )

    @api.depends("item_ids.decision")
    @api.depends_context("uid")
    def _compute_item_count(self):
        counts = {review: [0, 0, 0.0] for review in self}
        for review, decision, count, amount in self.env[
            "distribution.review.item"
        ]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "decision"],
            ["__count", "amount:sum"],
        ):
            found = counts[review]
            found[0] += count
            found[1] += 0 if decision else count
            found[2] += amount
        for review in self:
            found = counts[review]
            review.item_count, review.undecided_count, review.item_amount = found

    @api.depends("action_ids.state")
    @api.depends_context("uid")
    def _compute_action_count(self):
        counts = {review: [0, 0] for review in self}
        for review, state, count in self.env["distribution.review.action"]._read_group(
            [("review_id", "in", self.ids)], ["review_id", "state"], ["__count"]
        ):
            counts[review][0] += count
            counts[review][1] += count if state == "open" else 0
        for review in self:
            review.action_count, review.open_action_count = counts[review]

    @api.depends("state", "chair_id", "participant_ids")
    @api.depends_context("uid")
    def _compute_can(self):
        for review in self:
            is_open = review.state == "open"
            review.can_decide = is_open and review._may_decide()
            review.can_lead = is_open and review._may_lead()

    def write(self, vals):
        """Write; what people prepare, in the name of whoever leads the review."""
        if not vals.keys() <= PREPARED:
            return super().write(vals)
        self.check_access("write")
        for review in self:
            review._ensure_open()
            if not review._may_lead():
                raise AccessError(
                    self.env._(
                        "%(review)s is prepared by its chair, network planners, finance "
                        "controllers and administrators.",
                        review=review.name,
                    )
                )
        result = super(DistributionReview, guarded(self)).write(vals)
        if "participant_ids" in vals:
            for review in self:
                review.message_subscribe(review.participant_ids.partner_id.ids)
        return result

    # Actions.

    def action_close(self):
        """Close the review.

        :raise UserError: where items are undecided; it names them
        """
        self.ensure_one()
        self.check_access("read")
        self._ensure_open()
        if not self._may_lead():
            raise AccessError(
                self.env._(
                    "%(review)s is closed by its chair, a network planner, a finance "
                    "controller or an administrator.",
                    review=self.name,
                )
            )
        self.sudo().lock_for_update()  # nobody closes it twice
        self._ensure_decided()
        guarded(self).write(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )
        return True

    def action_view_items(self):
        """The agenda as a list, grouped by branch."""
        action = self._open_own("distribution_review.distribution_review_item_action")
        action["context"] = {"search_default_group_place": True}
        return action

    def action_view_actions(self):
        """The actions that were agreed in the review."""
        action = self._open_own("distribution_review.distribution_review_action_action")
        action["context"] = {"default_review_id": self.id}
        return action

    def action_view_figures(self):
        """The figures of the review."""
        return self._open_own("distribution_review.distribution_review_figure_action")

    def action_print(self):
        """Print the pack, as far as the user may see it."""
        report = self.env.ref("distribution_review.distribution_review_report")
        return report.report_action(self)

    def _open_own(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {
            **action,
            "domain": [("review_id", "=", self.id)],
            "context": {},
            "path": False,
        }

    # Rights.

    def _may_lead(self):
        user = self.env.user
        # As superuser: the owner of an action of another branch need not see the review.
        is_chair = user == self.sudo().chair_id and not user.has_group(AUDITOR)
        return manages(user) or is_chair

    def _may_decide(self):
        user = self.env.user
        # As superuser, as above.
        takes_part = user in self.sudo().participant_ids and not user.has_group(AUDITOR)
        return self._may_lead() or takes_part

    def _ensure_open(self):
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(review)s is closed, and no longer changes.", review=self.name
                )
            )

    def _ensure_may_decide(self):
        """Refuse who does not take part, and what is closed."""
        for review in self:
            review._ensure_open()
            if not review._may_decide():
                raise AccessError(
                    self.env._(
                        "You do not take part in %(review)s. Its chair can add you.",
                        review=review.name,
                    )
                )

    def _ensure_decided(self):
        Item = self.env["distribution.review.item"]
        undecided = [("review_id", "=", self.id), ("decision", "=", False)]
        count = Item.sudo().search_count(undecided)  # also of branches not seen
        if not count:
            return
        seen = Item.search(undecided, limit=NAMED)
        lines = [f"– {item._place()}: {item.name}" for item in seen]
        if count > len(seen):
            lines.append(self.env._("… and %(count)s more.", count=count - len(seen)))
        raise UserError(
            self.env._(
                "%(count)s items of %(review)s are undecided. Decide on each before you "
                "close it:\n%(items)s",
                count=count,
                review=self.name,
                items="\n".join(lines),
            )
        )

    # Print.

    def _printed_figures(self):
        """[(section, [figures])] that the user may see."""
        return self._in_groups("distribution.review.figure", lambda one: one.section)

    def _printed_agenda(self):
        """[(branch, [items])] that the user may see."""
        return self._in_groups("distribution.review.item", lambda one: one._place())

    def _printed_actions(self):
        """Actions of the review that the user may see."""
        return self.env["distribution.review.action"].search(
            [("review_id", "=", self.id)]
        )

    def _in_groups(self, model, key):
        groups = {}
        for record in self.env[model].search([("review_id", "=", self.id)]):
            groups.setdefault(key(record), []).append(record)
        return list(groups.items())

    @api.model
    def _branch_places(self, branch_ids):
        """{branch id: its place in the order of branches}; False, the company, is first."""
        Branch = self.env["distribution.branch"].with_context(active_test=False)
        branches = Branch.search([("id", "in", list(filter(None, branch_ids)))])
        return {False: 0, **{one.id: place for place, one in enumerate(branches, 1)}}

    @api.model
    def _period_text(self, day_from, day_to):
        first = format_date(self.env, day_from, date_format="d MMM")
        last = format_date(self.env, day_to, date_format="d MMM y")
        return f"{first} – {last}"
