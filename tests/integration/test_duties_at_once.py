"""One person cannot do two segregated duties by doing them in the same moment."""

import json
import subprocess
from pathlib import Path

from odoo_process import PYTHON, write_config

WORKER = Path(__file__).with_name("duties_worker.py")


def test_two_duties_of_one_user_on_one_document(server):
    """One is done; the other waits, is run again, and is refused and recorded so."""
    config = write_config("duties", db_name=server.database)
    done = subprocess.run(
        [*PYTHON, WORKER, config, server.database],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    refused, performed = json.loads(done.stdout)
    assert performed[1] == "performed", done.stderr[-3000:]
    assert refused[1] == "refused", done.stderr[-3000:]
    assert {refused[0], performed[0]} == {"receive", "bill"}
    assert "must not do" in done.stderr
