"""`make demo`: build the reference case where it is not built yet, and serve it."""

import json
import os
import sys

import database
import postgres
import suite
from console import SetupError, say, step
from odoo_process import OdooServer, run_odoo
from paths import DEMO_STATE, LOGS, ROOT, SERVER_STATE

STEPS = 3
# Made anew rather than upgraded: its data are generated once, at installation.
GENERATED = (suite.DEMO_ADDON,)
USERS = """
    SELECT u.login, p.name, string_agg(DISTINCT g.name->>'en_US', ', ')
      FROM res_users u
      JOIN res_partner p ON p.id = u.partner_id
      LEFT JOIN res_groups_users_rel r ON r.uid = u.id
      LEFT JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = r.gid
            AND d.module = 'distribution_base' AND d.name LIKE 'group_%%'
      LEFT JOIN res_groups g ON g.id = d.res_id
     WHERE u.active AND u.login LIKE %s
  GROUP BY u.id, u.login, p.name
  ORDER BY 3, u.id
"""


def main(skus, interface):
    """Build, serve, and tell who can log in."""
    step(1, STEPS, "PostgreSQL")
    postgres.server()
    wanted = {
        "skus": skus,
        "odoo": database.odoo_version(),
        "addons": suite.digests(),
    }
    step(2, STEPS, f"Database {database.DEMO} with {skus} SKUs")
    changed = prepare(wanted)
    step(3, STEPS, "Odoo server")
    server = OdooServer(SERVER_STATE)
    if changed or server.values.get("interface") != interface or not server.runs():
        server.start(database.DEMO, interface=interface, log="demo-server.log")
    show(server)


def prepare(wanted):
    """Make the demo database match `wanted`; return whether anything was done."""
    built = _built()
    if built == wanted:
        say("already built")
        return False
    OdooServer(SERVER_STATE).stop()
    if not _can_upgrade(built, wanted) or not _upgrade(built, wanted):
        _rebuild(wanted)
    DEMO_STATE.write_text(json.dumps(wanted, indent=1))
    return True


def _built():
    """What the demo database was built from; nothing where there is none."""
    if not DEMO_STATE.exists() or not database.exists(database.DEMO):
        return {}
    return json.loads(DEMO_STATE.read_text())


def _can_upgrade(built, wanted):
    if any(built.get(key) != wanted[key] for key in ("skus", "odoo")):
        return False
    if set(built["addons"]) - set(wanted["addons"]):
        return False
    return all(
        built["addons"].get(key) == wanted["addons"].get(key) for key in GENERATED
    )


def _upgrade(built, wanted):
    """Upgrade the addons whose code has changed; return whether that worked."""
    changed = [
        name
        for name, digest in wanted["addons"].items()
        if built["addons"].get(name) != digest
    ]
    say(f"upgrading {', '.join(changed)}, which changed")
    known = [name for name in changed if name in built["addons"]]
    new = [name for name in changed if name not in built["addons"]]
    arguments = [*(["-u", ",".join(known)] if known else [])]
    arguments += ["-i", ",".join(new)] if new else []
    try:
        run_odoo(database.DEMO, *arguments, log="demo-upgrade.log")
    except SetupError as error:
        say(f"the upgrade failed, so the database is built anew: {error}")
        return False
    return True


def _rebuild(wanted):
    DEMO_STATE.unlink(missing_ok=True)
    addons = [
        name
        for name in (suite.APPLICATION, suite.DEMO_ADDON)
        if name in wanted["addons"]
    ] or list(wanted["addons"])
    database.build(
        database.DEMO,
        addons,
        log="demo-build.log",
        env={"DISTRIBUTION_DEMO_SKUS": str(wanted["skus"])},
    )


def show(server):
    """Print the address, and the users with their passwords."""
    rows = postgres.server().execute(USERS, ["%@demo.example"], database.DEMO)
    rows = [(role or "", name, login, "demo") for login, name, role in rows]
    rows.append(("Odoo's own administrator", "", "admin", "admin"))
    print_table([("role", "name", "login", "password"), *rows])
    print(f"\nThe server's log is {(LOGS / 'demo-server.log').relative_to(ROOT)}.")
    print("End it with `make stop`. Log in at:\n")
    print(f"    {server.url}\n")


def print_table(rows):
    """Print `rows`, the first of which is the heading, in aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    print()
    for row in rows:
        print(
            "  ".join(
                text.ljust(width) for text, width in zip(row, widths, strict=False)
            ).rstrip()
        )


def stop():
    """End the demo server and the embedded PostgreSQL."""
    if OdooServer(SERVER_STATE).stop():
        say("the Odoo server has stopped")
    postgres.stop()


def skus_from_environment():
    """SKUS, checked: a whole number of at least 1."""
    text = os.environ.get("SKUS") or "300"
    if not text.isdigit() or int(text) < 1:
        raise SetupError(f"SKUS must be a whole number of at least 1, not {text!r}.")
    return int(text)


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        stop()
    else:
        main(skus_from_environment(), os.environ.get("INTERFACE") or "127.0.0.1")
