#!/bin/bash
# Run once by the PostgreSQL image: Odoo's database and its user, who is no superuser.
set -euo pipefail
psql --username postgres --set=ON_ERROR_STOP=1 \
    --set=name="$DB_NAME" --set=password="$(cat /run/secrets/db_password)" <<'SQL'
CREATE ROLE odoo LOGIN NOSUPERUSER NOCREATEDB PASSWORD :'password';
CREATE DATABASE :"name" OWNER odoo TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C';
SQL
