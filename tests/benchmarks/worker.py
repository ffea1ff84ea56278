"""One Odoo on one database, told what to do line by line.

Each line of standard input is a command as JSON, each line that is answered is its
result. What Odoo prints goes to standard error.
"""

import argparse
import gc
import json
import os
import sys
import threading
import time
import traceback

from operations import OPERATIONS
from scene import Scene
from sizes import Sizes
from statements import Recorder


class Worker:
    """The commands. Each is a method that takes and returns what JSON can say."""

    def __init__(self, registry, sizes):
        self.registry = registry
        self.sizes = sizes

    def build(self, with_suite):
        """Fill the database with the data."""
        # Odoo knows where the addons are once it is configured.
        from build_data import build

        with self._environment() as env:
            build(env, self.sizes, with_suite)
            env.cr.commit()

    def run(self, operation, warming=False, record=False):
        """Run an operation and take it back.

        Return its seconds, those of them in which this process computed, its number of
        queries, what it did and, with `record`, its statements with their counts.
        """
        work = OPERATIONS[operation]
        with self._environment() as env:
            scene = Scene(env, self.sizes)
            prepared = work.prepare(scene, warming)
            env.cr.flush()
            env.invalidate_all()
            gc.collect()
            with Recorder(record) as recorder:
                queries = env.cr.sql_log_count
                start, start_cpu = time.perf_counter(), time.process_time()
                done = work.run(scene, prepared)
                env.cr.flush()
                seconds = time.perf_counter() - start
                cpu = time.process_time() - start_cpu
                queries = env.cr.sql_log_count - queries
            work.check(scene, prepared)
        return {
            "seconds": seconds,
            "cpu": cpu,
            "queries": queries,
            "done": done,
            "statements": recorder.statements,
        }

    def facts(self):
        """What the database holds, by model."""
        models = (
            "product.product",
            "stock.warehouse",
            "stock.quant",
            "stock.warehouse.orderpoint",
            "sale.order",
            "stock.picking",
            "stock.move",
        )
        with self._environment() as env:
            return {model: env[model].search_count([]) for model in models}

    def limits(self):
        """The sizes of which a small catalogue has less."""
        with self._environment() as env:
            scene = Scene(env, self.sizes)
            domain = [("warehouse_id", "=", scene.depot.id)]
            rules = env["stock.warehouse.orderpoint"].search_count(domain)
            return {
                "orderpoints": min(rules, self.sizes.orderpoints),
                "transfer_lines": min(
                    len(scene.central_stocked), self.sizes.transfer_lines
                ),
                "products": min(len(scene.products), self.sizes.products),
            }

    def _environment(self):
        return RolledBack(self.registry)


class RolledBack:
    """A transaction as superuser of which nothing stays, unless it is committed."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        from odoo.api import SUPERUSER_ID, Environment

        return Environment(self.cursor, SUPERUSER_ID, {})

    def __exit__(self, *_error):
        self.cursor.rollback()
        self.cursor.close()


def load_registry(config, database):
    """Start Odoo as its shell does."""
    from odoo.modules.registry import Registry
    from odoo.service.server import load_server_wide_modules
    from odoo.tools import config as options

    options.parse_config(
        ["--config", config, "--database", database, "--no-http"], setup_logging=True
    )
    load_server_wide_modules()
    threading.current_thread().dbname = database
    return Registry(database)


def serve(worker, commands, answers):
    """Answer commands until there are no more."""
    for line in commands:
        command = json.loads(line)
        try:
            method = getattr(worker, command["command"])
            answer = {"result": method(**command["arguments"])}
        except Exception:
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main():
    """Load Odoo, say so, and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("database")
    parser.add_argument("sizes", type=Sizes.read)
    arguments = parser.parse_args()
    # The answers keep the real output; anything else that is printed joins the log.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    registry = load_registry(arguments.config, arguments.database)
    answers.write(json.dumps({"result": "ready"}) + "\n")
    answers.flush()
    serve(Worker(registry, arguments.sizes), sys.stdin, answers)


if __name__ == "__main__":
    main()
