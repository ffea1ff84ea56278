"""A day that two jobs measure at once has its figures once, and no KPI is said to fail."""

import json
import subprocess
from pathlib import Path

from odoo_process import PYTHON, write_config

WORKER = Path(__file__).with_name("kpis_worker.py")


def test_two_jobs_measure_one_day(server):
    """One measuring of each KPI counts; who came second goes on."""
    config = write_config("kpis", db_name=server.database)
    done = subprocess.run(
        [*PYTHON, WORKER, config, server.database],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["kpis"] == 3, told
    assert told["finished"] == 2, told
    assert told["failed"] == [], told
    assert told["runs"] == told["current"] == 3, told
