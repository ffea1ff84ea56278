"""Warnings and errors of Odoo's log, without those that are known to be Odoo's own."""

import re
from functools import cache

from paths import ROOT

KNOWN_WARNINGS = ROOT / "tests" / "known_warnings.txt"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) \S+"
    r" (?P<logger>[\w.]+): (?P<message>.*)$"
)
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")


@cache
def known_warnings():
    """The patterns of `tests/known_warnings.txt`."""
    lines = KNOWN_WARNINGS.read_text().splitlines()
    return [re.compile(line) for line in lines if line and not line.startswith("#")]


def is_known(level, logger, message):
    """Whether a log record is one that we put up with."""
    text = f"{level} {logger}: {message}"
    return any(pattern.search(text) for pattern in known_warnings())


def unexpected(path):
    """The warnings and errors in the log file `path` that are not known."""
    records = []
    for line in path.read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if match:
            records.append([match["level"], match["logger"], match["message"]])
        elif records:
            # The traceback of the record above.
            records[-1][2] += f"\n{line}"
    return [
        f"{level} {logger}: {message}"
        for level, logger, message in records
        if level in BAD_LEVELS and not is_known(level, logger, message)
    ]
