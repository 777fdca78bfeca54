"""The region put back to a moment: a backup, archived WAL, a disaster, and the moment before it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime import backup, database
from runtime.layout import HERE, Layout
from runtime.postgres import Flavour, Postgres
from runtime.problems import Problem
from runtime.settings import OWNER, owner_password

CODE = "653101"
SCHEMA = f"t{CODE}"
JOURNAL = f"{SCHEMA}.journal_journalentry"
ROW = (
    f"INSERT INTO {JOURNAL} (epoch, at, actor_name, organisation_name, event, event_version, object_type, object_id, "
    "facts) VALUES (1, clock_timestamp(), '', '', 'tests.written', 1, 'note', '{}', '{{}}')"
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A cluster of its own with archiving on, and in it a small Yizhang: the region and one mall."""
    root = tmp_path_factory.mktemp("moment")
    layout = Layout(root)
    layout.prepare()
    layout.venv.symlink_to(HERE.venv.resolve())
    held = Postgres(layout, Flavour("moment-postgres", {"max_connections": "60"}, root / "archive"))
    held.start()
    try:
        database.create(held, layout)
        manage(held, "migrate_region")
        manage(held, "provision", CODE)
        yield held
    finally:
        held.stop()
        shutil.rmtree(root, ignore_errors=True)


def manage(cluster: Postgres, *arguments: str) -> str:
    url = f"postgres://{OWNER}:{owner_password(cluster.layout)}@127.0.0.1:{cluster.port}/yz"
    done = subprocess.run(
        [sys.executable, "-m", "config.manage", *arguments],
        env={**os.environ, "DATABASE_URL": url, "YZ_DATABASE": "", "YZ_TEST_DATABASE_ADMIN": ""},
        cwd=HERE.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sql(cluster: Postgres, text: str) -> str:
    return cluster.sql(text, database="yz")


def write(cluster: Postgres, note: str) -> None:
    sql(cluster, ROW.format(note))


def notes(cluster: Postgres) -> list[str]:
    return sql(cluster, f"SELECT object_id FROM {JOURNAL} WHERE object_type = 'note' ORDER BY id").split()


def test_a_moment_before_a_disaster_is_put_back(cluster: Postgres, tmp_path: Path) -> None:
    write(cluster, "in-the-backup")
    began = time.monotonic()
    made = backup.base_backup(cluster, tmp_path / "backups")
    taken = time.monotonic() - began
    write(cluster, "before")
    time.sleep(0.2)
    moment = datetime.now(UTC)
    time.sleep(0.2)
    write(cluster, "after")
    sql(cluster, f"DROP SCHEMA {SCHEMA} CASCADE; DELETE FROM registry_domain; DELETE FROM registry_tenant")
    sql(cluster, "SELECT pg_switch_wal()")
    archived_within(cluster, 20)
    # The machine dies.
    os.kill(cluster.record.pid or 0, 9)
    cluster.stop()
    time.sleep(0.5)

    began = time.monotonic()
    aside = backup.point_in_time(cluster, made, until=moment.isoformat(), archive=cluster.archive)
    restored = time.monotonic() - began

    assert sql(cluster, "SELECT pg_is_in_recovery()") == "f"
    assert notes(cluster) == ["in-the-backup", "before"], "what was before is there, what was after is not"
    assert sql(cluster, "SELECT code FROM registry_tenant") == CODE
    assert aside.is_dir(), "nothing was thrown away"
    # A region that works: rights as declared, a mall that can be copied, rows that can be written.
    manage(cluster, "check_grants")
    assert "rows of" in manage(cluster, "tenant_dump", CODE, str(tmp_path / "after.zip"), "--quiet", "--plain")
    write(cluster, "life-goes-on")
    assert notes(cluster)[-1] == "life-goes-on"
    print(f"base backup {taken:.1f} s, point-in-time restore {restored:.1f} s")
    assert restored < 3600, "an hour for the whole (reliability, f)"
    # And its WAL is archived on, under a new timeline.
    sql(cluster, "SELECT pg_switch_wal()")
    archived_within(cluster, 20)
    assert any(path.name.startswith("00000002") for path in archive(cluster).iterdir())


def archive(cluster: Postgres) -> Path:
    assert cluster.archive is not None
    return cluster.archive


def archived_within(cluster: Postgres, seconds: float) -> None:
    """Until nothing waits to be archived."""
    last = sql(cluster, "SELECT pg_walfile_name(pg_current_wal_lsn() - 1)")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = sql(cluster, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")
        if found >= last or (archive(cluster) / last).exists():
            return
        time.sleep(0.1)
    raise TimeoutError(f"{last} is not archived")


def test_a_moment_out_of_reach_is_refused_and_nothing_is_lost(cluster: Postgres, tmp_path: Path) -> None:
    write(cluster, "kept")
    made = backup.base_backup(cluster, tmp_path / "backups")
    with pytest.raises(Problem, match="running"):
        backup.point_in_time(cluster, made, until=None, archive=cluster.archive)
    cluster.stop()
    before = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(Problem, match="take an earlier one"):
        backup.point_in_time(cluster, made, until=before.isoformat(), archive=cluster.archive)
    with pytest.raises(Problem, match="names no time zone"):
        backup.point_in_time(cluster, made, until="2030-01-01T00:00:00", archive=cluster.archive)
    with pytest.raises(Problem, match="not a whole backup"):
        backup.point_in_time(cluster, tmp_path / "none", until=None, archive=cluster.archive)
    ahead = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(Problem, match=r"was not reached|did not start"):
        backup.point_in_time(cluster, made, until=ahead.isoformat(), archive=cluster.archive)
    cluster.start()
    assert notes(cluster)[-1] == "kept"


def test_a_damaged_backup_is_not_kept(cluster: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is verified before it takes its name."""
    real = backup._run

    def hurt(held: Postgres, *command: str) -> None:
        if "pg_verifybackup" in command[0]:
            victim = Path(command[-1]) / "global" / "pg_control"
            victim.write_bytes(victim.read_bytes()[:-1] + b"\x01")
        real(held, *command)

    monkeypatch.setattr(backup, "_run", hurt)
    with pytest.raises(Problem, match="pg_verifybackup failed"):
        backup.base_backup(cluster, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
