import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)

# A message names at most so many documents.
NAMED = 10


class DistributionDutyLog(models.Model):
    """Who did, or tried to do, which duty on which document.

    A document's addon calls `_perform` where somebody does a duty on it. That refuses what
    an active pair of `distribution.duty.conflict` forbids, and records the rest. Duties
    that no active pair names are not recorded.
    """

    _name = "distribution.duty.log"
    _description = "Duty Performed"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _rec_name = "document"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who acted; the system user where a job did.",
    )
    user_login = fields.Char(
        string="Login", required=True, help="The user's login at that time."
    )
    duty = fields.Selection(
        selection=lambda self: self.env["distribution.duty.conflict"]._selection_duty(),
        string="Action",
        required=True,
    )
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True
    )
    document = fields.Char(required=True, help="The name of the document at that time.")
    document_type = fields.Char(compute="_compute_document_type")
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="The company of the document; empty where it has none.",
    )
    date = fields.Datetime(required=True, index=True)
    outcome = fields.Selection(
        [("performed", "Performed"), ("refused", "Refused")], required=True
    )
    conflict = fields.Char(
        string="Reason", help="Why it was refused, as the user was told."
    )

    _document_idx = models.Index("(res_model, res_id)")

    @api.depends("user_login", "duty", "document")
    def _compute_display_name(self):
        Conflict = self.env["distribution.duty.conflict"]
        for log in self:
            label = Conflict._get_duty_label(log.duty)
            log.display_name = f"{log.user_login}: {label} ({log.document})"

    @api.depends("res_model")
    def _compute_document_type(self):
        Conflict = self.env["distribution.duty.conflict"]
        for log in self:
            log.document_type = Conflict._get_document_type(log.res_model)

    def action_view_document(self):
        """Open the document, if it is still there and the user may read it."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        document = None if model is None else model.browse(self.res_id).exists()
        if not document:
            raise UserError(
                self.env._(
                    "%(document)s does not exist any more. What is known of it is in this "
                    "line.",
                    document=self.document,
                )
            )
        document.check_access("read")
        return document.get_formview_action()

    @api.model
    def _perform(self, duty, documents):
        """The current user does `duty` on `documents`: record it, or refuse all of it.

        Raises UserError where the user did before, on one of the documents, what an active
        pair keeps apart from `duty`. The attempt is recorded though nothing else is. The
        system user is recorded and never refused.

        Costs no query where no active pair has `duty` on this kind of document, else a
        number of queries that does not grow with the documents.
        """
        controlled = self._get_controlled(duty, documents)
        if not controlled:
            return
        documents = documents.browse(document.id for document in controlled)
        if self.env.uid != SUPERUSER_ID:
            self.env["distribution.duty.lock"]._lock(documents)
            refusals = self._get_refusals(duty, controlled)
            if refusals:
                raise self._refuse(duty, documents, refusals)
        self._record_evidence(
            [
                self._prepare_duty_values(duty, document, "performed")
                for document in documents
            ]
        )

    @api.model
    def _check(self, duty, documents):
        """Why the current user may not do `duty`: {id of the document: sentence}.

        Documents on which `_perform` would not refuse are left out. Nothing is recorded.
        """
        controlled = self._get_controlled(duty, documents)
        if not controlled or self.env.uid == SUPERUSER_ID:
            return {}
        refusals = self._get_refusals(duty, controlled)
        return {id_: sentence for id_, (sentence, _pair) in refusals.items()}

    @api.model
    def _get_controlled(self, duty, documents):
        """Documents where an active pair has `duty`: {document: {other duty: pair id}}."""
        Conflict = self.env["distribution.duty.conflict"]
        if duty not in dict(Conflict._selection_duty()):
            raise ValueError(f"unknown duty {duty!r}")
        pairs = Conflict._get_pairs(duty, documents._name)
        controlled = {}
        for document in documents._origin if pairs else ():
            company = self._get_document_company(document)
            others = {
                other: pair
                for pair, other, pair_company in pairs
                if pair_company in (False, company.id)
            }
            if others:
                controlled[document] = others
        return controlled

    @api.model
    def _get_document_company(self, document):
        """The company of the document, an empty one where it has none."""
        field = document._fields.get("company_id")
        if field is None or field.comodel_name != "res.company":
            return self.env["res.company"]
        # Whoever may act on the document need not have the right to read its company.
        return document.sudo().company_id

    @api.model
    def _get_refusals(self, duty, controlled):
        """{id of a document: (sentence, pair id)} where the user did the other duty."""
        done = {}
        # As superuser: what counts is what the user did, not what the user may read now.
        for log in self.sudo().search_fetch(
            [
                ("res_model", "=", next(iter(controlled))._name),
                ("res_id", "in", [document.id for document in controlled]),
                ("user_id", "=", self.env.uid),
                ("outcome", "=", "performed"),
            ],
            ["duty", "res_id", "date"],
        ):
            done[log.res_id, log.duty] = log
        refusals = {}
        for document, others in controlled.items():
            for other, pair in others.items():
                if log := done.get((document.id, other)):
                    sentence = self._get_refusal_sentence(duty, document, log)
                    refusals[document.id] = (sentence, pair)
                    break
        return refusals

    @api.model
    def _get_refusal_sentence(self, duty, document, log):
        Conflict = self.env["distribution.duty.conflict"]
        return self.env._(
            "%(user)s did “%(other)s” on %(document)s on %(date)s, and must not do "
            "“%(duty)s” on it as well.",
            user=self.env.user.name,
            other=Conflict._get_duty_label(log.duty),
            # The name of a document one acts on is no secret, whatever it is made of.
            document=document.sudo().display_name,
            date=format_datetime(self.env, log.date),
            duty=Conflict._get_duty_label(duty),
        )

    @api.model
    def _refuse(self, duty, documents, refusals):
        """The error to raise; the attempts are recorded once the transaction is over."""
        refused = documents.browse(refusals)
        self._log_sentences(
            duty, {document: refusals[document.id][0] for document in refused}
        )
        return UserError(self._get_refusal_message(refusals))

    @api.model
    def _log_refused(self, duty, documents, sentence):
        """Record that the current user tried `duty` on `documents`, and why not.

        For callers with reasons of their own to refuse, which raise the error themselves.
        Whether a pair has the duty does not matter. The record is made in a transaction of
        its own once this one is over, rolled back or not.
        """
        self._log_sentences(duty, dict.fromkeys(documents, sentence))

    @api.model
    def _log_sentences(self, duty, sentences):
        """Record refusals, given as {document: why}."""
        values = []
        for document, sentence in sentences.items():
            _logger.info(
                "%s may not %s %s: %s", self.env.user.login, duty, document, sentence
            )
            values.append(
                self._prepare_duty_values(duty, document, "refused", conflict=sentence)
            )
        self._record_when_over(values)

    @api.model
    def _get_refusal_message(self, refusals):
        lines = [sentence for sentence, _pair in refusals.values()]
        if len(lines) > NAMED:
            more = self.env._(
                "The same holds for %(count)s other documents.",
                count=len(lines) - NAMED,
            )
            lines = [*lines[:NAMED], more]
        pairs = {pair: None for _sentence, pair in refusals.values()}
        # The risk is told to whoever is refused, wherever the pair belongs.
        risks = self.env["distribution.duty.conflict"].sudo().browse(pairs)
        lines += [conflict.risk for conflict in risks if conflict.risk]
        lines.append(
            self.env._("Nothing was done. Ask a colleague to do this part of the work.")
        )
        return "\n".join(lines)

    @api.model
    def _prepare_duty_values(self, duty, document, outcome, **values):
        return {
            "user_id": self.env.uid,
            "user_login": self.env.user.login,
            "duty": duty,
            "res_model": document._name,
            "res_id": document.id,
            # The name of a document one acts on is no secret, whatever it is made of.
            "document": document.sudo().display_name or str(document),
            "company_id": self._get_document_company(document).id,
            "date": fields.Datetime.now(),
            "outcome": outcome,
            **values,
        }

    @api.model
    def _record_when_over(self, vals_list):
        """Record in a transaction of its own what this one cannot, since it is undone.

        Usually the error rolls this transaction back. Where somebody catches the error, it
        is committed. Each of the two forgets what was to follow the other, so the record is
        made once.
        """
        registry, uid = self.env.registry, self.env.uid

        def record():
            _record_alone(registry, uid, vals_list)

        # Each of the two drops the functions of the other (see odoo/sql_db.py).
        self.env.cr.postrollback.add(record)
        self.env.cr.postcommit.add(record)


def _record_alone(registry, uid, vals_list):
    """Record evidence in a new transaction; what fails here must not hide the refusal."""
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, uid, {})
            # The user and companies may have gone with the transaction that made them.
            if not env.user.exists():
                raise LookupError("the user does not exist any more")
            companies = {values["company_id"] for values in vals_list} - {False}
            gone = companies.difference(
                env["res.company"].browse(companies).exists().ids
            )
            for values in vals_list:
                if values["company_id"] in gone:
                    values["company_id"] = False
            env["distribution.duty.log"]._record_evidence(vals_list)
    except Exception:
        _logger.exception("refused duties are not recorded: %s", vals_list)
