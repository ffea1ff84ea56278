"""Packs that are opened twice at once, in real transactions.

A program of its own, because jobs are no calls of a client. It takes a configuration file
and a database, and says what came of it in a line of JSON.
"""

import json
import sys
import threading

from duties_worker import environment, load

REVIEW, TEMPLATE = "distribution.review", "distribution.review.template"


def main(config, database):
    """Let the job run twice and the button be pressed in the same moment, and tell."""
    registry = load(config, database)
    template_id = prepare(registry)
    barrier = threading.Barrier(3)
    refused = []
    threads = [
        threading.Thread(target=act, args=(registry, template_id, barrier, refused))
        for act in (job, job, button)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job(registry, template_id)
    with environment(registry, 1) as env:
        reviews = env[REVIEW].search([("template_id", "=", template_id)])
        counts = [len(review.figure_ids) for review in reviews]
    print(json.dumps({"reviews": len(reviews), "figures": counts, "refused": refused}))


def prepare(registry):
    """A review of one KPI whose cut-off was before now; its id."""
    with environment(registry, 1) as env:
        section = {
            "name": "Service",
            "kpi_ids": [(6, 0, env["distribution.kpi"].search([], limit=1).ids)],
        }
        template = env[TEMPLATE].create(
            {
                "name": "At once",
                "company_id": env.company.id,
                "section_ids": [(0, 0, section)],
            }
        )
        template.starts_at = "2020-01-01"
        return template.id


def job(registry, template_id, barrier=None, refused=None):
    """The job, of this template alone."""
    del template_id, refused
    with environment(registry, 1) as env:
        if barrier:
            barrier.wait()
        env[TEMPLATE]._cron_open()


def button(registry, template_id, barrier, refused):
    """The button, as the server serves it: tried again where it meets another one."""
    from odoo.exceptions import ValidationError
    from odoo.service.model import retrying

    with environment(registry, 2) as env:
        template = env[TEMPLATE].browse(template_id)
        barrier.wait()
        try:
            retrying(template.action_open_current, env)
        except ValidationError as error:  # it says that the review is open already
            env.cr.rollback()
            refused.append(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
