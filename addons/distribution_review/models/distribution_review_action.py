from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .roles import AUDITOR

DAYS_TO_ACT = 7
STATES = [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")]
# What people write; all else follows from the review and from what was done.
WRITTEN = {"name", "note", "user_id", "date_due"}
GIVEN = WRITTEN | {"review_id", "item_id", "branch_id"}


class DistributionReviewAction(models.Model):
    """What somebody agreed to do until a day."""

    _name = "distribution.review.action"
    _description = "Action of a Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, date_due, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Action", required=True, tracking=True, help="What is done."
    )
    note = fields.Text(string="Details")
    review_id = fields.Many2one(
        "distribution.review",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'open')]",
        help="The review in which it was agreed.",
    )
    template_id = fields.Many2one(
        related="review_id.template_id", store=True, string="Kind of Review"
    )
    item_id = fields.Many2one(
        "distribution.review.item",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('review_id', '=', review_id)]",
        help="What it is about; none where it was agreed beside the agenda.",
    )
    matter_id = fields.Many2one(
        "distribution.review.item",
        compute="_compute_matter_id",
        store=True,
        index="btree_not_null",
        help="The item with which the matter came up first.",
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    branch_id = fields.Many2one(
        "distribution.branch",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For which branch; none where it is for the company.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who does it. The owner sees the action, of whatever branch it is.",
    )
    date_due = fields.Date(
        string="Due",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self)
        + timedelta(days=DAYS_TO_ACT),
        help="The last day to do it.",
    )
    opened_on = fields.Date(
        string="Agreed On", readonly=True, default=fields.Date.context_today
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        copy=False,
    )
    done_on = fields.Date(readonly=True, copy=False, help="Or dropped.")
    done_by_id = fields.Many2one(
        "res.users", string="Done By", readonly=True, copy=False, ondelete="restrict"
    )
    done_note = fields.Char(
        string="Outcome", readonly=True, copy=False, help="What came of it."
    )
    days_late = fields.Integer(
        compute="_compute_days_late",
        help="After its due day: until today, or until it was done.",
    )
    is_overdue = fields.Boolean(
        string="Overdue",
        compute="_compute_days_late",
        search="_search_is_overdue",
        help="Open, and its due day has passed.",
    )
    can_finish = fields.Boolean(
        compute="_compute_can_finish", help="Whether you may say that it is done."
    )
    can_change = fields.Boolean(
        compute="_compute_can_finish", help="Whether you may change or drop it."
    )

    _open_idx = models.Index("(date_due) WHERE state = 'open'")

    @api.depends("item_id.root_id")
    def _compute_matter_id(self):
        for action in self:
            action.matter_id = action.item_id.root_id or action.item_id

    @api.depends("state", "date_due", "done_on")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            until = action.done_on or today
            late = (until - action.date_due).days if action.date_due else 0
            action.days_late = max(late, 0)
            action.is_overdue = action.state == "open" and late > 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain(
            "date_due", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.depends("state", "user_id", "review_id.participant_ids", "review_id.chair_id")
    @api.depends_context("uid")
    def _compute_can_finish(self):
        for action in self:
            is_open = action.state == "open"
            action.can_change = is_open and action._may_change()
            action.can_finish = is_open and action._may_finish()

    @api.constrains("user_id", "company_id")
    def _check_owner(self):
        for action in self:
            user = action.user_id.sudo()  # only to see whether they can act
            strange = user.share or user.has_group(AUDITOR)
            if strange or action.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be the owner of an action of %(company)s.",
                        user=user.name,
                        company=action.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Agree on actions; the item that one is about is decided by it."""
        if not self.env.su:
            self._refuse({name for vals in vals_list for name in vals} - GIVEN)
            vals_list = [{**vals, **self._prepare_agreed()} for vals in vals_list]
        actions = super().create(self._with_item_values(vals_list))
        if not self.env.su:
            actions._ensure_may_agree()
        actions._ask_owner()
        decided = actions.item_id.filtered(lambda item: item.decision != "action")
        decided._keep_decision({"decision": "action"}, self.env.user)
        return actions

    def write(self, vals):
        """Change what was agreed, while it is open."""
        if self.env.su:
            return super().write(vals)
        self._refuse(vals.keys() - WRITTEN)
        self.check_access("write")
        for action in self:
            if action.state != "open" or not action._may_change():
                raise AccessError(
                    self.env._(
                        "%(action)s is changed by those who take part in the review, "
                        "while it is open.",
                        action=action.name,
                    )
                )
        result = super().write(vals)
        if {"user_id", "date_due", "name"} & vals.keys():
            self._forget_activities()
            self._ask_owner()
        return result

    # Actions.

    def action_done(self):
        """Ask what came of it, and mark it as done."""
        return self._ask_outcome("done")

    def action_drop(self):
        """Ask why, and drop it."""
        return self._ask_outcome("dropped")

    def action_open_item(self):
        """What it is about."""
        self.ensure_one()
        return self.item_id.get_formview_action()

    def _ask_outcome(self, state):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_review.distribution_review_outcome_action"
        )
        action["context"] = {"default_action_ids": self.ids, "default_state": state}
        return action

    def _finish(self, state, note):
        """Mark as done, or drop.

        :raise AccessError: where the user may not
        :raise UserError: where it is no longer open
        """
        self.check_access("read")
        for action in self:
            if action.state != "open":
                raise UserError(
                    self.env._("%(action)s is no longer open.", action=action.name)
                )
            may = action._may_finish() if state == "done" else action._may_change()
            if not may:
                raise AccessError(
                    self.env._(
                        "%(action)s is ended by its owner, or by those who lead the "
                        "review.",
                        action=action.name,
                    )
                )
        # As superuser: an owner need not have the right to change what was agreed.
        self.sudo().write(
            {
                "state": state,
                "done_on": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
                "done_note": note,
            }
        )
        if state == "done":
            # As superuser: also where somebody else says that it is done.
            self.sudo().activity_feedback(
                ["mail.mail_activity_data_todo"], feedback=note
            )
        else:
            self._forget_activities()

    # Rights.

    @api.model
    def _refuse(self, names):
        """Refuse to write what people do not write."""
        if names:
            raise AccessError(
                self.env._(
                    "%(fields)s of an action cannot be written: they follow from the "
                    "review and from what was done.",
                    fields=", ".join(
                        sorted(
                            self._fields[name].string if name in self._fields else name
                            for name in names
                        )
                    ),
                )
            )

    def _in_words(self):
        """Who does what until when, and what came of it."""
        owner = self.sudo().user_id.name  # names of colleagues are no secret
        if self.state == "open":
            return self.env._(
                "%(action)s (%(owner)s, until %(day)s)",
                action=self.name,
                owner=owner,
                day=format_date(self.env, self.date_due),
            )
        return self.env._(
            "%(action)s (%(owner)s: %(outcome)s)",
            action=self.name,
            owner=owner,
            outcome=self.done_note,
        )

    def _may_change(self):
        # As superuser: an owner of another branch need not see the review.
        return self.sudo().review_id.with_user(self.env.user)._may_decide()

    def _may_finish(self):
        user = self.env.user
        if user.has_group(AUDITOR):
            return False
        return user == self.user_id or self._may_change()

    def _ensure_may_agree(self):
        self.review_id._ensure_may_decide()
        user = self.env.user
        if user.branch_restricted and self.filtered(
            lambda action: action.branch_id not in user.allowed_branch_ids
        ):
            raise AccessError(
                self.env._("Name one of your branches, for which the action is.")
            )

    @api.model
    def _prepare_agreed(self):
        """What follows from agreeing: nothing that a default of a client could choose."""
        return {
            "state": "open",
            "opened_on": fields.Date.context_today(self),
            "done_on": False,
            "done_by_id": False,
            "done_note": False,
        }

    @api.model
    def _with_item_values(self, vals_list):
        """Review and branch are those of the item."""
        Item = self.env["distribution.review.item"]
        items = Item.browse(
            {vals["item_id"] for vals in vals_list if vals.get("item_id")}
        )
        items.check_access("read")
        known = {
            item.id: {"review_id": item.review_id.id, "branch_id": item.branch_id.id}
            for item in items
        }
        return [{**vals, **known.get(vals.get("item_id"), {})} for vals in vals_list]

    # The owner.

    def _ask_owner(self):
        """Put the actions into the activities of their owners."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        # As superuser: whoever agrees on an action gives somebody else something to do.
        self.env["mail.activity"].sudo().create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": action.id,
                    "activity_type_id": todo.id,
                    "summary": action.name,
                    "date_deadline": action.date_due,
                    "user_id": action.user_id.id,
                    "automated": True,
                }
                for action in self
            ]
        )

    def _forget_activities(self):
        """Take them out of the activities again."""
        self.sudo().activity_unlink(  # also those of other users
            ["mail.mail_activity_data_todo"]
        )
