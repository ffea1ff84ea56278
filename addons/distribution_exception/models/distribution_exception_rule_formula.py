import json
import math
from datetime import date, datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .distribution_exception_rule import CUSTOM
from .formula import Formula, FormulaError

# Records whose formulas are worked out together.
BATCH = 2000
FORMULAS = ("measure_expression", "amount_expression", "deadline_expression")
# Where a record says its company, branch, customer, by the name of a field.
LINKS = {
    "company_id": "res.company",
    "branch_id": "distribution.branch",
    "partner_id": "res.partner",
    "user_id": "res.users",
}


class DistributionExceptionRule(models.Model):
    """Rules without code: a filter, and formulas over the fields of what it finds."""

    _inherit = "distribution.exception.rule"

    measure_expression = fields.Char(
        string="Measured",
        help="Formula of the number that is compared with the threshold. Empty: 1.",
    )
    amount_expression = fields.Char(
        string="Money at Risk Is",
        help="Formula of the money at risk, in company currency, such as "
        "amount_total - amount_untaxed. Empty: what is assumed below.",
    )
    deadline_expression = fields.Char(
        string="Too Late",
        help="Formula of the moment after which acting no longer helps, such as "
        "date_order + days(2). Empty: there is no such moment.",
    )

    @api.constrains("model_id", "role_ids", "domain", *FORMULAS)
    def _check_formulas(self):
        for rule in self.filtered("model_id"):
            formulas = rule._formulas if rule.detector == CUSTOM else dict
            try:
                rule._check_readable(
                    {path for one in formulas().values() for path in one.paths}
                    | set(_paths(rule._parsed_filter()))
                )
            except FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "A formula of rule %(rule)s cannot be used: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    def _formulas(self):
        return {name: Formula(self[name]) for name in FORMULAS if self[name]}

    def _check_readable(self, paths):
        """Refuse fields that do not exist, or that not all who are concerned may read.

        :raise ValidationError: naming the field
        """
        for path in sorted(paths):
            model = self.env[self.model]
            for name in path.split("."):
                field = model._fields.get(name) if model is not None else None
                if field is None:
                    raise FormulaError(self.env._("there is no field %s", path))
                self._check_writer_reads(model, field)
                self._check_role_reads(model, field)
                related = field.comodel_name if field.relational else None
                model = self.env[related] if related else None

    def _check_writer_reads(self, model, field):
        """Whoever writes a rule must be able to read the field: it looks as superuser."""
        theirs = model.sudo(False)  # constraints are checked as superuser
        if not (theirs.has_access("read") and theirs._has_field_access(field, "read")):
            raise ValidationError(
                self.env._(
                    "You may not read %(field)s of %(kind)s, so your rule cannot use it.",
                    field=field.get_description(self.env)["string"],
                    kind=model._description,
                )
            )

    def _check_role_reads(self, model, field):
        """Every role must be able to read the field: a rule is not to tell more.

        Who may not read the records themselves, where it looks, sees none of its
        exceptions. But the records that they link to must be readable.
        """
        groups = self.env["res.groups"]._get_group_definitions()
        readers = groups.universe
        if model._name != self.model:
            readers &= self.env["ir.model.access"]._get_access_groups(model._name)
        if field.groups:
            readers &= groups.parse(field.groups, raise_if_not_found=False)
        users = groups.parse("base.group_user")
        for role in self.role_ids:
            if not groups.from_ids(role.ids) & users <= readers:
                raise ValidationError(
                    self.env._(
                        "%(role)s may not read %(field)s of %(kind)s, so a rule for them "
                        "cannot use it.",
                        role=role.name,
                        field=field.get_description(self.env)["string"],
                        kind=model._description,
                    )
                )

    def _query_formulas(self, only, limit):
        """What the filter finds, with its formulas worked out, and where the window ends.

        The ids are searched by SQL; the values of fields come through the ORM, so that
        fields that are computed can be used too.

        :return: two queries: the findings, and the last record looked at (see `_last_sql`)
        """
        model = self.env[
            self.model
        ].sudo()  # readers see what they may: see `_filter_query`
        found = self.env.execute_query(
            SQL(
                "SELECT r.id FROM %s r WHERE %s ORDER BY r.id %s",
                SQL.identifier(model._table),
                only,
                SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )
        ids = [record_id for (record_id,) in found]
        rows = []
        for start in range(0, len(ids), BATCH):
            rows += self._formula_rows(model.browse(ids[start : start + BATCH]))
            model.invalidate_model()
        last = ids[-1] if limit and len(ids) == limit else None
        return (
            SQL(
                """SELECT * FROM jsonb_to_recordset(%s::jsonb) AS d(
                          res_id int, company_id int, label text, measure float8,
                          amount numeric, too_late_at timestamp, branch_id int,
                          partner_id int, user_id int)""",
                json.dumps(rows),
            ),
            SQL("SELECT %s::int AS last", last),
        )

    def _formula_rows(self, records):
        now = fields.Datetime.now()
        formulas = self._formulas()
        links = {
            name: comodel
            for name, comodel in LINKS.items()
            if name in records._fields and records._fields[name].comodel_name == comodel
        }
        rows = []
        for record in records:
            found = {
                name: formula.evaluate(_values(record, formula.paths), now)
                for name, formula in formulas.items()
            }
            rows.append(
                {
                    "res_id": record.id,
                    "label": record.display_name,
                    "measure": _number(found.get("measure_expression", 1)),
                    "amount": _number(found.get("amount_expression", 0)),
                    "too_late_at": self._deadline(found.get("deadline_expression")),
                    **{name: record[name].id or None for name in links},
                }
            )
        return rows

    def _deadline(self, value):
        """A deadline as UTC; a day lasts until its end, in the company's time zone."""
        if not value:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            zone = pytz.timezone(self.env.company.partner_id.tz or "UTC")
            end = datetime.combine(value, datetime.max.time()).replace(microsecond=0)
            value = zone.localize(end).astimezone(pytz.utc).replace(tzinfo=None)
        if not isinstance(value, datetime):
            raise FormulaError(self.env._("the formula of the deadline gives no date"))
        return fields.Datetime.to_string(value)


def _values(record, paths):
    """{path: value}; of a link, whether there is one."""
    values = {}
    for path in paths:
        *steps, last = path.split(".")
        target = record
        for step in steps:
            target = target[step][:1]
        value = target[last] if target else False
        values[path] = bool(value) if hasattr(value, "_name") else value
    return values


def _paths(domain, before=""):
    """The fields that a filter names, in the filters of its links too."""
    for condition in domain.iter_conditions():
        path = before + condition.field_expr
        yield path
        if condition.operator.rstrip("!") in ("any", "not any"):
            yield from _paths(Domain(condition.value), f"{path}.")


def _number(value):
    """A number, where a formula gave one; yes and no count as 1 and 0.

    What it gave instead is not told: the failure of a rule has more readers than records.
    """
    if value is None or value is False:
        return 0
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    raise FormulaError("the formula gives no number")
