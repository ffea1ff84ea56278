import logging
from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from .compiled import Evaluation, Finding
from .distribution_approval_mixin import CLEARED

# Whose asking is logged already, in the cache of the cursor.
ASKED = "distribution_approval_asked"
# What of the context reaches the measures.
KEPT_CONTEXT = ("lang", "tz", "allowed_company_ids")
_logger = logging.getLogger(__name__)


class DistributionApprovalEngine(models.AbstractModel):
    """The one evaluator, and what follows from it.

    All methods take a batch of documents of one kind, and ask the database a number of
    times that depends on the policies and not on the documents.
    """

    _name = "distribution.approval.engine"
    _description = "Approval Engine"

    @api.model
    @tools.ormcache("model_name")
    def _is_governed(self, model_name):
        """Whether a policy for this kind of document was ever in force."""
        Policy = self.env["distribution.approval.policy"].sudo()  # asked by everybody
        domain = [("document_model", "=", model_name), ("state", "!=", "draft")]
        return bool(Policy.search_count(domain, limit=1))

    @api.model
    @tools.ormcache("model_name", "company_id")
    def _active_policies(self, model_name, company_id):
        """The policies in force, as plain values, by priority."""
        Policy = self.env["distribution.approval.policy"].sudo()  # asked by everybody
        domain = [
            ("document_model", "=", model_name),
            ("company_id", "=", company_id),
            ("state", "=", "active"),
        ]
        return Policy.search(domain)._compile()

    # Evaluation.

    @api.model
    def _evaluate(self, documents, policies=None):
        """What the policies say of documents, as {document id: Evaluation}.

        Each document follows the first policy that fits it. Each rule of that policy whose
        conditions it meets, and whose measure has a value, gives one finding: the band in
        which the value is.

        :param policies: compiled policies to use in place of those in force
        """
        # What a client may have put into the context must change no value.
        context = documents.env.context
        kept = {key: context[key] for key in KEPT_CONTEXT if context.get(key)}
        documents = documents.with_env(documents.env(context=kept))
        # As superuser: a limit holds for all lines, not for those a user may read.
        documents = documents.sudo()
        today = fields.Date.context_today(documents)
        evaluations = {document.id: Evaluation() for document in documents}
        for company, group in documents.grouped(
            lambda d: d._approval_company()
        ).items():
            candidates = policies
            if candidates is None:
                candidates = self._active_policies(documents._name, company.id)
            rest = group
            for policy in candidates:
                if not policy.is_in_force(today):
                    continue
                governed = self._matching(
                    rest.filtered_domain(list(policy.domain)), policy.conditions
                )
                rest -= governed
                if governed:
                    evaluations.update(
                        self._apply_policy(policy, governed.with_company(company))
                    )
        return evaluations

    def _apply_policy(self, policy, documents):
        findings = defaultdict(list)
        lines = documents._approval_lines()
        # At once; of itself Odoo reads a thousand at a time.
        documents.fetch()
        lines.fetch()
        for rule in policy.rules:
            scope = self._matching(documents, rule.conditions)
            if not scope:
                continue
            for document_id, finding in self._apply_rule(rule, scope, lines):
                findings[document_id].append(finding)
        return {
            document.id: Evaluation(policy, tuple(findings[document.id]))
            for document in documents
        }

    def _apply_rule(self, rule, documents, lines):
        """Yield (document id, finding) for the documents that the rule applies to."""
        lines = lines.filtered(
            lambda line: documents._approval_document_of(line) in documents
        )
        lines = self._matching(
            lines, rule.line_conditions, documents._approval_line_dimensions()
        )
        if rule.problem:
            for document in {documents._approval_document_of(line) for line in lines}:
                yield document.id, Finding(rule, None, None, rule.problem)
            return
        values = getattr(documents, f"_approval_measure_{rule.measure}")(lines)
        factor = self._currency_factor(rule, documents[:1])
        for document_id, value in values.items():
            # Limits have six digits: a value a hair's breadth below one is at it.
            value = round(value * factor, 6)
            yield document_id, Finding(rule, rule.band_of(value), value)

    def _currency_factor(self, rule, document):
        """What to multiply an amount in company currency with to compare it."""
        company = document._approval_company()
        if not rule.currency_id or rule.currency_id == company.currency_id.id:
            return 1.0
        currency = self.env["res.currency"].browse(rule.currency_id)
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, currency, company
        )

    def _matching(self, records, conditions, paths=None):
        """Those of `records` that have one of the ids of each condition."""
        if not conditions:
            return records
        paths = records._approval_dimensions() if paths is None else paths
        for dimension, ids in conditions:
            path = paths.get(dimension)
            if not path:
                return records[:0]
            records = records.filtered(
                lambda record, path=path, ids=ids: not ids.isdisjoint(
                    record.mapped(path).ids
                )
            )
        return records

    # Submitting.

    @api.model
    def _submit(self, documents):
        """Return the documents that may pass now; create requests for the others.

        :raise AccessError: where the user may not change a document, and so not ask for it
        """
        self._perform_request(documents)
        if not self._is_governed(documents._name):
            return documents
        documents.check_access("write")
        cleared, missing = self._clear(documents)
        if missing:
            wanting = documents.browse(missing)
            requests = self.env["distribution.approval.request"]._request(
                wanting, missing
            )
            automatic = requests._approve_by_policy(wanting)
            approved = documents.browse(automatic.mapped("res_id"))
            (wanting - approved).sudo()._approval_requested()  # the document's state
            cleared |= approved
            self._remember_cleared(approved, requested=approved.ids)
        return documents & cleared

    def _perform_request(self, documents):
        """Log that the current user asks, once a transaction.

        Whoever writes the state asks for it as much as who presses the button.
        """
        asked = self.env.cr.cache.setdefault(ASKED, set())
        keys = {(self.env.uid, documents._name, id_): id_ for id_ in documents.ids}
        new = documents.browse([id_ for key, id_ in keys.items() if key not in asked])
        if new:
            self.env["distribution.duty.log"]._perform("request", new)
            asked.update(keys)

    def _clear(self, documents):
        """Tell apart what may pass from what lacks approval.

        :return: the documents that may pass; {document id: Evaluation} of those for which
            a request has to be made. Those that wait already are in neither.
        """
        self._supersede_changed(documents)
        requests = self._open_requests(documents)
        approved = requests.filtered(lambda request: request.state == "approved")
        approved._check_decisions()
        free = documents.browse(set(documents.ids) - set(requests.mapped("res_id")))
        evaluations = self._evaluate(free)
        missing = {id_: found for id_, found in evaluations.items() if found.needed}
        cleared = documents.browse(
            [id_ for id_ in free.ids if id_ not in missing] + approved.mapped("res_id")
        )
        self._remember_cleared(cleared, requested=approved.mapped("res_id"))
        return documents & cleared, missing

    def _open_requests(self, documents):
        """Requests that still say something: pending, or approved and not carried out."""
        return (
            self.env["distribution.approval.request"]
            .sudo()  # they bind the document, whoever may read them
            .search(
                [
                    ("res_model", "=", documents._name),
                    ("res_id", "in", documents.ids),
                    ("is_open", "=", True),
                ]
            )
        )

    def _remember_cleared(self, documents, requested):
        """Keep the fingerprints of documents that may pass, and whether it was asked for."""
        cleared = self.env.cr.cache.setdefault(CLEARED, {})
        for document_id, fingerprint in documents._approval_fingerprints().items():
            asked = document_id in requested
            cleared[documents._name, document_id] = (fingerprint, asked)

    @api.model
    def _check(self, documents):
        """Refuse documents that may not pass the gate as they stand.

        :raise UserError: naming the first of them, and why
        """
        cleared = self.env.cr.cache.setdefault(CLEARED, {})
        fingerprints = documents._approval_fingerprints()
        unknown = documents.filtered(
            lambda document: cleared.get((documents._name, document.id), (None,))[0]
            != fingerprints[document.id]
        )
        if not unknown:
            return
        self._perform_request(unknown)
        passing, _missing = self._clear(unknown)
        if unknown - passing:
            raise UserError(self._refusal(unknown - passing))

    @api.model
    def _enter(self, documents):
        """Documents pass the gate, and use their clearance up."""
        self._perform_request(documents)
        if not self._is_governed(documents._name):
            return
        self._check(documents)
        cleared = self.env.cr.cache[CLEARED]
        asked = documents.filtered(
            lambda document: cleared.pop((documents._name, document.id))[1]
        )
        if asked:
            self._open_requests(asked)._carry_out()

    def _refusal(self, documents):
        """Why documents cannot pass, and what to do."""
        document = documents[:1].sudo()  # names of documents one acts on
        pending = self._open_requests(document).filtered(lambda r: r.state == "pending")
        if pending:
            return self.env._(
                "%(document)s waits for approval. %(reasons)s",
                document=document.display_name,
                reasons=pending.explanation,
            )
        evaluation = self._evaluate(document)[document.id]
        reasons = [
            self.env["distribution.approval.request"]._finding_sentence(
                document._name, finding.to_json()
            )
            for finding in evaluation.needed
        ]
        return self.env._(
            "%(document)s needs approval first. %(reasons)s Use the button of the document, "
            "which asks for it.",
            document=document.display_name,
            reasons=" ".join(reasons),
        )

    @api.model
    def _answer(self, documents):
        """A notification that says what waits for whom."""
        requests = self._open_requests(documents)
        message = "\n".join(
            f"{request.document}: {request.explanation}" for request in requests[:5]
        )
        if len(requests) > 5:
            message += self.env._("\n… and %(count)s more.", count=len(requests) - 5)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Approval asked for"),
                "message": message,
                "sticky": False,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Changes.

    @api.model
    def _supersede_changed(self, documents):
        """Close the open requests of documents that are no longer what was asked for."""
        requests = self._open_requests(documents)
        if not requests:
            return
        documents = documents.browse(requests.mapped("res_id")).exists()
        fingerprints = documents._approval_fingerprints()
        requests.filtered(
            lambda request: fingerprints.get(request.res_id) != request.fingerprint
        )._supersede()

    def _values(self, documents):
        """{document id: {rule id: value}} of the rules that need a decision."""
        if not documents:
            return {}
        return {
            document_id: {found.rule.id: found.value for found in evaluation.needed}
            for document_id, evaluation in self._evaluate(documents).items()
        }

    @api.model
    def _check_amendment(self, documents, before, changed):
        """Refuse a change behind the gate that nobody has decided on.

        A value may stay or get better. Another vendor or customer, or whatever else the
        head says, is another decision.

        :param before: `_values` before the change
        :param changed: ids of documents whose head says something else now
        :raise UserError: naming the document and the rule
        """
        if not documents:
            return
        measures = documents._approval_measures()
        for document_id, evaluation in self._evaluate(documents).items():
            values = before.get(document_id, {})
            for finding in evaluation.needed:
                worse = measures[finding.rule.measure].get("worse", "higher")
                covered = _covers(values.get(finding.rule.id), finding, worse)
                if document_id in changed or not covered:
                    document = documents.browse(document_id)
                    raise UserError(self._amendment_refusal(document, finding))

    def _amendment_refusal(self, document, finding):
        return self.env._(
            "%(document)s is past its approval, and this change needs a new one. "
            "%(reason)s Put the addition on a new document, or cancel this one, set it "
            "back to draft, change it and ask again.",
            document=document.sudo().display_name,  # as above
            reason=self.env["distribution.approval.request"]._finding_sentence(
                document._name, finding.to_json()
            ),
        )


def _covers(given, finding, worse):
    """Whether a value that was approved covers the one found."""
    if given is None or finding.value is None:
        return False
    return finding.value <= given if worse == "higher" else finding.value >= given
