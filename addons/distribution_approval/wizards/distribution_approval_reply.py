from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What is answered, by the button that opens the dialog: the method it calls.
METHODS = {
    "approve": "action_approve",
    "reject": "action_reject",
    "ask_back": "action_ask_back",
    "delegate": "action_delegate",
    "answer": "action_answer",
    "withdraw": "action_withdraw",
}
WITH_REASON = ("reject", "ask_back", "answer")


class DistributionApprovalReply(models.TransientModel):
    """A dialog for what one says to requests, one or many, with a result for each."""

    _name = "distribution.approval.reply"
    _description = "Reply to Approval Requests"

    request_ids = fields.Many2many(
        "distribution.approval.request",
        "distribution_approval_reply_request_rel",
        string="Requests",
        default=lambda self: self.env.context.get("active_ids"),
    )
    decision = fields.Selection(
        [
            ("approve", "Approve"),
            ("reject", "Reject"),
            ("ask_back", "Ask Back"),
            ("delegate", "Hand On"),
            ("answer", "Answer"),
            ("withdraw", "Withdraw"),
        ],
        required=True,
        default="approve",
    )
    reason = fields.Text(help="Kept with the decision for ever.")
    needs_reason = fields.Boolean(compute="_compute_needs_reason")
    user_id = fields.Many2one(
        "res.users",
        string="Hand On To",
        domain="[('share', '=', False), ('id', '!=', uid)]",
        help="Decides on your behalf on these requests. Both names are kept.",
    )
    line_ids = fields.One2many("distribution.approval.reply.line", "reply_id")
    is_done = fields.Boolean()
    summary = fields.Char(compute="_compute_summary")

    @api.depends("decision")
    def _compute_needs_reason(self):
        for reply in self:
            reply.needs_reason = reply.decision in WITH_REASON

    @api.depends("line_ids.is_refused")
    def _compute_summary(self):
        for reply in self:
            refused = len(reply.line_ids.filtered("is_refused"))
            done = len(reply.line_ids) - refused
            reply.summary = (
                self.env._(
                    "%(done)s done, %(refused)s not possible.",
                    done=done,
                    refused=refused,
                )
                if refused
                else self.env._("%(done)s done.", done=done)
            )

    def action_apply(self):
        """Reply to each request; what is refused for one leaves the others alone.

        One request gives its error as an error; several show a result for each.
        """
        self.ensure_one()
        method = METHODS[self.decision]
        arguments = {"reason": self.reason}
        if self.decision == "delegate":
            arguments["user_id"] = self.user_id.id
        if len(self.request_ids) == 1:
            getattr(self.request_ids, method)(**arguments)
            return {"type": "ir.actions.act_window_close"}
        for request in self.request_ids:
            values = {"reply_id": self.id, "request_id": request.id}
            try:
                with self.env.cr.savepoint():
                    getattr(request, method)(**arguments)
                    self.env.flush_all()
            except (UserError, AccessError, ValidationError) as error:
                # Shown to the user in the line: the others go on.
                request.invalidate_recordset()
                values.update(is_refused=True, message=error.args[0])
            self.line_ids.create([values])
        self.is_done = True
        return self._action_open()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["decision"]._description_selection(self.env))[
                self.decision
            ],
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class DistributionApprovalReplyLine(models.TransientModel):
    """What became of the reply to one request."""

    _name = "distribution.approval.reply.line"
    _description = "Result of a Reply"

    reply_id = fields.Many2one(
        "distribution.approval.reply", required=True, ondelete="cascade"
    )
    request_id = fields.Many2one("distribution.approval.request", required=True)
    is_refused = fields.Boolean(string="Not Possible")
    message = fields.Char(string="Why")
    outcome = fields.Char(compute="_compute_outcome", string="Result")

    @api.depends("is_refused", "message")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for line in self:
            line.outcome = line.message if line.is_refused else self.env._("Done")
