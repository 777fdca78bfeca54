#!/bin/sh
# Writes what differs from place to place, then becomes PgBouncer.
set -eu
run=${YZ_POOL_DIR:-/tmp/pgbouncer}
umask 077
mkdir -p "$run"
printf 'yz = host=%s port=%s dbname=%s auth_user=yz_pooler\n' \
    "${YZ_POOLED_HOST:-postgres}" "${YZ_POOLED_PORT:-5432}" "${YZ_POOLED_DATABASE:-yz}" > "$run/databases.ini"
printf '"yz_pooler" "%s"\n' "$(cat "${YZ_POOLER_PASSWORD_FILE:-/run/secrets/pooler_password}")" > "$run/users.txt"
exec pgbouncer "${1:-/etc/pgbouncer/pgbouncer.ini}"
