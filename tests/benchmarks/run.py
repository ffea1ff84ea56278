"""`make bench`: stock Odoo and the suite on the same data, in the same run, in turn."""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

import database  # noqa: E402  (found through the path of the line above)
import postgres  # noqa: E402
from console import SetupError, say, step  # noqa: E402
from contest import FOUNDATION, STOCK, SUITE, Contest  # noqa: E402
from demo import print_table  # noqa: E402
from operations import GATED, OPERATIONS  # noqa: E402
from sizes import Sizes  # noqa: E402

STEPS = 3
HEADING = (
    "operation",
    "stock s",
    "suite s",
    "ratio",
    "cpu ratio",
    "stock queries",
    "suite queries",
    "ratio",
)
SHOWN_DIFFERENCES = 12


def main(arguments):
    """Build, measure, tell; return whether the suite keeps within its queries."""
    sizes = Sizes(skus=arguments.skus, branches=arguments.branches)
    step(1, STEPS, f"Two databases, {sizes.skus} SKUs, {sizes.branches} branches")
    with Contest(sizes, arguments.addons, arguments.keep) as contest:
        facts = contest.facts()
        step(2, STEPS, "Measuring")
        results = [measure(contest, name, arguments) for name in arguments.operations]
    more = measure_approvals(sizes, arguments)
    step(3, STEPS, "Result")
    show_environment(sizes, facts)
    print_table([HEADING, *(row(result) for result in results)])
    if more:
        print("\nThe suite without approvals, and with policies that nothing reaches:")
        heading = [text.replace("stock", "without") for text in HEADING]
        print_table([heading, *(row(result) for result in more)])
    if arguments.json:
        write_json(arguments.json, sizes, facts, results + more)
    return show_verdict(results + more)


def measure_approvals(sizes, arguments):
    """What approvals cost that are not needed, unless only some addons are measured."""
    wanted = [name for name in arguments.operations if name in GATED]
    if arguments.addons or not wanted:
        return []
    with Contest(sizes, keep=arguments.keep, against=FOUNDATION) as contest:
        return [measure(contest, name, arguments) for name in wanted]


def measure(contest, operation, arguments):
    """Measure one operation, and explain it where it needs too many queries."""
    result = contest.measure(operation, arguments.repetitions)
    say(", ".join(f"{a} {b}" for a, b in zip(HEADING, row(result), strict=True)))
    if result.is_over or arguments.explain:
        contest.explain(result)
        for more, text in result.differences[:SHOWN_DIFFERENCES]:
            say(f"  {more:+d}  {text}")
    return result


def row(result):
    """A line of the table."""
    return (
        result.label,
        f"{result.median(STOCK):.3f}",
        f"{result.median(SUITE):.3f}",
        f"{result.time_ratio:.2f}",
        f"{result.cpu_ratio:.2f}",
        str(result.count(STOCK)),
        str(result.count(SUITE)),
        f"{result.query_ratio:.2f}",
    )


def show_environment(sizes, facts):
    """Print on what the numbers were measured."""
    version = postgres.server().execute("SHOW server_version")[0][0]
    odoo = database.odoo_version().split()[0]
    print(
        f"\n{os.cpu_count()} processor cores, Python {platform.python_version()},"
        f" PostgreSQL {version}, Odoo {odoo};"
        f" {sizes.skus} SKUs, {sizes.branches} branches"
    )
    for side, counts in facts.items():
        print(f"{side}: " + ", ".join(f"{n} {model}" for model, n in counts.items()))


def show_verdict(results):
    """Name what needs more queries than it may; return whether nothing does."""
    over = [result for result in results if result.is_over]
    print()
    for result in over:
        print(
            f"OVER THE LIMIT: {result.label}: {result.count(SUITE)} queries are"
            f" {result.query_ratio:.2f} times the other side's {result.count(STOCK)};"
            f" the limit is {result.limit}."
        )
    if not over:
        print("No operation needs more queries than its limit allows.")
    return not over


def write_json(path, sizes, facts, results):
    """Write all that was measured to a file."""
    values = {
        "sizes": asdict(sizes),
        "facts": facts,
        "results": [
            {**asdict(result), "query_ratio": result.query_ratio} for result in results
        ],
    }
    Path(path).write_text(json.dumps(values, indent=1) + "\n")


def parse(arguments=None):
    """The command line; what it leaves open is taken from the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operations", nargs="*", help="all where none is named")
    parser.add_argument("--skus", type=int, default=number("SKUS", Sizes.skus))
    parser.add_argument("--branches", type=int, default=number("BRANCHES", 4))
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--addons", nargs="+", default=[], help="all but the demo")
    parser.add_argument("--json", metavar="FILE", help="write the numbers there too")
    parser.add_argument(
        "--explain", action="store_true", help="print how the statements differ"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the databases, and use kept ones"
    )
    values = parser.parse_args(arguments)
    unknown = sorted(set(values.operations) - set(OPERATIONS))
    if unknown:
        known = ", ".join(OPERATIONS)
        raise SetupError(f"There is no operation {unknown[0]}. There are: {known}.")
    values.operations = values.operations or list(OPERATIONS)
    if values.branches < 2:
        raise SetupError("BRANCHES must be at least 2: a centre and a depot.")
    return values


def number(name, default):
    """A whole number of the environment."""
    text = os.environ.get(name) or str(default)
    if not text.isdigit():
        raise SetupError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


if __name__ == "__main__":
    sys.exit(not main(parse()))
