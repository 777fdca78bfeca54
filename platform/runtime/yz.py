"""bin/yz: a management command, as the database's owner, against the servers bin/up uses."""

import os
import sys
from collections.abc import Sequence

from runtime import backup, database, environment
from runtime.files import locked
from runtime.layout import Layout
from runtime.product import tool_environment
from runtime.servers import Servers
from runtime.settings import Settings

# These read or write files only: no server is started for them.
SERVERLESS = {"", "help", "--help", "-h", "version", "--version", "check", "compile_catalogues", "makemessages"} | {
    "lint_migrations",
    "makemigrations",
    "spectacular",
}
# Of the whole cluster: the server's own tools, and no Django.
BACKUPS = {"base_backup", "point_in_time"}


def main(layout: Layout, given: Sequence[str]) -> int:
    environment.ensure(layout)
    if given and given[0] in BACKUPS:
        return backup.main(layout, given)
    settings = settings_for(layout, needs_servers=(given[0] if given else "") not in SERVERLESS)
    variables = settings.for_commands() if settings else tool_environment(layout) | {"YZ_ENV": "local"}
    command = [str(layout.python), "-m", "config.manage", *given]
    sys.stdout.flush()
    os.chdir(layout.root)
    os.execve(command[0], command, variables)  # noqa: S606 - no shell is wanted
    return 0


def settings_for(layout: Layout, *, needs_servers: bool) -> Settings | None:
    """The running servers' settings; they are started when a command needs them, and stay until bin/down."""
    servers = Servers.local(layout)
    own_database, own_redis = Settings.external()
    if not needs_servers and not (own_database or servers.postgres.running):
        return None
    layout.prepare()
    with locked(layout.run / "servers.lock"):
        servers = Servers.local(layout)
        if not own_database and servers.postgres.start():
            database.create(servers.postgres, layout)
            print("Started PostgreSQL; bin/down stops it.", file=sys.stderr)
        if not own_redis and servers.valkey.start():
            print("Started Valkey; bin/down stops it.", file=sys.stderr)
    return Settings.of(layout, servers)
