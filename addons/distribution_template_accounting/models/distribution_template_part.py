from odoo import models


class DistributionTemplatePartBranch(models.AbstractModel):
    _inherit = "distribution.template.part.branch"

    def _branch_item(self, target):
        """What the template proposes is the branch's own once it is opened."""
        item = super()._branch_item(target)
        for name in ("floor_space", "head_count"):
            if target.template[name]:
                item.initial.setdefault(name, target.template[name])
        return item


class DistributionTemplatePartLane(models.AbstractModel):
    _inherit = "distribution.template.part.lane"

    def _lane_item(self, target, line, peer, key, existing):
        item = super()._lane_item(target, line, peer, key, existing)
        item.values.update(line._prepare_price())
        return item

    def _note(self, line):
        """The timetable, and what the receiving branch pays."""
        lane = self.env["distribution.lane"].new(line._prepare_price())
        return self.env._(
            "%(timetable)s. %(price)s",
            timetable=super()._note(line),
            price=lane.price_example,
        )
