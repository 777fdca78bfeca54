"""A restore killed with SIGKILL at its first, a middle, its last and random statements.

The database is as before it, or whole as restored; a rerun completes it, stored files included.
"""

from __future__ import annotations

import os
import random
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tenants.journaling.file_store import new_key, path_of, write_object
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.registry.models import Tenant
from tenants.upkeep.services import restoring
from tests.checksums import schema_checksum
from tests.database import close_all
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.catalogues import catalogue
from tests.tenancy.restores import A, B, contents, dump, restore
from tests.tenancy.test_provisioning_crash import wait_for_backends

SCHEMAS = ("public", f"t{A}", f"t{B}")
BUT = frozenset({"journal_journalentry", "django_migrations"})


def state() -> dict[str, str]:
    return {schema: schema_checksum(schema) for schema in SCHEMAS}


class Killer:
    """Counts the statements of the region's connection, and dies before the one it was told."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute: Callable[..., Any], statement: Any, *rest: Any) -> Any:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(statement, *rest)


def in_a_child(path: Path, *, at: int = 0, patch: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """Restores in a process of its own; returns how it ended (a negative signal) and how many statements it took."""
    close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            killer = Killer(at)
            patch()
            with connections["default"].execute_wrapper(killer):
                restore(path)
            os.write(writing, str(killer.count).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - nothing of the test run's may run on in the child
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told:
        count = int(told.read() or 0)
    status = os.waitpid(pid, 0)[1]
    wait_for_backends()
    return (-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), count


@pytest.fixture
def dumped(room: None, tmp_path: Path, settings: Any) -> Path:
    """A dump, and the mall as it went on after it; one stored file of the dump is lost."""
    settings.YZ_FILES_DIR = tmp_path / "files"
    key = new_key(A)
    write_object(key, b"the contract" * 1000)
    write_order_event(A, "submitted", order_id=7)
    relay_tenant(A)
    dump(tmp_path / "d.zip")
    path_of(key).unlink()
    write_order_event(A, "submitted", order_id=8)
    relay_tenant(A)
    return tmp_path / "d.zip"


def lost_files(settings: Any) -> list[bytes]:
    return [path.read_bytes() for path in Path(settings.YZ_FILES_DIR).glob("*/*/*")]


def test_killed_at_any_statement_it_changed_nothing_or_is_whole_and_a_rerun_completes_it(
    dumped: Path, settings: Any
) -> None:
    held, tables = contents(dumped, but=BUT), len(contents(dumped))
    ended, count = in_a_child(dumped)
    assert (ended, count > 2 * tables) == (0, True)
    # Once more: only now a run takes as many statements as the next one.
    ended, count = in_a_child(dumped)
    # After the commit each table is analysed, and nothing more.
    last = count - tables
    chosen = random.Random(20261123)  # noqa: S311 - places to die at, no secret
    points = [1, last // 2, last, last + 1, *(chosen.randrange(2, count) for _ in range(2))]
    print(f"{count} statements, {last} of them before the commit; killed at {points}, at the commit, and after it")
    settled, epoch = state(), Tenant.objects.get(code=A).epoch
    for at in points:
        assert in_a_child(dumped, at=at)[0] == -signal.SIGKILL, at
        assert Tenant.objects.get(code=A).epoch == epoch + (at > last), at
        if at > last:
            settled, epoch = state(), epoch + 1
        assert state() == settled, at
        assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)

    def killed_at_the_end() -> None:
        def die(**_: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        restoring.record_in_region = die

    assert in_a_child(dumped, patch=killed_at_the_end)[0] == -signal.SIGKILL
    assert state() == settled, "nothing before the commit"

    def killed_after_the_commit() -> None:
        restoring.forget_tenant_refs = lambda: os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(dumped, patch=killed_after_the_commit)[0] == -signal.SIGKILL
    assert Tenant.objects.get(code=A).epoch == epoch + 1, "what is committed stands, whole"
    assert restore(dumped).epoch == epoch + 2
    dump(dumped.with_name("again.zip"))
    assert contents(dumped.with_name("again.zip"), but=BUT) == held
    assert relay_tenant(A) == 0, "nothing is handed over twice"
    assert lost_files(settings) == [b"the contract" * 1000]


def test_killed_while_a_stored_file_is_put_back(dumped: Path, settings: Any) -> None:
    """The draft of the killed run goes with the next one; the file is whole or not there."""
    before = state()

    def killed_over_the_draft() -> None:
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment,method-assign]

    assert in_a_child(dumped, patch=killed_over_the_draft)[0] == -signal.SIGKILL
    assert state() == before
    left = [path.name for path in Path(settings.YZ_FILES_DIR).rglob(".*.part")]
    assert len(left) == 1
    restore(dumped)
    assert list(Path(settings.YZ_FILES_DIR).rglob(".*.part")) == []
    assert lost_files(settings) == [b"the contract" * 1000]
