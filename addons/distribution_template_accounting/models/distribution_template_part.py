from odoo import models

from odoo.addons.distribution_template.models.plan import CREATE, SideEffect


class DistributionTemplatePartBranch(models.AbstractModel):
    _inherit = "distribution.template.part.branch"

    @property
    def _part_side_models(self):
        """A branch is made with its analytic account, and takes it along when it goes."""
        return (*super()._part_side_models, "account.analytic.account")

    def _branch_item(self, target):
        """What the template proposes is the branch's own once it is opened."""
        item = super()._branch_item(target)
        for name in ("floor_space", "head_count"):
            if target.template[name]:
                item.initial.setdefault(name, target.template[name])
        return item

    def _side_effects(self, target, item, change):
        effects = super()._side_effects(target, item, change)
        if item.key != "branch" or change.action != CREATE:
            return effects
        label = self.env._("Analytic account of %s", target.name)
        return [*effects, SideEffect(CREATE, "account.analytic.account", label)]


class DistributionTemplatePartLane(models.AbstractModel):
    _inherit = "distribution.template.part.lane"

    def _lane_item(self, target, line, peer, key, existing):
        item = super()._lane_item(target, line, peer, key, existing)
        item.values.update(line._prepare_price())
        return item

    def _note(self, line):
        """The timetable, and what the receiving branch pays if it is not the cost."""
        timetable = super()._note(line)
        if line.price_rule == "cost":
            return timetable
        lane = self.env["distribution.lane"].new(line._prepare_price())
        return self.env._(
            "%(timetable)s. %(price)s", timetable=timetable, price=lane.price_example
        )
