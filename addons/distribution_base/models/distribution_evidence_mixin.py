from odoo import api, models
from odoo.exceptions import AccessError

# Whoever holds this object may write evidence. A client can send any context key it
# likes, but what it sends is JSON or XML: never this object. Hence `is`, not a boolean.
_WRITER = object()
_WRITER_KEY = "distribution_evidence_writer"


class DistributionEvidenceMixin(models.AbstractModel):
    """Records that prove what happened.

    They are added by the code that owns them, through `_record_evidence`, and are never
    edited or deleted: not by their subject, not by an administrator, not by superuser
    code that goes through the ORM.

    A model of evidence must not hold a cascading link to a record that may be deleted,
    since the database would delete the evidence with it.
    """

    _name = "distribution.evidence.mixin"
    _description = "Evidence"
    _allow_sudo_commands = False

    @api.model
    def _record_evidence(self, vals_list):
        """Add evidence and return it, with the caller's rights.

        Written as superuser, because those whose actions are recorded have no right to
        create evidence: only the code that calls this does.
        """
        evidence = self.sudo().with_context(**{_WRITER_KEY: _WRITER}).create(vals_list)
        return self.browse(evidence.ids)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get(_WRITER_KEY) is not _WRITER:
            raise self._evidence_error()
        # The key ends here: what create() triggers, such as an automation rule of an
        # administrator, must not inherit it.
        model = self.with_context(**{_WRITER_KEY: None})
        return super(DistributionEvidenceMixin, model).create(vals_list)

    # Refused for everybody, also where Odoo itself would delete; so there is no super.
    def write(self, vals):  # pylint: disable=method-required-super
        raise self._evidence_error()

    def unlink(self):  # pylint: disable=method-required-super
        raise self._evidence_error()  # pylint: disable=no-raise-unlink

    def _evidence_error(self):
        return AccessError(
            self.env._(
                "%(kind)s is evidence: it is written by the system when something "
                "happens, and nobody can add, change or delete it.",
                kind=self.env["ir.model"]._get(self._name).name or self._description,
            )
        )
