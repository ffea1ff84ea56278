"""Each addon installs on a database that has only what it depends on."""

import database
import pytest
import server_log
import suite
from odoo_process import run_odoo, uninstall

NAME = f"{database.PREFIX}_alone"


@pytest.fixture(scope="module", autouse=True)
def clean_up():
    """Leave no database behind, nor one of modules that no addon needs."""
    yield
    database.drop(NAME)
    database.prune()


@pytest.mark.parametrize("name", database.names_without_demo())
def test_install_alone(name):
    """No glue joins in, and the log has no warning."""
    database.copy(database.base_database(suite.odoo_modules([name])), NAME)
    log = run_odoo(NAME, "-i", name, "--skip-auto-install", log=f"alone-{name}.log")
    assert not server_log.unexpected(log)
    assert installed() == suite.closure([name])


def test_uninstall():
    """The whole suite can go again; what is left is Odoo."""
    # Uninstalling the ground takes along all that stands on it.
    ground = "distribution_base"
    database.copy(database.suite_database(), NAME)
    log = uninstall(NAME, ground, log="uninstall.log")
    assert not server_log.unexpected(log)
    assert installed() == []


def installed():
    """The addons of the suite that the database has, in order."""
    rows = database.postgres.server().execute(
        "SELECT name FROM ir_module_module WHERE state = 'installed'", database=NAME
    )
    names = {name for (name,) in rows}
    return [name for name in suite.addons() if name in names]
