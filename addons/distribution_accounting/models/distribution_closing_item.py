from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .distribution_closing import CONTROLLER, OPEN
from .keys import is_keeping, keeping

# What whoever may write an item may write without more ado.
FREE = {"note", "user_id"}


class DistributionClosingItem(models.Model):
    """One thing that has to be right before a month is closed, in a branch or at all."""

    _name = "distribution.closing.item"
    _description = "Item of a Month Close"
    _order = "closing_id desc, branch_sequence, branch_id, sequence, id"
    _check_company_auto = True

    closing_id = fields.Many2one(
        "distribution.closing",
        string="Month",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="closing_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "distribution.branch",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="The branch whose documents are checked; none where it is the company.",
    )
    place = fields.Char(
        string="Where",
        compute="_compute_place",
        store=True,
        help="The branch, or the company.",
    )
    branch_sequence = fields.Integer(
        related="branch_id.sequence", store=True, string="Order of the Branch"
    )
    code = fields.Char(required=True, help="Which check it is.")
    name = fields.Char(
        string="Check", compute="_compute_name", help="What has to be right."
    )
    sequence = fields.Integer()
    count = fields.Integer(
        string="Found", help="How many records are in the way; none is right."
    )
    amount = fields.Monetary(help="What they are worth, in company currency.")
    is_strict = fields.Boolean(
        string="Must Be Nil",
        help="It cannot be explained away: it has to be put right.",
    )
    state = fields.Selection(
        [("open", "Open"), ("explained", "Explained"), ("ok", "OK")],
        default="open",
        required=True,
        help="OK where nothing is in the way; explained where its owner says why "
        "something still is.",
    )
    owner_role = fields.Selection(
        [("branch", "Branch manager"), ("controller", "Finance controller")],
        string="Owner's Role",
        help="Who takes care of such items.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who takes care of it.",
    )
    note = fields.Text(
        string="Explanation", help="Why it is right that something is still there."
    )
    explained_by_id = fields.Many2one("res.users", help="Who explained it.")
    explained_on = fields.Datetime(help="When it was explained.")
    closing_state = fields.Selection(related="closing_id.state", string="Month Is")
    may_explain = fields.Boolean(
        compute="_compute_may_explain", help="Whether the user can explain it."
    )

    _check_unique = models.UniqueIndex(
        "(closing_id, code, COALESCE(branch_id, 0))",
        "A check is made once for each branch.",
    )

    @api.depends("branch_id.name", "company_id.name")
    def _compute_place(self):
        for item in self:
            item.place = item.branch_id.name or item.company_id.name

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_name(self):
        labels = {
            check.code: check.label
            for check in self.env["distribution.closing"]._closing_checks()
        }
        for item in self:
            item.name = labels.get(item.code, item.code)

    @api.depends("code", "place", "count")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.place}: {item.name} ({item.count})"

    @api.depends("state", "closing_id.state", "user_id", "is_strict")
    @api.depends_context("uid")
    def _compute_may_explain(self):
        for item in self:
            item.may_explain = not item._explain_problem()

    # Guards.

    @api.model_create_multi
    def create(self, vals_list):
        if not is_keeping(self):
            raise self._kept_error()
        return super().create(vals_list)

    def write(self, vals):
        if not is_keeping(self):
            if set(vals) - FREE:
                raise self._kept_error()
            for item in self:
                if item.closing_id.state not in OPEN:
                    raise UserError(
                        self.env._(
                            "%s is closed: its check list stands.", item.closing_id.name
                        )
                    )
                if "note" in vals and item.state == "explained":
                    raise UserError(
                        self.env._(
                            "%s is explained: take the explanation back to change it.",
                            item.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if not is_keeping(self):
            raise self._kept_error()

    def _kept_error(self):
        return UserError(
            self.env._(
                "The items of a month close compute themselves: only their owner and "
                "their explanation are written."
            )
        )

    def _update(self, values):
        """Take over what a check has found, by the code that keeps the items."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if name in ("count", "amount", "is_strict", "sequence", "owner_role")
            and self[name] != value
        }
        same = not {"count", "amount"} & set(changed)
        if not values["count"]:
            state = "ok"
        elif self.state == "explained" and same and not values["is_strict"]:
            state = "explained"
        else:
            state = "open"
        if state != self.state:
            changed["state"] = state
        if changed:
            self.write(changed)

    # Explaining.

    def _explain_problem(self):
        """Why the user cannot explain the item; nothing where it is possible."""
        self.ensure_one()
        env = self.env
        if self.closing_id.state not in OPEN:
            return env._("The month is closed.")
        if self.state != "open":
            return env._("It is right, or explained already.")
        if self.is_strict:
            return env._("It has to be nil: put it right.")
        own = self.user_id == env.user or env.user.has_group(CONTROLLER)
        manages = (
            self.owner_role == "branch"
            and env.user.has_group("distribution_base.group_branch_manager")
            and self.branch_id in env.user.allowed_branch_ids
        )
        if not own and not manages:
            return env._("Its owner, or a finance controller, explains it.")
        return None

    def action_explain(self):
        """Say that what is found is right, for the reason in the explanation.

        :raises UserError: there is no explanation, or the user or the item does not fit
        """
        self.check_access("write")
        for item in self:
            problem = item._explain_problem()
            if not problem and not (item.note or "").strip():
                problem = self.env._("Write the explanation first.")
            if problem:
                raise UserError(
                    self.env._(
                        "%(item)s cannot be explained. %(problem)s",
                        item=item.display_name,
                        problem=problem,
                    )
                )
            keeping(item).write(
                {
                    "state": "explained",
                    "explained_by_id": self.env.uid,
                    "explained_on": fields.Datetime.now(),
                }
            )
            item._tell(self.env._("explained"))
        return True

    def action_withdraw(self):
        """Take the explanation back.

        :raises UserError: the item is not explained, or the month is closed
        """
        self.check_access("write")
        for item in self:
            if item.state != "explained" or item.closing_id.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%s has no explanation that can be taken back.",
                        item.display_name,
                    )
                )
            item._tell(self.env._("explanation taken back"))
            keeping(item).write(
                {"state": "open", "explained_by_id": False, "explained_on": False}
            )
        return True

    def _tell(self, what):
        """Log it in the chatter of the month."""
        self.ensure_one()
        self.closing_id.message_post(
            body=Markup("<b>%s</b>, %s: %s")
            % (self.display_name, what, self.note or "")
        )

    def action_open_evidence(self):
        """The records that the item counts."""
        self.ensure_one()
        self.check_access("read")
        evidence = self.closing_id._evidence(self.code, self.branch_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
            **evidence,
        }
