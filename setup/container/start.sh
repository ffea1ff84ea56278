#!/bin/bash
# Entry point of the container: every line of the log as one JSON object, then Odoo.
#   start odoo [option ...]   serve
#   start init                install the suite, or upgrade the addons of a new version
set -euo pipefail

# The process stays Odoo, so that it gets the signals; the filter ends with its output.
exec > >(exec python3 /opt/distribution/log_json.py) 2>&1

if [ "${1:-}" != init ]; then
    exec /entrypoint.sh "$@"
fi

mark="/var/lib/odoo/initialised-$DB_NAME"
if [ -e "$mark" ]; then
    export PGHOST="$HOST" PGUSER="$USER"
    PGPASSWORD="$(cat "$PASSWORD_FILE")"
    export PGPASSWORD
    exec odoo module upgrade --config=/etc/odoo/odoo.conf --database="$DB_NAME" --outdated all
fi
# Repeated as a whole if it is interrupted: Odoo is not served before the mark is there.
/entrypoint.sh odoo --database="$DB_NAME" --init=distribution --stop-after-init --no-http
/entrypoint.sh odoo shell --database="$DB_NAME" --no-http \
    </opt/distribution/set_admin_password.py
touch "$mark"
