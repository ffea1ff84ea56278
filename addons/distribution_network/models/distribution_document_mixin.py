from odoo import models


class DistributionDocumentMixin(models.AbstractModel):
    """A document whose branch follows one of its fields.

    Record rules are asked before a write only. Without a second look, a user could hand a
    document to a branch where he may not make one.
    """

    _name = "distribution.document.mixin"
    _description = "Document of a Branch"

    # The fields the branch follows.
    _branch_fields = ()

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and not vals.keys().isdisjoint(self._branch_fields):
            self.check_access("write")
        return result
