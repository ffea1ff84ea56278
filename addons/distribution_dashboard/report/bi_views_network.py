"""Views for external BI: branches, figures, exceptions, profit and loss."""

from odoo.tools import SQL

from .bi_view import BiView


def _kpi_rows(env):
    """The dictionary; names are words of the code, so they come along as values."""
    known = env["distribution.kpi.facts"]._kpi_by_code()
    words = [
        SQL(
            "(%s, %s, %s)",
            code,
            kpi.name._translate("en_US"),
            kpi.formula._translate("en_US"),
        )
        for code, kpi in known.items()
    ]
    names = SQL(", ").join(words or [SQL("(NULL, NULL, NULL)")])
    return SQL(
        "distribution_kpi kpi "
        "LEFT JOIN (VALUES %s) word (code, name, formula) ON word.code = kpi.code",
        names,
    )


def _ledger_rows(env):
    """The profit and loss of the branches, as Odoo's report reads it."""
    return SQL(
        "(%s) item "
        "LEFT JOIN account_account account ON account.id = item.account_id "
        "LEFT JOIN account_move move ON move.id = item.move_id",
        env["distribution.branch.ledger"]._table_query,
    )


BRANCH = BiView(
    "branch",
    "Branches, closed ones too.",
    "distribution_branch branch "
    "LEFT JOIN distribution_region region ON region.id = branch.region_id "
    "LEFT JOIN res_company company ON company.id = branch.company_id",
    (
        ("branch_id", "branch.id", "The key of the branch in all views."),
        ("code", "branch.code", "Its short name."),
        ("name", "branch.name", "Its name."),
        (
            "branch_type",
            "branch.branch_type",
            "central, depot, cross_dock, customer_site, third_party.",
        ),
        ("is_open", "branch.active", "False once it is closed."),
        ("region_id", "branch.region_id", "The region it is part of."),
        ("region", "region.complete_name", "The region and those above, in English."),
        ("company_id", "branch.company_id", "The company it belongs to."),
        ("company", "company.name", "The name of the company."),
    ),
)
KPI = BiView(
    "kpi",
    "The dictionary of KPIs.",
    _kpi_rows,
    (
        ("kpi_id", "kpi.id", "The key of the KPI."),
        ("code", "kpi.code", "Its short name, which never changes."),
        ("name", "COALESCE(word.name, kpi.code)", "Its name, in English."),
        ("formula", "word.formula", "How it is worked out, in English."),
        (
            "theme",
            "kpi.theme",
            "service, backlog, stock, transfer, purchase, warehouse, margin, finance, "
            "control.",
        ),
        (
            "unit",
            "kpi.unit",
            "percent, money, days, hours, count, ratio, per_hour, units.",
        ),
        ("direction", "kpi.direction", "up: more is better; down: less is better."),
        ("kind", "kpi.kind", "flow: of a period; state: at the end of a day."),
        ("state", "kpi.state", "ok, failed, unavailable."),
    ),
    branches=(),
)
KPI_SNAPSHOT = BiView(
    "kpi_snapshot",
    "Daily figures. Add up the rows of one dimension only; the value of several rows "
    "is "
    "scale times the sum of numerators by the sum of denominators. Of a state only "
    "the last "
    "day counts.",
    "distribution_kpi_snapshot snapshot "
    "JOIN distribution_kpi_run run ON run.id = snapshot.run_id AND run.is_current "
    "JOIN distribution_kpi kpi ON kpi.id = snapshot.kpi_id "
    "JOIN distribution_kpi_version version ON version.id = snapshot.version_id",
    (
        ("snapshot_id", "snapshot.id", "The key of the row."),
        ("kpi_id", "snapshot.kpi_id", "The KPI."),
        ("code", "kpi.code", "The short name of the KPI."),
        (
            "version",
            "version.number",
            "The version of the definition it was measured by.",
        ),
        ("day", "snapshot.day", "In the time zone of the company."),
        ("company_id", "snapshot.company_id", "The company."),
        (
            "branch_id",
            "snapshot.branch_id",
            "The branch; empty for what belongs to none.",
        ),
        ("region_id", "snapshot.region_id", "The region of the branch on that day."),
        (
            "dimension",
            "snapshot.dimension",
            "branch, category, segment, channel: what it is split by.",
        ),
        (
            "category_id",
            "snapshot.category_id",
            "The product category, where it is split by it.",
        ),
        (
            "industry_id",
            "snapshot.industry_id",
            "The customer segment, where it is split by it.",
        ),
        ("team_id", "snapshot.team_id", "The sales channel, where it is split by it."),
        ("is_state", "snapshot.is_state", "True: as at the end of the day."),
        ("scale", "snapshot.scale", "100 for percent, else 1."),
        ("numerator", "snapshot.numerator", "What is added up above the line."),
        (
            "denominator",
            "snapshot.denominator",
            "What is added up below the line; empty for a plain sum.",
        ),
        ("value", "snapshot.value", "The figure of this row alone."),
    ),
)
EXCEPTION = BiView(
    "exception",
    "Exceptions, open and closed.",
    "distribution_exception exception "
    "JOIN distribution_exception_rule rule ON rule.id = exception.rule_id",
    (
        ("exception_id", "exception.id", "The key of the exception."),
        ("rule", "rule.name->>'en_US'", "What is wrong, in English."),
        ("severity", "exception.severity", "0 notice, 1 low, 2 high, 3 critical."),
        ("company_id", "exception.company_id", "The company."),
        (
            "branch_id",
            "exception.branch_id",
            "The branch that has to act; empty where the company has to.",
        ),
        ("category_id", "exception.category_id", "The product category."),
        ("partner_id", "exception.partner_id", "The customer or vendor."),
        ("about", "exception.name", "The record by its name."),
        ("cause", "exception.detail", "The cause that was found."),
        ("measure", "exception.measure", "In the unit of the rule, such as days late."),
        ("amount", "exception.amount", "Money at risk, in company currency."),
        ("state", "exception.state", "open or closed."),
        ("opened_at", "exception.opened_at", "When it opened, UTC."),
        ("reopened_count", "exception.reopened_count", "How often it came back."),
        (
            "too_late_at",
            "exception.too_late_at",
            "After it acting no longer helps, UTC.",
        ),
        ("due_at", "exception.due_at", "When somebody should have acted, UTC."),
        ("acknowledged_at", "exception.acknowledged_at", "When somebody took it, UTC."),
        ("escalated_at", "exception.escalated_at", "When it was escalated, UTC."),
        ("closed_at", "exception.closed_at", "When its condition was gone, UTC."),
        ("close_hours", "exception.close_hours", "Hours from opening to closing."),
        ("user_id", "exception.user_id", "Who has to act."),
    ),
)
PNL = BiView(
    "pnl",
    "Posted items of the profit and loss by branch; an item that several branches "
    "share has "
    "a row for each, and they add up to the item.",
    _ledger_rows,
    (
        ("pnl_id", "item.id", "The key of the row."),
        ("date", "item.date", "The accounting date."),
        ("company_id", "item.company_id", "The company."),
        (
            "branch_id",
            "item.branch_id",
            "The branch that earns or bears it; empty where none is named.",
        ),
        ("region_id", "item.region_id", "The region of the branch today."),
        ("section", "item.section", "Where the account stands in the profit and loss."),
        ("account_id", "item.account_id", "The account."),
        ("account", "account.name->>'en_US'", "The name of the account, in English."),
        ("product_id", "item.product_id", "The product."),
        (
            "category_id",
            "item.category_id",
            "The product category when the item was made.",
        ),
        ("partner_id", "item.partner_id", "The customer or vendor."),
        ("industry_id", "item.industry_id", "The customer segment."),
        ("team_id", "item.team_id", "The sales channel."),
        ("entry", "move.name", "The number of the entry."),
        (
            "is_shared",
            "item.is_shared",
            "True for a part of an item that branches share.",
        ),
        (
            "amount",
            "item.amount",
            "What it adds to the profit, in company currency: costs are negative.",
        ),
    ),
)
JOURNAL_ITEM = BiView(
    "journal_item",
    "Posted journal items of all accounts. An item that branches share has no branch "
    "here; "
    "its parts are in pnl.",
    "account_move_line line "
    "JOIN account_move move ON move.id = line.move_id AND move.state = 'posted' "
    "JOIN account_account account ON account.id = line.account_id",
    (
        ("journal_item_id", "line.id", "The key of the item."),
        ("date", "line.date", "The accounting date."),
        ("company_id", "line.company_id", "The company."),
        ("branch_id", "line.branch_id", "The branch."),
        ("entry", "move.name", "The number of the entry."),
        (
            "move_type",
            "move.move_type",
            "entry, out_invoice, out_refund, in_invoice, in_refund, …",
        ),
        ("account_id", "line.account_id", "The account."),
        ("account", "account.name->>'en_US'", "The name of the account, in English."),
        (
            "account_type",
            "account.account_type",
            "The type of the account, as Odoo has it.",
        ),
        ("label", "line.name", "What the item says."),
        ("partner_id", "line.partner_id", "The customer or vendor."),
        ("product_id", "line.product_id", "The product."),
        ("balance", "line.balance", "Debit less credit, in company currency."),
        (
            "residual",
            "line.amount_residual",
            "What is not reconciled, in company currency.",
        ),
        ("due_date", "line.date_maturity", "When it is due."),
    ),
)
VIEWS = (BRANCH, KPI, KPI_SNAPSHOT, EXCEPTION, PNL, JOURNAL_ITEM)
