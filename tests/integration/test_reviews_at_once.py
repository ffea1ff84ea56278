"""A review that is opened by several at once is there once."""

import json
import subprocess
from pathlib import Path

from odoo_process import PYTHON, write_config

WORKER = Path(__file__).with_name("reviews_worker.py")


def test_jobs_and_button_open_one_pack(server):
    """One review, whose figures were frozen once, whoever came first."""
    config = write_config("reviews", db_name=server.database)
    done = subprocess.run(
        [*PYTHON, WORKER, config, server.database],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["reviews"] == 1, told
    assert told["figures"][0] >= 1, told
    assert all("already open" in words for words in told["refused"]), told
