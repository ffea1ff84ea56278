from odoo import api, models
from odoo.exceptions import AccessError

# Whoever holds this object may write guarded records. A client can send any context key
# it likes, but what it sends is JSON or XML: never this object. Hence `is`, not a boolean.
_WRITER = object()
_WRITER_KEY = "distribution_evidence_writer"


def guarded(records):
    """`records` as the code that owns them may write them.

    As superuser, because those whose actions are recorded have no right to write the
    record of it. A function and not a method, so that no client and no server action can
    reach it.
    """
    return records.sudo().with_context(**{_WRITER_KEY: _WRITER})


class DistributionGuardedMixin(models.AbstractModel):
    """Records that only the code which owns them writes, through `guarded(records)`.

    Neither their subject nor an administrator nor superuser code that goes through the ORM
    can add, change or delete them: their state follows from what happened.
    """

    _name = "distribution.guarded.mixin"
    _description = "Guarded Record"
    _allow_sudo_commands = False

    @api.model_create_multi
    def create(self, vals_list):
        model = self._unlocked()
        return super(DistributionGuardedMixin, model).create(vals_list)

    def write(self, vals):
        records = self._unlocked()
        return super(DistributionGuardedMixin, records).write(vals)

    def unlink(self):
        records = self._unlocked()
        return super(DistributionGuardedMixin, records).unlink()

    def _unlocked(self):
        """Self without the key; refuse who does not hold it.

        The key ends here: what is triggered, such as an automation rule of an
        administrator, must not inherit it.
        """
        if self.env.context.get(_WRITER_KEY) is not _WRITER:
            raise self._guarded_error()
        return self.with_context(**{_WRITER_KEY: None})

    def _guarded_error(self):
        return AccessError(
            self.env._(
                "%(kind)s is written by the system when something happens: nobody can "
                "add, change or delete it.",
                kind=self.env["ir.model"]._get(self._name).name or self._description,
            )
        )


class DistributionEvidenceMixin(models.AbstractModel):
    """Guarded records that prove what happened.

    They are added by the code that owns them, through `_record_evidence`, and are never
    edited or deleted, not even by that code.

    A model of evidence must not hold a cascading link to a record that may be deleted,
    since the database would delete the evidence with it.
    """

    _name = "distribution.evidence.mixin"
    _inherit = ["distribution.guarded.mixin"]
    _description = "Evidence"

    @api.model
    def _record_evidence(self, vals_list):
        """Add evidence and return it, with the caller's rights."""
        return self.browse(guarded(self).create(vals_list).ids)

    # Refused for everybody, also where Odoo itself would delete; so there is no super.
    def write(self, vals):  # pylint: disable=method-required-super
        raise self._guarded_error()

    def unlink(self):  # pylint: disable=method-required-super
        raise self._guarded_error()  # pylint: disable=no-raise-unlink

    def _guarded_error(self):
        return AccessError(
            self.env._(
                "%(kind)s is evidence: it is written by the system when something "
                "happens, and nobody can add, change or delete it.",
                kind=self.env["ir.model"]._get(self._name).name or self._description,
            )
        )
