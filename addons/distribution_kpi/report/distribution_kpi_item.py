from datetime import date
from zlib import crc32

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.distribution_kpi import UNITS
from ..models.distribution_kpi_version import ALWAYS
from ..models.kpi import Period

# No later day is looked at, whatever the context says.
LAST_DAY = date(2999, 12, 31)

NOTHING = SQL(
    """SELECT NULL::date AS day, NULL::integer AS company_id, NULL::integer AS branch_id,
              NULL::integer AS category_id, NULL::integer AS industry_id,
              NULL::integer AS team_id, NULL::integer AS res_id, NULL::text AS label,
              NULL::numeric AS numerator, NULL::numeric AS denominator
        WHERE FALSE"""
)


class DistributionKpiItem(models.Model):
    """The records behind a figure: the facts whose sum it is.

    They are worked out anew by the query that measures, for the KPI and the days of the
    context: `kpi_code`, `kpi_from`, `kpi_to` and, for a definition other than the one
    that the days were measured by, the id `kpi_version`. Without them there are none.

    A record that the user may not read is counted, and neither named nor opened: the rows
    add up to the figure for everybody who sees it.
    """

    _name = "distribution.kpi.item"
    _description = "Record Behind a KPI"
    _inherit = ["distribution.kpi.ratio.mixin"]
    _auto = False
    _order = "day desc, id"
    _rec_name = "label"

    company_id = fields.Many2one("res.company", readonly=True)
    branch_id = fields.Many2one("distribution.branch", readonly=True)
    region_id = fields.Many2one("distribution.region", readonly=True)
    category_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        string="Customer Segment",
        readonly=True,
        help="The industry of the customer.",
    )
    team_id = fields.Many2one("crm.team", string="Sales Channel", readonly=True)
    label = fields.Char(string="Record", readonly=True)
    unit = fields.Selection(UNITS, readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        string="Record Number", model_field="res_model", readonly=True, aggregator=None
    )

    @property
    def _table_query(self):
        kpi, facts = self._item_facts()
        definition = kpi and kpi._definition(kpi.code)
        return SQL(
            """WITH fact AS MATERIALIZED (%(facts)s),
                    seen AS MATERIALIZED (
                        SELECT fact.*, %(is_readable)s AS is_readable FROM fact)
               SELECT %(base)s::bigint + ROW_NUMBER() OVER (
                          ORDER BY fact.day, fact.branch_id, fact.res_id, fact.label,
                                   fact.category_id, fact.numerator) AS id,
                      %(kpi)s::integer AS kpi_id, %(is_state)s AS is_state,
                      %(scale)s::numeric AS scale, %(unit)s AS unit,
                      %(model)s AS res_model,
                      fact.day, fact.company_id, fact.branch_id, branch.region_id,
                      fact.category_id, fact.industry_id, fact.team_id,
                      CASE WHEN fact.is_readable THEN fact.res_id END AS res_id,
                      CASE WHEN fact.is_readable THEN fact.label END AS label,
                      fact.numerator, fact.denominator,
                      %(scale)s * CASE WHEN fact.denominator IS NULL THEN fact.numerator
                           ELSE fact.numerator / NULLIF(fact.denominator, 0)
                      END AS value
                 FROM seen fact
            LEFT JOIN distribution_branch branch ON branch.id = fact.branch_id""",
            base=self._item_base(),
            kpi=kpi.id or None,
            is_state=bool(definition) and definition.kind == "state",
            scale=definition.scale if definition else 1,
            unit=kpi.unit or None,
            model=definition.model if definition else "",
            facts=facts,
            is_readable=self._item_readable(definition),
        )

    @api.model
    def _item_readable(self, definition):
        """The condition that the user may read the record of a fact, as `SQL`."""
        if not definition or self.env.su:
            return SQL("TRUE")
        records = self.env[definition.model]
        if not records.has_access("read"):
            return SQL("FALSE")
        query = records._search([], active_test=False)
        if not query.where_clause:  # no record rule
            return SQL("TRUE")
        # The rules are asked of these records alone, by an array: PostgreSQL takes the
        # facts for a handful, and would loop over what it should look up in a hash.
        query.add_where(
            SQL(
                "%s = ANY(ARRAY(SELECT given.res_id FROM fact given))",
                SQL.identifier(query.table, "id"),
            )
        )
        return SQL("(fact.res_id IS NULL OR fact.res_id IN %s)", query.subselect())

    @api.model
    def _item_base(self):
        """Where the ids begin: elsewhere for another KPI, other days or other companies.

        Rows of different figures are then different records, also in one transaction.
        """
        keys = ("kpi_code", "kpi_from", "kpi_to", "kpi_version")
        asked = [self.env.context.get(key) for key in keys]
        words = repr((asked, self.env.companies.ids)).encode()
        return (crc32(words) % 2**20) * 10**9

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # All columns with the page: for each that is missing, as those of the record rules,
        # the facts would be worked out once more.
        names = None if field_names else field_names
        return super().search_fetch(domain, names, offset, limit, order)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # The queries read tables that may have unwritten changes.
        self.env.flush_all()
        if order == self._order:  # none was asked for, and this is no count
            order = self._item_order()
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _item_order(self):
        """What spoils the figure first: misses of a share, else the greatest part."""
        code = str(self.env.context.get("kpi_code"))
        definition = self.env["distribution.kpi"]._definition(code)
        is_share = definition and definition.unit == "percent"
        if is_share and definition.direction == "up":
            return f"value, {self._order}"
        return f"value desc nulls last, {self._order}"

    @api.model
    def _item_facts(self):
        """(KPI, the facts of the days and companies that are asked for, as `SQL`)."""
        # As superuser: who may read items is asked already, and rules narrow the rows.
        kpi = self.env["distribution.kpi"].sudo().with_context(active_test=False)
        code = self.env.context.get("kpi_code")
        kpi = kpi.search([("code", "=", isinstance(code, str) and code)])
        first, last = self._item_days()
        if not kpi or not first or not last or kpi._why_unavailable():
            return kpi.browse(), NOTHING
        if kpi.kind == "state":
            first = last
        queries = [
            kpi._facts(Period(start, end, zone, members, kpi._parameters(version)))
            for zone, members in kpi._company_zones(self.env.companies).items()
            for version, start, end in self._item_versions(kpi, first, last, members)
        ]
        return kpi, SQL(" UNION ALL ").join(queries) if queries else NOTHING

    @api.model
    def _item_days(self):
        """The first and the last day of the context; None where these are no days."""
        asked = (self.env.context.get(key) for key in ("kpi_from", "kpi_to"))
        try:
            first, last = map(fields.Date.to_date, asked)
        except (TypeError, ValueError):
            return None, None
        # Before the first version there is no definition to measure by.
        return first and max(first, ALWAYS), last and min(last, LAST_DAY)

    @api.model
    def _item_versions(self, kpi, first, last, company_ids):
        """(version, first day, last day) by which each part of the days is measured.

        It is the definition by which a day was measured, else the one in force on it.
        """
        wanted = self.env.context.get("kpi_version")
        Version = kpi.env["distribution.kpi.version"]
        if wanted:
            version = kpi.version_ids.filtered(lambda one: one.id == wanted)
            return [(version, first, last)] if version else []
        rows = self.env.execute_query(
            SQL(
                """SELECT day::date, COALESCE(
                          (SELECT MAX(run.version_id) FROM distribution_kpi_run run
                            WHERE run.kpi_id = %(kpi)s AND run.day = days.day
                              AND run.is_current AND run.company_id IN %(companies)s),
                          (SELECT version.id FROM distribution_kpi_version version
                            WHERE version.kpi_id = %(kpi)s
                              AND version.valid_from <= days.day
                            ORDER BY version.valid_from DESC, version.number DESC
                            LIMIT 1))
                     FROM GENERATE_SERIES(%(first)s::date, %(last)s::date, '1 day')
                          AS days (day)
                    ORDER BY 1""",
                kpi=kpi.id,
                companies=company_ids,
                first=first,
                last=last,
            )
        )
        parts = []
        for day, version in rows:
            version = Version.browse(version or [])
            if parts and parts[-1][0] == version:
                parts[-1] = (version, parts[-1][1], day)
            else:
                parts.append((version, day, day))
        return [part for part in parts if part[0]]

    def action_open_record(self):
        """Open the record that the row is about.

        :raise AccessError: where the user may not read it
        """
        self.ensure_one()
        if not self.res_id:
            raise AccessError(
                self.env._(
                    "This counts in the figure, but you may not read the record."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
