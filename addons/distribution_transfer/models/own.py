"""What only the code of transfers writes: states, and quantities that follow from moves.

The key is an object of this process. A client can send any context it likes, but what it
sends is JSON or XML, never this object; hence `is`, and not a boolean.
"""

from odoo.exceptions import UserError

_KEY, _OWNER = "distribution_transfer_owner", object()


def own(records, value=True):
    """`records` as the code of transfers writes them; with False, as everybody does."""
    if owned(records) == bool(value):
        return records
    return records.with_context(**{_KEY: _OWNER if value else None})


def owned(records):
    """Whether `records` are in the hands of the code of transfers."""
    return records.env.context.get(_KEY) is _OWNER


def require_own(records, vals, names):
    """Refuse values that follow from what happened.

    These are the fields that `names` names, and on transfers, their lines and their
    discrepancies all that are computed and not editable: clients could write those, too.

    :raises UserError: naming the fields
    """
    if owned(records):
        return
    typed = {name for name in vals if name in names or _is_derived(records, name)}
    if typed:
        labels = records.fields_get(typed, ["string"])
        raise UserError(
            records.env._(
                "%(fields)s: this follows from what happens to the goods, and nobody can "
                "type it. Use the buttons of the transfer and of its operations.",
                fields=", ".join(sorted(x["string"] for x in labels.values())),
            )
        )


def _is_derived(records, name):
    if not records._name.startswith("distribution.transfer"):
        return False  # Odoo's own documents allow what they allow
    field = records._fields.get(name)
    return field and field.store and field.readonly and (field.compute or field.related)
