"""Relay and worker killed (-9) while they meter, rows told late and handed over again: 0 lost, 0 doubled.

Real processes over a real database. The twins show that the receipts and the constraint are what keeps it so.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import Sum

from kernel.actor import Actor
from kernel.clock import utc_now
from shared_apps.fees import calls
from shared_apps.fees.models import ApiHour, UsageEvent
from shared_apps.fees.rules.differences import DifferenceKind
from shared_apps.fees.services import tell_api_hours
from shared_apps.fees.services.reconciling import steps
from tenant_apps.journal.services import record
from tenants.database.context import REGION_ALIAS, region_as, tenant_atomic, tenant_selected
from tenants.journaling import consumers
from tests.database import admin
from tests.factories.relayed import order_facts, relay_region, relay_tenant

ROOT = Path(__file__).parents[2]
A = "990001"
RELAYING = (
    "import django; django.setup()\n"
    "from kernel.clock import utc_now\nfrom tenants.journaling import relay\n"
    "relay.BATCH_ROWS = 7\n"
    f"print('up', flush=True)\nwhile True: relay.drain(room='{A}', schema='t{A}', now=utc_now())"
)
TELLING = (
    "import django; django.setup()\n"
    "from kernel.clock import utc_now\nfrom shared_apps.fees.services import tell_api_hours\n"
    "from tenants.database.context import region_as\n"
    "print('up', flush=True)\nwith region_as('yz_region'): tell_api_hours(now=utc_now())"
)


@contextmanager
def process(code: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process at its work, killed when the body ends."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"up\n"
        yield started
        os.kill(started.pid, signal.SIGKILL)
        started.wait(10)


def placed(number: int, *, hold: float = 0.0) -> None:
    """An order by one of five people; `hold` keeps its transaction open, so that later rows commit before it."""
    with tenant_selected(A), tenant_atomic():
        record(
            actor=Actor(number % 5 + 1, "某人", A), event="orders.approved", object_type="order", object_id=number,
            facts=order_facts(total=Decimal(number), state="placed", next_post="supplier_sales"), now=utc_now(),
        )  # fmt: skip
        time.sleep(hold)


def written(first: int, count: int) -> None:
    """Rows of two writers side by side, every tenth of them late."""

    def write(numbers: range) -> None:
        for number in numbers:
            placed(number, hold=0.01 if number % 10 == 0 else 0.0)
        connections["tenant"].close_kept()
        connections[REGION_ALIAS].close_kept()

    end = first + count
    threads = [threading.Thread(target=write, args=(range(start, end, 2),)) for start in (first, first + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


def set_back() -> None:
    """The relay's cursor of long ago: every row is handed over again."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE journaling_relaycursor SET cut_off = 0 WHERE room = %s", [A])


def differences() -> set[DifferenceKind]:
    with region_as("yz_region"):
        return {one.kind for step in steps(codes=[A]) for one in step.differences}


def metered(count: int) -> None:
    """`count` orders, each once on each of its meters."""
    assert differences() == set()
    uses = UsageEvent.objects.filter(tenant_code=A)
    assert uses.filter(meter="orders_placed").count() == count
    assert uses.filter(meter="order_value").aggregate(sum=Sum("quantity"))["sum"] == count * (count + 1) // 2
    assert uses.filter(meter="active_users").count() == 5


def killed_relay(*, rows: int, kills: int) -> None:
    rng = random.Random(6)  # noqa: S311 - the same moments on every run
    each = rows // kills
    for number in range(kills):
        with process(RELAYING):
            written(number * each + 1, each)
            time.sleep(rng.random() * 0.05)
        if number % 2:
            set_back()
    relay_tenant(A)
    metered(each * kills)


def test_a_relay_killed_while_it_meters_loses_and_doubles_nothing() -> None:
    killed_relay(rows=120, kills=2)


@pytest.mark.slow
def test_a_relay_killed_many_times_loses_and_doubles_nothing() -> None:
    killed_relay(rows=6000, kills=40)


@pytest.fixture
def only_meters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else follows orders has guards of its own."""
    monkeypatch.setattr(consumers, "_handlers", {})


def test_twin_without_receipts_the_constraint_keeps_a_use_single(only_meters: None) -> None:
    written(1, 20)
    relay_tenant(A)
    _forget_receipts()
    assert relay_tenant(A) == 20, "handed over again"
    metered(20)


def test_twin_without_receipts_and_constraint_it_counts_twice(only_meters: None) -> None:
    written(1, 20)
    relay_tenant(A)
    _forget_receipts()
    with _without_constraint():
        relay_tenant(A)
        assert UsageEvent.objects.filter(meter="orders_placed").count() == 40
        assert differences() == {DifferenceKind.USE_TWICE}


def _forget_receipts() -> None:
    set_back()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM journaling_relayreceipt WHERE room = %s", [A])


@contextmanager
def _without_constraint() -> Iterator[None]:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE fees_usageevent DROP CONSTRAINT usage_counted_once")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM fees_usageevent")
            cursor.execute(
                "ALTER TABLE fees_usageevent ADD CONSTRAINT usage_counted_once UNIQUE (room, epoch, journal_id, meter)"
            )


@pytest.fixture
def hours() -> Iterator[int]:
    """Twenty hours with calls, as Valkey has counted them."""
    now = calls.hour_of(utc_now())
    told = [now - timedelta(hours=30 + number) for number in range(20)]
    for number, hour in enumerate(told, start=1):
        calls._valkey().hset(calls._key(hour), A, number)
    yield sum(range(1, 21))
    for hour in told:
        calls._valkey().delete(calls._key(hour))


def test_a_worker_killed_while_it_tells_calls_goes_on_where_it_stopped(hours: int) -> None:
    for moment in (0.0, 0.02, 0.05):
        with process(TELLING):
            time.sleep(moment)
    with region_as("yz_region"):
        tell_api_hours(now=utc_now())
        assert tell_api_hours(now=utc_now()) == 0
    relay_region()
    assert ApiHour.objects.count() == 20
    assert UsageEvent.objects.filter(meter="api_calls").aggregate(sum=Sum("quantity"))["sum"] == hours
    assert differences() == set()
