"""`make test`: every test, in parts, with one line at the end that sums them up."""

import functools
import os
import re
import shutil
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import database
import server_log
import suite
from console import SetupError, say, step, stream
from odoo_process import free_port, run_odoo, write_config
from paths import ADDONS, LOGS, ROOT, STATE, VENV_PYTHON

RESULTS = STATE / "results"
COVERAGE = STATE / "coverage"
SUITES = ("structure", "addons", "integration", "benchmarks")
DEMO_TEST = f"{database.PREFIX}_test_demo"
# Runs of addon tests beside each other: each has a database and a port of its own.
AT_ONCE = min(2, os.cpu_count() or 1)
SHARES = 2 * AT_ONCE + 1  # more than run at once, so that none waits long for the last
FIRST_PORT = 8400
BROWSER_TEST = re.compile(r"start_tour|browser_js")
_one_at_a_time = threading.Lock()  # for copies of one template, and for ports
_ports = []
_installed = []  # the result of installing the suite, which two parts need


@dataclass
class Result:
    """How a part of the tests ended."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    failures: list = field(default_factory=list)  # the names of the tests


def main(addons, only):
    """Run the parts that are wanted; return whether all passed."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    shutil.rmtree(COVERAGE, ignore_errors=True)
    for folder in (RESULTS, COVERAGE):
        folder.mkdir(parents=True)
    parts = [(name, globals()[f"run_{name}"]) for name in SUITES if name in only]
    results = []
    for number, (name, part) in enumerate(parts, 1):
        step(number, len(parts), f"Tests: {name}")
        results += [result for result in part(addons) if result not in results]
    report_coverage()
    return summarise(results)


# --- the parts ----------------------------------------------------------------------


def run_structure(addons):
    """Read the source files; no database."""
    return [run_pytest("structure", ["-p", "no:odoo", "tests/structure"])]


