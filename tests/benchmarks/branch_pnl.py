"""The branch P&L over many journal items: seconds, queries, and what the plans cost.

    .venv/bin/python tests/benchmarks/branch_pnl.py [--items 1000000] [--keep]

The items are written in SQL to a copy of the database with the whole suite. `--keep` keeps
that copy, and uses one that was kept.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

import database  # noqa: E402  (found through the path of the line above)
import postgres  # noqa: E402
from console import SetupError, say  # noqa: E402
from demo import print_table  # noqa: E402
from odoo_process import write_config  # noqa: E402
from paths import LOGS, ROOT, VENV_PYTHON  # noqa: E402

NAME = f"{database.PREFIX}_branch_pnl"
ITEMS = 1_000_000
HEADING = ("question", "best s", "queries", "cost", "ms in SQL", "reads alone")


def run(items=ITEMS, keep=False):
    """What was measured of each question, see `branch_pnl_worker.measure`."""
    try:
        if not (keep and database.exists(NAME)):
            database.copy(database.suite_database(), NAME)
            say(f"{items} journal items")
            work("--items", str(items))
            # Else the server would look at the new tables in the middle of a measurement.
            postgres.server().execute("VACUUM ANALYZE", database=NAME)
        return [json.loads(line) for line in work().splitlines()]
    finally:
        if not keep:
            database.drop(NAME)


def work(*options):
    """Run the program that has Odoo loaded; return what it prints."""
    log = LOGS / "benchmark-branch-pnl.log"
    program = Path(__file__).with_name("branch_pnl_worker.py")
    command = [str(VENV_PYTHON), str(program), str(write_config("benchmark")), NAME]
    with log.open("ab") as errors:
        done = subprocess.run(
            [*command, *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            check=False,
        )
    if done.returncode:
        raise SetupError(f"The benchmark of the branch P&L failed; its log is {log}.")
    return done.stdout


def row(result):
    """A line of the table."""
    plans = result["plans"].values()
    indexes = {name for plan in plans for name in plan["index_only"]}
    return (
        result["question"],
        f"{result['seconds']:.3f}",
        str(result["queries"]),
        " + ".join(str(plan["cost"]) for plan in plans),
        " + ".join(str(plan["milliseconds"]) for plan in plans),
        ", ".join(sorted(indexes)) or "-",
    )


def main():
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    results = run(arguments.items, arguments.keep)
    print(f"\n{os.cpu_count()} processor cores, {arguments.items} journal items")
    print_table([HEADING, *(row(result) for result in results)])


if __name__ == "__main__":
    main()
