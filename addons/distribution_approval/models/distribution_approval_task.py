from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded

ADMINISTRATORS = "distribution_base.group_administrator"


class DistributionApprovalTask(models.Model):
    """A step of a request: who is asked now, since when, until when."""

    _name = "distribution.approval.task"
    _description = "Approval Step of a Request"
    _inherit = ["distribution.guarded.mixin"]
    _order = "request_id, stage, id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "distribution.approval.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    step_id = fields.Many2one(
        "distribution.approval.step", required=True, ondelete="restrict", index=True
    )
    name = fields.Char(required=True, help="Who is asked.")
    stage = fields.Integer(string="Order")
    minimum = fields.Integer(help="How many different people must approve.")
    hours = fields.Float(string="Time Limit", help="Working hours.")
    state = fields.Selection(
        [
            ("waiting", "Later"),
            ("asked", "Asked"),
            ("approved", "Approved"),
            ("cancelled", "Not needed"),
        ],
        default="waiting",
        required=True,
        index=True,
    )
    user_ids = fields.Many2many(
        "res.users",
        "distribution_approval_task_asked_rel",
        string="Asked",
        help="Who can decide now, delegates included.",
    )
    decided_user_ids = fields.Many2many(
        "res.users",
        "distribution_approval_task_decided_rel",
        string="Approved By",
    )
    handed_ids = fields.One2many("distribution.approval.task.handed", "task_id")
    asked_date = fields.Datetime(string="Since")
    deadline = fields.Datetime(string="Due")
    escalation_level = fields.Integer(
        help="0: as the policy says. 1: the next authority is asked too. 2: the "
        "administrators are."
    )
    escalation_note = fields.Char(
        string="Escalation",
        compute="_compute_escalation_note",
        help="Who is asked as well, because time was up or nobody else could be asked.",
    )
    problem = fields.Char(help="Why the administrators are asked instead.")
    stand_in = fields.Char(help="Why the next authority is asked at once.")
    rule_problem = fields.Char(
        help="Why the rule itself cannot be applied, so that only they decide."
    )

    @api.depends("escalation_level", "problem")
    @api.depends_context("lang")
    def _compute_escalation_note(self):
        notes = {
            0: False,
            1: self.env._("Time was up: the next authority is asked as well."),
            2: self.env._("Time was up twice: the administrators are asked as well."),
        }
        for task in self:
            task.escalation_note = task.problem or notes[task.escalation_level]

    # Asking.

    @api.model
    def _prepare(self, requests):
        """Make the steps of new requests; equal steps of several bands become one."""
        bands = self.env["distribution.approval.band"].sudo()  # the policy's own
        values = []
        for request in requests:
            found = request.findings
            steps = bands.browse([f["band"] for f in found if f["band"]]).step_ids
            if any(finding["problem"] or not finding["band"] for finding in found):
                values.append(self._problem_values(request, steps, found))
                continue
            for same in steps.grouped(lambda step: step._key()).values():
                limits = [step.hours for step in same if step.hours]
                values.append(
                    {
                        "request_id": request.id,
                        "step_id": same[0].id,
                        "name": max(same, key=lambda step: step.minimum).display_name,
                        "stage": same[0].stage,
                        "minimum": max(same.mapped("minimum")),
                        "hours": min(limits, default=0.0),
                    }
                )
        guarded(self).create(values)
        requests.invalidate_recordset(["task_ids"])

    def _problem_values(self, request, steps, findings):
        """A rule cannot be applied: the administrators decide, and are told why."""
        problem = next((f["problem"] for f in findings if f["problem"]), None)
        return {
            "request_id": request.id,
            "step_id": (steps or request.policy_id.rule_ids.band_ids.step_ids)[:1].id,
            "name": self.env._("Administrators"),
            "stage": 1,
            "minimum": 1,
            "rule_problem": problem
            or self.env._("No band of the policy has this value; the rule is broken."),
        }

    def _ask_first(self):
        """Ask the first step that waits, and those at the same place, of each request."""
        waiting = self.filtered(lambda task: task.state == "waiting")
        first = self.browse()
        for tasks in waiting.grouped("request_id").values():
            stage = min(tasks.mapped("stage"))
            first |= tasks.filtered(lambda task, stage=stage: task.stage == stage)
        if first:
            guarded(first).write(
                {"state": "asked", "asked_date": fields.Datetime.now()}
            )
            first._set_deadline()
            first._refresh()
        self.request_id._update_queue()

    def _refresh(self):
        """Find out anew who can decide: roles, delegations and people may have changed."""
        in_force = self.env["distribution.approval.delegation"]._in_force()
        tasks = self.sudo()  # authority does not depend on who looks
        changes = defaultdict(tasks.browse)
        for task in tasks:
            authority, problem, stand_in = task._authority(in_force)
            users = self.env["res.users"].union(*authority) - task.decided_user_ids
            found = (tuple(users.ids), problem or False, stand_in or False)
            if found != (tuple(task.user_ids.ids), task.problem, task.stand_in):
                changes[found] |= task
        for (user_ids, problem, stand_in), group in changes.items():
            guarded(group).write(
                {
                    "user_ids": [(6, 0, user_ids)],
                    "problem": problem,
                    "stand_in": stand_in,
                }
            )

    def _authority(self, in_force=None):
        """Who can decide in this step, and why not those who should.

        :return: {user: users whose authority it is}; a sentence if the administrators
            are asked instead; a sentence if the next authority is
        """
        self.ensure_one()
        request = self.request_id
        holders, problem, stand_in = self._holders_or_next()
        authority = self.env["distribution.approval.delegation"]._spread(
            request, holders, request.author_ids, in_force
        )
        for handed in self.handed_ids:
            # Only as long as the one who handed on could decide himself.
            if handed.from_user_id in authority:
                authority.setdefault(handed.user_id, handed.from_user_id)
        able = self.step_id._able(
            self.env["res.users"].union(*authority), request.company_id
        )
        able -= request.author_ids
        if not able and not problem:
            problem = self.env._("Nobody can decide as %(step)s.", step=self.name)
        return {user: authority[user] for user in able}, problem, stand_in

    def _holders_or_next(self):
        """The holders of the authority; the next authority or else the administrators
        where those who had no hand in the document are too few.
        """
        step, authors = self.step_id, self.request_id.author_ids
        holders = self._holders()
        needed = self.minimum if step.quorum == "any" else 1
        if len(holders - authors) >= needed:
            return holders, self.rule_problem or None, None
        words = {"step": self.name, "reason": self._shortage(holders)}
        _asked, next_asked = step._authorities()
        if step.escalation != "administrators":
            others = step._candidates(*next_asked, request=self.request_id)
            if len((holders | others) - authors) >= needed:
                words["next"] = step._authority_label(*next_asked)
                stand_in = self.env._("%(reason)s %(next)s is asked.", **words)
                return holders | others, None, stand_in
        problem = self.env._("%(reason)s The administrators are asked.", **words)
        company = self.request_id.company_id
        return holders | self._administrators(company), problem, None

    def _shortage(self, holders):
        """Why the holders of the authority are not enough."""
        if not holders and self.step_id.authority == "user":
            return self.env._("%(step)s cannot decide any more.", step=self.name)
        if not holders:
            return self.env._("Nobody is %(step)s.", step=self.name)
        if not holders - self.request_id.author_ids:
            return self.env._(
                "Only those who made or asked for it could decide as %(step)s.",
                step=self.name,
            )
        return self.env._(
            "Too few of those who had no hand in it can decide as %(step)s.",
            step=self.name,
        )

    def _holders(self):
        """Who has the authority themselves, at this level of escalation."""
        self.ensure_one()
        step, request = self.step_id, self.request_id
        if self.rule_problem:
            return self._administrators(request.company_id)
        asked, next_asked = step._authorities()
        holders = step._candidates(*asked, request=request)
        if self.escalation_level >= 1:
            holders |= step._candidates(*next_asked, request=request)
        if self.escalation_level >= 2:
            holders |= self._administrators(request.company_id)
        return holders

    @api.model
    def _administrators(self, company=None):
        """The administrators of the network, of one company where it is given."""
        group = self.env.ref(
            ADMINISTRATORS
        ).sudo()  # members of groups are no secret here
        users = group.all_user_ids
        if company:
            users = self.env["distribution.approval.step"]._able(users, company)
        return users

    def _asked_sentence(self):
        """Who is asked in this step, and why if it is not whom one would expect."""
        self.ensure_one()
        names = ", ".join(self.user_ids.mapped("name")) or self.env._("nobody")
        if self.stand_in:
            return self.env._(
                "%(why)s: %(names)s.", why=self.stand_in[:-1], names=names
            )
        return self.env._("%(step)s is asked: %(names)s.", step=self.name, names=names)

    def _why(self, user):
        """Why `user` is asked."""
        self.ensure_one()
        behalf = self._on_behalf_of(user)
        if self.problem or self.stand_in:
            return self.problem or self.stand_in
        if behalf:
            return self.env._(
                "On behalf of %(name)s, %(step)s", name=behalf.name, step=self.name
            )
        if self.escalation_level:
            return self.env._(
                "Escalated: %(step)s has not decided in time", step=self.name
            )
        return self.name

    def _on_behalf_of(self, user):
        """Whose authority `user` has here; nobody where it is the user's own."""
        # As above; records are found by their ids.
        authority, *_reasons = self.sudo()._authority()
        holders = authority.get(user, user.browse())
        return user.browse() if user in holders else holders[:1]

    # Deciding.

    def _approved(self):
        """The current user has approved in these steps."""
        user = self.env.user
        for task in self.sudo():  # the engine's own
            guarded(task).write({"decided_user_ids": [(4, user.id)]})
            if task._is_complete():
                guarded(task).write({"state": "approved", "user_ids": [(5,)]})
            else:
                task._refresh()

    def _is_complete(self):
        """Whether enough different people have approved."""
        decided = self.decided_user_ids
        if self.step_id.quorum == "any":
            return len(decided) >= self.minimum
        authority, *_reasons = self._authority()
        none = decided.browse()
        used = none.union(*(authority.get(user, none) for user in decided))
        asked, _next_asked = self.step_id._authorities()
        holders = self.step_id._candidates(*asked, request=self.request_id)
        holders -= self.request_id.author_ids
        # Whoever is asked in their place when time is up decides for those who are late.
        return not holders - used or bool(used - holders)

    def _hand_on(self, user, behalf):
        """`user` may decide as well, with the authority of `behalf`."""
        self.ensure_one()
        guarded(self.env["distribution.approval.task.handed"]).create(
            [
                {
                    "task_id": self.id,
                    "user_id": user.id,
                    "from_user_id": behalf.id,
                }
            ]
        )
        self.invalidate_recordset(["handed_ids"])
        self._refresh()
        self.request_id._update_queue()

    def _cancel(self):
        """These steps are not needed any more."""
        open_tasks = self.filtered(lambda task: task.state in ("waiting", "asked"))
        guarded(open_tasks).write({"state": "cancelled", "user_ids": [(5,)]})

    # The clock.

    def _set_deadline(self):
        """Count the time limit from now, in the working hours of the document's branch."""
        now = fields.Datetime.now()
        for model_name, tasks in self.grouped(
            lambda task: task.request_id.res_model
        ).items():
            # Whoever asks need not see the opening hours.
            documents = (
                self.env[model_name].sudo().browse(tasks.request_id.mapped("res_id"))
            )
            calendars = {
                document.id: document._approval_calendar() for document in documents
            }
            same = tasks.grouped(
                lambda task, calendars=calendars: (
                    calendars[task.request_id.res_id],
                    task.hours,
                )
            )
            for (calendar, hours), group in same.items():
                guarded(group).write({"deadline": _deadline(calendar, hours, now)})

    def _restart_clock(self):
        """After an answer the time limit begins anew."""
        asked = self.filtered(lambda task: task.state == "asked")
        asked._set_deadline()
        self.request_id._update_queue()

    @api.model
    def _refresh_open(self):
        """Roles or delegations have changed: find out anew who is asked, everywhere."""
        if not self.env.registry.ready:
            # Roles are written while addons are loaded, too, and the kinds of documents
            # come with the last of them. The job looks at everything afterwards.
            return
        tasks = self.sudo().search([("state", "=", "asked")])  # all of them, by design
        tasks._refresh()
        tasks.request_id._update_queue()

    @api.model
    def _cron_escalate(self):
        """Ask the next authority where time is up. Never approves anything."""
        Request = self.env["distribution.approval.request"].sudo()  # the system's job
        Request._close_orphans()
        # What somebody decides on in this moment is left for the next time.
        requests = Request.search([("state", "=", "pending")]).try_lock_for_update()
        tasks = requests.task_ids.filtered(lambda task: task.state == "asked")
        tasks._refresh()
        requests._update_queue()
        now = fields.Datetime.now()
        late = tasks.filtered(
            lambda task: task.deadline
            and task.deadline < now
            and task.escalation_level < 2
            and not task.request_id.asked_back
        )
        for level, group in late.grouped("escalation_level").items():
            group._escalate(level + 1)

    def _escalate(self, level):
        """Ask the next authority as well, and say why."""
        self.request_id._lock()  # before anything else, as those do who decide
        guarded(self).write({"escalation_level": level})
        self._set_deadline()
        self._refresh()
        for task in self:
            message = self.env._(
                "%(step)s has not decided within %(hours)s working hours.",
                step=task.name,
                hours=f"{task.hours:g}",
            )
            self.env["distribution.approval.decision"]._record(
                "escalate", task.request_id, step=task.name, reason=message
            )
            task.request_id._log(message)
        self.request_id._update_queue()


class DistributionApprovalTaskHanded(models.Model):
    """A step of one request that somebody has handed on to somebody else."""

    _name = "distribution.approval.task.handed"
    _description = "Approval Step Handed On"
    _inherit = ["distribution.guarded.mixin"]
    _check_company_auto = True

    task_id = fields.Many2one(
        "distribution.approval.task", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="task_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    from_user_id = fields.Many2one("res.users", required=True, ondelete="restrict")


def _deadline(calendar, hours, start):
    """`start` plus so many working hours; False without a limit."""
    if not hours:
        return False
    if not calendar:
        return fields.Datetime.add(start, hours=hours)
    # Time zones: Odoo's calendars take and give naive UTC here.
    return calendar.plan_hours(
        hours, start, compute_leaves=True
    ) or fields.Datetime.add(start, hours=hours)
