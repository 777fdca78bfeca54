"""Tenants that older processes make while the fleet is being migrated."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.divisions.models import Division
from tenants.provisioning import versions
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.provisioning.services import CreationUnderWay, behind_tenants, fleet, migrate_tenants
from tenants.provisioning.services.region import migrate_template
from tests.database import admin
from tests.tenancy.catalogues import catalogue, names_left, throw_away
from tests.tenancy.extra_migrations import template_with
from tests.tenancy.walking import walking

ROOT = Path(__file__).parents[2]
CODE = "990043"


@pytest.fixture
def third(room: None) -> Iterator[str]:
    throw_away(CODE)
    with region_as("yz_region"):
        Division.objects.create(code=CODE, name="测试丙县", level="county", parent_id="650000")
    yield CODE
    throw_away(CODE)


@contextmanager
def older_process(code: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A creation by the tree's code; yields when it has said something: `open`, or why it is refused."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.tenancy.creating_child", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    try:
        yield child, child.stdout.readline().strip()
    finally:
        child.communicate(timeout=30)


def let_commit_once_waited_for(child: subprocess.Popen[str]) -> None:
    """Tells the creation to go on as soon as somebody waits for it."""
    with admin() as connection, connection.cursor() as cursor:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                break
            time.sleep(0.01)
    go_on(child)


def go_on(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go on\n")
    child.stdin.flush()


def test_a_tenant_whose_creation_was_under_way_ends_at_the_same_version(third: str) -> None:
    with older_process(third) as (child, said):
        assert said == "open"
        with template_with(walking()):
            waiting = threading.Thread(target=let_commit_once_waited_for, args=(child,))
            waiting.start()
            outcome = migrate_tenants(codes=[third], now=utc_now)
            waiting.join()
            assert (outcome.done, outcome.failed) == ((third,), {})
            assert catalogue(f"t{third}") == catalogue(TEMPLATE_SCHEMA)


def test_twin_without_waiting_for_creations_the_tenant_stays_behind(
    third: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "wait_for_creations", lambda: None)
    with template_with(walking()):
        with older_process(third) as (child, said):
            assert said == "open"
            migrate_template()
            assert migrate_tenants(codes=[third], now=utc_now).done == ()
            go_on(child)
            child.wait(timeout=30)
        with region_as(settings.YZ_OWNER_ROLE):
            assert [tenant.code for tenant in behind_tenants(codes=[third])] == [third]


def test_a_creation_that_does_not_end_is_told(third: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_CREATIONS_WAIT", "100ms")
    with older_process(third) as (child, said):
        assert said == "open"
        with pytest.raises(CreationUnderWay, match="more than 100ms"):
            migrate_tenants(now=utc_now)
        go_on(child)


def test_once_the_template_is_further_an_older_process_makes_no_tenant(third: str) -> None:
    with template_with(walking()):
        migrate_template()
        with older_process(third) as (_, said):
            assert said == "process-too-old"
    assert names_left(third) == []
