"""Run in `odoo shell` after the installation: `admin` has no password that is known."""

from pathlib import Path

password = Path("/run/secrets/admin_password").read_text().strip()
if len(password) < 12:
    raise SystemExit("ADMIN_PASSWORD must have at least 12 characters.")
env.ref("base.user_admin").password = password  # noqa: F821  (the shell has env)
env.cr.commit()  # noqa: F821
