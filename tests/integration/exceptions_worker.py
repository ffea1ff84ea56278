"""Sweeps and rechecks that meet, in real transactions.

A program of its own, because jobs are no calls of a client. It takes a configuration file
and a database, and says what came of each scene in a line of JSON.
"""

import json
import sys
import threading
import time

from duties_worker import environment, load

RECORDS = 600
WINDOW = 50
EXCEPTION, RULE = "distribution.exception", "distribution.exception.rule"
RECHECK = "distribution.exception.recheck"


def main(config, database):
    """Play each scene on records of its own, and tell."""
    registry = load(config, database)
    from odoo.addons.distribution_exception.models import (
        distribution_exception_rule_detect as detect,
    )

    detect.WINDOW = WINDOW
    scenes = (two_sweeps, sweep_meets_changes, killed_sweep)
    print(json.dumps({scene.__name__: scene(registry) for scene in scenes}))


def prepare(registry, name):
    """Records, and a rule that finds them; the rule's id."""
    with environment(registry, 1) as env:
        env["res.partner"].create(
            [{"name": f"{name} {n}", "ref": name, "color": 1} for n in range(RECORDS)]
        )
        rule = env[RULE].create(
            {
                "name": name,
                "model_id": env["ir.model"]._get_id("res.partner"),
                "domain": f"[('ref', '=', '{name}')]",
                "role_ids": [(4, env.ref("base.group_user").id)],
            }
        )
        return rule.id


def sweep(registry, rule_id, barrier=None):
    """Sweep as the job does, each window a transaction."""
    with environment(registry, 1) as env:
        if barrier:
            barrier.wait()
        env[RULE].browse(rule_id)._sweep_in_job()


def tell(registry, rule_id):
    """What there is: rows, open rows, and events by kind."""
    with environment(registry, 1) as env:
        found = env[EXCEPTION].search([("rule_id", "=", rule_id)])
        kinds = found.event_ids.mapped("kind")
        truth = env["res.partner"].search_count(
            [("ref", "=", env[RULE].browse(rule_id).name)]
        )
        return {
            "rows": len(found),
            "records": len(set(found.mapped("res_id"))),
            "open": len(found.filtered(lambda one: one.state == "open")),
            "truth": truth,
            "opened": kinds.count("opened"),
            "closed": kinds.count("closed"),
        }


def together(*calls):
    threads = [threading.Thread(target=call[0], args=call[1:]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def two_sweeps(registry):
    """Two jobs sweep one rule in the same moment."""
    rule_id = prepare(registry, "two")
    barrier = threading.Barrier(2)
    together(*[(sweep, registry, rule_id, barrier)] * 2)
    return tell(registry, rule_id)


def sweep_meets_changes(registry):
    """Records change, and are looked at again, while a sweep is on its way."""
    rule_id = prepare(registry, "meet")
    sweep(registry, rule_id)
    barrier = threading.Barrier(2)
    together((sweep, registry, rule_id, barrier), (change, registry, "meet", barrier))
    settle(registry)
    return tell(registry, rule_id)


def settle(registry):
    """Look again until nothing waits, in the hands of the server's own job either."""
    for _attempt in range(100):
        with environment(registry, 1) as env:
            env[RECHECK]._cron_recheck()
        with environment(registry, 1) as env:
            if not env[RECHECK].search_count([]):
                return
        time.sleep(0.1)
    raise AssertionError("the waiting list does not get empty")


def change(registry, name, barrier):
    """Every third record is put right, ten at a time, each time looked at."""
    from odoo.service.model import retrying

    with environment(registry, 1) as env:
        ids = env["res.partner"].search([("ref", "=", name)]).ids[::3]
    barrier.wait()
    for start in range(0, len(ids), 10):
        some = ids[start : start + 10]
        with environment(registry, 1) as env:

            def put_right(env=env, some=some):
                env["res.partner"].browse(some).ref = False
                env[EXCEPTION]._recheck("res.partner", some)

            retrying(put_right, env)
        with environment(registry, 1) as env:
            env[RECHECK]._cron_recheck()


def killed_sweep(registry):
    """The server process of a sweep dies in its third window."""
    import psycopg2

    rule_id = prepare(registry, "killed")
    try:
        with environment(registry, 1) as env:
            windows = env[RULE].browse(rule_id)._sweep_windows()
            for _number in range(2):
                next(windows)
                env.cr.commit()
            next(windows)
            with environment(registry, 1) as other:
                other.cr.execute(
                    "SELECT pg_terminate_backend(%s)",
                    (env.cr.connection.info.backend_pid,),
                )
            next(windows)
    except psycopg2.OperationalError as error:
        print(f"killed: {error}", file=sys.stderr)
    after_death = tell(registry, rule_id)
    sweep(registry, rule_id)
    return {"after_death": after_death["rows"], **tell(registry, rule_id)}


if __name__ == "__main__":
    main(*sys.argv[1:])
