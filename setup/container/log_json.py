"""Standard input as Odoo logs it, standard output as one JSON object a line.

A line that does not begin a record, such as one of a traceback, belongs to the record
before it.
"""

import json
import os
import re
import select
import signal
import sys

RECORD = re.compile(
    r"^(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d),(?P<ms>\d{3})"
    r" (?P<pid>\d+) (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[\w.]+): "
    r"(?P<message>.*)$"
)
# How long a record waits for more lines of its own.
PATIENCE = 0.5


def parse(line):
    """The record that `line` begins, or None."""
    match = RECORD.match(line)
    if not match:
        return None
    values = match.groupdict()
    values["time"] = f"{values.pop('date')}T{values['time']}.{values.pop('ms')}Z"
    values["pid"] = int(values["pid"])
    values["message"] = values["message"].rstrip()
    return values


def follow(read_line, write):
    """Write the records of the lines that `read_line` gives.

    `read_line` returns a line, None where none has come for a while, or "" at the end.
    """
    record = None
    while True:
        line = read_line()
        begun = parse(line) if line else None
        if record and (begun or not line):
            write(json.dumps(record))
            record = None
        if begun:
            record = begun
        elif line and record:
            record["message"] += "\n" + line.rstrip("\n")
        elif line:
            write(json.dumps({"level": "INFO", "message": line.rstrip("\n")}))
        if line == "":
            return


class Lines:
    """Lines of a file descriptor, with a limit to how long one is waited for."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.buffer = b""

    def __call__(self):
        """The next line; None where none has come in time, "" at the end."""
        while b"\n" not in self.buffer:
            if not select.select([self.descriptor], [], [], PATIENCE)[0]:
                return None
            data = os.read(self.descriptor, 65536)
            if not data:
                rest, self.buffer = self.buffer, b""
                return rest.decode(errors="replace")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode(errors="replace") + "\n"


if __name__ == "__main__":
    # Odoo is told to stop; the filter ends when Odoo has said its last.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow(Lines(sys.stdin.fileno()), lambda text: print(text, flush=True))
