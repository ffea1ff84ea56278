"""Where things live. What the set-up makes is in ignored folders of the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STATE = ROOT / ".odoo"
ODOO_TREE = STATE / "odoo"  # the extracted or cloned Odoo
PGDATA = STATE / "pgdata"  # data of the embedded PostgreSQL
DATA_DIR = STATE / "data"  # Odoo's filestore and sessions
LOGS = STATE / "logs"
SERVER_STATE = STATE / "server.json"  # pid and port of the served demo
DEMO_STATE = STATE / "demo.json"  # what the demo database was built from
