#!/bin/bash
# Backups of the database and of the attachments.
#   backup.sh daily           one at BACKUP_HOUR every day, for ever
#   backup.sh once            one now
#   backup.sh list            what there is
#   backup.sh check           fails if the newest is older than 26 hours
#   backup.sh restore NAME    put one back (stop odoo first: docs/operations.md)
set -euo pipefail

FOLDER=${BACKUP_FOLDER_IN_CONTAINER:-/backups}
DATA=${ODOO_DATA:-/var/lib/odoo}
if [ -e /run/secrets/db_password ]; then
    PGPASSWORD="$(cat /run/secrets/db_password)"
    export PGPASSWORD
fi

say() {
    printf '{"time": "%s", "logger": "backup", "message": "%s"}\n' "$(date -uIs)" "$*"
}

once() {
    local name partial
    name="$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ)"
    partial="$FOLDER/.$name.partial"
    rm -rf "$FOLDER"/.*.partial
    mkdir -p "$partial"
    # First the database: what it refers to is then still among the attachments.
    pg_dump --format=custom --file="$partial/database.dump"
    pg_restore --list "$partial/database.dump" >/dev/null
    if [ -d "$DATA/filestore/$PGDATABASE" ]; then
        tar --create --gzip --numeric-owner --file="$partial/filestore.tar.gz" \
            --directory="$DATA/filestore" "$PGDATABASE"
    else
        tar --create --gzip --file="$partial/filestore.tar.gz" --files-from=/dev/null
    fi
    (cd "$partial" && sha256sum database.dump filestore.tar.gz >SHA256SUMS)
    # A backup that has its name is whole.
    mv "$partial" "$FOLDER/$name"
    say "made $name, $(du -sh "$FOLDER/$name" | cut -f1)"
    rotate
}

rotate() {
    find "$FOLDER" -mindepth 1 -maxdepth 1 -type d -name "$PGDATABASE-*" \
        -mtime "+$BACKUP_KEEP_DAYS" -print -exec rm -rf {} + | while read -r old; do
        say "deleted $(basename "$old"), older than $BACKUP_KEEP_DAYS days"
    done
}

daily() {
    local now next
    while true; do
        now=$(date +%s)
        next=$(date -d "today $BACKUP_HOUR:00" +%s)
        [ "$next" -gt "$now" ] || next=$(date -d "tomorrow $BACKUP_HOUR:00" +%s)
        sleep $((next - now)) &
        wait $!
        once || say "the backup failed"
    done
}

check() {
    test -n "$(find "$FOLDER" -mindepth 1 -maxdepth 1 -type d -name "$PGDATABASE-*" \
        -mmin -1560 -print -quit)"
}

restore() {
    local backup="$FOLDER/${1:?Name a backup; \`list\` shows them.}"
    (cd "$backup" && sha256sum --check --quiet SHA256SUMS)
    # The same database is emptied, since its user may not create another.
    psql --quiet --set=ON_ERROR_STOP=1 --command="DROP OWNED BY CURRENT_USER CASCADE"
    pg_restore --no-owner --single-transaction --exit-on-error \
        --dbname="$PGDATABASE" "$backup/database.dump"
    rm -rf "${DATA:?}/filestore/$PGDATABASE"
    tar --extract --gzip --numeric-owner --file="$backup/filestore.tar.gz" \
        --directory="$DATA/filestore"
    say "restored $1"
}

case "${1:-}" in
    daily | once | check) "$1" ;;
    list) ls -1 "$FOLDER" ;;
    restore) restore "${2:-}" ;;
    *)
        sed -n '2,7p' "$0" | cut -c 3-
        exit 2
        ;;
esac
