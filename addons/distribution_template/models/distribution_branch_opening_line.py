from odoo import fields, models

from .plan import CREATE


class DistributionBranchOpeningLine(models.Model):
    """One record that the opening creates, changes or keeps; of a change, one field."""

    _name = "distribution.branch.opening.line"
    _description = "Line of a Branch Preview"
    _order = "opening_id, sequence, id"

    opening_id = fields.Many2one(
        "distribution.branch.opening", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    action = fields.Selection(
        [("create", "Create"), ("change", "Change"), ("keep", "Keep")],
        required=True,
        readonly=True,
        help="Whether the record is created, changed, or is as the template says.",
    )
    part = fields.Char(readonly=True, help="The part of the template.")
    model = fields.Char(readonly=True, help="The technical name of the kind of record.")
    name = fields.Char(string="Record", readonly=True)
    field_label = fields.Char(
        string="Field", readonly=True, help="What changes in a record that exists."
    )
    value_from = fields.Char(string="From", readonly=True, help="The value today.")
    value_to = fields.Char(
        string="To", readonly=True, help="The value afterwards; of a new record, all."
    )
    is_side = fields.Boolean(
        readonly=True, help="Odoo makes it by itself, with the record above."
    )
    record_count = fields.Integer(
        string="Records", readonly=True, help="How many records the line stands for."
    )

    def _prepare_all_values(self, plan):
        """The lines for a plan, as values of create()."""
        values = [line for change in plan for line in self._prepare_values(change)]
        for sequence, vals in enumerate(values):
            vals["sequence"] = sequence
        return values

    def _prepare_values(self, change):
        base = {
            "action": change.action,
            "part": change.part._part_label(),
            "model": change.item.model,
            "name": change.item.label,
            "record_count": change.count,
        }
        if change.action == CREATE or not change.diffs:
            lines = [{**base, "value_to": change.summary}]
        else:
            lines = [
                {
                    **base,
                    "field_label": diff.label,
                    "value_from": diff.old_text,
                    "value_to": diff.new_text,
                }
                for diff in change.diffs
            ]
        return lines + [
            self._prepare_side_values(base, effect) for effect in change.side_effects
        ]

    def _prepare_side_values(self, base, effect):
        return {
            **base,
            "action": effect.action,
            "model": effect.model,
            "name": effect.label,
            "value_to": self.env._("Made by Odoo with the record above")
            if effect.action == CREATE
            else self.env._("Follow the record above"),
            "record_count": effect.count,
            "is_side": True,
        }
