"""Which statements an operation sends, and in which of them two runs differ."""

import re
import threading
from collections import Counter

WIDTH = 400
RULES = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"%s(?:, ?%s)+"), "%s…"),
    (re.compile(r"\(%s…?\)(?:, ?\(%s…?\))+"), "(%s…)…"),
    (re.compile(r'"[0-9a-f]{8}[0-9a-f_-]{20,}"'), "savepoint"),
    (re.compile(r"\b\d+\b"), "0"),
    # Record rules by branch add conditions; the statement is the same one.
    (re.compile(r"[()]"), " "),
    (re.compile(r'"\w+"\."(peer_)?branch_id" +(IN %s|IS NULL) *((OR|AND)\b)?'), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"( AND| OR)+ (?=ORDER|GROUP|LIMIT|AND|OR|$)"), " "),
)
# So do fields to the lists of columns.
SELECTED = re.compile(r"^SELECT .*? FROM ")
UPDATED = re.compile(r'^(UPDATE "\w+") SET .*? FROM VALUES .*')
INSERTED = re.compile(r'^(INSERT INTO "\w+") .*? VALUES')


def normalise(query):
    """The text of a statement without its values, and without its list of columns."""
    text = str(query)
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    text = INSERTED.sub(r"\1 … VALUES", text.strip())
    text = UPDATED.sub(r"\1 SET … FROM VALUES …", text)
    text = SELECTED.sub("SELECT … FROM ", text)
    return text[:WIDTH].strip()


class Recorder:
    """Counts statements while it is entered, through Odoo's own hook for that."""

    def __init__(self, enabled):
        self.enabled = enabled
        self.statements = Counter()

    def __enter__(self):
        if self.enabled:
            threading.current_thread().query_hooks = [self._note]
        return self

    def __exit__(self, *_error):
        if self.enabled:
            threading.current_thread().query_hooks = []

    def _note(self, _cursor, query, _params, _start, _delay):
        self.statements[normalise(query)] += 1


def differences(stock, suite):
    """(how many more with the suite, statement), the largest difference first."""
    found = [
        (suite.get(text, 0) - stock.get(text, 0), text) for text in {*stock, *suite}
    ]
    found = [(more, text) for more, text in found if more]
    return sorted(found, key=lambda item: (-item[0], item[1]))
