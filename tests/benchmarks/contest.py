"""The two databases, and running operations on them in turn."""

import hashlib
import json
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import database
import postgres
import suite
from console import SetupError, say
from odoo_process import write_config
from operations import LABELS, OPERATIONS
from paths import LOGS, ROOT, VENV_PYTHON
from statements import differences

STOCK, SUITE = "stock", "suite"
SIDES = (STOCK, SUITE)
LIMIT = 1.1
# Where the suite does what stock Odoo does in another way.
LIMITS = {"resupply": 1.0, "transfer": 1.2, "governed_transfer": 1.2}
# The suite without what is measured against it, with the same modules of Odoo.
FOUNDATION = ("distribution_network", "distribution_template")
PREFIX = f"{database.PREFIX}_bench_"
HEAVY_SHARE = 3  # heavy operations are repeated this many times less


@dataclass
class Result:
    """What was measured of one operation, by side."""

    operation: str
    label: str
    seconds: dict = field(default_factory=lambda: {side: [] for side in SIDES})
    cpu: dict = field(default_factory=lambda: {side: [] for side in SIDES})
    queries: dict = field(default_factory=lambda: {side: [] for side in SIDES})
    done: dict = field(default_factory=dict)
    differences: list = field(default_factory=list)
    allowed: float | None = None

    def median(self, side):
        """The median of the seconds."""
        return statistics.median(self.seconds[side])

    def count(self, side):
        """The median of the numbers of queries; they hardly vary."""
        return statistics.median_low(self.queries[side])

    @property
    def time_ratio(self):
        """How many times as long as stock Odoo the suite takes."""
        return self.median(SUITE) / self.median(STOCK)

    @property
    def cpu_ratio(self):
        """The same of the time in which Odoo itself computed; other load is not in it."""
        return statistics.median(self.cpu[SUITE]) / statistics.median(self.cpu[STOCK])

    @property
    def query_ratio(self):
        """How many times as many queries as stock Odoo the suite needs."""
        return self.count(SUITE) / self.count(STOCK)

    @property
    def is_over(self):
        """Whether the suite needs more queries than it may."""
        return self.query_ratio > self.limit

    @property
    def limit(self):
        """How many times as many queries as stock Odoo the suite may need."""
        return self.allowed or LIMITS.get(self.operation, LIMIT)


