from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

from .distribution_review_decision import CARRIED, DECISIONS

DECIDED = {"decision", "note"}


class DistributionReviewItem(models.Model):
    """A matter on the agenda of a review, in a branch or of the company.

    What it says was frozen at the cut-off. People decide on it, and each decision is kept.
    """

    _name = "distribution.review.item"
    _description = "Item of a Review"
    _inherit = ["distribution.guarded.mixin"]
    _order = "review_id desc, sequence, id"
    _check_company_auto = True

    review_id = fields.Many2one(
        "distribution.review",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    review_state = fields.Selection(related="review_id.state", string="Review Is")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "distribution.branch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Whose matter it is; none where it is the company's.",
    )
    place = fields.Char(
        string="Where",
        compute="_compute_place",
        store=True,
        help="The branch, or the company.",
    )
    sequence = fields.Integer(readonly=True)
    section = fields.Char(readonly=True, help="The part of the review.")
    kind = fields.Selection(
        [
            ("exception", "Exception"),
            ("kpi", "Missed target"),
            ("left", "Left over"),
        ],
        required=True,
        readonly=True,
        help="An exception that was open at the cut-off, a figure that misses its target, "
        "or what was left of the last review.",
    )
    subject = fields.Char(string="What Is Wrong", readonly=True)
    name = fields.Char(string="About", required=True, readonly=True)
    detail = fields.Char(readonly=True, help="The cause found, or the figure.")
    amount = fields.Monetary(
        string="Money",
        readonly=True,
        help="At risk at the cut-off, in company currency.",
    )
    too_late_at = fields.Datetime(
        string="Too Late",
        readonly=True,
        help="After this moment acting no longer helps, or helps less.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Suggested Owner",
        readonly=True,
        ondelete="set null",
        help="Who owns the exception, answers for the figure, or manages the branch.",
    )
    exception_id = fields.Many2one(
        "distribution.exception",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    rule_id = fields.Many2one(
        "distribution.exception.rule", readonly=True, ondelete="set null"
    )
    kpi_id = fields.Many2one(
        "distribution.kpi", string="KPI", readonly=True, ondelete="restrict"
    )
    figure_id = fields.Many2one(
        "distribution.review.figure",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    now = fields.Selection(
        [("open", "Still open"), ("closed", "Settled")],
        compute="_compute_now",
        help="Whether the condition of the exception is still there today.",
    )
    previous_id = fields.Many2one(
        "distribution.review.item",
        string="Last Time",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The item of an earlier review that this one goes on with.",
    )
    next_ids = fields.One2many("distribution.review.item", "previous_id")
    root_id = fields.Many2one(
        "distribution.review.item",
        string="First Time",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The item with which the matter came up.",
    )
    times = fields.Integer(
        readonly=True,
        default=1,
        aggregator=None,
        help="In how many reviews it has come up.",
    )
    decision = fields.Selection(
        [*DECISIONS, CARRIED],
        help="Accepted: it may stay so. Action: somebody does something until a day. Watch: "
        "it comes up again if it is still there. No action: nothing needs to be done.",
    )
    note = fields.Char(help="Why, or what was said.")
    decided_by_id = fields.Many2one(
        "res.users", string="Decided By", readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    decision_ids = fields.One2many(
        "distribution.review.decision", "item_id", string="Decisions", readonly=True
    )
    action_id = fields.Many2one(
        "distribution.review.action",
        string="Action Left Over",
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    action_ids = fields.Many2many(
        "distribution.review.action",
        string="Actions",
        compute="_compute_action_ids",
        help="Agreed on this matter, now or in earlier reviews.",
    )
    action_text = fields.Char(
        string="Agreed", compute="_compute_action_ids", help="The actions in words."
    )
    can_decide = fields.Boolean(related="review_id.can_decide", related_sudo=False)

    @api.depends("branch_id", "company_id")
    def _compute_place(self):
        for item in self:
            item.place = item._place()

    @api.depends("exception_id")
    def _compute_now(self):
        for item in self:
            # As superuser: that it is settled says nothing more than the item does.
            item.now = item.sudo().exception_id.state

    @api.depends("root_id", "action_id")
    @api.depends_context("uid", "lang")
    def _compute_action_ids(self):
        Action = self.env["distribution.review.action"]
        matters = [item.root_id.id or item.id for item in self]
        found = {}
        for action in Action.search([("matter_id", "in", matters)]):
            found[action.matter_id.id] = found.get(action.matter_id.id, Action) | action
        for item in self:
            item.action_ids = found.get(item.root_id.id or item.id, Action)
            item.action_text = "; ".join(one._in_words() for one in item.action_ids)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.subject}: {item.name}"

    def write(self, vals):
        """Write; a decision or a note, as what it is: somebody's decision."""
        if not vals or not vals.keys() <= DECIDED:
            return super().write(vals)
        self._decide(vals)
        return True

    # Actions.

    def action_accept(self):
        """Decide: it may stay as it is."""
        return self._decide({"decision": "accepted"})

    def action_watch(self):
        """Decide: it comes up again if it is still there."""
        return self._decide({"decision": "watch"})

    def action_nothing(self):
        """Decide: nothing needs to be done."""
        return self._decide({"decision": "none"})

    def action_plan(self):
        """Ask who does what until when."""
        self.ensure_one()
        self.check_access("read")
        self.review_id._ensure_may_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_review.distribution_review_action_action_new"
        )
        action["context"] = {
            "default_item_id": self.id,
            "default_review_id": self.review_id.id,
            "default_branch_id": self.branch_id.id,
            "default_user_id": self.user_id.id,
            "default_name": self.display_name,
        }
        return action

    def action_open_note(self):
        """The item by itself, to note something and to see what was decided before."""
        self.ensure_one()
        return {**self.get_formview_action(), "target": "new", "name": self.place}

    def action_open_subject(self):
        """What it is about: the exception, or the records behind the figure."""
        self.ensure_one()
        self.check_access("read")
        if self.exception_id:
            return self.exception_id.get_formview_action()
        if self.figure_id:
            return self.figure_id.action_open_items()
        if self.action_ids:
            return self.action_ids[:1].get_formview_action()
        raise UserError(
            self.env._("There is nothing behind %(item)s.", item=self.display_name)
        )

    # Deciding.

    def _decide(self, vals):
        """Keep a decision of the user.

        :param vals: `decision`, `note`, or both
        :raise AccessError: where the user does not take part, or does not see the item
        :raise UserError: where the review is closed, or an action is decided without one
        """
        self.check_access("write")
        self.review_id._ensure_may_decide()
        decision = vals.get("decision")
        if decision == CARRIED[0]:
            raise UserError(
                self.env._(
                    "What stays undecided is taken to the next review by itself."
                )
            )
        if decision == "action" and not all(item.action_ids for item in self):
            raise UserError(
                self.env._("Say who does what until when: add an action to the item.")
            )
        if "decision" not in vals:
            undecided = self.filtered(lambda item: not item.decision)
            super(DistributionReviewItem, guarded(undecided)).write(vals)
            (self - undecided)._keep_decision(vals, self.env.user)
        else:
            self._keep_decision(vals, self.env.user)
        return True

    def _keep_decision(self, vals, user=None):
        """Write a decision, and that `user` made it; none: the next review."""
        if not self:
            return
        now = fields.Datetime.now()
        user_id = user.id if user else False
        guarded(self).write({**vals, "decided_by_id": user_id, "decided_at": now})
        self.env["distribution.review.decision"]._record_evidence(
            [
                {
                    "item_id": item.id,
                    "company_id": item.company_id.id,
                    "branch_id": item.branch_id.id,
                    "decision": item.decision,
                    "note": item.note,
                    "user_id": user_id,
                    "decided_at": now,
                }
                for item in self
            ]
        )

    # Going on in the next review.

    def _place(self):
        return self.branch_id.name or self.company_id.name

    def _matter(self):
        """The item with which the matter came up first."""
        return self.root_id or self

    def _still_stands(self, figures):
        """Whether there is still anything to decide: see `_left_values` of the review."""
        if self.exception_id:
            return self.exception_id.state == "open"
        if self.kpi_id:
            figure = figures.get((self.kpi_id, self.branch_id))
            return bool(figure and figure.status == "bad")
        return bool(self.action_id.state == "open")

    @api.model
    def _blank(self):
        """Values of an item about nothing yet, so that all have the same."""
        return {
            "exception_id": False,
            "kpi_id": False,
            "branch_id": False,
        }

    def _prepare_again(self):
        """Values of an item about the same matter."""
        return {
            **self._blank(),
            "previous_id": self.id,
            "root_id": self._matter().id,
            "times": self.times + 1,
            "name": self.name,
            "subject": self.subject,
            "section": self.section,
            "branch_id": self.branch_id.id,
            "exception_id": self.exception_id.id,
            "rule_id": self.rule_id.id,
            "kpi_id": self.kpi_id.id,
            "too_late_at": self.exception_id.too_late_at or self.too_late_at,
            "user_id": self.user_id.id,
            "action_id": self.action_id.id,
        }