def run_addons(addons):
    """The tests of the addons on copies of the suite's database, two runs at a time."""
    demo = [name for name in addons if name == suite.DEMO_ADDON]
    others = [name for name in addons if name not in demo]
    installed = install_suite()
    if installed.failed:
        return [installed]
    # The demo first: it takes the longest.
    runs = [functools.partial(run_demo, demo)] if demo else []
    runs += [
        functools.partial(run_copy, f"addons-{number}", names)
        for number, names in enumerate(_shares(others), 1)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [run.result() for run in [pool.submit(run) for run in runs]]
    return [installed, *(result for results in found for result in results)]


def _shares(addons):
    """The addons with tests, dealt out so that the runs take about equally long."""
    shares = [[] for _run in range(SHARES)]
    sizes = {addon: _size_of_tests(addon) for addon in addons}
    for addon in sorted(addons, key=sizes.get, reverse=True):
        if sizes[addon]:
            min(shares, key=lambda share: sum(map(sizes.get, share))).append(addon)
    return [share for share in shares if share]


def _size_of_tests(addon):
    """How much there is to test in an addon: tests in a browser take the longest."""
    texts = [path.read_text() for path in (ADDONS / addon / "tests").glob("*.py")]
    return sum(
        text.count("def test_") + 5 * len(BROWSER_TEST.findall(text)) for text in texts
    )


def run_demo(addons):
    """Install the demo, and then its tests on what it made."""
    installed = install_demo()
    if installed.failed:
        return [installed]
    return [installed, *run_addon_tests("demo", addons, DEMO_TEST)]


def run_integration(addons):
    """Real clients against a real server process."""
    result = install_suite()
    if result.failed:
        return [result]
    path = ["-p", "no:odoo", "tests/integration"]
    return [result, run_pytest("integration", path)]


def run_benchmarks(addons):
    """The same queries as stock Odoo, or few more: counts, not times."""
    return [run_pytest("benchmarks", ["-p", "no:odoo", "tests/benchmarks"])]


def install_suite():
    """Install all addons but the demo, unless that was done with the same code."""
    if _installed:
        return _installed[0]
    log = LOGS / f"{database.suite_database_name()}.log"
    _installed.append(
        check_install("installation of the suite", log, database.suite_database)
    )
    return _installed[0]


def install_demo():
    """Install the demo on a copy of the suite, measuring how much code that runs."""

    def install():
        with _one_at_a_time:
            database.copy(database.suite_database(), DEMO_TEST)
        run_odoo(
            DEMO_TEST, "-i", suite.DEMO_ADDON, log=log.name, python=coverage("demo")
        )

    log = LOGS / "test-demo-install.log"
    return check_install("installation of the demo", log, install)


def check_install(name, log, install):
    """Whether `install` succeeds without a warning in its log."""
    result, started = Result(name), time.monotonic()
    try:
        install()
        problems = server_log.unexpected(log)
    except SetupError as error:
        problems = [str(error)]
    for problem in problems:
        say(problem)
    result.passed, result.failed = (0, 1) if problems else (1, 0)
    result.seconds = time.monotonic() - started
    return result


def run_copy(name, addons):
    """The tests of `addons` on a copy of the suite's database."""
    target = f"{database.TEST}_{name}".replace("-", "_")
    with _one_at_a_time:
        database.copy(database.suite_database(), target)
    return run_addon_tests(name, addons, target)


def run_addon_tests(name, addons, target):
    """The tests of `addons` in database `target`, with Odoo in the same process."""
    folders = [path for addon in addons if (path := ADDONS / addon / "tests").is_dir()]
    if not folders:
        return []
    with _one_at_a_time:
        port = free_port(FIRST_PORT + 10 * len(_ports))
        _ports.append(port)
    config = write_config(
        f"test-{name}", db_name=target, dbfilter=f"^{target}$", http_port=port
    )
    arguments = ["--odoo-http", f"--odoo-config={config}"]
    arguments += [f"--odoo-database={target}", "--odoo-log-level=warn"]
    return [run_pytest(name, [*arguments, *folders], coverage(name), label=name)]


def run_pytest(name, arguments, python=(VENV_PYTHON,), label=None):
    """Run pytest with its output shown; return what its report file counts."""
    report = RESULTS / f"{name}.xml"
    started = time.monotonic()
    code = stream(
        [*python, "-m", "pytest", f"--junitxml={report}", *arguments],
        label=label,
        cwd=ROOT,
    )
    result = read_report(name, report)
    # The log was not clean, or pytest itself could not go on.
    if code and not result.failed:
        result.failed = 1
    result.seconds = time.monotonic() - started
    return result


def read_report(name, report):
    """Count the tests of a JUnit file."""
    result = Result(name)
    if not report.exists():
        return result
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            result.failed += 1
            result.failures.append(f"{case.get('classname')}::{case.get('name')}")
        elif "skipped" in kinds:
            result.skipped += 1
        else:
            result.passed += 1
    return result


# --- what it comes to ---------------------------------------------------------------


def coverage(context):
    """Python that notes which lines of the addons it runs."""
    return (VENV_PYTHON, "-m", "coverage", "run", f"--context={context}")


def report_coverage():
    """Print the coverage of the addons, where any was measured."""
    if any(COVERAGE.iterdir()):
        tool = [VENV_PYTHON, "-m", "coverage"]
        stream([*tool, "combine", "--quiet"], cwd=ROOT)
        stream([*tool, "report"], cwd=ROOT)


def summarise(results):
    """Print each part and the sum; return whether nothing failed."""
    print()
    for failure in [failure for result in results for failure in result.failures]:
        print(f"FAILED {failure}")
    for result in results:
        skipped = f", {result.skipped} skipped" if result.skipped else ""
        print(
            f"{result.name}: {result.passed} passed, {result.failed} failed{skipped}"
            f"  ({result.seconds:.0f} s)"
        )
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return not failed


def from_environment():
    """The addons and parts that ADDONS and SUITE name; all where they are not set."""
    names = os.environ.get("ADDONS", "").replace(",", " ").split()
    only = os.environ.get("SUITE", "").replace(",", " ").split()
    unknown = sorted(set(only) - set(SUITES))
    if unknown:
        raise SetupError(f"SUITE is one of {', '.join(SUITES)}, not {unknown[0]}.")
    # The tests of some addons are asked for, not those of the repository.
    only = only or (["addons"] if names else SUITES)
    return suite.chosen(names or suite.addons()), only


if __name__ == "__main__":
    sys.exit(not main(*from_environment()))
