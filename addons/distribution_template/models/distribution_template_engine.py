from odoo import api, models

from .plan import Ref


class DistributionTemplateEngine(models.AbstractModel):
    """Compares a branch with its template, and carries out the difference.

    Knows no kind of thing: what to compare and how to change it is for the parts.
    """

    _name = "distribution.template.engine"
    _description = "Branch Template Engine"

    @api.model
    def _get_parts(self):
        """The parts that are installed, in their order."""
        names = self.env.registry.descendants(
            ["distribution.template.part"], "_inherit"
        )
        parts = [
            self.env[name] for name in names if name != "distribution.template.part"
        ]
        return sorted(parts, key=lambda part: (part._part_sequence, part._name))

    @api.model
    def _plan(self, target, for_drift=False):
        """How the branch of `target` differs from its template; writes nothing.

        :return: list of Change, also for what stays as it is
        """
        plan = []
        self._seed_records(target)
        for part in self._get_parts():
            compare = part.drift if for_drift else part.preview
            for item in part.describe(target):
                target.records[item.key] = item.record
                target.labels[item.key] = item.label
                plan.append(compare(target, item))
        return plan

    @api.model
    def _apply(self, target, plan):
        """Carry out the changes of `plan`.

        :return: list of dict: what was created and changed, for the evidence
        """
        entries = []
        for part in self._get_parts():
            changes = [
                change
                for change in plan
                if change.part._name == part._name and change.is_needed
            ]
            if changes:
                entries += self._apply_part(target, part, changes)
                self._seed_records(target)
        return entries

    @api.model
    def _select(self, target, plan, keys):
        """The changes of `plan` with the keys, and those they cannot do without."""
        by_key = {change.item.key: change for change in plan if change.is_needed}
        chosen, waiting = set(), [key for key in keys if key in by_key]
        while waiting:
            key = waiting.pop()
            chosen.add(key)
            values = by_key[key].item.values.values()
            waiting += [
                value.key
                for value in values
                if isinstance(value, Ref)
                and value.key in by_key
                and value.key not in chosen
                and target.resolve(value) is None
            ]
        return [change for change in plan if change.item.key in chosen]

    @api.model
    def _undo(self, entries):
        """Take back what `entries` say, the last part first."""
        for part in reversed(self._get_parts()):
            own = [entry for entry in entries if entry["part"] == part._name]
            if own:
                part.undo(own[::-1])
        self.env.flush_all()

    def _apply_part(self, target, part, changes):
        last = self._last_ids(part)
        entries = part.apply(target, changes)
        return entries + self._side_entries(part, last, entries)

    def _seed_records(self, target):
        """Let items refer to what Odoo makes with a warehouse."""
        branch = target.branch or target.records.get("branch") or target.branch
        target.branch = branch
        target.records.setdefault("branch", branch)
        warehouse = branch.warehouse_id
        target.records["view_location"] = warehouse.view_location_id
        target.records["stock_location"] = warehouse.lot_stock_id
        target.labels["view_location"] = target.code
        target.labels["stock_location"] = f"{target.code}/{self.env._('Stock')}"

    def _last_ids(self, part):
        """The newest record of each model of which Odoo makes some by itself.

        Other transactions are not seen while this one runs, so whatever is newer
        afterwards was made here.
        """
        return {
            model: self._everything(model).search([], order="id desc", limit=1).id or 0
            for model in part._part_side_models
        }

    def _side_entries(self, part, last, entries):
        known = {(entry["model"], entry["id"]) for entry in entries}
        side = []
        for model, last_id in last.items():
            for record in self._everything(model).search([("id", ">", last_id)]):
                if (model, record.id) not in known:
                    side.append(self._make_side_entry(part, record))
        return side

    def _make_side_entry(self, part, record):
        label = self.env["ir.model"]._get(record._name).name
        return {
            "part": part._name,
            "key": f"{record._name}:{record.id}",
            "label": f"{label} {record.display_name}",
            "action": "create",
            "model": record._name,
            "id": record.id,
            "values": {},
            "before": {},
            "text": "",
            "side": True,
        }

    def _everything(self, model):
        # As superuser: what is left out here would be missing from the evidence.
        return self.env[model].sudo().with_context(active_test=False)
