from collections import defaultdict
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .distribution_branch_balance_item import AGES

# Columns beside those of the branches.
NONE, COMPANY = "none", "company"
MANAGERS = "distribution_base.group_branch_manager"
EVERY_BRANCH = (
    "distribution_base.group_finance_controller",
    "distribution_base.group_auditor",
    "distribution_base.group_administrator",
)


class DistributionBranchBalance(models.AbstractModel):
    """What each branch owns and owes at the end of a day, tied to the accounts.

    Receivables, payables and the stock in the books come of journal items
    (`distribution.branch.balance.item`), stock of its quantities at the company's cost.
    The lines *Accounts* come of the accounts alone, without any branch.
    """

    _name = "distribution.branch.balance"
    _description = "Branch Balance"

    # Rights.

    @api.model
    def _ensure_may_read(self):
        """Refuse whoever neither manages a branch nor keeps or checks the accounts."""
        if not any(self.env.user.has_group(x) for x in (MANAGERS, *EVERY_BRANCH)):
            raise AccessError(
                self.env._(
                    "What branches own and owe is shown to their managers, to finance "
                    "controllers and to auditors."
                )
            )

    @api.model
    def _sees_company(self):
        return not self.env.user.branch_restricted

    # The report.

    @api.model
    def get_report(self, day=None):
        """The report, as the screen, the printed page and the spreadsheet show it.

        :param day: date at the end of which; today by default
        :return: dictionary with `columns` (`id`, `name`, `region`) and `sections` of `rows`
            (`key`, `label`, `values` by column in company currency, `kind` of row), and
            `tied`: whether the branches add up to the accounts
        :raises AccessError: the user is neither a manager nor keeps or checks accounts
        """
        self._ensure_may_read()
        Item = self.env["distribution.branch.balance.item"]
        day = fields.Date.to_date(day) or Item._balance_today()
        figures = self._balance_figures(day)
        lanes = figures.pop("lanes")
        columns = self._balance_columns(figures)
        sections = [
            self._aged_section("receivable", self.env._("Receivables")),
            self._exposure_section(),
            self._aged_section("payable", self.env._("Payables")),
            self._stock_section(lanes),
        ]
        accounts = self._balance_of_accounts(day) if self._sees_company() else {}
        for section in sections:
            self._fill_section(section, figures, columns, accounts)
        rows = [row for section in sections for row in section["rows"]]
        wrong = [row for row in rows if row.get("tie") and any(row["values"].values())]
        currency = self.env.company.currency_id
        return {
            "day": fields.Date.to_string(day),
            "is_today": day >= Item._balance_today(),
            "company": self.env.company.display_name,
            "currency_id": currency.id,
            "digits": currency.decimal_places,
            "columns": columns,
            "sections": sections,
            "sees_company": self._sees_company(),
            "tied": not wrong,
        }

    @api.model
    def _balance_figures(self, day):
        """{row key: {column: amount}}, and under `lanes` {row key: name}."""
        figures = defaultdict(lambda: defaultdict(float))
        Item = self.env["distribution.branch.balance.item"]
        groups = Item.with_context(balance_date=day)._read_group(
            [("company_id", "=", self.env.company.id)],
            ["kind", "age", "branch_id"],
            ["amount:sum"],
        )
        for kind, age, branch, amount in groups:
            aged = kind in ("receivable", "payable")
            key = f"{kind}.{age}" if aged else _ORDER_ROWS.get(kind, kind)
            figures[key][_column(branch.id)] += amount
        figures["lanes"] = self._add_stock(figures, day)
        return figures

    @api.model
    def _add_stock(self, figures, day):
        """Add the value of stock at hand and on lanes; the names of the lanes."""
        # As superuser: the cost of a product is one in all branches, and its value in one
        # branch is a part of that. Only figures of the own branches are kept.
        company = self.env.company.sudo()
        allowed = self.env.user.allowed_branch_ids.ids
        lanes = {}
        values = company._branch_stock_values(at_date=self._end_of(day))
        for places in values.values():
            for (branch, lane), value in places.items():
                if not self._sees_company() and branch not in allowed:
                    continue
                key = f"transit.{lane}" if lane else "stock.hand"
                if lane:
                    lanes[key] = lane
                figures[key][_column(branch)] += value
        names = self.env["distribution.lane"].browse(lanes.values())
        names = names.with_context(active_test=False).sorted("name")
        return {f"transit.{lane.id}": lane.name for lane in names}

    @api.model
    def _end_of(self, day):
        """The last moment of `day` in the time zone of the user; none for today."""
        if day >= self.env["distribution.branch.balance.item"]._balance_today():
            return None
        zone = pytz.timezone(self.env.user.tz or "UTC")
        end = zone.localize(datetime.combine(day, time.max))
        return end.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _balance_columns(self, figures):
        """The branches by region, then what names none, then the company."""
        used = {column for row in figures.values() for column in row}
        Branch = self.env["distribution.branch"].with_context(active_test=False)
        branches = Branch.search([("company_id", "=", self.env.company.id)])
        if not self._sees_company():
            branches &= self.env.user.allowed_branch_ids
        columns = [
            {
                "id": _column(branch.id),
                "name": branch.name,
                "region": branch.region_id.complete_name,
            }
            for branch in branches.sorted(
                lambda x: (x.region_id.complete_name, x.sequence, x.code)
            )
            if branch.active or _column(branch.id) in used
        ]
        if self._sees_company():
            columns += [
                {"id": NONE, "name": self.env._("Unassigned"), "region": ""},
                {"id": COMPANY, "name": self.env._("Company"), "region": ""},
            ]
        return columns

    # Sections: what is in them, then their figures.

    @api.model
    def _aged_section(self, kind, title):
        ages = dict(self._selection_of("age"))
        rows = [
            {"key": f"{kind}.{age}", "label": ages[age], "opens": True}
            for age, _label in AGES
        ]
        total = {
            "key": kind,
            "label": title,
            "sums": [row["key"] for row in rows],
            "opens": True,
        }
        return {
            "key": kind,
            "title": self.env._("%s by age", title),
            "rows": [*rows, total, *self._tie_rows(kind)],
        }

    @api.model
    def _exposure_section(self):
        rows = [
            {
                "key": "exposure.receivable",
                "label": self.env._("Open receivables"),
                "sums": [f"receivable.{age}" for age, _label in AGES],
                "opens": True,
                "plain": True,
            },
            {
                "key": "exposure.delivered",
                "label": self.env._("Delivered, not invoiced"),
                "opens": True,
            },
            {
                "key": "exposure.ordered",
                "label": self.env._("Ordered, not delivered"),
                "opens": True,
            },
        ]
        total = {
            "key": "exposure",
            "label": self.env._("Credit exposure"),
            "sums": [row["key"] for row in rows],
            "opens": True,
        }
        return {
            "key": "exposure",
            "title": self.env._("Credit exposure"),
            "note": self.env._(
                "With taxes, since that is what customers would owe. Orders count as they "
                "stand now: a day in the past shows its receivables alone."
            ),
            "rows": [*rows, total],
        }

    @api.model
    def _stock_section(self, lanes):
        rows = [{"key": "stock.hand", "label": self.env._("At hand"), "opens": True}]
        rows += [
            {"key": key, "label": self.env._("On lane %s", name), "opens": True}
            for key, name in lanes.items()
        ]
        total = {
            "key": "stock.value",
            "label": self.env._("Value of stock"),
            "sums": [row["key"] for row in rows],
        }
        book = {
            "key": "stock",
            "label": self.env._("In the books"),
            "opens": True,
            "plain": True,
        }
        difference = {
            "key": "stock.difference",
            "label": self.env._("Value more than in the books"),
            "minus": ("stock.value", "stock"),
        }
        return {
            "key": "stock",
            "title": self.env._("Stock"),
            "note": self.env._(
                "Goods on a lane are of the sending branch until they arrive. What the "
                "books are behind is posted when the valuation of stock is closed."
            ),
            "rows": [*rows, total, book, difference, *self._tie_rows("stock")],
        }

    @api.model
    def _tie_rows(self, kind):
        if not self._sees_company():
            return []
        return [
            {
                "key": f"{kind}.accounts",
                "label": self.env._("Balance of the accounts"),
                "accounts": kind,
            },
            {
                "key": f"{kind}.tie",
                "label": self.env._("Branches less accounts"),
                "minus": (kind, f"{kind}.accounts"),
                "tie": True,
            },
        ]

    @api.model
    def _fill_section(self, section, figures, columns, accounts):
        """Give the rows of a section their values, by column."""
        names = [column["id"] for column in columns]
        cents = self.env.company.currency_id.round
        done = {key: dict(row) for key, row in figures.items()}
        for row in section["rows"]:
            values = done.get(row["key"], {})
            for part in row.get("sums", ()):
                for name, value in done.get(part, {}).items():
                    values[name] = values.get(name, 0.0) + value
            if "accounts" in row:
                values = {COMPANY: accounts[row["accounts"]]}
            elif "minus" in row:
                values = self._subtract(row, done)
            elif COMPANY in names:
                shown = [value for name, value in values.items() if name != COMPANY]
                values[COMPANY] = sum(shown)
            done[row["key"]] = values
            row["values"] = {name: cents(values.get(name, 0.0)) for name in names}
            if "accounts" in row or row.get("tie"):
                row["values"] = {COMPANY: row["values"][COMPANY]}

    @api.model
    def _subtract(self, row, done):
        whole, part = (done.get(key, {}) for key in row["minus"])
        return {
            name: whole.get(name, 0.0) - part.get(name, 0.0)
            for name in {*whole, *part}
            if not row.get("tie") or name == COMPANY
        }

    @api.model
    def _balance_of_accounts(self, day):
        """What the accounts say of the company: no branch, no due date, no matching.

        :return: {`receivable`, `payable`, `stock`: amount}
        """
        # As the superuser finds them: which accounts these are.
        stock = self.env["distribution.branch.balance.item"]._stock_accounts()
        self.env["account.move.line"].flush_model(["account_id", "balance", "date"])
        query = SQL(
            """SELECT SUM(line.balance) FILTER (
                          WHERE account.account_type = 'asset_receivable'),
                      -SUM(line.balance) FILTER (
                          WHERE account.account_type = 'liability_payable'),
                      SUM(line.balance) FILTER (WHERE account.id IN %(stock)s)
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE line.company_id = %(company)s
                  AND line.parent_state = 'posted'
                  AND line.date <= %(day)s
                  AND (account.account_type IN ('asset_receivable', 'liability_payable')
                       OR account.id IN %(stock)s)""",
            stock=tuple(stock.ids) or (0,),
            company=self.env.company.id,
            day=day,
        )
        [row] = self.env.execute_query(query)
        names = ("receivable", "payable", "stock")
        return {name: float(x or 0.0) for name, x in zip(names, row, strict=True)}

    @api.model
    def _selection_of(self, name):
        field = self.env["distribution.branch.balance.item"]._fields[name]
        return field._description_selection(self.env)


# Rows of the credit exposure that are orders, by their kind of item.
_ORDER_ROWS = {"delivered": "exposure.delivered", "ordered": "exposure.ordered"}


def _column(branch):
    """The column of a branch id."""
    return f"b{branch}" if branch else NONE
