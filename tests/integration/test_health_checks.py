"""What probes are told, on both hosts; and what the readiness check notices."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.test import Client

from config import health
from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.database.logins import RELAY
from tenants.journaling import lag
from tenants.journaling.models import RelayCursor
from tests.factories.relayed import relay_tenant, settled_lag, write_order_event

HOSTS = ("localhost", "990001.localhost")


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    health._kept.clear()


def ready(host: str = "localhost") -> tuple[int, dict[str, Any]]:
    answer = Client(HTTP_HOST=host).get("/readyz")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("host", HOSTS)
def test_the_process_answers(host: str) -> None:
    answer = Client(HTTP_HOST=host).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_the_region_is_ready() -> None:
    status, state = ready()
    assert status == 200
    assert state == {
        "ready": True, "database": True, "valkey": True, "tenants": {"count": 2, "behind": 0}, "relay": None,
    }  # fmt: skip


def test_a_mall_is_ready() -> None:
    assert ready("990001.localhost") == (200, {"ready": True, "database": True, "tenant": True, "valkey": True})


def test_a_schema_behind_is_noticed() -> None:
    from tests.database import admin

    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM t990002.django_migrations WHERE app = 'orders' AND name = '0001_initial' "
            "RETURNING app, name, applied"
        )
        row = cursor.fetchone()
        try:
            status, state = ready()
        finally:
            cursor.execute("INSERT INTO t990002.django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert (status, state["tenants"]) == (503, {"count": 2, "behind": 1})


def test_the_relays_lag_is_measured_and_told() -> None:
    write_order_event("990001", "submitted")
    measured = settled_lag()
    assert (measured.rooms, measured.rows, measured.failed_rooms) == (1, 1, 0)
    assert ready()[1]["relay"] == {"rooms": 1, "rows": 1, "failed_rooms": 0}
    relay_tenant("990001")
    assert lag.measure_lag().rows == 0


def test_a_room_whose_relay_stands_still_is_told() -> None:
    with region_as(RELAY):
        RelayCursor.objects.create(room="990001", error="ValueError()", failed_at=utc_now())
    assert lag.measure_lag().failed_rooms == 1


def test_a_relay_far_behind_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LAG_ROWS_MAX", 0)
    write_order_event("990001", "submitted")
    settled_lag()
    assert ready()[0] == 503


def test_valkey_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise ConnectionError

    monkeypatch.setattr(health, "_valkey", away)
    status, state = ready()
    assert (status, state["valkey"], state["database"]) == (503, False, True)


def test_a_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(alias: str) -> bool:
        raise OperationalError("away")

    monkeypatch.setattr(health, "_answers", away)
    assert ready("990001.localhost")[0] == 503


def test_the_check_names_no_tenant() -> None:
    write_order_event("990001", "submitted")
    settled_lag()
    assert "990001" not in Client(HTTP_HOST="localhost").get("/readyz").content.decode()


@pytest.mark.parametrize("host", HOSTS)
def test_the_schema_is_public(host: str) -> None:
    answer = Client(HTTP_HOST=host).get("/api/schema/")
    assert answer.status_code == 200
    assert b"openapi" in answer.content
    assert connections["default"].in_atomic_block is False
