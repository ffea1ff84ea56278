"""The part of each branch in items that are spread over several, in SQL."""

from odoo.tools import SQL

# Ids of items are below this number, so what is above it is free for their parts.
FIRST_PART = 2**31
MOST_PARTS = 1000

# One row for each branch that the analytic distribution of `line` names: the branch, its
# number in the order of the ids, and the percentages before it, with it and in all. A
# distribution over other plans says a percentage in its keys ("12,34") all the same. An
# item whose branches are not there any more has one row without a branch.
PARTS = SQL(
    """
    LATERAL (
        SELECT part.branch_id,
               ROW_NUMBER() OVER (ORDER BY part.branch_id) AS number,
               SUM(part.percent) OVER (ORDER BY part.branch_id) - part.percent AS low,
               SUM(part.percent) OVER (ORDER BY part.branch_id) AS high,
               SUM(part.percent) OVER () AS total
          FROM (
                SELECT branch.id AS branch_id, SUM(entry.value::numeric) AS percent
                  FROM jsonb_each_text(line.analytic_distribution) entry
                 CROSS JOIN LATERAL regexp_split_to_table(entry.key, ',') account(id)
                  JOIN distribution_branch branch
                    ON branch.analytic_account_id::text = TRIM(account.id)
                   AND branch.company_id = line.company_id
                 GROUP BY branch.id
               ) part
    )
    """
)


def rounded_up_to(percent):
    """What belongs to the branches up to a percentage, in the smallest coin.

    The part of a branch is the difference of two of these, so the parts of an item add up
    to its balance, whatever the percentages are.
    """
    return SQL(
        "ROUND(line.balance * %s / NULLIF(part.total, 0) / currency.rounding) "
        "* currency.rounding",
        percent,
    )


# The whole, where nothing names a branch.
PART_BALANCE = SQL(
    "COALESCE(%s - %s, line.balance)",
    rounded_up_to(SQL("part.high")),
    rounded_up_to(SQL("part.low")),
)
PART_ID = SQL(
    "%s::bigint + line.id::bigint * %s + COALESCE(part.number, 1)",
    FIRST_PART,
    MOST_PARTS,
)


def item_of(row_id):
    """The id of the journal item behind a row of the ledger."""
    if row_id < FIRST_PART:
        return row_id
    return (row_id - FIRST_PART - 1) // MOST_PARTS
