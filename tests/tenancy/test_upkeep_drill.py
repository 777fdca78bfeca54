"""The drill: a restore under way is killed, repeated, timed; the others' checksums are compared before and after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kernel.clock import utc_now
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tests.checksums import schema_checksum
from tests.database import admin, wait_until_settled
from tests.factories.relayed import order_facts, relay_tenant, write_order_event
from tests.tenancy.catalogues import catalogue
from tests.tenancy.restores import A, B, dump, others, restore

ROOT = Path(__file__).resolve().parents[2]
ROWS = 20_000


def fill(rows: int = ROWS) -> None:
    """A journal of some length, as one import would leave it."""
    import json

    facts = json.dumps({**order_facts(), "total": "1234.50", "next_post": None, "state": "closed"}, default=str)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO t{A}.journal_journalentry (epoch, xid, at, actor_name, organisation_name, event, "
            "event_version, object_type, object_id, facts) SELECT 1, pg_current_xact_id(), %s, '', '', "
            "'orders.closed', 1, 'order', (1000 + n)::text, %s::jsonb FROM generate_series(1, %s) n",
            [utc_now(), facts, rows],
        )
        # As if relayed long ago: the drill is of the restore, not of the relay.
        cursor.execute(
            "INSERT INTO journaling_relayreceipt (room, epoch, journal_id, relayed_at) "
            f"SELECT %s, 1, id, now() FROM t{A}.journal_journalentry",
            [A],
        )


@contextmanager
def held(table: str) -> Iterator[None]:
    """Somebody holds a table that the restore needs near its end."""
    with admin() as connection:
        connection.autocommit = False
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
        connection.rollback()


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.manage", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def waits_for(table: str, seconds: float = 60.0) -> None:
    """Until some backend of this database waits for the table."""
    until = time.monotonic() + seconds
    with admin() as connection, connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise TimeoutError(table)


def backends_gone(seconds: float = 30.0) -> None:
    """Until the killed process's backend has noticed."""
    until = time.monotonic() + seconds
    with admin() as connection, connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_namespace n ON n.nspname = %s "
                "JOIN pg_class c ON c.oid = l.relation AND c.relnamespace = n.oid WHERE l.mode = 'AccessExclusiveLock'",
                [f"t{A}"],
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
    raise TimeoutError("the backend of the killed restore is still there")


def test_a_restore_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    """kill -9 when the schema is dropped, made and filled again, and the region is being brought in step."""
    path = tmp_path / "d.zip"
    fill(2000)
    dump(path)
    write_order_event(A, "submitted", order_id=7)
    relay_tenant(A)
    before = {schema: schema_checksum(schema) for schema in ("public", f"t{A}", f"t{B}")}
    with held("journaling_lostentry"):
        process = command("tenant_restore", A, str(path), "--yes")
        waits_for("journaling_lostentry")
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
    backends_gone()
    assert {schema: schema_checksum(schema) for schema in before} == before
    assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)

    process = command("tenant_restore", A, str(path), "--yes")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "epoch 2" in said


def test_the_drill(tmp_path: Path, record_property: pytest.RecordProperty) -> None:  # type: ignore[name-defined]
    """Dump and restore of a mall with some rows, timed; nobody else's checksum moves."""
    fill()
    neighbours = others(B)
    began = time.monotonic()
    manifest = dump(tmp_path / "d.zip")
    dumped = time.monotonic() - began
    began = time.monotonic()
    restore(tmp_path / "d.zip")
    restored = time.monotonic() - began
    assert others(B) == neighbours
    assert relay_tenant(A) == 0
    size = (tmp_path / "d.zip").stat().st_size
    record_property("rows", manifest.rows)
    line = f"{manifest.rows} rows, {size} bytes: dump {dumped:.2f} s, restore {restored:.2f} s"
    record_property("drill", line)
    print(line)
    assert restored < 600, "ten minutes a tenant (reliability, f)"


def test_others_are_relayed_while_a_mall_is_being_restored(tmp_path: Path) -> None:
    """The relay passes the held room by at once, and neither waits for it nor gives the other rooms up."""
    from tenants.database.context import region_as, region_atomic
    from tenants.journaling.relay import drain
    from tenants.journaling.restoring import hold_relay, make_cursor

    write_order_event(A, "submitted", order_id=7)
    write_order_event(B, "submitted", order_id=7)
    wait_until_settled()
    with region_as("yz_relay"):
        make_cursor(room=A)
    with admin() as connection:
        connection.autocommit = False
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM journaling_relaycursor WHERE room = %s FOR UPDATE", [A])
            began = time.monotonic()
            assert drain(room=A, schema=f"t{A}", now=utc_now()) == 0
            assert drain(room=B, schema=f"t{B}", now=utc_now()) == 1
            assert time.monotonic() - began < 2
        connection.rollback()
    assert relay_tenant(A) == 1
    with region_as("yz_relay"), region_atomic():
        hold_relay(room=A)
