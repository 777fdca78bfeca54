"""A fleet migration that is killed, that fails, and that meets locks: complete after a rerun, never half-way."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.clock import utc_now
from tenants.database.auditing import deviations
from tenants.database.context import region_as
from tenants.divisions.models import Division
from tenants.provisioning.models import TenantMigration
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.provisioning.services import FleetBusy, Limits, create_tenant, migrate_tenants
from tenants.provisioning.services.region import migrate_template
from tests.database import admin
from tests.tenancy.catalogues import catalogue, throw_away
from tests.tenancy.extra_migrations import template_with
from tests.tenancy.walking import NAME, walking

ROOT = Path(__file__).parents[2]
CODES = [str(code) for code in range(990011, 990019)]
QUICK = Limits(lock_seconds=0.2, attempts=2, backoff_seconds=0.1)


@pytest.fixture
def eight(room: None) -> Iterator[None]:
    """Eight tenants at the version of the tree; the template is a migration further."""
    throw_away(*CODES)
    with region_as("yz_region"):
        Division.objects.bulk_create(
            Division(code=code, name=f"测试{code}", level="county", parent_id="650000") for code in CODES
        )
    for code in CODES:
        create_tenant(code=code, now=utc_now())
    with template_with(walking()):
        migrate_template()
        yield
    throw_away(*CODES)


class Fleet:
    """What became of each schema: as it was, as the template is, or anything else."""

    def __init__(self) -> None:
        self.old = catalogue(f"t{CODES[0]}")
        self.new = catalogue(TEMPLATE_SCHEMA)
        assert self.old != self.new

    def _kind(self, code: str) -> str:
        schema = f"t{code}"
        with admin() as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {schema}.django_migrations WHERE name = %s)", [NAME])
            (recorded,) = cursor.fetchone()
        found = catalogue(schema)
        if found == self.old and not recorded:
            return "old"
        return "new" if found == self.new and recorded else "half-way"

    def now(self) -> list[str]:
        return [self._kind(code) for code in CODES]

    def set_back(self) -> None:
        with admin() as connection, connection.cursor() as cursor:
            for code in CODES:
                cursor.execute(
                    f"ALTER TABLE t{code}.storefront_cart DROP COLUMN IF EXISTS colour; "
                    f"DROP TABLE IF EXISTS t{code}.storefront_extra; "
                    f"DELETE FROM t{code}.django_migrations WHERE name = '{NAME}'"
                )
        with region_as("yz_region"):
            TenantMigration.objects.all().delete()


def killed(*, jobs: int = 1, at: str = "", after: float = 0.0, twin: bool = False) -> None:
    """Starts a run and kills it: half-way through the tenant `at`, or `after` seconds from its first tenant."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.tenancy.migrating_child", str(jobs), *CODES],
        env={
            **os.environ,
            "YZ_TEST_PAUSE": at,
            "YZ_TEST_TWIN": "1" if twin else "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == ("half-way" if at else CODES[0]):
            break
    else:
        raise RuntimeError(f"the run ended by itself with {child.wait()}")
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=30)
    child.stdout.close()


def ledger() -> dict[str, str]:
    with region_as("yz_region"):
        return dict(TenantMigration.objects.order_by("tenant_code").values_list("tenant_code", "state"))


def finish() -> None:
    """The next run. The server may take a moment to notice that the killed one is gone."""
    until = time.monotonic() + 5
    while True:
        try:
            assert migrate_tenants(codes=CODES, now=utc_now).failed == {}
        except FleetBusy:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def test_a_run_killed_anywhere_is_completed_by_the_next(eight: None) -> None:
    fleet = Fleet()
    for position, jobs in ((0, 1), (3, 2), (7, 1)):
        killed(at=CODES[position], jobs=jobs)
        left = fleet.now()
        assert "half-way" not in left
        assert left[position] == "old"
        if jobs == 1:
            assert left == ["new"] * position + ["old"] * (8 - position)
        states = ledger()
        assert states[CODES[position]] == "running"
        assert list(states) == CODES
        finish()
        assert fleet.now() == ["new"] * 8
        assert ledger() == dict.fromkeys(CODES, "done")
        assert deviations() == []
        fleet.set_back()
    for _ in range(2):
        killed(after=random.uniform(0, 0.05), jobs=random.choice((1, 2)))  # noqa: S311 - any moment will do
        assert "half-way" not in fleet.now()
        finish()
        assert fleet.now() == ["new"] * 8
        fleet.set_back()


def test_twin_without_the_transaction_a_killed_run_leaves_a_tenant_half_way(eight: None) -> None:
    fleet = Fleet()
    killed(at=CODES[3], twin=True)
    assert fleet.now() == ["new"] * 3 + ["half-way"] + ["old"] * 4


def test_a_tenant_whose_tables_are_locked_stops_nobody_else(eight: None) -> None:
    fleet = Fleet()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"BEGIN; SELECT count(*) FROM t{CODES[2]}.storefront_cart")
        outcome = migrate_tenants(codes=CODES, now=utc_now, limits=QUICK)
        cursor.execute("ROLLBACK")
    assert list(outcome.failed) == [CODES[2]]
    error = outcome.failed[CODES[2]]
    assert error.startswith("its tables stayed locked for 0.2 s in each of 2 attempts")
    assert "holds storefront_cart" in error
    assert fleet.now() == ["new"] * 2 + ["old"] + ["new"] * 5
    with region_as("yz_region"):
        row = TenantMigration.objects.get(tenant_code=CODES[2])
    assert (row.state, row.error) == ("failed", error)
    finish()
    assert fleet.now() == ["new"] * 8


def test_a_tenant_whose_tables_are_let_go_in_time_is_migrated_by_the_same_run(eight: None) -> None:
    fleet = Fleet()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"BEGIN; SELECT count(*) FROM t{CODES[2]}.storefront_cart")

        def let_go(code: str, number: int, of: int) -> None:
            if number == of - 1:
                cursor.execute("ROLLBACK")

        limits = Limits(lock_seconds=0.2, attempts=4, backoff_seconds=0.1)
        outcome = migrate_tenants(codes=CODES, now=utc_now, limits=limits, progress=let_go)
    assert outcome.failed == {}
    assert outcome.done[-1] == CODES[2]
    assert fleet.now() == ["new"] * 8
