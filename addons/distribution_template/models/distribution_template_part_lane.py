from odoo import api, models
from odoo.tools import format_duration

from odoo.addons.distribution_network.models.distribution_lane import WEEKDAYS

from .plan import CREATE, Item, Ref, SideEffect


class DistributionTemplatePartLane(models.AbstractModel):
    """The lanes from and to the branch."""

    _name = "distribution.template.part.lane"
    _description = "Lanes"
    _inherit = ["distribution.template.part"]

    _part_sequence = 30
    _part_side_models = ("stock.location", "stock.route", "stock.rule")

    @api.private
    def describe(self, target):
        """One item for each lane of the template."""
        existing = self._existing_lanes(target)
        items = {}
        for line in target.template.lane_ids:
            peer = line._find_peer(target)
            key = f"lane:{line.direction}:{peer.id}"
            target.lanes[line] = key
            # Two lines may find the same branch, one by name and one by its type.
            items.setdefault(key, self._lane_item(target, line, peer, key, existing))
        return list(items.values())

    def _existing_lanes(self, target):
        Lane = self.env["distribution.lane"].with_context(active_test=False)
        if not target.branch:
            return {}
        lanes = Lane.search(
            [
                "|",
                ("source_branch_id", "=", target.branch.id),
                ("destination_branch_id", "=", target.branch.id),
            ]
        )
        return {
            (lane.source_branch_id, lane.destination_branch_id): lane for lane in lanes
        }

    def _lane_item(self, target, line, peer, key, existing):
        inbound = line.direction == "in"
        ends = (peer, target.branch) if inbound else (target.branch, peer)
        codes = (peer.code, target.code) if inbound else (target.code, peer.code)
        values = {
            "transit_days": line.transit_days,
            **{day: line[day] for day in WEEKDAYS},
            "cutoff_time": line.cutoff_time,
            "active": True,
        }
        source, destination = (
            (peer.id, Ref("branch")) if inbound else (Ref("branch"), peer.id)
        )
        return Item(
            key=key,
            label=self.env._(
                "Lane %(from_code)s → %(to_code)s",
                from_code=codes[0],
                to_code=codes[1],
            ),
            model="distribution.lane",
            record=existing.get(ends),
            values=values,
            initial={"source_branch_id": source, "destination_branch_id": destination},
            note=self._note(line),
        )

    def _note(self, line):
        lane = self.env["distribution.lane"].new({day: line[day] for day in WEEKDAYS})
        return self.env._(
            "Leaves %(days)s at %(time)s; days on the road: %(transit)s",
            days=lane.departure_days,
            time=format_duration(line.cutoff_time),
            transit=line.transit_days,
        )

    def _value_text(self, target, field, value):
        if field.name == "cutoff_time":
            return format_duration(value)
        return super()._value_text(target, field, value)

    def _side_effects(self, target, item, change):
        if change.action != CREATE:
            return []
        return [
            SideEffect(
                CREATE,
                "stock.location",
                self.env._("Transit location of %s", item.label),
            ),
            SideEffect(CREATE, "stock.route", self.env._("Route of %s", item.label)),
            SideEffect(
                CREATE,
                "stock.rule",
                self.env._("Rules of %s", item.label),
                len(self._lane_in_memory(target, item)._legs()),
            ),
        ]

    def _lane_in_memory(self, target, item):
        """The lane before it exists, to ask which rules it will have."""
        opened = target.branch or self._branch_in_memory(target)
        ends = {
            name: opened
            if isinstance(value, Ref)
            else self.env["distribution.branch"].browse(value)
            for name, value in item.initial.items()
        }
        return self.env["distribution.lane"].new(ends)

    def _branch_in_memory(self, target):
        steps = ("reception_steps", "delivery_steps")
        warehouse = self.env["stock.warehouse"].new(
            {"code": target.code, **{name: target.template[name] for name in steps}}
        )
        return self.env["distribution.branch"].new(
            {"code": target.code, "warehouse_id": warehouse}
        )
