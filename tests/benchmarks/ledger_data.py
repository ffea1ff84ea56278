"""A ledger of many journal items, written in SQL: three years of four branches."""

import json

COMPANY = "Benchmark of Branches"
BRANCHES = 4
START = "2024-01-01"
DAYS = 1096
ITEMS_OF_ENTRY = 10
# One item in so many is shared by all branches, and one has none.
SHARED, UNASSIGNED = 200, 100
ACCOUNTS = (
    ("income", 4),
    ("expense_direct_cost", 4),
    ("expense", 10),
    ("income_other", 1),
    ("expense_other", 1),
    ("asset_current", 4),
    ("liability_current", 1),
)

ENTRIES = """
INSERT INTO account_move (
    name, journal_id, company_id, currency_id, state, move_type, auto_post, date,
    branch_id, team_id
)
SELECT 'BENCH/' || n, %(journal)s, %(company)s, %(currency)s, 'posted', 'entry', 'no',
       %(start)s::date + (n * %(days)s::bigint / %(entries)s)::int,
       (%(branches)s::int[])[1 + n %% %(branch_count)s],
       (%(teams)s::int[])[1 + n %% %(team_count)s]
  FROM generate_series(0, %(entries)s - 1) n
RETURNING id
"""
# The items of an entry add up to nothing: every second one takes back the one before.
ITEMS = """
INSERT INTO account_move_line (
    move_id, journal_id, company_id, company_currency_id, currency_id, display_type,
    parent_state, date, name, account_id, partner_id, category_id, branch_id,
    branch_split, analytic_distribution, balance, debit, credit, amount_currency
)
SELECT item.move_id, item.journal_id, item.company_id, item.currency_id,
       item.currency_id, 'product', 'posted', item.date, 'Item', item.account_id,
       item.partner_id, item.category_id,
       CASE WHEN item.is_shared OR item.is_unassigned THEN NULL ELSE item.branch_id END,
       item.is_shared,
       CASE WHEN item.is_shared THEN %(shares)s::jsonb END,
       item.balance, GREATEST(item.balance, 0), GREATEST(-item.balance, 0), item.balance
  FROM (
        SELECT move.id AS move_id, move.journal_id, move.company_id, move.currency_id,
               move.date, move.branch_id,
               (%(accounts)s::int[])[1 + (move.id * 7 + n) %% %(account_count)s]
                   AS account_id,
               (%(partners)s::int[])[1 + move.id %% %(partner_count)s] AS partner_id,
               (%(categories)s::int[])[1 + (move.id + n) %% %(category_count)s]
                   AS category_id,
               (move.id * 10 + n) %% %(shared)s = 0 AS is_shared,
               (move.id * 10 + n) %% %(unassigned)s = 1 AS is_unassigned,
               CASE WHEN n %% 2 = 0 THEN 1 ELSE -1 END
                   * ((move.id * 31 + n / 2 * 17) %% 100000 + 1) / 100.0 AS balance
          FROM account_move move
         CROSS JOIN generate_series(0, %(items)s - 1) n
         WHERE move.company_id = %(company)s
       ) item
"""


def build(env, items):
    """Fill the database with a company that has so many journal items."""
    company = env["res.company"].create({"name": COMPANY})
    env.user.company_ids |= company
    env = env(context={"allowed_company_ids": company.ids})
    values = _records(env, company)
    entries = items // ITEMS_OF_ENTRY
    values |= {
        "company": company.id,
        "currency": company.currency_id.id,
        "start": START,
        "days": DAYS,
        "entries": entries,
        "items": ITEMS_OF_ENTRY,
        "shared": SHARED,
        "unassigned": UNASSIGNED,
    }
    env.flush_all()
    env.cr.execute(ENTRIES, values)
    env.cr.execute(ITEMS, values)
    return company


def _records(env, company):
    """What the items are about, and how many there are of each."""
    branches = _branches(env, company)
    accounts = _accounts(env, company)
    industries = env["res.partner.industry"].create(
        [{"name": f"Segment {n}"} for n in range(8)]
    )
    partners = env["res.partner"].create(
        [
            {"name": f"Customer {n}", "industry_id": industries[n % len(industries)].id}
            for n in range(200)
        ]
    )
    categories = env["product.category"].create(
        [{"name": f"Category {n}"} for n in range(40)]
    )
    teams = env["crm.team"].create([{"name": f"Channel {n}"} for n in range(4)])
    journal = env["account.journal"].create(
        {"name": "Benchmark", "code": "BENCH", "type": "general"}
    )
    shares = (33.33, 33.33, 16.67, 16.67)
    named = branches.mapped("analytic_account_id.id")
    return {
        "journal": journal.id,
        "branches": branches.ids,
        "branch_count": len(branches),
        "accounts": accounts.ids,
        "account_count": len(accounts),
        "partners": partners.ids,
        "partner_count": len(partners),
        "categories": categories.ids,
        "category_count": len(categories),
        "teams": teams.ids,
        "team_count": len(teams),
        "shares": json.dumps(dict(zip(map(str, named), shares, strict=True))),
    }


def _branches(env, company):
    regions = env["distribution.region"].create(
        [
            {"name": name, "code": name[:2].upper(), "company_id": company.id}
            for name in ("Coast", "Inland")
        ]
    )
    return env["distribution.branch"].create(
        [
            {
                "name": f"Branch {n}",
                "code": f"BM{n}",
                "region_id": regions[n % 2].id,
                "company_id": company.id,
            }
            for n in range(BRANCHES)
        ]
    )


def _accounts(env, company):
    numbers = iter(range(900000, 900100))
    return env["account.account"].create(
        [
            {
                "name": f"{kind} {n}",
                "code": str(next(numbers)),
                "account_type": kind,
                "company_ids": [(6, 0, company.ids)],
            }
            for kind, count in ACCOUNTS
            for n in range(count)
        ]
    )
