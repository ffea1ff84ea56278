from odoo import api, fields, models
from odoo.tools.misc import formatLang


class DistributionApprovalRequest(models.Model):
    """Somebody asked to pass the gate of a document. Frozen: what is decided on.

    pending → approved → carried out, or rejected, withdrawn, superseded. Only the methods
    below change it. A document has one open request at a time.
    """

    _name = "distribution.approval.request"
    _description = "Approval Request"
    _inherit = ["distribution.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "is_open desc, deadline, id desc"
    _rec_name = "document"
    _check_company_auto = True
    _mail_post_access = "read"

    res_model = fields.Selection(
        selection="_selection_document_model",
        string="Kind",
        required=True,
        index=True,
    )
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, index=True
    )
    document = fields.Char(required=True, help="The document's name when it was asked.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    policy_id = fields.Many2one(
        "distribution.approval.policy",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The version that was in force. Later versions do not change this request.",
    )
    requester_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict"
    )
    author_ids = fields.Many2many(
        "res.users",
        "distribution_approval_request_author_rel",
        string="Made By",
        help="Who made or edited the document, or asked for it. They cannot decide on it.",
    )
    requested_date = fields.Datetime(string="Since", required=True)
    amount = fields.Monetary(
        currency_field="company_currency_id", help="In the currency of the company."
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    fingerprint = fields.Char(
        required=True, help="SHA-256 of the guarded fields when it was asked."
    )
    findings = fields.Json(help="The rules that apply, with values and limits.")
    facts = fields.Json(help="What one needs to know to decide.")
    details = fields.Json(help="A table for the approver.")
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("superseded", "Superseded"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    closed_date = fields.Datetime(string="Decided On")
    used_date = fields.Datetime(
        string="Carried Out On",
        help="When the document passed its gate. An approval is good for once.",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        store=True,
        help="It binds the document: pending, or approved and not carried out.",
    )
    asked_back = fields.Boolean(
        string="Waits for an Answer",
        help="An approver has asked the requester something; the clock stands still.",
    )
    problem = fields.Char(
        help="Why nobody could be asked, so that the administrators were."
    )
    task_ids = fields.One2many(
        "distribution.approval.task", "request_id", string="Steps"
    )
    decision_ids = fields.One2many(
        "distribution.approval.decision", "request_id", string="Decisions"
    )
    user_ids = fields.Many2many(
        "res.users",
        "distribution_approval_request_asked_rel",
        string="Asked",
        help="Who can decide now, delegates included.",
    )
    reader_ids = fields.Many2many(
        "res.users",
        "distribution_approval_request_reader_rel",
        help="Whoever was asked at some time, and so may see what became of it.",
    )
    deadline = fields.Datetime(
        string="Due", index=True, help="When the first step that is asked escalates."
    )
    explanation = fields.Text(
        string="Why", compute="_compute_explanation", help="In plain sentences."
    )
    why_me = fields.Char(compute="_compute_why_me", string="Why You")
    fact_1 = fields.Char(compute="_compute_facts")
    fact_2 = fields.Char(compute="_compute_facts")
    fact_3 = fields.Char(compute="_compute_facts")
    details_html = fields.Html(compute="_compute_details_html", sanitize=False)
    can_decide = fields.Boolean(
        compute="_compute_why_me",
        search="_search_can_decide",
        help="You can decide on it now.",
    )
    is_requester = fields.Boolean(compute="_compute_why_me")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _one_open = models.UniqueIndex(
        "(res_model, res_id) WHERE is_open",
        "This document waits for approval already.",
    )

    @api.model
    def _selection_document_model(self):
        return self.env["distribution.approval.policy"]._selection_document_model()

    @api.depends("state", "used_date")
    def _compute_is_open(self):
        for request in self:
            request.is_open = request.state == "pending" or (
                request.state == "approved" and not request.used_date
            )

    @api.depends("findings", "task_ids.state", "task_ids.user_ids", "problem", "state")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        for request in self:
            sentences = [
                self._finding_sentence(request.res_model, finding)
                for finding in request.findings or ()
            ]
            sentences.append(request._waiting_sentence())
            sentences.append(request._rejected_sentence())
            if request.problem:
                sentences.append(request.problem)
            request.explanation = " ".join(filter(None, sentences))

    @api.model
    def _finding_sentence(self, model_name, finding):
        """Why a rule asks for a decision: the value and the limits it lies between."""
        if finding["problem"]:
            return finding["problem"]
        measure = self.env[model_name]._approval_measures().get(finding["measure"], {})
        unit = measure.get("unit", "")
        if unit == "money":
            currency = self.env["res.currency"].browse(finding["currency"])
            unit = currency.sudo().name  # currencies are no secret
        values = {
            "rule": finding["name"],
            "measure": measure.get("label", finding["measure"]),
            "unit": unit,
            "value": self._figure(finding["value"]),
            "lower": self._figure(finding["lower"]),
            "upper": self._figure(finding["upper"]),
        }
        if finding["lower"] is None:
            return self.env._(
                "%(rule)s: %(measure)s is %(value)s %(unit)s, below %(upper)s.",
                **values,
            )
        if finding["upper"] is None:
            return self.env._(
                "%(rule)s: %(measure)s is %(value)s %(unit)s, the limit is %(lower)s.",
                **values,
            )
        return self.env._(
            "%(rule)s: %(measure)s is %(value)s %(unit)s, between %(lower)s and "
            "%(upper)s.",
            **values,
        )

    def _figure(self, value):
        if value is None:
            return ""
        digits = 0 if float(value).is_integer() else 2
        return formatLang(self.env, value, digits=digits)

    def _waiting_sentence(self):
        """Who is asked now."""
        self.ensure_one()
        if self.state != "pending":
            return ""
        if self.asked_back:
            return self.env._(
                "Waits for an answer of %(name)s.", name=self.requester_id.name
            )
        tasks = self._whole().task_ids.filtered(lambda t: t.state == "asked")
        return " ".join(task._asked_sentence() for task in tasks)

    def _rejected_sentence(self):
        """Who said no, and why: what the requester has to change."""
        if self.state != "rejected":
            return ""
        decision = self._whole().decision_ids.filtered(
            lambda decision: decision.decision == "reject"
        )[:1]
        return self.env._(
            "Rejected by %(name)s: %(reason)s",
            name=decision.user_id.name,
            reason=decision.reason or "",
        )

    @api.depends_context("uid")
    @api.depends("user_ids", "state", "task_ids.user_ids", "requester_id")
    def _compute_why_me(self):
        user = self.env.user
        for request in self:
            tasks = request._tasks_of(user)
            request.can_decide = bool(tasks) and request.state == "pending"
            request.why_me = "; ".join(task._why(user) for task in tasks) or False
            request.is_requester = user == request.requester_id

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = [("state", "=", "pending"), ("user_ids", "in", self.env.uid)]
        return mine if True in value else ["!", "&", *mine]

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for request in self:
            request.is_late = bool(
                request.state == "pending"
                and request.deadline
                and request.deadline < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "=", "pending"), ("deadline", "<", fields.Datetime.now())]
        return late if True in value else ["!", "&", *late]

    @api.depends("facts")
    def _compute_facts(self):
        for request in self:
            facts = [f"{label}: {text}" for label, text in request.facts or ()][:3]
            facts += [False] * (3 - len(facts))
            request.fact_1, request.fact_2, request.fact_3 = facts

    @api.depends("details")
    def _compute_details_html(self):
        for request in self:
            details = request.details or {}
            # A table without a row tells nothing.
            request.details_html = details.get("rows") and self.env["ir.qweb"]._render(
                "distribution_approval.request_details", {"details": details}
            )

    def _whole(self):
        """The requests with all there is of them.

        As superuser: whoever takes part in a request need not have the right to read what
        others did in it, and only the engine writes it. What a user may do is checked
        where he does it.
        """
        return self.sudo()

    def _tasks_of(self, user):
        """The steps in which `user` is asked now."""
        self.ensure_one()
        tasks = self._whole().task_ids
        return tasks.filtered(lambda t: t.state == "asked" and user in t.user_ids)
