"""A day that is measured twice at once, in real transactions.

A program of its own, because jobs are no calls of a client. It takes a configuration file
and a database, and says what came of it in a line of JSON.
"""

import json
import sys
import threading
from datetime import date, timedelta

from duties_worker import environment, load

KPI, RUN = "distribution.kpi", "distribution.kpi.run"
# Longer ago than the server's own job looks back.
DAY = date.today() - timedelta(days=200)


def main(config, database):
    """Measure a day in two transactions that begin in the same moment, and tell."""
    registry = load(config, database)
    barrier = threading.Barrier(2)
    failed = []
    threads = [
        threading.Thread(target=measure, args=(registry, barrier, failed))
        for _job in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with environment(registry, 1) as env:
        kpis = measured(env)
        runs = env[RUN].search([("day", "=", DAY), ("kpi_id", "in", kpis.ids)])
        told = {
            "kpis": len(kpis),
            "finished": len(failed),
            "failed": sum(failed, []) + kpis.filtered("failure").mapped("code"),
            "runs": len(runs),
            "current": len(runs.filtered("is_current")),
        }
    print(json.dumps(told))


def measured(env):
    """The KPIs that are measured: a few that need nothing but orders."""
    codes = ("line_fill_rate", "on_time_in_full", "backlog_value")
    return env[KPI].search([("code", "in", codes)])


def measure(registry, barrier, failed):
    """Measure the day as the job does, each KPI in a transaction; note what failed."""
    codes = []
    for number in range(3):
        with environment(registry, 1) as env:
            kpi = measured(env)[number]
            # From here on the transaction sees that nobody has measured the day yet.
            taken = kpi._taken(kpi, DAY)
            barrier.wait()
            if not taken:
                codes += kpi._take_snapshots(
                    DAY, kpi, env["res.company"].browse(1)
                ).mapped("code")
    failed.append(codes)


if __name__ == "__main__":
    main(*sys.argv[1:])
