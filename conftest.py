"""What holds for every test run: a clean log, and no browser test left out unseen."""

import logging
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "setup"))

import server_log  # noqa: E402  (found through the path of the line above)

# Why Odoo skips a test that should have run in a browser.
NO_BROWSER = (
    "Chrome executable not found",
    "websocket-client module is not installed",
    "Failed to detect chrome devtools port",
    "Error during Chrome",
    "Cannot connect to chrome dev tools",
)


class WarningCollector(logging.Handler):
    """Keeps the warnings that reach the root logger.

    Records that a test expects do not get here: `mute_logger` and `assertLogs` take the
    handlers and the propagation off their loggers.
    """

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        """Keep the record with the test that runs, unless it is a known one."""
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + logging.Formatter().formatException(record.exc_info)
        if not server_log.is_known(record.levelname, record.name, message):
            test = os.environ.get("PYTEST_CURRENT_TEST", "outside of any test")
            self.found.append(f"{test}\n  {record.levelname} {record.name}: {message}")


collector = WarningCollector()


def pytest_configure(config):
    """Listen from before the registry is loaded."""
    logging.getLogger().addHandler(collector)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI, a browser test that finds no browser has failed."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI"):
        reason = str(report.longrepr)
        if any(text in reason for text in NO_BROWSER):
            report.outcome = "failed"
            report.longrepr = f"There must be a browser in CI. {reason}"


def pytest_sessionfinish(session):
    """A run whose log has unknown warnings has failed, even where each test passed."""
    if collector.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """List the unknown warnings."""
    if collector.found:
        terminalreporter.section("warnings and errors in the log", red=True)
        for text in collector.found:
            terminalreporter.write_line(text)
        terminalreporter.write_line(
            f"{len(collector.found)} records are not in tests/known_warnings.txt."
        )
