from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DAYS = 90
LIMIT = 20000


class DistributionApprovalSimulation(models.TransientModel):
    """What a policy would ask for, without asking."""

    _name = "distribution.approval.simulation"
    _description = "Approval Simulation"

    policy_id = fields.Many2one(
        "distribution.approval.policy", string="Policy", readonly=True
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document ID", readonly=True
    )
    document = fields.Char(compute="_compute_document")
    answer = fields.Text(readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    document_count = fields.Integer(string="Documents", readonly=True)
    needed_count = fields.Integer(string="Would Have Needed Approval", readonly=True)
    line_ids = fields.One2many(
        "distribution.approval.simulation.line", "simulation_id", readonly=True
    )

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for simulation in self:
            record = simulation._record()
            simulation.document = record.display_name if record else False

    def _record(self):
        if not self.res_model or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    def _action_open(self):
        """Find the answer and show it."""
        self.ensure_one()
        if self.policy_id:
            self._simulate_policy()
            name = self.env._(
                "What the last %(days)s days would have needed", days=DAYS
            )
        else:
            self._simulate_document()
            name = self.env._("Who would have to approve this?")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _simulate_document(self):
        document = self._record()
        document.check_access("read")
        evaluation = self.env["distribution.approval.engine"]._evaluate(document)
        found = evaluation[document.id]
        self.answer = self._describe(document, found)
        self.line_ids.create(
            [
                {
                    "simulation_id": self.id,
                    "band_id": finding.band.id if finding.band else False,
                    "rule_name": finding.rule.name,
                    "value": finding.value or 0.0,
                    "document_count": 1,
                }
                for finding in found.findings
            ]
        )

    def _describe(self, document, evaluation):
        if not evaluation.policy:
            return self.env._("No policy governs it: it can go on without approval.")
        if not evaluation.needed:
            return self.env._("It can go on without approval.")
        Request = self.env["distribution.approval.request"]
        Band = self.env["distribution.approval.band"].sudo()  # the policy's own
        sentences = []
        for finding in evaluation.needed:
            sentence = Request._finding_sentence(document._name, finding.to_json())
            if finding.band:
                approvers = Band.browse(finding.band.id).approvers
                sentence += " " + self.env._("Asked: %(who)s.", who=approvers)
            sentences.append(sentence)
        return "\n".join(sentences)

    def _simulate_policy(self):
        """Hold the policy against the documents of the last days that passed the gate."""
        policy = self.policy_id
        documents = self._past_documents(policy)
        compiled = policy._compile()
        evaluations = self.env["distribution.approval.engine"]._evaluate(
            documents, compiled
        )
        amounts = documents._approval_amount()
        found = defaultdict(list)
        for document_id, evaluation in evaluations.items():
            for finding in evaluation.findings:
                band = finding.band.id if finding.band else False
                found[finding.rule.id, band].append(document_id)
        rules = {rule.id: rule for item in compiled for rule in item.rules}
        self.document_count = len(documents)
        self.needed_count = sum(1 for item in evaluations.values() if item.needed)
        self.line_ids.create(
            [
                {
                    "simulation_id": self.id,
                    "rule_name": rules[rule_id].name,
                    "band_id": band_id,
                    "document_count": len(ids),
                    "amount": sum(amounts.get(id_, 0.0) for id_ in ids),
                    # Some kinds keep no documents of what was done.
                    "document_ids": [id_ for id_ in ids if isinstance(id_, int)],
                }
                for (rule_id, band_id), ids in sorted(found.items())
            ]
        )

    def _past_documents(self, policy):
        """The documents of the company that the user may read, since `DAYS` days."""
        if policy.state == "retired":
            raise UserError(self.env._("This version is retired; look at a newer one."))
        self.date_from = fields.Date.context_today(self) - timedelta(days=DAYS)
        document = self.env[policy.document_model]
        return document._approval_past(policy.company_id, self.date_from, LIMIT)


class DistributionApprovalSimulationLine(models.TransientModel):
    """How many documents would have been in a band."""

    _name = "distribution.approval.simulation.line"
    _description = "Line of an Approval Simulation"

    simulation_id = fields.Many2one(
        "distribution.approval.simulation", required=True, ondelete="cascade"
    )
    rule_name = fields.Char(string="Rule")
    band_id = fields.Many2one("distribution.approval.band", string="Band")
    approvers = fields.Char(related="band_id.approvers", string="Asked")
    value = fields.Float(digits=(16, 2))
    document_count = fields.Integer(string="Documents")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary()
    document_ids = fields.Json()
    has_documents = fields.Boolean(compute="_compute_has_documents")

    @api.depends("document_ids")
    def _compute_has_documents(self):
        for line in self:
            line.has_documents = bool(line.document_ids)

    def action_view_documents(self):
        """The documents of the line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.rule_name}: {self.band_id.display_name}",
            "res_model": self.simulation_id.policy_id.document_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.document_ids or [])],
        }
