"""One Odoo on the database with the items: writes them, or asks for the branch P&L.

Each question is answered on standard output by one line of JSON. What Odoo prints goes to
standard error.
"""

import argparse
import json
import os
import time

import ledger_data
from worker import RolledBack, load_registry

REPETITIONS = 3
MONTH = {"period": "custom", "date_from": "2026-10-01", "date_to": "2026-10-31"}
YEAR = {"period": "custom", "date_from": "2026-01-01", "date_to": "2026-12-31"}
BOTH = {"compare": ["before", "year"], "change": True}
QUESTIONS = {
    "first page: a month": MONTH,
    "a month, compared twice": {**MONTH, **BOTH},
    "a year": YEAR,
    "a year, compared twice": {**YEAR, **BOTH},
    "a year by category": {**YEAR, "rows": "category"},
    "a year by segment": {**YEAR, "rows": "segment"},
    "a year by channel": {**YEAR, "rows": "channel"},
}


def measure(registry, label, options):
    """The best of some runs, each with empty caches of records."""
    seconds, counts = [], []
    for _number in range(REPETITIONS):
        with RolledBack(registry) as env:
            company = env["res.company"].search([("name", "=", ledger_data.COMPANY)])
            env = env(context={"allowed_company_ids": company.ids})
            report = env["distribution.branch.pnl"]
            before = env.cr.sql_log_count
            start = time.perf_counter()
            answer = report.get_report(options)
            seconds.append(time.perf_counter() - start)
            counts.append(env.cr.sql_log_count - before)
            plans = explain(env, report, options)
    return {
        "question": label,
        "seconds": min(seconds),
        "queries": min(counts),
        "rows": len(answer["rows"]),
        "tied": answer["tie"]["is_tied"],
        "plans": plans,
    }


def explain(env, report, options):
    """What the database does for the two large queries, see `cost`."""
    plan = report._plan(options)
    found = {}
    for name in ("_of_branches", "_of_company"):
        with Overheard(type(report), "_by_key") as queries:
            getattr(report, name)(plan)
        found[name.removeprefix("_of_")] = cost(env, queries[0])
    return found


def cost(env, query):
    """What the database says of a query."""
    env.cr.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query.code, query.params)
    root = env.cr.fetchone()[0][0]
    nodes = list(walk(root["Plan"]))
    return {
        "cost": round(root["Plan"]["Total Cost"]),
        "milliseconds": round(root["Execution Time"]),
        "index_only": sorted(
            {x["Index Name"] for x in nodes if x["Node Type"] == "Index Only Scan"}
        ),
        "nodes": sorted(
            {
                f"{x['Node Type']} {x.get('Index Name', x['Relation Name'])}"
                for x in nodes
                if x.get("Relation Name", "").startswith("account_move")
            }
        ),
    }


def walk(node):
    """A node of a plan and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)


class Overheard:
    """Keeps the queries that a method is called with, and answers with nothing."""

    def __init__(self, owner, name):
        self.owner, self.name = owner, name

    def __enter__(self):
        queries = []

        def keep(_records, query, _width):
            queries.append(query)
            return {}

        setattr(self.owner, self.name, keep)
        return queries

    def __exit__(self, *_error):
        delattr(self.owner, self.name)


def build(registry, items):
    """Write the items."""
    with RolledBack(registry) as env:
        ledger_data.build(env, items)
        env.cr.commit()


def main():
    """Build where the number of items is told, else measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config")
    parser.add_argument("database")
    parser.add_argument("--items", type=int)
    arguments = parser.parse_args()
    # The answers keep the real output; anything else that is printed joins the log.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    registry = load_registry(arguments.config, arguments.database)
    if arguments.items:
        build(registry, arguments.items)
        return
    for label, options in QUESTIONS.items():
        answers.write(json.dumps(measure(registry, label, options)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
