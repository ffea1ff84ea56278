"""Exceptions, KPIs and boards over a year of a distributor: seconds, queries, memory.

    .venv/bin/python tests/benchmarks/control_tower.py [--small] [--keep]

The records are written in SQL to a copy of the database with the whole suite. `--small` is
a tenth of them, as the tests take; `--keep` keeps that copy, and uses one that was kept.
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

NAME = f"{database.PREFIX}_control_tower"
# Products, stock moves, order lines.
FULL, SMALL = (18_000, 1_000_000, 200_000), (1_800, 100_000, 20_000)
HEADING = ("what", "of", "seconds", "queries", "found")


def run(sizes=FULL, keep=False):
    """What was measured, see `control_tower_worker`."""
    try:
        if not (keep and database.exists(NAME)):
            database.copy(database.suite_database(), NAME)
            say("{} products, {} stock moves, {} order lines".format(*sizes))
            work("--build", *map(str, sizes))
            # Else the server would look at the new tables in the middle of a measurement.
            postgres.server().execute("VACUUM ANALYZE", database=NAME)
        return [json.loads(line) for line in work().splitlines()]
    finally:
        if not keep:
            database.drop(NAME)


def work(*options):
    """Run the program that has Odoo loaded; return what it prints."""
    log = LOGS / "benchmark-control-tower.log"
    program = Path(__file__).with_name("control_tower_worker.py")
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
        raise SetupError(
            f"The benchmark of the control tower failed; its log is {log}."
        )
    return done.stdout


def row(result):
    """A line of the table."""
    return (
        result["kind"],
        result.get("name", ""),
        f"{result['seconds']:.2f}",
        str(result.get("queries", "")),
        str(result.get("found", result.get("megabytes", ""))),
    )


def main():
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    results = run(SMALL if arguments.small else FULL, arguments.keep)
    print(f"\n{os.cpu_count()} processor cores")
    print_table([HEADING, *map(row, results)])


if __name__ == "__main__":
    main()
