"""`/metrics`: who may read it, and that each figure really moves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import shared_task
from django.core.cache import cache
from django.test import Client
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families

from config import metrics as page
from kernel import metrics as figures
from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.database.logins import RELAY
from tenants.divisions.models import Division
from tenants.journaling.lag import measure_lag
from tenants.journaling.models import RelayCursor
from tenants.provisioning.services import create_tenant, drop_tenant, remake_tenant
from tenants.registry.models import Tenant
from tenants.registry.rules import TenantKind
from tests.database import admin, wait_until_settled
from tests.factories.orders import make_shop
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.catalogues import throw_away

A, B = "990001", "990002"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    page._kept.clear()


def read(**headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of the page: (name, sorted labels) -> value."""
    page._kept.clear()
    answer = Client(HTTP_HOST="localhost").get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def value(name: str, **labels: str) -> float:
    return read().get((name, tuple(sorted(labels.items()))), 0.0)


# -- who may read it --------------------------------------------------------------------------------------------------


def test_without_a_token_only_this_machine_reads_it(settings: object) -> None:
    asks = Client(HTTP_HOST="localhost")
    assert asks.get("/metrics").status_code == 200
    assert asks.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    for address in ("10.0.0.7", "203.0.113.9", "", "::ffff:10.0.0.7"):
        assert asks.get("/metrics", REMOTE_ADDR=address).status_code == 403
    assert asks.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403, "it came by a proxy"
    settings.YZ_PROXIES = 1  # type: ignore[attr-defined]
    assert asks.get("/metrics").status_code == 403, "the proxy stands on this machine, its callers do not"


def test_with_a_token_the_token_alone_counts(settings: object) -> None:
    settings.YZ_METRICS_TOKEN = "s3cret-of-the-scraper"  # type: ignore[attr-defined]
    asks = Client(HTTP_HOST="localhost")
    assert asks.get("/metrics").status_code == 403
    assert asks.get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 403
    assert asks.get("/metrics", headers={"authorization": "Bearer \u0441ekret"}).status_code == 403
    far = Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9")
    assert far.get("/metrics", headers={"authorization": "Bearer s3cret-of-the-scraper"}).status_code == 200


def test_it_is_on_the_regions_host_only_and_takes_get_only() -> None:
    assert Client(HTTP_HOST=f"{A}.localhost").get("/metrics").status_code == 404
    assert Client(HTTP_HOST="localhost").post("/metrics").status_code in {403, 405}


# -- each figure moves ------------------------------------------------------------------------------------------------


def test_requests_and_their_time_by_mall_and_route() -> None:
    labels = {"tenant": A, "route": "healthz", "status": "2xx"}
    before = value("yz_requests_total", **labels), value("yz_route_seconds_count", room="tenant", route="healthz")
    tenant_before, other = value("yz_tenant_seconds_count", tenant=A), value("yz_tenant_seconds_count", tenant=B)
    for _ in range(3):
        assert Client(HTTP_HOST=f"{A}.localhost").get("/healthz").status_code == 200
    assert value("yz_requests_total", **labels) == before[0] + 3
    assert value("yz_route_seconds_count", room="tenant", route="healthz") == before[1] + 3
    assert value("yz_tenant_seconds_count", tenant=A) == tenant_before + 3
    assert value("yz_tenant_seconds_count", tenant=B) == other
    assert value("yz_route_seconds_sum", room="tenant", route="healthz") > 0


def test_refusals_by_mall_and_code() -> None:
    before = value("yz_refusals_total", tenant=A, code="not-found")
    assert Client(HTTP_HOST=f"{A}.localhost").get("/no-such-page/").status_code == 404
    assert value("yz_refusals_total", tenant=A, code="not-found") == before + 1


def test_what_a_caller_invents_is_no_label() -> None:
    for path in ("/x1/", "/x2/"):
        Client(HTTP_HOST=f"{A}.localhost").get(path)
    Client(HTTP_HOST="evil.localhost").get("/")
    names = "".join(str(labels) for _, labels in read())
    assert "x1" not in names
    assert "evil" not in names


def test_kept_connections() -> None:
    Client(HTTP_HOST=f"{A}.localhost").get("/readyz")
    first = value("yz_kept_connections", room="tenant")
    Client(HTTP_HOST=f"{B}.localhost").get("/readyz")
    assert value("yz_kept_connections", room="tenant") >= max(first, 2)
    assert value("yz_kept_connections", room="region") >= 1


def test_relay_lag_and_journal_positions_by_mall() -> None:
    wait_until_settled()
    started = value("yz_journal_last_id", tenant=A)
    write_order_event(A, "submitted")
    write_order_event(A, "approved")
    wait_until_settled()
    assert value("yz_relay_lag_rows", tenant=A) == 2
    time.sleep(0.05)
    assert value("yz_relay_lag_seconds", tenant=A) > 0
    assert value("yz_relay_lag_rows", tenant=B) == 0
    assert value("yz_journal_last_id", tenant=A) > started
    assert value("yz_journal_epoch", tenant=A) == 1
    relayed = value("yz_relayed_rows_total", room=A)
    relay_tenant(A)
    assert value("yz_relay_lag_rows", tenant=A) == 0
    assert value("yz_relay_lag_seconds", tenant=A) == 0
    assert value("yz_relayed_rows_total", room=A) == relayed + 2


