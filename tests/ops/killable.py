"""A PostgreSQL and a Valkey of one test alone, and the product's processes before them: all of them may be killed.

The servers that the other tests use are shared between test processes, and are never killed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from runtime import ports, postgres, valkey
from runtime.addresses import DatabaseAddress
from runtime.layout import HERE
from runtime.servers import Servers
from runtime.settings import Settings
from runtime.wheels import postgres_bin
from tests.bench.processor import children_of
from tests.environment import OWNER_PASSWORD, admin_url, database_name

START_SECONDS = 60.0
# The roles of the test database; other test processes' own stand beside them in the shared cluster.
_ROLES = re.compile(r"(CREATE|ALTER) ROLE (yz_\w+|t99000[12]\w*)\b|GRANT (yz_\w+|t99000[12]\w*) TO (yz_|t99000[12])")


@dataclass
class Killable:
    """The servers, and whichever of the product's processes were started; `kills` counts by what was killed."""

    servers: Servers
    folder: Path
    port: int
    more: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def settings(self) -> Settings:
        owner = f"postgres://yz_owner:{OWNER_PASSWORD}@127.0.0.1:{self.servers.postgres.port}/{database_name()}"
        return Settings(HERE, os.environ["YZ_SECRET"], owner, self.servers.valkey.url)

    @property
    def for_commands(self) -> dict[str, str]:
        """What a process gets that may do all that the owner may."""
        return self.settings.for_commands() | dict(self.more)

    def log(self, role: str) -> Path:
        return self.folder / f"{role}.log"

    # -- processes ----------------------------------------------------------------------------------------------
    def start(self, role: str) -> None:
        """One of the product's processes, as `bin/up` and the image start it, in a session of its own."""
        environment = self.settings.for_processes() | dict(self.more)
        with self.log(role).open("ab") as log:
            self.processes[role] = subprocess.Popen(
                [sys.executable, "-m", "config.start", role],
                cwd=HERE.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def living(self, role: str) -> bool:
        return self.processes[role].poll() is None

    def kill(self, role: str) -> None:
        """SIGKILL to the process and all its children, and another one in its place.

        Raises AssertionError when it had ended by itself: nothing but a kill may end a process.
        """
        assert self.living(role), f"{role} ended by itself: {self.log(role).read_text()[-3000:]}"
        self._end(role)
        self.kills[role] += 1
        self.start(role)

    def kill_child(self, role: str) -> None:
        """SIGKILL to one of the process's children; whoever watches over them starts another."""
        for child in children_of(self.processes[role].pid)[:1]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            self.kills[f"one process of {role}"] += 1

    def kill_postgres(self) -> None:
        """SIGKILL to the postmaster and all its backends, and the crash recovery of a new one."""
        postmaster = self.servers.postgres.record.pid
        assert postmaster is not None
        # The postmaster first: alive, it would notice its children's deaths and start them again.
        for pid in (postmaster, *children_of(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _gone(self.servers.postgres)
        self.kills["postgres"] += 1
        self.servers.postgres.start()

    def kill_backend(self) -> None:
        """SIGKILL to one backend: the postmaster ends all others and recovers by itself."""
        postmaster = self.servers.postgres.record.pid
        assert postmaster is not None
        for pid in children_of(postmaster)[-1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kills["one backend"] += 1

    def kill_valkey(self) -> None:
        """SIGKILL; what was in it is gone."""
        pid = self.servers.valkey.record.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        _gone(self.servers.valkey)
        self.kills["valkey"] += 1
        self.servers.valkey.start()

    def wait_for_web(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(f"the web process does not answer: {self.log('web').read_text()[-3000:]}")

    def check_files(self) -> None:
        """Every table and index as PostgreSQL's own checker reads them. Raises AssertionError with what it finds."""
        self.servers.postgres.sql("CREATE EXTENSION IF NOT EXISTS amcheck", database=database_name())
        said = _ran("pg_amcheck", "--jobs=2", f"--database={database_name()}", url=self.servers.postgres.admin_url)
        assert said == "", said[-3000:]

    def _end(self, role: str) -> None:
        process = self.processes[role]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def close(self) -> None:
        for role in self.processes:
            self._end(role)
        self.servers.stop()


@contextmanager
def killable(folder: Path, **more: str) -> Iterator[Killable]:
    """Both servers with a copy of the test database, until the body ends; then nothing of them is left.

    `more` are variables of the product's processes.
    """
    # What a run that was itself killed has left under this name is stopped and thrown away.
    name = f"killed-{database_name()}"
    servers = Servers(
        postgres.Postgres(HERE, postgres.Flavour(f"{name}-postgres", {"fsync": "on", "shared_buffers": "64MB"})),
        valkey.Valkey(HERE, valkey.Flavour(f"{name}-valkey", persistent=False)),
    )
    _throw_away(servers)
    port = ports.choose()
    variables = {
        "YZ_BIND": f"127.0.0.1:{port}",
        "YZ_PORT": str(port),
        "YZ_RUN_DIR": str(folder),
        "YZ_FILES_DIR": str(folder / "files"),
        "YZ_BROKER_URL": "",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        **more,
    }
    (folder / "metrics").mkdir()
    house = Killable(servers, folder, port, variables)
    try:
        servers.start()
        variables["YZ_BROKER_URL"] = servers.valkey.url
        _copy_test_database(servers.postgres, folder / "copied.dump")
        yield house
    finally:
        house.close()
        _throw_away(servers)


def _copy_test_database(cluster: postgres.Postgres, dump: Path) -> None:
    """The roles, and the database as this test finds it: a tenth of the time that migrating takes."""
    said = _ran("pg_dumpall", "--roles-only", url=admin_url())
    cluster.sql("".join(line + "\n" for line in said.splitlines() if _ROLES.match(line)))
    _ran("pg_dump", "-Fc", "-Z0", "--create", "-N", "baseline*", f"--file={dump}", url=admin_url(database_name()))
    _ran("pg_restore", "--create", "--jobs=2", "--dbname=postgres", str(dump), url=cluster.admin_url)


def _ran(program: str, *arguments: str, url: str) -> str:
    """What one of PostgreSQL's programs says at `url`. Raises AssertionError when it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [str(postgres_bin(HERE) / program), *arguments],
        env=environment | DatabaseAddress.parse(url).as_libpq(), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, f"{program}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def _gone(server: postgres.Postgres | valkey.Valkey) -> None:
    assert server.record.wait(20), f"{server.flavour.folder} outlives a SIGKILL"


def _throw_away(servers: Servers) -> None:
    servers.stop()
    for server in (servers.postgres, servers.valkey):
        shutil.rmtree(server.home, ignore_errors=True)
        for left in (server.log, server.record.path, HERE.local / f"{server.flavour.folder}.password"):
            left.unlink(missing_ok=True)
