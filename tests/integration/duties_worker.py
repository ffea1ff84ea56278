"""One user does two segregated duties on one document, in two transactions at once.

A program of its own, because what is proved here cannot be called by a client. It takes a
configuration file and a database, and says what was recorded in a line of JSON.
"""

import json
import sys
import threading

DUTIES = ("receive", "bill")
LOG = "distribution.duty.log"
MODEL = "res.partner"


def main(config, database):
    """Prepare, let both go, and tell."""
    registry = load(config, database)
    user, document = prepare(registry)
    barrier = threading.Barrier(len(DUTIES))
    threads = [
        threading.Thread(target=act, args=(registry, user, document, duty, barrier))
        for duty in DUTIES
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with environment(registry, 1) as env:
        logs = env[LOG].search([("res_model", "=", MODEL), ("res_id", "=", document)])
        print(json.dumps([[log.duty, log.outcome] for log in logs]))


def load(config, database):
    """The registry of the database."""
    from odoo.modules.registry import Registry
    from odoo.tools import config as options

    options.parse_config(
        ["--config", config, "--database", database, "--no-http"], setup_logging=True
    )
    return Registry(database)


def environment(registry, user):
    """A transaction that is committed unless something is raised.

    As with a request, what it changed in caches is then told to the other processes.
    """
    from contextlib import contextmanager

    from odoo.api import Environment

    @contextmanager
    def transaction():
        with registry.cursor() as cr:
            yield Environment(cr, user, {})
        registry.signal_changes()

    return transaction()


def prepare(registry):
    """Keep the duties apart, for this kind of document; ids of a user and a document."""
    with environment(registry, 1) as env:
        duty, other = DUTIES
        pair = {"duty": duty, "other_duty": other, "res_model": MODEL}
        env["distribution.duty.conflict"].create(pair)
        group = env.ref("distribution_base.group_administrator")
        values = {"name": "Both", "login": "both", "group_ids": [(4, group.id)]}
        user = env["res.users"].create(values)
        document = env[MODEL].create({"name": "Disputed"})
        return user.id, document.id


def act(registry, user, document, duty, barrier):
    """Do `duty` as a request does: again where the database asks for it."""
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    tries = []

    def call(env):
        # From here on the transaction sees the database as it is now.
        env.cr.execute("SELECT count(*) FROM distribution_duty_log")
        if not tries:
            barrier.wait()
        tries.append(duty)
        env[LOG]._perform(duty, env[MODEL].browse(document))

    try:
        with environment(registry, user) as env:
            retrying(lambda: call(env), env)
    except UserError as error:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
