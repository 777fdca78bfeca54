"""A package too large for the request is read and taken over by a worker process, woken over a real broker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from kernel.clock import utc_now
from tenant_apps.orders.models import Order
from tenant_apps.takeover import services
from tenant_apps.takeover.models import TakenOrder, Takeover
from tenant_apps.takeover.services import deciding, receiving
from tenant_apps.takeover.tasks import run
from tenants.database.context import region_as, tenant_selected
from tests.environment import database_name
from tests.factories.orders import Shop, make_shop
from tests.factories.takeover import Bureau, make_bureau, packed

TENANT = "990001"
ROOT = Path(__file__).parents[2]
SECONDS = 60
QUEUE = f"takeover-{database_name()}"


@pytest.fixture
def world(room: None) -> tuple[Shop, Bureau]:
    return make_shop(TENANT), make_bureau(TENANT)


@pytest.fixture
def worker(
    world: object, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker of this test's database, with a queue of its own; nothing is small enough for the request."""
    broker = settings.REDIS_URL.rpartition("/")[0] + "/9"
    settings.YZ_FILES_DIR = tmp_path / "files"
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}", "YZ_BROKER_URL": broker,
        "YZ_FILES_DIR": str(settings.YZ_FILES_DIR),
    }  # fmt: skip
    monkeypatch.setattr(receiving, "SMALL_BYTES_MAX", 0)
    monkeypatch.setattr(deciding, "SMALL_ITEMS_MAX", 0)
    command = ["-m", "celery", "-A", "config.celery", "worker", "-Q", QUEUE, "--pool", "solo", "-l", "warning"]
    with Connection(broker) as connection:
        send = partial(run.task.apply_async, connection=connection, queue=QUEUE)
        monkeypatch.setattr(run.task, "apply_async", send)
        process = subprocess.Popen([sys.executable, *command, "-n", f"{QUEUE}@%h"], cwd=ROOT, env=environment)
        try:
            yield process
        finally:
            process.kill()
            process.wait(20)
            connection.default_channel.client.delete(QUEUE)


def until(row: Takeover, state: str, worker: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while row.state != state:
        assert worker.poll() is None, f"the worker ended with {worker.returncode}"
        assert time.monotonic() < end, f"waited {SECONDS} s for {state}: {row.state} {row.reason} {row.errors}"
        time.sleep(0.1)
        with tenant_selected(TENANT):
            row.refresh_from_db()


def test_a_large_package_is_read_and_taken_over_by_a_worker(
    world: tuple[Shop, Bureau], worker: subprocess.Popen[bytes]
) -> None:
    shop, bureau = world
    content = packed(shop, states=("accepted", "shipped", "paid")).xlsx()
    with tenant_selected(TENANT), region_as("yz_mall"):
        row = services.receive_package(actor=bureau.proposer, name="迁入.xlsx", content=content, now=utc_now())
    assert (row.state, row.run) == ("received", 0), "the request reads nothing of it"
    until(row, "checked", worker)
    assert (row.lines, row.orders, row.wrong, row.unmapped) == (1, 3, 0, [])
    with tenant_selected(TENANT), region_as("yz_mall"):
        services.propose(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        row = services.confirm(actor=bureau.confirmer, takeover_id=row.pk, now=utc_now())
    assert row.state == "running"
    until(row, "done", worker)
    assert (row.stored, row.refused) == (4, 0)
    with tenant_selected(TENANT):
        ids = TakenOrder.objects.values_list("order_id", flat=True)
        assert sorted(Order.objects.filter(pk__in=ids).values_list("state", flat=True)) == [
            "accepted",
            "paid",
            "shipped",
        ]
