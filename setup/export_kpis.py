"""`make kpis`: write `docs/kpis.md` from the dictionary of KPIs."""

import subprocess

import database
from console import SetupError, say, step
from odoo_process import ODOO, write_config
from paths import ROOT

PAGE = ROOT / "docs" / "kpis.md"
# Run in the shell of Odoo; the page is between the marks, whatever else is printed.
MARK = "-- page of the KPIs --"
SCRIPT = f"""
from odoo.addons.distribution_kpi.models.kpi_document import page
print({MARK!r} + page(env["distribution.kpi.facts"]._kpis()) + {MARK!r})
"""


def main():
    """Ask a database that has all addons for its dictionary."""
    step(1, 2, "A database with the suite")
    target = database.suite_database()
    step(2, 2, "The dictionary")
    config = write_config("kpis")
    done = subprocess.run(
        [*ODOO, "shell", "--no-http", "--config", str(config), "--database", target],
        input=SCRIPT,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    parts = done.stdout.split(MARK)
    if len(parts) != 3:
        raise SetupError(f"Odoo did not say what the KPIs are.\n{done.stderr[-2000:]}")
    PAGE.write_text(parts[1])
    say(f"{PAGE.relative_to(ROOT)}: {parts[1].count('### ')} KPIs")


if __name__ == "__main__":
    main()
