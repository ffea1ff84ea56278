from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .distribution_branch_pnl_periods import COMPARISONS, PERIODS

Plan = namedtuple("Plan", "company periods rows filters options")
# What a row below a section can be: (column of the ledger, where the journal item has it).
ROWS = {
    "account": ("account_id", SQL("line.account_id")),
    "category": ("category_id", SQL("line.category_id")),
    "segment": ("industry_id", SQL("partner.industry_id")),
    "channel": ("team_id", SQL("move.team_id")),
}
FILTERS = ("category_id", "industry_id", "team_id")
# Results that are drawn after a section: what all sections up to it come to.
MARGINS = {"interbranch": "gross", "overhead": "operating", "other": "result"}


class DistributionBranchPnl(models.AbstractModel):
    """The profit and loss of branches beside each other, and what ties them together.

    Figures of branches come from the ledger of branches, which has the record rules of
    who asks. Those of the company are asked of the journal items a second time, without
    branches, so that the tie-out proves something; only who sees every branch has them.
    """

    _inherit = "distribution.branch.pnl"

    # Options.

    @api.model
    def _read_options(self, options):
        """The options with everything they leave open; what is unknown falls back."""
        given = options or {}
        wide = self._sees_company()
        values = {
            "period": "this_month",
            "compare": [] if wide else list(COMPARISONS),
            "change": not wide,
            "rows": "account",
            "date_from": False,
            "date_to": False,
            "company_id": self.env.company.id,
            **dict.fromkeys(FILTERS, False),
        }
        values.update({key: given[key] for key in values if key in given})
        if values["period"] not in PERIODS or values["rows"] not in ROWS:
            raise UserError(
                self.env._("The branch P&L knows no such period or no such rows.")
            )
        compare = values["compare"] or []
        values["compare"] = [key for key in COMPARISONS if key in compare]
        for key in FILTERS:
            values[key] = int(values[key] or 0) or False
        return values

    @api.model
    def _plan(self, options):
        """What is asked, checked.

        :raises AccessError: the user may not see the ledger of branches, or works in
            another company
        """
        self.env["distribution.branch.ledger"].check_access("read")
        options = self._read_options(options)
        company = self.env["res.company"].browse(int(options["company_id"] or 0))
        if company not in self.env.companies:
            raise AccessError(
                self.env._("Choose a company that you work in for the branch P&L.")
            )
        periods = self._periods(options, company)
        filters = {key: [options[key]] for key in FILTERS if options[key]}
        if "category_id" in filters:
            category = self.env["product.category"]
            below = category.search([("id", "child_of", filters["category_id"])])
            filters["category_id"] = below.ids
        return Plan(company, periods, options["rows"], filters, options)

    # Figures.

    @api.model
    def _ledger_domain(self, plan, periods):
        """What of the ledger the figures are made of."""
        ranges = Domain.OR(
            [("date", ">=", str(period.start)), ("date", "<=", str(period.stop))]
            for period in periods
        )
        domain = Domain("company_id", "=", plan.company.id) & ranges
        if len(periods) > 1:
            # The database finds a range of dates in its index, but not several.
            domain &= Domain("date", ">=", str(min(period.start for period in periods)))
            domain &= Domain("date", "<=", str(max(period.stop for period in periods)))
        for name, ids in plan.filters.items():
            domain &= Domain(name, "in", ids)
        return domain

    @api.model
    def _sums(self, plan, amount, date):
        """Columns of SQL: the sum of `amount` in each of the periods."""
        return [
            SQL(
                "SUM(%s) FILTER (WHERE %s BETWEEN %s AND %s)",
                amount,
                date,
                period.start,
                period.stop,
            )
            for period in plan.periods
        ]

    @api.model
    def _of_branches(self, plan):
        """{(section, row, branch): sums by period}: all that the user sees."""
        Ledger = self.env["distribution.branch.ledger"]
        query = Ledger._search(self._ledger_domain(plan, plan.periods))
        if query.is_empty():
            return {}
        names = ("section", ROWS[plan.rows][0], "branch_id")
        keys = [SQL.identifier(query.table, name) for name in names]
        sums = self._sums(
            plan,
            SQL.identifier(query.table, "amount"),
            SQL.identifier(query.table, "date"),
        )
        query.groupby = SQL(", ").join(keys)
        return self._by_key(query.select(*keys, *sums), len(keys))

    @api.model
    def _of_company(self, plan):
        """{(section, row): sums by period}, of the journal items without their branches."""
        keys = [SQL("COALESCE(account.branch_section, 'other')"), ROWS[plan.rows][1]]
        sums = self._sums(plan, SQL("-line.balance"), SQL("line.date"))
        columns = {
            "category_id": SQL("line.category_id"),
            "industry_id": SQL("partner.industry_id"),
            "team_id": SQL("move.team_id"),
        }
        where = [
            SQL("%s = ANY(%s)", columns[name], ids)
            for name, ids in plan.filters.items()
        ]
        query = SQL(
            "SELECT %(columns)s FROM account_move_line line "
            "JOIN account_account account ON account.id = line.account_id "
            "LEFT JOIN account_move move ON move.id = line.move_id "
            "LEFT JOIN res_partner partner ON partner.id = line.partner_id "
            "WHERE line.parent_state = 'posted' AND line.company_id = %(company)s "
            "AND line.date BETWEEN %(start)s AND %(stop)s "
            "AND account.account_type ~ '^(income|expense)' %(where)s "
            "GROUP BY %(keys)s",
            columns=SQL(", ").join([*keys, *sums]),
            company=plan.company.id,
            start=min(period.start for period in plan.periods),
            stop=max(period.stop for period in plan.periods),
            where=SQL(" ").join(SQL("AND %s", item) for item in where),
            keys=SQL(", ").join(keys),
        )
        return self._by_key(query, len(keys))

    @api.model
    def _flush(self):
        """Have in the database what the figures are made of."""
        for model, names in self.env["distribution.branch.ledger"]._depends.items():
            self.env[model].flush_model(names)

    @api.model
    def _by_key(self, query, width):
        """{key of `width` values: sums}; what is nil in every period is left out."""
        rows = self.env.execute_query(query)
        result = {}
        for row in rows:
            sums = [float(value or 0) for value in row[width:]]
            if any(sums):
                result[tuple(row[:width])] = sums
        return result

    # The report.

    @api.model
    @api.readonly
    def get_report(self, options=None):
        """The branch P&L for the options, ready to be drawn.

        :param options: `period` (this_month, last_month, …, custom with `date_from` and
            `date_to`), `compare` (before, year), `change` (also in percent), `rows`
            (account, category, segment, channel), `category_id`, `industry_id`,
            `team_id`, `company_id`; all of them may be left out
        :return: `columns`, `parts` of each column, `rows` with `cells` {column: a value
            for each part} in company currency (income positive), `tie` (None for who does
            not see the company)
        :raises AccessError: the user has no right to the figures of branches
        :raises UserError: options that cannot be understood
        """
        plan = self._plan(options)
        self._flush()
        by_branch = self._of_branches(plan)
        full = self._sees_company()
        by_company = self._of_company(plan) if full else {}
        columns = self._columns(plan.company, {key[2] for key in by_branch})
        table = self._grid(plan, columns, by_branch, by_company)
        return {
            "options": plan.options,
            "company": plan.company.name,
            "currency": plan.company.currency_id.name,
            "decimals": plan.company.currency_id.decimal_places,
            "period": plan.periods[0].label,
            "columns": columns,
            "parts": self._parts(plan),
            "rows": self._rows(plan, columns, table),
            "tie": self._tie(plan, columns, table) if full else None,
            "is_empty": not by_branch and not by_company,
            "printed": fields.Datetime.context_timestamp(
                self, fields.Datetime.now()
            ).strftime("%Y-%m-%d %H:%M"),
        }

    @api.model
    def _parts(self, plan):
        """What each column is divided into: amounts, and their change in percent."""
        parts = []
        for period in plan.periods:
            dates = {"start": str(period.start), "stop": str(period.stop)}
            parts.append(
                {"key": period.key, "kind": "amount", "label": period.label, **dates}
            )
            if period.key != "now" and plan.options["change"]:
                key = f"{period.key}_change"
                label = self.env._("Change %")
                parts.append({"key": key, "kind": "change", "label": label})
        return parts

    @api.model
    def _grid(self, plan, columns, by_branch, by_company):
        """{(section, row): {column: sums by period}}."""
        nil = [0.0] * len(plan.periods)
        branches = {}
        for (section, row, branch), sums in by_branch.items():
            branches.setdefault((section, row), {})[branch or False] = sums
        table = {}
        for key in {*branches, *by_company}:
            own = branches.get(key, {})
            cells = table[key] = {}
            for item in columns:
                if item["kind"] == "company":
                    cells[item["key"]] = by_company.get(key, nil)
                else:
                    mine = [own[x] for x in item["branches"] if x in own]
                    cells[item["key"]] = [
                        sum(x) for x in zip(*mine, strict=False)
                    ] or nil
        return table

    @api.model
    def _rows(self, plan, columns, table):
        """Sections with what is in them, and the results between them."""
        names = self._row_names(plan, {row for _section, row in table if row})
        running = self._nothing(plan, columns)
        rows = []
        for section, label in self._section_labels():
            lines = {row: cells for (of, row), cells in table.items() if of == section}
            total = self._added(self._nothing(plan, columns), lines.values())
            running = self._added(running, [total])
            if lines:
                key = f"section:{section}"
                rows.append(self._row(plan, key, "section", label, total))
            for row in sorted(lines, key=lambda row: (not row, names.get(row, ""))):
                key = f"line:{section}:{row or 'none'}"
                name = names[row] if row else self._no_name(plan)
                line = self._row(plan, key, "line", name, lines[row])
                rows.append({**line, "section": f"section:{section}"})
            if section == "sales":
                sales = total
            if section in MARGINS:
                rows += self._margin_rows(plan, MARGINS[section], running, sales)
        return rows

    @api.model
    def _margin_rows(self, plan, margin, cells, sales):
        """A result, and what it is of the sales of the same column and period."""
        row = self._row(
            plan, f"margin:{margin}", "margin", self._margin_labels()[margin], cells
        )
        ratios = {
            column: [
                100.0 * value / base if plan.company.currency_id.round(base) else None
                for value, base in zip(values, sales[column], strict=True)
            ]
            for column, values in cells.items()
        }
        label = self.env._("% of sales")
        kinds = [part["kind"] for part in self._parts(plan)]
        for key, values in ratios.items():
            values = iter(values)
            ratios[key] = [next(values) if x == "amount" else None for x in kinds]
        ratio = {"key": f"ratio:{margin}", "kind": "ratio", "label": label}
        return [row, {**ratio, "cells": ratios}]

    @api.model
    def _row(self, plan, key, kind, label, cells):
        flat = {column: self._parted(plan, sums) for column, sums in cells.items()}
        return {"key": key, "kind": kind, "label": label, "cells": flat}

    @api.model
    def _parted(self, plan, sums):
        """The value of each part: amounts in the smallest coin, changes in percent."""
        currency = plan.company.currency_id
        now, *others = [currency.round(value) + 0.0 for value in sums]
        values = [now]
        for other in others:
            values.append(other)
            if plan.options["change"]:
                change = 100.0 * (now - other) / abs(other) if other else None
                values.append(change)
        return values

    @api.model
    def _nothing(self, plan, columns):
        return {item["key"]: [0.0] * len(plan.periods) for item in columns}

    @api.model
    def _added(self, base, tables):
        """Tables {column: sums} added up."""
        result = base
        for cells in tables:
            result = {
                column: [a + b for a, b in zip(sums, cells[column], strict=True)]
                for column, sums in result.items()
            }
        return result

    @api.model
    def _tie(self, plan, columns, table):
        """What the company has by its journal items, less what the branches come to.

        It ties when every row does: two differences do not make up for each other.
        """
        currency = plan.company.currency_id
        single = [x["key"] for x in columns if x["kind"] in ("branch", "unassigned")]
        rows, is_tied = [], True
        for number, period in enumerate(plan.periods):
            company = branches = 0.0
            for cells in table.values():
                whole = cells["company"][number]
                parts = sum(cells[key][number] for key in single)
                is_tied &= currency.is_zero(whole - parts)
                company, branches = company + whole, branches + parts
            rows.append(
                {
                    "label": period.label,
                    "company": currency.round(company) + 0.0,
                    "branches": currency.round(branches) + 0.0,
                    "difference": currency.round(company - branches) + 0.0,
                }
            )
        return {"is_tied": is_tied, "rows": rows}
