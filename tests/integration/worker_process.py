"""Programs with Odoo loaded that play in real transactions what no client can call."""

import json
import subprocess
from pathlib import Path

from odoo_process import PYTHON, write_config


def play(name, server):
    """Run `<name>_worker.py` on the database of `server`: (what it tells, its log)."""
    worker = Path(__file__).with_name(f"{name}_worker.py")
    config = write_config(name, db_name=server.database)
    done = subprocess.run(
        [*PYTHON, worker, config, server.database],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]), done.stderr
