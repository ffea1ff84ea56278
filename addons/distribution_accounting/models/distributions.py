"""Analytic distributions: {"12,34": 60.0, "13,34": 40.0}, by ids of analytic accounts.

A key has at most one account of each plan; the percentages of each plan add up by
themselves. Functions here know which ids are accounts of branches, nothing else.
"""


def account_ids(key):
    """The ids in one key of a distribution."""
    return [int(part) for part in key.split(",") if part.strip().isdigit()]


def branch_part(distribution, branches):
    """{id of a branch's account: percent} of what a distribution says of branches.

    :param branches: ids of the analytic accounts of branches
    """
    part = {}
    for key, percent in (distribution or {}).items():
        for account in account_ids(key):
            if account in branches:
                part[account] = part.get(account, 0.0) + percent
    return part


def without_branches(distribution, branches):
    """The distribution as the other plans have it."""
    rest = {}
    for key, percent in (distribution or {}).items():
        kept = [str(x) for x in account_ids(key) if x not in branches]
        if kept:
            key = ",".join(kept)
            rest[key] = rest.get(key, 0.0) + percent
    return rest


def with_branches(distribution, part, branches):
    """The distribution with `part` as what it says of branches.

    One that is spread over accounts of another plan to a hundred percent is crossed with
    the branches, so that both can be read together; else they stand side by side.

    :param part: {id of a branch's account: percent}
    """
    rest = without_branches(distribution, branches)
    if not part:
        return rest or False
    plain = {str(account): percent for account, percent in part.items()}
    if not rest:
        return plain
    if abs(sum(rest.values()) - 100.0) > 1e-6 or len(rest) > 1 < len(part):
        return rest | plain
    return {
        f"{key},{account}": percent * share / 100.0
        for key, percent in rest.items()
        for account, share in part.items()
    }
