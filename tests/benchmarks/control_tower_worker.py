"""One Odoo on the database with the traffic: writes it, sweeps, measures KPIs, paints.

What was measured is answered on standard output by one line of JSON each. What Odoo prints
goes to standard error.
"""

import argparse
import json
import os
import resource
import time
from datetime import date

import ledger_data
import traffic_data
from worker import RolledBack, load_registry

DAY = date(2026, 11, 19)
EXCEPTION, RULE = "distribution.exception", "distribution.exception.rule"


def timed(env, work):
    """Seconds and queries of a piece of work, and what it answered."""
    before = env.cr.sql_log_count
    start = time.perf_counter()
    answer = work()
    env.cr.flush()
    return time.perf_counter() - start, env.cr.sql_log_count - before, answer


def sweep(env):
    """Each rule once, in its windows."""
    total = 0.0
    for rule in env[RULE].search([]):
        seconds, queries, windows = timed(
            env, lambda rule=rule: list(rule._sweep_windows())
        )
        total += seconds
        yield {
            "kind": "rule",
            "name": rule.detector,
            "seconds": seconds,
            "queries": queries,
            "windows": len(windows),
            "found": sum(window.found for window in windows if window),
            "failed": rule.failure or "",
        }
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield {"kind": "sweep", "seconds": total, "megabytes": megabytes}


def again(env):
    """A second sweep, of which nothing changes; and rechecks of one record each."""
    seconds, queries, _done = timed(
        env, lambda: [list(rule._sweep_windows()) for rule in env[RULE].search([])]
    )
    yield {"kind": "second sweep", "seconds": seconds, "queries": queries}
    for model in sorted(env[RULE]._watched()):
        found = env[EXCEPTION].search([("res_model", "=", model)], limit=1)
        ids = found.mapped("res_id") or env[model].search([], limit=1).ids
        env["distribution.exception.recheck"]._ask(model, ids)
        env.cr.precommit.run()
        env["distribution.exception.recheck"]._take_batch()  # warm
        env["distribution.exception.recheck"]._ask(model, ids)
        env.cr.precommit.run()
        seconds, queries, _done = timed(
            env, env["distribution.exception.recheck"]._take_batch
        )
        yield {"kind": "recheck", "name": model, "seconds": seconds, "queries": queries}


def snapshots(env):
    """The figures of one day, all and each."""
    total = 0.0
    for kpi in env["distribution.kpi"].search([]):
        seconds, queries, _done = timed(
            env, lambda kpi=kpi: kpi._take_snapshots(DAY, kpis=kpi)
        )
        total += seconds
        yield {
            "kind": "kpi",
            "name": kpi.code,
            "seconds": seconds,
            "queries": queries,
            "failed": kpi.failure or "",
        }
    yield {"kind": "snapshots", "seconds": total}


def boards(env):
    """Each board as the administrator sees it, cold and warm."""
    Board = env["distribution.board"]
    filters = {"period": "month"}
    for board in Board.search([]):
        env.invalidate_all()

        def paint(code=board.code):
            return Board.get_board(code, filters)

        cold, queries, _answer = timed(env, paint)
        warm, _queries, answer = timed(env, paint)
        yield {
            "kind": "board",
            "name": board.code,
            "cold": cold,
            "seconds": warm,
            "queries": queries,
            "bytes": len(json.dumps(answer, default=str)),
        }


def drills(env):
    """The first page of the records behind each figure, as the screen asks for it."""
    Kpi, Item = env["distribution.kpi"], env["distribution.kpi.item"]
    names = ("day", "label", "branch_id", "numerator", "denominator", "value", "unit")
    for kpi in Kpi.search([("state", "=", "ok")]):
        action = kpi.action_open_items(DAY, DAY)
        items = Item.with_user(_manager(env)).with_context(action["context"])
        env.invalidate_all()
        seconds, queries, page = timed(
            env,
            lambda items=items, domain=action["domain"]: items.web_search_read(
                domain, dict.fromkeys(names, {}), limit=80, count_limit=10001
            ),
        )
        yield {
            "kind": "drill-down",
            "name": kpi.code,
            "seconds": seconds,
            "queries": queries,
            "found": page["length"],
        }


def _manager(env):
    """A manager whose rights are those of two branches, made with the first question."""
    users = env["res.users"].with_context(no_reset_password=True)
    branches = env["distribution.branch"].search(
        [("company_id", "=", env.company.id)], limit=2
    )
    return users.search([("login", "=", "drill")]) or users.create(
        {
            "name": "Manager of two branches",
            "login": "drill",
            "company_id": env.company.id,
            "company_ids": env.company.ids,
            "group_ids": env.ref("distribution_base.group_branch_manager").ids,
            "branch_ids": branches.ids,
        }
    )


def main():
    """Build where the sizes are told, else measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config")
    parser.add_argument("database")
    parser.add_argument("--build", nargs=3, type=int)
    arguments = parser.parse_args()
    # The answers keep the real output; anything else that is printed joins the log.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    registry = load_registry(arguments.config, arguments.database)
    with RolledBack(registry) as env:
        if arguments.build:
            traffic_data.build(env, *arguments.build)
            env.cr.commit()
            return
        company = env["res.company"].search([("name", "=", ledger_data.COMPANY)])
        env = env(
            context={"allowed_company_ids": company.ids, "tracking_disable": True}
        )
        for measure in (sweep, again, snapshots, boards, drills):
            for result in measure(env):
                print(json.dumps(result), file=answers, flush=True)


if __name__ == "__main__":
    main()