class WorkerProcess:
    """An Odoo of its own on one database, see `worker.py`."""

    def __init__(self, name, sizes):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"{name}.log"
        program = Path(__file__).with_name("worker.py")
        config = write_config("benchmark")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(VENV_PYTHON), str(program), str(config), name, sizes.write()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )
        self._answer()

    def call(self, command, **arguments):
        """Have the worker do something, and wait for it."""
        line = json.dumps({"command": command, "arguments": arguments})
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SetupError(f"A benchmark process ended; its log is {self.log}.")
        answer = json.loads(line)
        if "error" in answer:
            raise SetupError(answer["error"])
        return answer["result"]

    def stop(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


class Contest:
    """Both databases with a process each, for the time of a `with` block.

    The one side is stock Odoo, or the addons of the suite that `against` names. `limit` is
    how many times as many queries the suite may need, where that is not what it usually is.
    """

    def __init__(self, sizes, addons=(), keep=False, against=(), limit=None):
        self.sizes = sizes
        self.addons = list(addons) or database.names_without_demo()
        self.against = list(against)
        self.limit = limit
        self.keep = keep
        self.workers = {}
        # Kept databases are named after what they were built from.
        digests = [suite.addons()[name].digest() for name in suite.closure(self.addons)]
        digests += self.against
        text = " ".join([sizes.write(), str(date.today()), *digests])
        self.key = hashlib.sha256(text.encode()).hexdigest()[:8]

    def database(self, side):
        """The name of the database of a side."""
        return f"{PREFIX}{side}_{self.key}"

    def __enter__(self):
        try:
            missing = [x for x in SIDES if not database.exists(self.database(x))]
            if missing or not self.keep:
                self._build()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self._stop()
        if not self.keep:
            self._drop()

    def _drop(self):
        """Drop the databases of this run and of earlier ones."""
        for name in sorted(postgres.server().databases()):
            if name.startswith(PREFIX):
                database.drop(name)

    def _partial(self, side):
        return f"{self.database(side)}_partial"

    def _build(self):
        self._drop()
        self._install()
        say(f"the same data twice: {self.sizes.skus} products")
        self._start(self._partial)
        with ThreadPoolExecutor(len(SIDES)) as pool:
            list(pool.map(self._build_side, SIDES))
        self._stop()
        for side in SIDES:
            database.rename(self._partial(side), self.database(side))

    def _install(self):
        modules = suite.odoo_modules(self.addons)
        name = self._partial(SUITE)
        if self.addons == database.names_without_demo():
            database.copy(database.suite_database(), name)
        else:
            database.build(name, self.addons, log="benchmark-install.log")
        # Of the same modules as the other one was built on.
        base = database.base_database(modules)
        if self.against:
            database.build(
                self._partial(STOCK), self.against, log="benchmark-base.log", base=base
            )
        else:
            database.copy(base, self._partial(STOCK))

    def _build_side(self, side):
        with_suite = side == SUITE or bool(self.against)
        self.workers[side].call("build", with_suite=with_suite)
        # Else the server would look at the new tables in the middle of a measurement.
        postgres.server().execute("VACUUM ANALYZE", database=self._partial(side))

    def _start(self, name=None):
        for side in SIDES:
            self.workers[side] = WorkerProcess(
                (name or self.database)(side), self.sizes
            )

    def _stop(self):
        for worker in self.workers.values():
            worker.stop()
        self.workers = {}

    def facts(self):
        """What each database holds."""
        return {side: self.workers[side].call("facts") for side in SIDES}

    def label(self, operation):
        """What an operation does, with the sizes as they came out."""
        sizes = vars(self.sizes) | self.workers[STOCK].call("limits")
        return LABELS[operation].format(**sizes)

    def measure(self, operation, repetitions):
        """Run an operation on both sides in turn, after one run that warms caches."""
        result = Result(operation, self.label(operation), allowed=self.limit)
        if OPERATIONS[operation].heavy:
            repetitions = max(1, repetitions // HEAVY_SHARE)
        for side in SIDES:
            self.workers[side].call("run", operation=operation, warming=True)
        for _number in range(repetitions):
            for side in SIDES:
                answer = self.workers[side].call("run", operation=operation)
                result.seconds[side].append(answer["seconds"])
                result.cpu[side].append(answer["cpu"])
                result.queries[side].append(answer["queries"])
                result.done[side] = answer["done"]
        self._check(result)
        return result

    def explain(self, result):
        """Note in which statements the two sides differ."""
        recorded = [
            self.workers[side].call("run", operation=result.operation, record=True)
            for side in SIDES
        ]
        result.differences = differences(*(item["statements"] for item in recorded))

    def _check(self, result):
        """A comparison of unequal work would say nothing."""
        if result.done[STOCK] != result.done[SUITE]:
            raise SetupError(
                f"{result.label}: stock Odoo did {result.done[STOCK]} and the suite"
                f" {result.done[SUITE]}, so they cannot be compared."
            )


def assert_within_limit(contest, operation):
    """Count the queries of both sides; fail with the statements in which they differ."""
    result = contest.measure(operation, repetitions=1)
    if result.is_over:
        contest.explain(result)
    counts = f"{result.count(SUITE)} to {result.count(STOCK)}: {result.query_ratio:.3f}"
    print(f"{result.label}: {counts}")  # shown with `pytest -s`
    assert not result.is_over, "\n".join(
        [counts, *(f"{more:+d} {text}" for more, text in result.differences)]
    )
