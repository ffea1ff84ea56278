"""These tests load no Odoo registry of their own: they read files or call a server."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In place of pytest-odoo's, which would need a database."""


@pytest.fixture(scope="session", autouse=True)
def load_http():
    """In place of pytest-odoo's, which would start a server in this process."""


@pytest.fixture(scope="module", autouse=True)
def enable_odoo_test_flag():
    """In place of pytest-odoo's, which needs Odoo's configuration."""
