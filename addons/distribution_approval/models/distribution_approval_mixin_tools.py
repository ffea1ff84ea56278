from odoo import api, models
from odoo.tools.misc import formatLang


class DistributionApprovalMixin(models.AbstractModel):
    """What kinds of document need not each write anew: states, sums, texts."""

    _inherit = "distribution.approval.mixin"

    # The state in which a document waits, if its kind has one, and where it came from.
    _approval_waiting_state = None
    _approval_draft_state = "draft"

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        waiting = self._approval_waiting()
        result = super().write(vals)
        # Set back by hand: nobody should be asked about what does not wait.
        left = waiting - waiting._approval_waiting() - waiting._approval_passed()
        requests = left._approval_open_requests()
        requests.filtered(lambda request: request.state == "pending")._supersede()
        return result

    def _approval_waiting(self):
        """Those of the documents that are in the state of waiting."""
        state = self._approval_waiting_state
        return self.filtered(lambda document: state and document.state == state)

    def _approval_requested(self):
        if self._approval_waiting_state:
            self.write({"state": self._approval_waiting_state})
        return super()._approval_requested()

    def _approval_released(self):
        waiting = self._approval_waiting()
        if waiting:
            waiting.write({"state": self._approval_draft_state})
        return super()._approval_released()

    # Values of lines.

    @api.model
    def _approval_total(self, lines, values):
        """{document id: sum of the values of its lines}, given by line id."""
        return self._approval_by_document(lines, values, sum)

    @api.model
    def _approval_worst(self, lines, values):
        """{document id: the highest of the values of its lines}, given by line id."""
        return self._approval_by_document(lines, values, max)

    @api.model
    def _approval_by_document(self, lines, values, reduce):
        found = {}
        for line in lines:
            if line.id in values:
                document_id = self._approval_document_of(line).id
                found.setdefault(document_id, []).append(values[line.id])
        return {id_: reduce(numbers) for id_, numbers in found.items()}

    def _approval_worst_text(self, values, unit="%"):
        """The highest of the values of the lines of one document, with its product."""
        self.ensure_one()
        lines = self._approval_lines().filtered(lambda line: line.id in values)
        if not lines:
            return self.env._("nothing to compare with")
        line = max(lines, key=lambda line: values[line.id])
        return f"{values[line.id]:.0f} {unit}, {line.product_id.display_name}"

    def _approval_money(self, amount):
        """An amount in the currency of the company, as people read it."""
        self.ensure_one()
        currency = self._approval_company().currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _approval_table(self, columns):
        """The details of documents: a row a line.

        :param columns: [(label, {line id: text or number})]
        """
        return {
            document.id: {
                "columns": [label for label, _values in columns],
                "rows": [
                    [
                        self._approval_figure(values.get(line.id))
                        for _, values in columns
                    ]
                    for line in document._approval_lines()
                ],
            }
            for document in self
        }

    @api.model
    def _approval_figure(self, value):
        """A number as people read it; nothing for None; a text as it is."""
        if isinstance(value, str):
            return value
        return self.env["distribution.approval.request"]._figure(value)
