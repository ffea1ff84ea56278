import hashlib
import json
from contextlib import contextmanager, nullcontext

from odoo import api, fields, models
from odoo.fields import Domain

# Where a transaction keeps which documents it has cleared, with their fingerprints. Kept
# at the cursor, on the server: a context could be sent by a client.
CLEARED = "distribution_approval_cleared"


class DistributionApprovalMixin(models.AbstractModel):
    """A document with a gate: an action that may need approval.

    A kind of document sets the attributes below, gives its measures, and calls
    `_approval_submit` at the head of its action. The gate itself is in `write` and
    `create`, where all paths meet: whoever writes a state behind the gate without
    clearance is refused, superuser code included.
    """

    _name = "distribution.approval.mixin"
    _description = "Document That May Need Approval"

    # Whether the model has a gate. To be set by each kind of document.
    _approval_gate = False
    # The states behind the gate.
    _approval_passed_states = ()
    # The states in which nobody wants approval any more.
    _approval_cancelled_states = ("cancel",)
    # What an approver approves: fields of the document, and of its lines.
    _approval_guarded_fields = ()
    _approval_lines_field = None
    _approval_guarded_line_fields = ()

    # What the simulation of a policy looks at.
    _approval_date_field = "create_date"

    approval_request_ids = fields.One2many(
        "distribution.approval.request",
        "res_id",
        copy=False,
    )
    approval_state = fields.Selection(
        [
            ("pending", "Waiting for approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Approval",
        compute="_compute_approval_state",
        search="_search_approval_state",
        help="State of the last approval request, unless it was withdrawn or superseded.",
    )
    approval_note = fields.Text(
        compute="_compute_approval_state",
        help="Why approval is needed, who is asked, and since when.",
    )

    @api.depends("approval_request_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_approval_state(self):
        # As superuser: whoever sees the document sees that it waits, and for whom.
        requests = self.env["distribution.approval.request"].sudo()
        if self._approval_is_governed():
            requests = requests.search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
            )
        last = {request.res_id: request for request in requests}
        for document in self:
            request = last.get(document.id)
            shown = request and request.state in ("pending", "approved", "rejected")
            document.approval_state = request.state if shown else False
            document.approval_note = request.explanation if shown else False

    def _search_approval_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        latest = self.env["distribution.approval.request"].sudo()  # as above
        documents = latest._latest_documents(self._name)
        wanted = [res_id for res_id, state in documents.items() if state in value]
        if False in value:
            shown = [
                res_id
                for res_id, state in documents.items()
                if state in ("pending", "approved", "rejected")
            ]
            return ["|", ("id", "in", wanted), ("id", "not in", shown)]
        return [("id", "in", wanted)]

    # What a kind of document says of itself.

    @api.model
    def _approval_kind_name(self):
        """What people call such documents."""
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _approval_measures(self):
        """What rules can measure, as {code: {label, unit, help, worse}}.

        `unit` is "money" for amounts in company currency. `worse` is "higher" or "lower".
        The value comes from `_approval_measure_<code>(lines)`: {document id: value} for
        these lines, or, without lines, for the documents; no entry where it has none.
        """
        return {}

    @api.model
    def _approval_dimensions(self):
        """What rules can be limited to, as {dimension: path from the document}."""
        return (
            {"partner_category": "partner_id.category_id"}
            if ("partner_id" in self._fields)
            else {}
        )

    @api.model
    def _approval_line_dimensions(self):
        """What rules can limit the lines to, as {dimension: path from the line}."""
        return {}

    def _approval_lines(self):
        """The lines that are measured; the documents themselves where they have none."""
        return self[self._approval_lines_field] if self._approval_lines_field else self

    def _approval_document_of(self, line):
        """The document of a line."""
        if not self._approval_lines_field:
            return line
        return line[self._fields[self._approval_lines_field].inverse_name]

    def _approval_company(self):
        """The company whose policies govern the document."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _approval_amount(self):
        """{document id: amount in company currency}, for the queue and its totals."""
        return {}

    def _approval_facts(self):
        """{document id: [(label, text)]}: the three things one needs to decide."""
        return {}

    def _approval_details(self):
        """{document id: {"columns": […], "rows": [[…]]}}: a table for the approver."""
        return {}

    def _approval_authors(self):
        """{document id: user ids}: who had a hand in it, and so cannot decide on it."""
        return {
            document.id: {
                user.id
                for record in (document, *document._approval_lines())
                for user in (record.create_uid, record.write_uid)
                if record != document or user == record.create_uid
            }
            for document in self.sudo()  # a user may not read the lines he did not make
        }

    def _approval_calendar(self):
        """The working hours on which time limits are counted."""
        self.ensure_one()
        return self._approval_company().resource_calendar_id

    def _approval_prepare_request_values(self):
        """{document id: further values of its request}. Extended by glue."""
        return {document.id: {} for document in self}

    @api.model
    def _approval_past(self, company, since, limit):
        """The documents that passed the gate since a day, for the simulation of a policy."""
        domain = Domain("state", "in", self._approval_passed_states)
        domain &= Domain(self._approval_date_field, ">=", since)
        if "company_id" in self._fields:
            domain &= Domain("company_id", "=", company.id)
        return self.search(domain, limit=limit, order="id desc")

    @api.model
    def _approval_default_limits(self):
        """Two limits that the set-up proposes, as {first_limit, second_limit}."""
        return {"first_limit": 1000.0, "second_limit": 10000.0}

    @api.model
    def _approval_default_unit(self):
        """What these limits are counted in."""
        return self.env.company.currency_id.name

    @api.model
    def _approval_default_rules(self, line):
        """Values of the rules that the set-up makes.

        :param line: the line of the set-up, with the limits, which makes bands and steps
        """
        return []

    def _approval_requested(self):
        """The documents wait now."""

    def _approval_released(self):
        """The documents wait no longer, and are not approved."""

    def _approval_complete(self):
        """Carry out what was asked for, as the one who asked."""

    # The gate.

    @api.model
    def _approval_is_governed(self):
        """Whether any policy of this kind was ever in force. Costs no query."""
        return self.env["distribution.approval.engine"]._is_governed(self._name)

    def _approval_submit(self):
        """Return the documents that may pass now; ask for what the others lack.

        To be called at the head of the gated action, which then goes on with what this
        returns. The number of queries does not grow with the documents.
        """
        return self.env["distribution.approval.engine"]._submit(self)

    def _approval_answer(self, cleared):
        """What the client is told of the documents that were not cleared; True if none."""
        waiting = self - cleared
        if not waiting:
            return True
        return self.env["distribution.approval.engine"]._answer(waiting)

    def _approval_passed(self):
        """Those of the documents that are behind the gate."""
        states = self._approval_passed_states
        if not states:
            return self[:0]
        return self.filtered(lambda document: document.state in states)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._approval_passed()._approval_enter()
        return documents

    def write(self, vals):
        gated = self._approval_passed_states and "state" in vals
        guarded = not vals.keys().isdisjoint(self._approval_guarded_fields)
        if not (gated or guarded):
            return super().write(vals)
        before = self._approval_passed()
        if gated and vals["state"] in self._approval_passed_states:
            (self - before)._approval_check()
        with self._approval_watching() if guarded else nullcontext():
            result = super().write(vals)
        # Once more, because the write may have changed what was checked.
        if gated:
            (self._approval_passed() - before)._approval_enter()
            if vals["state"] in self._approval_cancelled_states:
                self._approval_drop()
        return result

    def unlink(self):
        requests = self._approval_open_requests()
        result = super().unlink()
        requests._supersede()
        return result

    def _approval_open_requests(self):
        """The requests that bind these documents; costs no query where none can."""
        if not self or not self._approval_is_governed():
            return self.env["distribution.approval.request"]
        return self.env["distribution.approval.engine"]._open_requests(self)

    def _approval_drop(self):
        """Nobody wants these documents any more: close what was asked for them."""
        self._approval_open_requests()._supersede()

    def _approval_check(self):
        """The documents are about to pass the gate: refuse those without clearance."""
        if self and self._approval_is_governed():
            self.env["distribution.approval.engine"]._check(self)

    def _approval_enter(self):
        """The documents pass the gate: refuse those without clearance."""
        if self:
            self.env["distribution.approval.engine"]._enter(self)

    @contextmanager
    def _approval_watching(self):
        """Within, guarded fields of these documents change.

        What was asked for is then no longer what stands there, so that open requests are
        superseded; and a document behind the gate may not change for the worse.
        """
        if not self or not self._approval_is_governed():
            yield
            return
        engine = self.env["distribution.approval.engine"]
        passed = self._approval_passed()
        values, heads = engine._values(passed), passed._approval_heads()
        yield
        engine._supersede_changed(self)
        passed = passed.exists()
        changed = {
            id_ for id_, head in passed._approval_heads().items() if head != heads[id_]
        }
        engine._check_amendment(passed, values, changed)

    def _approval_heads(self):
        """{document id: the guarded values of its head}."""
        return {
            document.id: _plain_values(document, self._approval_guarded_fields)
            for document in self.sudo()  # they count, whoever asks
        }

    def _approval_fingerprints(self):
        """{document id: SHA-256 of its guarded fields and those of its lines}."""
        documents = self.sudo()  # all lines count, whoever asks
        documents._approval_lines().fetch()
        return {
            document.id: hashlib.sha256(
                json.dumps(document._approval_snapshot(), sort_keys=True).encode()
            ).hexdigest()
            for document in documents
        }

    def _approval_snapshot(self):
        """The guarded values of one document, as plain data."""
        self.ensure_one()
        snapshot = {
            "document": [self._name, self.id],
            "values": _plain_values(self, self._approval_guarded_fields),
        }
        if self._approval_lines_field:
            snapshot["lines"] = [
                [line.id, _plain_values(line, self._approval_guarded_line_fields)]
                for line in self._approval_lines().sorted("id")
            ]
        return snapshot

    # Buttons of the document.

    def action_approval_simulate(self):
        """Who would have to approve this? Opens the answer; changes nothing."""
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["distribution.approval.simulation"].create(
            {"res_model": self._name, "res_id": self.id}
        )
        return wizard._action_open()

    def action_view_approval_requests(self):
        """The requests of the document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_approval.distribution_approval_request_action"
        )
        requests = self.approval_request_ids
        action["domain"] = [("id", "in", requests.ids)]
        action["context"] = {}
        if len(requests) == 1:
            action.update(views=[(False, "form")], res_id=requests.id)
        return action


class DistributionApprovalLineMixin(models.AbstractModel):
    """A line of a document with a gate: a change of it is a change of the document."""

    _name = "distribution.approval.line.mixin"
    _description = "Line of a Document That May Need Approval"

    # The field that leads to the document.
    _approval_document_field = None

    def _approval_documents(self, vals_list=()):
        """The documents of the lines, and those that new values name."""
        documents = self[self._approval_document_field]
        named = [vals.get(self._approval_document_field) for vals in vals_list]
        return documents | documents.browse([id_ for id_ in named if id_])

    @api.model_create_multi
    def create(self, vals_list):
        with self._approval_documents(vals_list)._approval_watching():
            return super().create(vals_list)

    def write(self, vals):
        documents = self._approval_documents([vals])
        guarded = documents._approval_guarded_line_fields
        if vals.keys().isdisjoint({*guarded, self._approval_document_field}):
            return super().write(vals)
        with documents._approval_watching():
            return super().write(vals)

    def unlink(self):
        with self._approval_documents()._approval_watching():
            return super().unlink()


def _plain_values(record, names):
    return {name: _plain(record[name], record._fields[name], record) for name in names}


def _plain(value, field, record):
    if isinstance(value, models.BaseModel):
        return sorted(value.ids)
    if field.type in ("float", "monetary"):
        # As many digits as any price or quantity has; so 0.1 + 0.2 is 0.3.
        return format(value or 0.0, ".6f")
    if field.type in ("date", "datetime"):
        return fields.Datetime.to_string(value) if value else False
    return value
