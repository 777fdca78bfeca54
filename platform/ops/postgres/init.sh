#!/bin/sh
# Makes the owner, the database, the pool's and the backup's logins on a new cluster. Run once by the image's entry
# point, as the superuser; on a cluster of your own run it with PGHOST, PGPORT, PGUSER and PGPASSWORD set.
set -eu
secrets=${YZ_SECRETS_DIR:-/run/secrets}
database=${YZ_DATABASE_NAME:-yz}

psql -v ON_ERROR_STOP=1 -q --no-psqlrc -d postgres \
    -v database="$database" \
    -v owner="$(cat "$secrets/owner_password")" \
    -v pooler="$(cat "$secrets/pooler_password")" \
    -v backup="$(cat "$secrets/backup_password")" <<'SQL'
SELECT 'CREATE ROLE yz_owner' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'yz_owner') \gexec
SELECT 'CREATE ROLE yz_pooler' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'yz_pooler') \gexec
SELECT 'CREATE ROLE yz_backup' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'yz_backup') \gexec
ALTER ROLE yz_owner WITH LOGIN CREATEROLE NOSUPERUSER NOCREATEDB PASSWORD :'owner';
ALTER ROLE yz_pooler WITH LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'pooler';
ALTER ROLE yz_backup WITH LOGIN REPLICATION NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'backup';
SELECT format('CREATE DATABASE %I OWNER yz_owner', :'database')
 WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO yz_pooler;
SQL

psql -v ON_ERROR_STOP=1 -q --no-psqlrc -d "$database" <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;

-- PgBouncer asks here for the secret of a login that knocks: of those that serve, never of the owner or a superuser.
CREATE SCHEMA IF NOT EXISTS pooler;
CREATE OR REPLACE FUNCTION pooler.login(asked text) RETURNS TABLE (name text, secret text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT rolname::text, rolpassword FROM pg_authid
     WHERE rolname = asked AND rolcanlogin AND NOT rolsuper AND NOT rolcreaterole AND NOT rolreplication
       AND (rolname IN ('yz_region', 'yz_mall', 'yz_relay', 'yz_sweeper')
            OR rolname ~ '^t[0-9]{6}(_[a-z0-9]{1,20})?$')
$$;
REVOKE ALL ON SCHEMA pooler FROM PUBLIC;
REVOKE ALL ON FUNCTION pooler.login(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pooler TO yz_pooler;
GRANT EXECUTE ON FUNCTION pooler.login(text) TO yz_pooler;
SQL

# The image's own rules let everybody in by password but nobody replicate, which a base backup does.
hba=${PGDATA:-/nowhere}/pg_hba.conf
if [ -w "$hba" ] && ! grep -q yz_backup "$hba"; then
    echo "host replication yz_backup all scram-sha-256" >> "$hba"
fi
