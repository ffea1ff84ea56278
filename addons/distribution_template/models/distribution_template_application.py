from odoo import api, fields, models


class DistributionTemplateApplication(models.Model):
    """That a template was applied to a branch, or an application undone: all of it.

    Links are kept as numbers and names, because what is linked may be deleted and the
    evidence must outlive it.
    """

    _name = "distribution.template.application"
    _description = "Template Application"
    _inherit = ["distribution.evidence.mixin"]
    _order = "id desc"
    _rec_name = "branch_name"
    _check_company_auto = True

    kind = fields.Selection(
        [("apply", "Applied"), ("undo", "Undone")],
        required=True,
        help="Whether the template was applied, or an application was taken back.",
    )
    date = fields.Datetime(required=True, help="When it happened.")
    user_id = fields.Many2one(
        "res.users", string="By", required=True, ondelete="restrict", help="Who did it."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    opening_ref = fields.Integer(
        string="Opening", index=True, help="The number of the opening it belongs to."
    )
    branch_ref = fields.Integer(
        string="Branch Number", index=True, help="The number of the branch's record."
    )
    branch_name = fields.Char(required=True, help="The branch's name at the time.")
    branch_code = fields.Char(required=True, help="The branch's code at the time.")
    template_ref = fields.Integer(
        string="Template Number", help="The number of the template's record."
    )
    template_name = fields.Char(required=True, help="The template's name at the time.")
    entry_count = fields.Integer(
        string="Records", help="How many records were created, changed or removed."
    )
    entries = fields.Json(
        help="Every record that was created or changed, with its values and with those "
        "it had before, for programs."
    )
    report = fields.Text(
        string="What Was Done", help="The same for people, one record a line."
    )

    @api.depends("branch_code", "template_name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = (
                f"{record.branch_code}: {record.template_name} ({labels[record.kind]})"
            )

    @api.model
    def _record(self, kind, opening, branch, entries):
        """Keep as evidence what was done for `opening`."""
        return self._record_evidence(
            [
                {
                    "kind": kind,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "company_id": opening.company_id.id,
                    "opening_ref": opening.id,
                    "branch_ref": branch.id,
                    "branch_name": opening.name,
                    "branch_code": opening.code,
                    "template_ref": opening.template_id.id,
                    "template_name": opening.template_id.name,
                    "entry_count": sum(e.get("count", 1) for e in entries),
                    "entries": entries,
                    "report": "\n".join(self._entry_line(kind, e) for e in entries),
                }
            ]
        )

    @api.model
    def _entry_line(self, kind, entry):
        labels = {
            ("apply", "create"): self.env._("Created"),
            ("apply", "change"): self.env._("Changed"),
            ("undo", "create"): self.env._("Removed"),
            ("undo", "change"): self.env._("Restored"),
        }
        line = f"{labels[kind, entry['action']]} {entry['label']}"
        return f"{line}: {entry['text']}" if entry["text"] else line

    @api.model
    def _entries_to_undo(self, opening):
        """What the applications of `opening` did since it was last undone."""
        # As superuser: undoing is checked by the opening, whoever may read the
        # evidence.
        records = self.sudo().search([("opening_ref", "=", opening.id)], order="id")
        entries = []
        for record in records:
            entries = [] if record.kind == "undo" else entries + (record.entries or [])
        return entries
