"""`make shell`: a Python shell with `env` on the demo database."""

import database
from console import SetupError, stream
from odoo_process import ODOO, write_config


def main():
    """Open the shell; nothing is kept without `env.cr.commit()`."""
    if not database.exists(database.DEMO):
        raise SetupError("There is no demo database yet. Build it with `make demo`.")
    config = write_config("shell", db_name=database.DEMO)
    return stream([*ODOO, "shell", "--no-http", "--config", config])


if __name__ == "__main__":
    raise SystemExit(main())
