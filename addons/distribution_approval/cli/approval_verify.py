"""`odoo approval_verify -d DATABASE`: verify the decisions from the shell."""

import sys

from odoo import api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class ApprovalVerify(Command):
    """Walk the chain of approval decisions of every company of a database.

    Says what was found, a line a company, and ends with 1 where a chain does not fit.
    """

    name = "approval_verify"

    def run(self, args):
        """Take Odoo's own options, such as -c and -d."""
        config.parser.prog = self.prog
        config.parse_config(args, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: -d DATABASE")
        with Registry(names[0]).cursor(readonly=True) as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            sys.exit(int(verify(env)))


def verify(env):
    """Write what is found in `env`; whether anything was tampered with."""
    broken = False
    for company in env["res.company"].search([], order="id"):
        count, problem = env["distribution.approval.decision"]._verify(company)
        chain = env["distribution.approval.chain"].search(
            [("company_id", "=", company.id)]
        )
        end = f", ending in {chain.hash}" if chain else ""
        sys.stdout.write(
            f"{company.name}: {problem or f'{count} decisions, intact{end}'}\n"
        )
        broken = broken or bool(problem)
    return broken
