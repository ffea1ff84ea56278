from odoo import api, fields, models


class FakeEvidence(models.Model):
    _module = None
    _name = "distribution.fake.evidence"
    _inherit = ["distribution.evidence.mixin"]
    _description = "Fake Evidence"

    name = fields.Char()
    shout = fields.Char(compute="_compute_shout", store=True, precompute=True)

    _seen_keys = []

    @api.depends("name")
    def _compute_shout(self):
        """Stands for whatever runs inside create(), such as an automation rule."""
        for fact in self:
            if fact.name == "Trigger":
                self._seen_keys.append(
                    self.env.context.get("distribution_evidence_writer")
                )
            fact.shout = (fact.name or "").upper()
