from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

THEMES = [
    ("service", "Service"),
    ("backlog", "Backlog"),
    ("stock", "Stock"),
    ("transfer", "Transfers"),
    ("purchase", "Purchasing"),
    ("warehouse", "Warehouse"),
    ("margin", "Margin"),
    ("finance", "Finance"),
    ("control", "Control"),
]
UNITS = [
    ("percent", "Percent"),
    ("money", "Company currency"),
    ("days", "Days"),
    ("hours", "Hours"),
    ("count", "Count"),
    ("ratio", "Ratio"),
    ("per_hour", "Per hour"),
    ("units", "Units"),
]
# What a customer decides; all else follows from the code and from what was measured.
CHOICES = frozenset({"owner_id", "active", "near_percent", "target_ids"})


class DistributionKpi(models.Model):
    """A KPI as the customer keeps it: the definition is code, the choices are theirs.

    The records follow the definitions of `distribution.kpi.facts` with each install and
    upgrade; nobody adds or deletes one.
    """

    _name = "distribution.kpi"
    _description = "KPI"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(
        required=True, readonly=True, help="The short name, which never changes."
    )
    sequence = fields.Integer(readonly=True)
    active = fields.Boolean(
        default=True, help="An archived KPI is no longer measured; its past is kept."
    )
    name = fields.Char(compute="_compute_words", search="_search_name")
    description = fields.Text(
        string="Definition",
        compute="_compute_words",
        help="What is counted and what is left out.",
    )
    formula = fields.Char(
        compute="_compute_words", help="How the figure is worked out."
    )
    theme = fields.Selection(
        THEMES,
        required=True,
        readonly=True,
        help="The part of the business it measures.",
    )
    unit = fields.Selection(
        UNITS, required=True, readonly=True, help="What the figure is expressed in."
    )
    direction = fields.Selection(
        [("up", "More is better"), ("down", "Less is better")],
        required=True,
        readonly=True,
        help="Whether a figure above or below the target is good.",
    )
    kind = fields.Selection(
        [("flow", "Of a period"), ("state", "At the end of a day")],
        required=True,
        readonly=True,
        help="What happened on the days of a period is added up. What stands at the end of "
        "a day is that of the last day of a period.",
    )
    owner_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Who answers for the figure in the company.",
    )
    near_percent = fields.Float(
        string="Near Within",
        default=5.0,
        help="In percent of the target: a figure that misses its target by no more is near "
        "it.",
    )
    state = fields.Selection(
        [("ok", "Measured"), ("failed", "Failed"), ("unavailable", "Unavailable")],
        required=True,
        default="ok",
        readonly=True,
        help="Failed: the last attempt to measure it ended in an error. Unavailable: what "
        "it measures is not installed.",
    )
    failure = fields.Char(readonly=True, help="Why it is not measured.")
    failed_at = fields.Datetime(readonly=True, help="When measuring it failed first.")
    version_ids = fields.One2many(
        "distribution.kpi.version", "kpi_id", string="Versions"
    )
    version_id = fields.Many2one(
        "distribution.kpi.version",
        string="Version",
        compute="_compute_version_id",
        help="The definition in force today.",
    )
    has_parameters = fields.Boolean(
        compute="_compute_version_id",
        help="Whether there is anything of the definition that can be changed.",
    )
    target_ids = fields.One2many("distribution.kpi.target", "kpi_id", string="Targets")
    run_ids = fields.One2many("distribution.kpi.run", "kpi_id")

    _code_unique = models.Constraint("UNIQUE (code)", "The code of a KPI is unique.")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_words(self):
        known = self.env["distribution.kpi.facts"]._kpi_by_code()
        for kpi in self:
            definition = known.get(kpi.code)
            kpi.name = definition and self._word(definition.name) or kpi.code
            kpi.description = definition and self._word(definition.description)
            kpi.formula = definition and self._word(definition.formula)

    @api.depends("code")
    def _compute_display_name(self):
        for kpi in self:
            kpi.display_name = kpi.name

    @api.depends("version_ids")
    def _compute_version_id(self):
        versions = self._version_on(fields.Date.context_today(self))
        for kpi in self:
            kpi.version_id = versions.get(kpi.id)
            kpi.has_parameters = bool(kpi.version_id.parameters)

    def _search_name(self, operator, value):
        """Names are words of the code, so they are compared here."""
        if operator not in ("ilike", "like", "=", "in"):
            return NotImplemented
        words = {value} if isinstance(value, str) else set(value)
        words = {str(word).lower() for word in words}
        codes = []
        for code, definition in (
            self.env["distribution.kpi.facts"]._kpi_by_code().items()
        ):
            name = self._word(definition.name).lower()
            if operator in ("=", "in"):
                found = name in words
            else:
                found = any(word in name for word in words)
            if found:
                codes.append(code)
        return [("code", "in", codes)]

    def write(self, vals):
        if not self.env.su and set(vals) - CHOICES:
            raise AccessError(
                self.env._(
                    "A KPI is defined by the application. You can choose its owner and its "
                    "targets, how near is near, and whether it is measured; parameters "
                    "change with Change Definition."
                )
            )
        return super().write(vals)

    # Actions.

    def action_open_snapshots(self):
        """The action that shows the daily figures of the KPI."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_kpi.distribution_kpi_snapshot_action"
        )
        name = self.env._("%(kpi)s by branch", kpi=self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "views": [(False, kind) for kind in ("graph", "pivot", "list", "kanban")],
            "domain": [("kpi_id", "=", self.id)],
            "context": {
                "search_default_recent": 1,
                "graph_groupbys": ["day:week", "branch_id"],
            },
            "path": False,
        }

    def action_change_definition(self):
        """The dialog that changes parameters of the KPI."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_kpi.distribution_kpi_change_action"
        )
        return {**action, "context": {"default_kpi_id": self.id}}

    def action_open_current(self):
        """The records behind the figure that the list shows."""
        self.ensure_one()
        return self.action_open_items(*self._current_days())

    def action_open_items(self, day_from, day_to, branch_ids=None, domain=None):
        """The records behind a figure: those whose sum it is.

        :param day_from, day_to: the days of the figure, included
        :param branch_ids: only of these branches; all that the user may see without
        :param domain: what else narrows them, on fields of the items
        :return: action on `distribution.kpi.item`
        """
        self.ensure_one()
        self.check_access("read")
        day_from, day_to = map(fields.Date.to_date, (day_from, day_to))
        # A figure knows no day that was not measured, such as today.
        day_to = self._last_day(day_to) or day_to
        if self.kind == "state":
            day_from = day_to
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_kpi.distribution_kpi_item_action"
        )
        branches = [("branch_id", "in", list(branch_ids))] if branch_ids else []
        name = self.env._("Records behind %(kpi)s", kpi=self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": branches + list(domain or []),
            "context": {
                "kpi_code": self.code,
                "kpi_from": fields.Date.to_string(day_from),
                "kpi_to": fields.Date.to_string(day_to),
            },
            "path": False,
        }

    def _last_day(self, day):
        """The last day until `day` that was measured; None without any."""
        [(last,)] = self.env["distribution.kpi.run"]._read_group(
            [("kpi_id", "=", self.id), ("is_current", "=", True), ("day", "<=", day)],
            aggregates=["day:max"],
        )
        return last

    # The dictionary.

    @api.model
    def _word(self, text):
        """A lazily translated word in the language of the user."""
        return text._translate(self.env.lang or "en_US")

    @api.model
    def _definition(self, code):
        """The `Kpi` of that code; None where no addon defines it any more."""
        return self.env["distribution.kpi.facts"]._kpi_by_code().get(code)

    @api.model
    def _sync_dictionary(self):
        """Bring the records in line with the definitions; what a customer chose stays."""
        known = self.env["distribution.kpi.facts"]._kpi_by_code()
        # As superuser: it runs with each install and upgrade, for nobody.
        everything = self.sudo().with_context(active_test=False)
        existing = {kpi.code: kpi for kpi in everything.search([("code", "!=", False)])}
        values = {
            code: self._prepare_kpi_values(definition, sequence)
            for sequence, (code, definition) in enumerate(known.items())
        }
        everything.create(
            [vals for code, vals in values.items() if code not in existing]
        )
        for code, kpi in existing.items():
            kpi._write_changed(values.get(code, {}))
        everything.search([("code", "!=", False)])._sync_states()
        self.env["distribution.kpi.version"]._sync_versions(known)

    @api.model
    def _prepare_kpi_values(self, definition, sequence):
        return {
            "code": definition.code,
            "sequence": sequence,
            "theme": definition.theme,
            "unit": definition.unit,
            "direction": definition.direction,
            "kind": definition.kind,
        }

    def _write_changed(self, values):
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)

    def _sync_states(self):
        """Say which cannot be measured at all; what failed stays so until it is measured."""
        for kpi in self:
            reason = kpi._why_unavailable()
            if reason:
                kpi._mark("unavailable", reason)
            elif kpi.state == "unavailable":
                kpi._mark("ok")

    def _why_unavailable(self):
        """Why nothing of this installation can be measured; None if it can."""
        definition = self._definition(self.code)
        if not definition:
            return self.env._("No installed addon defines this KPI any more.")
        missing = [name for name in definition.needs if name not in self.env]
        if missing:
            return self.env._(
                "What it measures comes with an addon that is not installed: %(kinds)s.",
                # The last word of a model's name: nothing here knows its description.
                kinds=", ".join(name.split(".")[-1] for name in missing),
            )
        return None

    def _mark(self, state, failure=False):
        self.ensure_one()
        failed_at = False
        if state == "failed":
            failed_at = self.failed_at or fields.Datetime.now()
        # As superuser: whoever measures has no right to change the dictionary.
        self.sudo()._write_changed(
            {"state": state, "failure": failure, "failed_at": failed_at}
        )

    def _version_on(self, day):
        """{kpi id: version} in force on a day."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (kpi_id) kpi_id, id
                     FROM distribution_kpi_version
                    WHERE kpi_id IN %s AND valid_from <= %s
                    ORDER BY kpi_id, valid_from DESC, number DESC""",
                tuple(self.ids) or (0,),
                day,
            )
        )
        Version = self.env["distribution.kpi.version"]
        return {kpi: Version.browse(version) for kpi, version in rows}
