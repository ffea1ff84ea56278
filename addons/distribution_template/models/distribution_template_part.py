from odoo import api, models
from odoo.exceptions import UserError

from .plan import CHANGE, CREATE, KEEP, Add, Change, Diff, Ref


class DistributionTemplatePart(models.AbstractModel):
    """One kind of thing that a template puts into a branch.

    To add a part, inherit this model under a name of its own and implement `describe`:
    what must be there. The rest follows: the preview compares it with what is, `apply`
    brings it about, `undo` takes it back, and the drift report is the same comparison
    at a later time. Parts are found through the registry, so that installing an addon
    is enough; they are asked in the order of `_part_sequence`.

    None of the methods can be called over RPC: parts act for the opening of a branch,
    which checks who asks.
    """

    _name = "distribution.template.part"
    _description = "Part of a Branch Template"

    _part_sequence = 100
    # Models of which Odoo makes records by itself along with those of this part.
    _part_side_models = ()

    def _part_label(self):
        """What the part is called in a preview."""
        return self._description

    @api.private
    def describe(self, target):
        """What must be there.

        :param Target target: the branch
        :return: list of Item; an item that refers to another comes after it
        """
        return []

    @api.private
    def preview(self, target, item):
        """Compare one item with what is there.

        :return: Change
        """
        if item.record:
            diffs = self._compare(target, item)
            change = Change(self, item, CHANGE if diffs else KEEP, diffs)
            if diffs:
                change.side_effects = self._side_effects(target, item, change)
            return change
        diffs = [
            self._make_diff(target, item, name, value)
            for name, value in {**item.initial, **item.values}.items()
        ]
        change = Change(self, item, CREATE, diffs)
        change.summary = item.note or self._summarise(change)
        change.side_effects = self._side_effects(target, item, change)
        return change

    @api.private
    def drift(self, target, item):
        """How the item differs from the template today.

        :return: Change
        """
        return self.preview(target, item)

    @api.private
    def apply(self, target, changes):
        """Create and change what `changes` say.

        Records are created in waves, so that one that refers to another follows it, and
        written together where they get the same values.

        :return: list of dict: what was done, for the evidence
        """
        waiting = [change for change in changes if change.action == CREATE]
        entries = []
        while waiting:
            model = waiting[0].item.model
            wave = [
                change
                for change in waiting
                if change.item.model == model and self._is_ready(target, change)
            ]
            if not wave:
                self._fail_for_missing(waiting[0])
            entries += self._create_wave(target, model, wave)
            waiting = [change for change in waiting if change not in wave]
        entries += self._write_changes(
            target, [change for change in changes if change.action == CHANGE]
        )
        return entries

    @api.private
    def undo(self, entries):
        """Take back what `entries` say this part did; the latest comes first.

        What Odoo made along with a record is expected to go with it.
        """
        for entry in entries:
            if entry["action"] == CHANGE:
                self._restore(entry)
        created = {}
        for entry in entries:
            if entry["action"] == CREATE and not entry.get("side"):
                created.setdefault(entry["model"], []).append(entry["id"])
        for model, ids in created.items():
            self._writable(self.env[model].browse(ids).exists()).unlink()

    # --- hooks ------------------------------------------------------------------------

    def _writable(self, records):
        """The records with the rights that writing them takes."""
        return records

    def _side_effects(self, target, item, change):
        """What Odoo does by itself along with the change: list of SideEffect."""
        return []

    def _summarise(self, change):
        """The values of a new record, as one readable line."""
        parts = []
        for diff in change.diffs:
            if diff.value is True:
                parts.append(diff.label)
            elif diff.new_text:
                parts.append(f"{diff.label}: {diff.new_text}")
        return "; ".join(parts)

    def _value_text(self, target, field, value):
        """The value of a field as a person reads it."""
        if isinstance(value, Ref):
            return target.labels[value.key]
        if isinstance(value, Add):
            return ", ".join(self._value_text(target, field, v) for v in value.values)
        if field.relational:
            # As superuser: the name of what is linked, whoever looks at the preview.
            linked = self.env[field.comodel_name].sudo().browse(value or ())
            return ", ".join(linked.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type in ("integer", "float"):
            return f"{value:g}"
        return value or ""

    # --- comparing --------------------------------------------------------------------

    def _compare(self, target, item):
        return [
            self._make_diff(target, item, name, value)
            for name, value in item.values.items()
            if not self._is_as_wanted(target, item.record, name, value)
        ]

    def _is_as_wanted(self, target, record, name, value):
        field = record._fields[name]
        if isinstance(value, Add):
            return {target.resolve(v) for v in value.values} <= set(record[name].ids)
        value = target.resolve(value)
        if field.type == "float":
            return abs(record[name] - (value or 0.0)) < 1e-6
        return (field.convert_to_write(record[name], record) or False) == (
            value or False
        )

    def _make_diff(self, target, item, name, value):
        model = self.env[item.model]
        field = model._fields[name]
        old = ""
        if item.record:
            current = item.record[name]
            if field.relational:
                current = current.ids if field.type.endswith("many") else current.id
            old = self._value_text(target, field, current)
        return Diff(
            field=name,
            label=field._description_string(self.env) or name,
            value=value,
            old_text=old,
            new_text=self._value_text(target, field, value),
        )

    # --- writing ----------------------------------------------------------------------

    def _is_ready(self, target, change):
        refs = [
            value
            for value in {**change.item.initial, **change.item.values}.values()
            if isinstance(value, Ref)
        ]
        return all(target.resolve(ref) for ref in refs)

    def _fail_for_missing(self, change):
        raise UserError(
            self.env._(
                "%s needs another record of the template that does not exist.",
                change.item.label,
            )
        )

    def _create_wave(self, target, model, changes):
        values = [
            {diff.field: self._to_command(target, diff.value) for diff in change.diffs}
            for change in changes
        ]
        records = self._writable(self.env[model]).create(values)
        entries = []
        for change, record, vals in zip(changes, records, values, strict=True):
            target.records[change.item.key] = self.env[model].browse(record.id)
            entries.append(self._make_entry(change, record, vals, {}))
        return entries

    def _write_changes(self, target, changes):
        entries = []
        grouped = {}
        for change in changes:
            record = change.item.record
            values = {d.field: self._to_command(target, d.value) for d in change.diffs}
            before = {
                d.field: self._value_before(target, record, d.field, d.value)
                for d in change.diffs
            }
            entries.append(self._make_entry(change, record, values, before))
            together = grouped.setdefault(
                (change.item.model, repr(values)), ([], values)
            )
            together[0].append(record.id)
        for (model, _key), (ids, values) in grouped.items():
            self._writable(self.env[model].browse(ids)).write(values)
        return entries

    def _to_command(self, target, value):
        if isinstance(value, Add):
            return [(4, target.resolve(v)) for v in value.values]
        return target.resolve(value)

    def _value_before(self, target, record, name, value):
        if isinstance(value, Add):
            present = set(record[name].ids)
            ids = [target.resolve(v) for v in value.values]
            return {"added": [number for number in ids if number not in present]}
        field = record._fields[name]
        return field.convert_to_write(record[name], record)

    def _make_entry(self, change, record, values, before):
        return {
            "part": self._name,
            "key": change.item.key,
            "label": change.item.label,
            "action": change.action,
            "model": record._name,
            "id": record.id,
            "values": values,
            "before": before,
            "text": change.summary
            or "; ".join(
                f"{d.label}: {d.old_text or '–'} → {d.new_text or '–'}"
                for d in change.diffs
            ),
        }

    # --- taking back ------------------------------------------------------------------

    def _entry_record(self, entry):
        return self.env[entry["model"]].browse(entry["id"]).exists()

    def _restore(self, entry):
        """Write back the values from before, where they are still those of the entry.

        What somebody changed afterwards is theirs, and stays.
        """
        record = self._writable(self._entry_record(entry))
        if not record:
            return
        values = {}
        for name, old in entry["before"].items():
            if isinstance(old, dict):
                values[name] = [(3, number) for number in old["added"]]
                continue
            now = record._fields[name].convert_to_write(record[name], record)
            if now == entry["values"][name]:
                values[name] = old
        if values:
            record.write(values)
