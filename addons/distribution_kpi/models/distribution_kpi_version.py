from odoo import api, fields, models

ALWAYS = fields.Date.to_date("1970-01-01")


class DistributionKpiVersion(models.Model):
    """What a KPI meant from a day on: evidence, so that old figures can be understood."""

    _name = "distribution.kpi.version"
    _description = "Version of a KPI"
    _inherit = ["distribution.evidence.mixin"]
    _order = "kpi_id, number desc"

    kpi_id = fields.Many2one(
        "distribution.kpi", string="KPI", required=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, help="1 is the first.")
    definition = fields.Text(
        required=True, help="What is counted and how, as it was worded then."
    )
    parameters = fields.Json(
        help="What a customer may change, by its name in the code."
    )
    parameter_text = fields.Char(
        string="Settings", compute="_compute_parameter_text", help="In words."
    )
    valid_from = fields.Date(
        required=True,
        help="Days from here on are measured by it, until a later version begins.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Changed By",
        required=True,
        ondelete="restrict",
        help="The system user where an upgrade changed the definition.",
    )
    reason = fields.Char(required=True, help="Why it was changed.")

    _number_unique = models.Constraint(
        "UNIQUE (kpi_id, number)", "The versions of a KPI are numbered."
    )

    @api.depends("kpi_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(kpi)s, version %(number)s",
                kpi=version.kpi_id.name,
                number=version.number,
            )

    @api.depends("parameters", "kpi_id")
    @api.depends_context("lang")
    def _compute_parameter_text(self):
        Kpi = self.env["distribution.kpi"]
        for version in self:
            definition = Kpi._definition(version.kpi_id.code)
            names = definition.parameter_names if definition else {}
            version.parameter_text = ", ".join(
                f"{Kpi._word(names[key]) if key in names else key}: {value:g}"
                for key, value in (version.parameters or {}).items()
            )

    @api.model
    def _sync_versions(self, known):
        """Record a version of each KPI whose definition is new or has changed.

        Parameters that the customer changed stay as they are.
        """
        everything = self.env["distribution.kpi"].with_context(active_test=False)
        # As superuser: it runs with each install and upgrade, for nobody.
        kpis = everything.sudo().search([("code", "in", list(known))])
        last = {}
        for version in self.sudo().search([("kpi_id", "in", kpis.ids)]):  # as above
            last.setdefault(version.kpi_id.id, version)
        values = []
        for kpi in kpis:
            vals = self._prepare_version_values(kpi, known[kpi.code], last.get(kpi.id))
            if vals:
                values.append(vals)
        self._record_evidence(values)

    @api.model
    def _prepare_version_values(self, kpi, definition, last):
        """The version that the code asks for after `last`; None if nothing changed."""
        parameters = dict(definition.parameters)
        if last:
            kept = last.parameters or {}
            parameters = {key: kept.get(key, parameters[key]) for key in parameters}
        words = self._definition_text(definition)
        if last and last.definition == words and (last.parameters or {}) == parameters:
            return None
        return {
            "kpi_id": kpi.id,
            "number": last.number + 1 if last else 1,
            "definition": words,
            "parameters": parameters,
            "valid_from": fields.Date.context_today(self) if last else ALWAYS,
            "user_id": self.env.uid,
            "reason": self.env._("The definition changed with an upgrade.")
            if last
            else self.env._("First version."),
        }

    @api.model
    def _definition_text(self, definition):
        """The definition in English: the language in which versions are compared."""
        words = (definition.description, definition.formula)
        return "\n".join(word._translate("en_US") for word in words)
