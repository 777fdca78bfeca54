"""The whole region: base backups of the embedded PostgreSQL, its archived WAL, and putting a moment back.

    bin/yz base_backup FOLDER                                   a new folder in it with everything up to now
    bin/yz point_in_time BACKUP [--until MOMENT] [--yes]        the cluster as of that moment; stop the product first

WAL is archived when YZ_WAL_ARCHIVE names a folder at the start of the server: without it only the moment of a backup
itself can be put back. A PostgreSQL of your own has its own backups: platform/ops/backup.md.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from runtime.files import write_whole
from runtime.layout import Layout
from runtime.postgres import Postgres, archive_folder
from runtime.problems import Problem
from runtime.product import recorded
from runtime.wheels import postgres_bin

ABOUT = "backup.json"
DATA = "data"
FILES = "files"
PROMOTE_SECONDS = 3600.0


def main(layout: Layout, given: Sequence[str]) -> int:
    """`bin/yz base_backup` and `bin/yz point_in_time`."""
    command, *rest = given
    if os.environ.get("DATABASE_URL"):
        raise Problem("DATABASE_URL is set: this is for the embedded server; see platform/ops/backup.md.", code=2)
    cluster = Postgres(layout)
    if command == "base_backup":
        parser = argparse.ArgumentParser(prog="bin/yz base_backup", description="Copies the running cluster.")
        parser.add_argument("folder", type=Path)
        made = base_backup(cluster, parser.parse_args(rest).folder.absolute(), files=_files(layout))
        print(f"{made}: {json.loads((made / ABOUT).read_text())['seconds']} s, verified")
        return 0
    parser = argparse.ArgumentParser(prog="bin/yz point_in_time", description="Puts the cluster back to a moment.")
    parser.add_argument("backup", type=Path)
    parser.add_argument("--until", help="as 2026-11-23T10:15:00+08:00; without it as late as the archive goes")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(rest)
    if any(process.alive for process in recorded(layout)):
        raise Problem("The product is running. Stop it first:  bin/down", code=2)
    if not options.yes and not _sure(f"The whole region is put back to {options.until or 'the end of the archive'}."):
        return 1
    cluster.stop()
    began = time.monotonic()
    aside = point_in_time(
        cluster, options.backup.absolute(), until=options.until, archive=archive_folder(), files=_files(layout)
    )
    cluster.stop()
    print(f"Restored in {time.monotonic() - began:.1f} s; what was there is kept in {aside}. Start:  bin/up")
    return 0


def _files(layout: Layout) -> Path:
    """Stored files, as config/settings.py places them."""
    return Path(os.environ.get("YZ_FILES_DIR") or layout.local / FILES)


def _sure(what: str) -> bool:
    if not sys.stdin.isatty():
        raise Problem("Nobody to ask: say --yes.", code=2)
    return input(f"{what} Go on? [yes/no] ").strip().lower() == "yes"


def base_backup(cluster: Postgres, folder: Path, *, files: Path | None = None) -> Path:
    """A copy of the running cluster in a new folder of `folder`, with the WAL it needs, and every byte verified."""
    if not cluster.running:
        raise Problem("The server is not running: there is nothing to copy. Start it:  bin/up", code=2)
    binaries = postgres_bin(cluster.layout)
    began, at = time.monotonic(), datetime.now(UTC)
    name = f"{at:%Y%m%dT%H%M%SZ}"
    draft, made = folder / f".{name}.part", folder / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft.mkdir(mode=0o700)
    try:
        _run(
            cluster,
            *(str(binaries / "pg_basebackup"), "--pgdata", str(draft / DATA), "--wal-method=stream"),
            *("--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"),
        )
        _run(cluster, str(binaries / "pg_verifybackup"), "--quiet", str(draft / DATA))
        # Stored files are never changed once written: copied after the rows that name them, none is missing.
        if files is not None and files.is_dir():
            shutil.copytree(files, draft / FILES, symlinks=True)
        about = {
            "began_at": at.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
            "seconds": round(time.monotonic() - began, 1),
            "server": cluster.sql("SHOW server_version"),
            "system": cluster.sql("SELECT system_identifier FROM pg_control_system()"),
        }
        write_whole(draft / ABOUT, json.dumps(about, indent=1) + "\n")
        draft.rename(made)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


def _run(cluster: Postgres, *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    environment |= {
        "LC_ALL": "C",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(cluster.port),
        "PGUSER": "postgres",
        "PGPASSWORD": cluster.password,
    }
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/")
    if done.returncode != 0:
        raise Problem(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")


def point_in_time(
    cluster: Postgres, backup: Path, *, until: str | None, archive: Path | None, files: Path | None = None
) -> Path:
    """Starts the stopped cluster as of `until` (the end of the archive without it); returns what was there before.

    Nothing is deleted: the former data folder is kept beside the new one. A moment that the archive does not reach, or
    that lies before the backup, is refused, and the former data is put back.
    """
    about = _about(backup)
    if cluster.running:
        raise Problem("The server is running. Stop it first:  bin/down", code=2)
    moment = _moment(until, about) if until else None
    if moment and archive is None:
        raise Problem("YZ_WAL_ARCHIVE names no folder: without archived WAL only the backup itself is there.", code=2)
    aside = cluster.home / f"data-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    cluster.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if cluster.data.exists():
        cluster.data.rename(aside)
    try:
        shutil.copytree(backup / DATA, cluster.data, symlinks=True)
        cluster.data.chmod(0o700)
        _recovery(cluster.data, archive, moment)
        write_whole(cluster.home / "created", "the data folder is complete\n")
        cluster.start()
        _wait_promoted(cluster)
        cluster.sql(
            "".join(f"ALTER SYSTEM RESET {name};" for name in ("restore_command", "recovery_target_time"))
            + "ALTER SYSTEM RESET recovery_target_action;"
        )
    except BaseException:
        cluster.stop()
        if aside.exists():
            shutil.rmtree(cluster.data, ignore_errors=True)
            aside.rename(cluster.data)
        raise
    if files is not None and (backup / FILES).is_dir():
        shutil.copytree(backup / FILES, files, symlinks=True, dirs_exist_ok=True)
    return aside


def _wait_promoted(cluster: Postgres) -> None:
    """The server answers questions while it still replays: wait until it has reached the moment, or given up."""
    limit = time.monotonic() + PROMOTE_SECONDS
    while time.monotonic() < limit:
        try:
            if cluster.sql("SELECT pg_is_in_recovery()") == "f":
                return
        except Problem:
            if not cluster.running:
                break
        time.sleep(0.2)
    tail = cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
    raise Problem("The moment was not reached; the archive may end before it:\n" + "\n".join(tail))


def _about(backup: Path) -> dict[str, str]:
    try:
        held: dict[str, str] = json.loads((backup / ABOUT).read_text())
    except (OSError, ValueError) as error:
        raise Problem(f"{backup} is not a whole backup: {error}", code=2) from error
    return held


def _moment(until: str, about: dict[str, str]) -> str:
    try:
        moment = datetime.fromisoformat(until)
    except ValueError as error:
        raise Problem(f"{until} is not a moment such as 2026-11-23T10:15:00+08:00", code=2) from error
    if moment.tzinfo is None:
        raise Problem(f"{until} names no time zone: write 2026-11-23T10:15:00+08:00", code=2)
    if moment < datetime.fromisoformat(about["ended_at"]):
        raise Problem(f"The backup ended at {about['ended_at']}: take an earlier one for {until}.", code=2)
    return moment.isoformat(sep=" ")


def _recovery(data: Path, archive: Path | None, moment: str | None) -> None:
    """What PostgreSQL reads at its start; `recovery.signal` tells it to."""
    command = f"cp {shlex.quote(str(archive))}/%f %p" if archive else "false"
    settings = {"restore_command": command, "recovery_target_action": "promote"}
    if moment:
        settings["recovery_target_time"] = moment
    # Nothing of ours holds a quote: paths are ours, the moment is a parsed one.
    lines = "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(lines)
    (data / "recovery.signal").touch(mode=0o600)
