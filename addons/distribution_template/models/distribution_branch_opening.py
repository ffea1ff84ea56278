from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .plan import KEEP, Target

ADMINISTRATOR = "distribution_base.group_administrator"


class DistributionBranchOpening(models.Model):
    """Opens a branch from a template, or brings a template to a branch that exists.

    draft → previewed → applied → undone. What may be entered and how it is checked is
    in `distribution_branch_opening_input.py`.
    """

    _name = "distribution.branch.opening"
    _description = "Branch Opening"
    _order = "id desc"
    _check_company_auto = True

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("previewed", "Previewed"),
            ("applied", "Applied"),
            ("undone", "Undone"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        help="Draft: being filled in. Previewed: the list below says what will happen. "
        "Applied: the branch is there. Undone: everything was taken back.",
    )
    line_ids = fields.One2many(
        "distribution.branch.opening.line",
        "opening_id",
        string="Preview",
        readonly=True,
        copy=False,
        help="Every record that is created or changed.",
    )
    create_count = fields.Integer(
        compute="_compute_counts", help="Records that are created."
    )
    change_count = fields.Integer(
        compute="_compute_counts", help="Records that are changed."
    )
    keep_count = fields.Integer(
        compute="_compute_counts", help="Records that are as the template says."
    )
    applied_date = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users", string="Applied By", readonly=True, copy=False, ondelete="restrict"
    )

    @api.depends("line_ids.action", "line_ids.name", "line_ids.record_count")
    def _compute_counts(self):
        for opening in self:
            # A changed record has a line for each of its fields.
            counts = {"create": 0, "change": 0, "keep": 0}
            seen = set()
            for line in opening.line_ids:
                if line.action == "create" or (line.part, line.name) not in seen:
                    counts[line.action] += line.record_count
                seen.add((line.part, line.name))
            opening.create_count = counts["create"]
            opening.change_count = counts["change"]
            opening.keep_count = counts["keep"]

    # --- actions ----------------------------------------------------------------------

    def action_preview(self):
        """List every record that applying would create or change. Changes none."""
        self._check_administrator()
        for opening in self:
            if opening.state == "undone":
                opening._fail_in_state()
            opening._write_preview(opening._plan(opening._target()))
            if opening.state == "draft":
                opening._advance({"state": "previewed"})
        return True

    def action_apply(self):
        """Carry out what the preview says, all or nothing.

        Applied once more, it repairs what differs from the template today, and changes
        nothing where nothing differs.
        """
        self._check_administrator()
        for opening in self:
            opening._lock()
            if opening.state not in ("previewed", "applied"):
                opening._fail_in_state()
            opening._apply()
        return True

    def action_undo(self):
        """Remove what applying created and restore what it changed.

        :raises UserError: something uses the branch, and what does
        """
        self._check_administrator()
        for opening in self:
            opening._lock()
            if opening.state != "applied":
                opening._fail_in_state()
            opening._undo()
        return True

    def action_draft(self):
        """Take an undone or previewed opening up again."""
        self._check_administrator()
        for opening in self:
            if opening.state == "applied":
                opening._fail_in_state()
        self.line_ids.unlink()
        self._advance({"state": "draft"})
        return True

    def action_view_branch(self):
        """Open the branch."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "distribution.branch",
            "res_id": self.branch_id.id,
            "view_mode": "form",
        }

    def action_view_drift(self):
        """Compare the branch with its template today."""
        self.ensure_one()
        return self.branch_id.action_view_drift()

    def action_view_applications(self):
        """Open the evidence of what was done."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_template.distribution_template_application_action"
        )
        action["domain"] = [("opening_ref", "=", self.id)]
        return action

    # --- applying and undoing ---------------------------------------------------------

    def _plan(self, target, for_drift=False):
        return self._engine()._plan(target, for_drift)

    def _engine(self):
        """The engine in the branch's company, whichever the user works in now."""
        return self.with_company(self.company_id).env["distribution.template.engine"]

    def _apply(self):
        target = self._target()
        plan = self._plan(target)
        if self.state == "previewed":
            self._check_as_previewed(plan)
        self._carry_out(target, plan)

    def _reapply(self, keys):
        """Repair those differences from the template that have the `keys`.

        :return: True
        """
        self.ensure_one()
        self._check_administrator()
        self._lock()
        target = self._target(for_drift=True)
        plan = self._plan(target, for_drift=True)
        self._carry_out(target, self._engine()._select(target, plan, keys))
        return True

    def _carry_out(self, target, plan):
        """Do what `plan` says and keep it as evidence; without changes, do nothing."""
        was_applied = self.state == "applied"
        if was_applied and all(change.action == KEEP for change in plan):
            return
        entries = self._engine()._apply(target, plan)
        self.env["distribution.template.application"]._record(
            "apply", self, target.branch, entries
        )
        if not was_applied:
            self._advance(self._prepare_applied_values(target.branch))

    def _prepare_applied_values(self, branch):
        return {
            "state": "applied",
            "branch_id": branch.id,
            "is_new_branch": not self.branch_id,
            "applied_date": fields.Datetime.now(),
            "applied_by_id": self.env.uid,
        }

    def _undo(self):
        self._check_is_latest()
        Application = self.env["distribution.template.application"]
        entries = Application._entries_to_undo(self)
        reasons = self.env["distribution.template.usage"]._reasons(entries)
        if reasons:
            raise UserError(
                self.env._(
                    "The opening of %(branch)s cannot be undone, because the branch is "
                    "in use:\n%(reasons)s\nClose the branch instead.",
                    branch=self.name,
                    reasons="\n".join(f"- {reason}" for reason in reasons),
                )
            )
        branch = self.branch_id
        Application._record("undo", self, branch, entries[::-1])
        self._advance({"state": "undone"})
        self._engine()._undo(entries)

    def _check_is_latest(self):
        later = self.branch_id.opening_ids.filtered(
            lambda other: other.state == "applied" and other._rank() > self._rank()
        )
        if later:
            raise UserError(
                self.env._(
                    "Template %(template)s was applied to %(branch)s later. Undo that "
                    "first.",
                    template=later[-1:].template_id.name,
                    branch=self.branch_id.display_name,
                )
            )

    def _rank(self):
        """Which of two openings of a branch was applied later."""
        return (self.applied_date, self.id)

    def _check_as_previewed(self, plan):
        """What is applied is what somebody has seen."""
        names = ("action", "part", "name", "field_label", "value_from", "value_to")
        Line = self.env["distribution.branch.opening.line"]
        wanted = [
            tuple(values.get(name) or False for name in names)
            for values in Line._prepare_all_values(plan)
        ]
        seen = [tuple(line[name] or False for name in names) for line in self.line_ids]
        if wanted != seen:
            raise UserError(
                self.env._(
                    "Something changed since %s was previewed. Preview it again to see "
                    "what will happen now.",
                    self.name,
                )
            )

    def _write_preview(self, plan):
        Line = self.env["distribution.branch.opening.line"]
        self.line_ids.unlink()
        Line.create(
            [{**vals, "opening_id": self.id} for vals in Line._prepare_all_values(plan)]
        )
        self.invalidate_recordset(["line_ids"])

    def _lock(self):
        """Two clicks at once apply once: the second is told to wait."""
        if not self.try_lock_for_update():
            raise UserError(
                self.env._(
                    "Somebody else is carrying out the opening of %s right now. Wait a "
                    "moment and look at it again.",
                    self.name,
                )
            )
        self.invalidate_recordset(["state", "branch_id"])

    def _check_administrator(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(
                self.env._(
                    "Only an administrator of the distribution network opens branches, "
                    "applies templates and takes them back."
                )
            )
        self.check_access("write")

    def _fail_in_state(self):
        hints = {
            "draft": self.env._("%s is a draft. Preview it first.", self.name),
            "previewed": self.env._("%s is not applied yet.", self.name),
            "applied": self.env._("%s is applied already. Undo it first.", self.name),
            "undone": self.env._(
                "%s was undone. Set it back to draft to use it again.", self.name
            ),
        }
        raise UserError(hints[self.state])

    # --- what is compared -------------------------------------------------------------

    def _target(self, for_drift=False):
        """The branch as the parts of the template see it."""
        self.ensure_one()
        branch = self.branch_id
        opening = self.with_company(self.company_id)
        return Target(
            env=opening.env,
            template=opening.template_id,
            company=opening.company_id,
            branch=branch.with_company(self.company_id),
            name=branch.name or self.name,
            code=branch.code or self.code,
            source_branch=opening.source_branch_id,
            initial=self._prepare_branch_values(),
            address=self._prepare_address_values(),
            people=self._people(for_drift),
        )

    def _people(self, for_drift):
        people = self.person_ids
        if for_drift or self.state == "applied":
            # Who left the branch since is no difference from the template.
            members = self.branch_id.user_ids
            people = people.filtered(lambda person: person.user_id in members)
        return [(p.user_id, p.job_id.group_id, p.job_id.name) for p in people]
