"""What the rows of the branch P&L are called, and what they open."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.account_account import SECTIONS
from .distribution_branch_pnl import MARGINS, ROWS

MODELS = {
    "account": "account.account",
    "category": "product.category",
    "segment": "res.partner.industry",
    "channel": "crm.team",
}
# A phone shows the cards.
VIEWS = ("list", "kanban", "pivot", "graph")


class DistributionBranchPnl(models.AbstractModel):
    _inherit = "distribution.branch.pnl"

    @api.model
    def _section_labels(self):
        """[(section, its name in the language of the user)], from the top down."""
        ledger = self.env["distribution.branch.ledger"]
        return ledger._fields["section"]._description_selection(self.env)

    @api.model
    def _margin_labels(self):
        return {
            "gross": self.env._("Gross margin"),
            "operating": self.env._("Operating result"),
            "result": self.env._("Result"),
        }

    @api.model
    def _row_names(self, plan, ids):
        """{id: name} of what the rows stand for."""
        # As superuser: names alone, of what the user's own figures are about.
        records = self.env[MODELS[plan.rows]].sudo().with_company(plan.company)
        return {record.id: record.display_name for record in records.browse(ids)}

    @api.model
    def _no_name(self, plan):
        return {
            "account": self.env._("No account"),
            "category": self.env._("No product category"),
            "segment": self.env._("No customer segment"),
            "channel": self.env._("No sales channel"),
        }[plan.rows]

    @api.model
    @api.readonly
    def get_choices(self):
        """What the report can be narrowed to: {option: [[id, name], …]}.

        :raises AccessError: the user has no right to the figures of branches
        """
        self.env["distribution.branch.ledger"].check_access("read")
        companies = self.env.companies
        # As superuser: names alone, which are no secret within the company.
        env = self.sudo().env
        Category, Industry = env["product.category"], env["res.partner.industry"]
        Team = env["crm.team"]
        teams = Team.search([("company_id", "in", [False, *companies.ids])])
        return {
            "company_id": [[company.id, company.name] for company in companies],
            # Tens to hundreds of each, not thousands.
            "category_id": self._named(Category.search([])),  # pylint: disable=no-search-all
            "industry_id": self._named(Industry.search([])),  # pylint: disable=no-search-all
            "team_id": self._named(teams),
        }

    @api.model
    def _named(self, records):
        return [[record.id, record.display_name] for record in records]

    # What a figure opens.

    @api.model
    def open_items(self, options, row, column, part="now"):
        """The action that lists the items behind a figure; they add up to it.

        :param row: key of a row of the report
        :param column: key of one of its columns
        :param part: key of the period: now, before or year
        :raises UserError: the report has no such row, column or period
        """
        plan = self._plan(options)
        periods = [period for period in plan.periods if period.key == part]
        domain, label = self._row_domain(plan, row)
        columns = self._columns(plan.company, self._closed_branches(plan))
        found = [item for item in columns if item["key"] == column]
        if not periods or domain is None or not found:
            raise UserError(
                self.env._("The branch P&L has no such figure any more: load it again.")
            )
        domain &= self._ledger_domain(plan, periods)
        if found[0]["kind"] != "company":
            domain &= Domain("branch_id", "in", found[0]["branches"])
        return {
            "type": "ir.actions.act_window",
            "name": f"{label} · {found[0]['label']} · {periods[0].label}",
            "res_model": "distribution.branch.ledger",
            "view_mode": ",".join(VIEWS),
            "mobile_view_mode": "kanban",
            "views": [(False, view) for view in VIEWS],
            "domain": list(domain),
            "context": {"create": False},
        }

    @api.model
    def _closed_branches(self, plan):
        """Branches that are closed: any of them may have figures."""
        every, _seen = self._branches(plan.company)
        return set(every.filtered(lambda branch: not branch.active).ids)

    @api.model
    def _row_domain(self, plan, key):
        """(domain of the items of a row, its name); (None, "") where there is no such."""
        kind, _sep, rest = key.partition(":")
        labels = dict(self._section_labels())
        if kind == "margin" and rest in MARGINS.values():
            sections = [section for section, _label in SECTIONS]
            last = next(section for section in MARGINS if MARGINS[section] == rest)
            within = sections[: sections.index(last) + 1]
            return Domain("section", "in", within), self._margin_labels()[rest]
        section, _sep, row = rest.partition(":")
        if section not in labels or kind not in ("section", "line"):
            return None, ""
        domain = Domain("section", "=", section)
        if kind == "section":
            return domain, labels[section]
        field = ROWS[plan.rows][0]
        if row == "none":
            return domain & Domain(field, "=", False), self._no_name(plan)
        if not row.isdigit():
            return None, ""
        name = self._row_names(plan, [int(row)])[int(row)]
        return domain & Domain(field, "=", int(row)), name
