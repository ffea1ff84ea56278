"""A real server process on a database of its own, for the whole run."""

import clients
import database
import pytest
import server_log
from odoo_process import OdooServer
from paths import LOGS, STATE

DATABASE = f"{database.PREFIX}_integration"
LOG = "integration-server.log"


@pytest.fixture(scope="session")
def server():
    """A server with all addons but the demo. What it logs is checked at the end."""
    database.copy(database.suite_database(), DATABASE)
    process = OdooServer(STATE / "integration.json")
    process.start(DATABASE, first_port=8200, log=LOG)
    try:
        yield clients.Server(process.url, DATABASE)
        # Before the stop: Odoo logs an error where it is stopped in the middle of a job.
        problems = server_log.unexpected(LOGS / LOG)
    finally:
        process.stop()
        database.drop(DATABASE)
    assert not problems, "the server's log has:\n" + "\n".join(problems)