def test_a_relay_that_stands_still() -> None:
    assert value("yz_relay_failed", tenant=A) == 0
    with region_as(RELAY):
        RelayCursor.objects.update_or_create(room=A, defaults={"error": "ValueError()", "failed_at": utc_now()})
    assert value("yz_relay_failed", tenant=A) == 1


def test_the_workers_measurement_is_used_and_its_age_told() -> None:
    measure_lag()
    assert cache.get("relay-lag-rooms")
    time.sleep(0.1)
    assert value("yz_relay_lag_measured_seconds") >= 0.1
    assert value("yz_up") == 1


@shared_task(name="tests.metrics_tried")
def tried(fail: bool) -> None:
    if fail:
        raise ValueError("as told")


def test_outcomes_of_background_tasks() -> None:
    done = value("yz_tasks_total", task="tests.metrics_tried", outcome="success")
    failed = value("yz_tasks_total", task="tests.metrics_tried", outcome="failure")
    tried.apply(kwargs={"fail": False})
    tried.apply(kwargs={"fail": True})
    assert value("yz_tasks_total", task="tests.metrics_tried", outcome="success") == done + 1
    assert value("yz_tasks_total", task="tests.metrics_tried", outcome="failure") == failed + 1
    assert value("yz_task_seconds_count", task="tests.metrics_tried") >= 2


def test_tenants_by_state_and_those_behind() -> None:
    assert value("yz_tenants", state="configuring", kind="own_level") == 2
    assert value("yz_tenants_behind") == 0
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE registry_tenant SET state = 'live' WHERE code = %s", [A])
        cursor.execute(
            f"DELETE FROM t{B}.django_migrations WHERE app = 'orders' AND name = '0001_initial' "
            "RETURNING app, name, applied"
        )
        row = cursor.fetchone()
        try:
            assert value("yz_tenants_behind") == 1
        finally:
            cursor.execute(f"INSERT INTO t{B}.django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert value("yz_tenants", state="live", kind="own_level") == 1


@pytest.fixture
def third() -> Iterator[str]:
    with region_as("yz_region"):
        Division.objects.create(code="990003", name="测试丙县", level="county", parent_id="650000")
    throw_away("990003")
    yield "990003"
    throw_away("990003")


def test_how_long_a_mall_took_to_make(third: str) -> None:
    before = value("yz_provisioning_seconds_count", action="create")
    create_tenant(code=third, now=utc_now())
    assert value("yz_provisioning_seconds_count", action="create") == before + 1
    assert value("yz_provisioning_seconds_sum", action="create") > 0
    remade, dropped = (value("yz_provisioning_seconds_count", action=action) for action in ("remake", "drop"))
    with region_as("yz_owner"):
        Tenant.objects.filter(code=third).update(kind=TenantKind.PRACTICE)
    remake_tenant(code=third, now=utc_now())
    drop_tenant(code=third, now=utc_now())
    assert value("yz_provisioning_seconds_count", action="remake") == remade + 1
    assert value("yz_provisioning_seconds_count", action="drop") == dropped + 1


def test_a_database_away_is_told_and_not_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(**_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(page, "measure_rooms", away)
    assert value("yz_up") == 0


def test_buying_is_seen(room: None) -> None:
    make_shop(A).place()
    relay_tenant(A)
    assert value("yz_relayed_rows_total", room=A) > 0


# -- many processes, and no more series than there is room for --------------------------------------------------------

_PROCESS = """
import json, sys
from kernel import metrics
metrics.REQUESTS.of("990001", "orders:list", "2xx").inc(int(sys.argv[1]))
metrics.KEPT_CONNECTIONS.labels("tenant").set(int(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
_READER = """
import django; django.setup()
from config.metrics import database_figures, exposition
import config.metrics as m
m.database_figures = lambda: []
sys = __import__("sys"); sys.stdout.write(exposition().decode())
"""


def test_figures_of_several_processes_are_added_up(tmp_path: Path) -> None:
    """Two that count at once, one of them gone before anybody asks: its requests stay, its connections do not."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures")}

    def start(count: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROCESS, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT, env=environment,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    gone, stays = start(3), start(4)
    gone.communicate("")
    try:
        said = subprocess.run(
            [sys.executable, "-c", _READER], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
        ).stdout
    finally:
        stays.communicate("")
    assert 'yz_requests_total{route="orders:list",status="2xx",tenant="990001"} 7.0' in said, said
    assert 'yz_kept_connections{room="tenant"} 4.0' in said
    assert json.dumps(said)


def test_pairs_beyond_the_limit_are_counted_together() -> None:
    counter = Counter("yz_test_pairs", "For this test.", ["tenant", "route", "status"], registry=None)
    bounded = figures.Bounded(counter, limit=5, fold=2)
    for number in range(50):
        bounded.of(f"t{number}", "orders:list", "2xx").inc()
    assert len(bounded._children) <= 6
    assert bounded.of("t99", "cart", "2xx") is bounded.of("other", "other", "2xx")
    assert bounded.of("other", "other", "2xx")._value.get() == 45


def test_what_counting_costs_a_request() -> None:
    """A few microseconds: a page takes milliseconds."""
    began = time.perf_counter()
    for _ in range(10_000):
        figures.REQUESTS.of(A, "healthz", "2xx").inc()
        figures.ROUTE_SECONDS.of("tenant", "healthz").observe(0.004)
        figures.TENANT_SECONDS.of(A).observe(0.004)
    assert (time.perf_counter() - began) / 10_000 < 0.0005
