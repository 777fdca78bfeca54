"""Calls of programs: counted by the hour where they are answered, told to the journal once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as NoAnswer

from kernel.clock import utc_now
from shared_apps.fees import calls
from shared_apps.fees.middleware import ApiCallsMiddleware
from shared_apps.fees.models import ApiHour
from shared_apps.fees.selectors import month_quantities
from shared_apps.fees.services import tell_api_hours
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.factories.relayed import relay_region

A, B = "990001", "990002"
HOUR = calls.hour_of(utc_now()) - timedelta(hours=2)
LATER = HOUR + timedelta(hours=1, minutes=3)


@pytest.fixture(autouse=True)
def counts() -> Iterator[None]:
    def forget() -> None:
        for hour in range(-1, 5):
            calls._valkey().delete(calls._key(HOUR + timedelta(hours=hour)))

    forget()
    yield
    forget()


def call(path: str, status: int = 200, tenant: str | None = A) -> None:
    request = RequestFactory().get(path)
    if tenant:
        request.tenant_ref = SimpleNamespace(code=tenant)  # type: ignore[attr-defined]
    ApiCallsMiddleware(lambda _: HttpResponse(status=status))(request)


def test_only_answered_calls_of_a_mall_s_api_are_counted() -> None:
    assert "shared_apps.fees.middleware.ApiCallsMiddleware" in settings.MIDDLEWARE
    call("/api/v1/orders/")
    call("/api/v1/orders/", 201)
    for status in (401, 403, 429, 500):
        call("/api/v1/orders/", status)
    call("/orders/")
    call("/api/v1/fees/", tenant=None)
    counted = dict(calls.hours_over(now=utc_now() + timedelta(hours=1, minutes=1)))
    assert [held for hour, held in counted.items() if hour >= HOUR] == [{A: 2}]


def test_an_hour_is_told_once_and_only_when_it_is_over() -> None:
    for _ in range(5):
        calls.count_call(tenant_code=A, now=HOUR + timedelta(minutes=59))
    calls.count_call(tenant_code=B, now=HOUR)
    calls.count_call(tenant_code="999999", now=HOUR)
    calls.count_call(tenant_code=A, now=LATER)
    with region_as("yz_region"):
        Tenant.objects.filter(code=B).update(kind="practice")
        assert tell_api_hours(now=HOUR + timedelta(minutes=59, seconds=59)) == 0
        assert tell_api_hours(now=LATER) == 1
        assert tell_api_hours(now=LATER + timedelta(minutes=5)) == 0
        assert [(row.tenant_code, row.hour, row.calls) for row in ApiHour.objects.all()] == [(A, HOUR, 5)]
    relay_region()
    month = (HOUR + timedelta(hours=8)).date().replace(day=1)
    with region_as("yz_region"):
        found = month_quantities(codes=[A], first=month, last=month)
    assert found[A, month]["api_calls"].quantity == 5


def test_without_valkey_a_call_is_answered_and_not_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise NoAnswer

    with monkeypatch.context() as patched:
        patched.setattr(calls, "_valkey", away)
        call("/api/v1/orders/")


def test_an_hour_belongs_to_the_clock_s_hour() -> None:
    assert calls.hour_of(datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)) == datetime(2026, 11, 30, 15, tzinfo=UTC)
