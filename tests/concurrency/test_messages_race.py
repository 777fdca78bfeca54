"""Several senders at once: each message is handed over once, its twin without the row lock not; no cap is passed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.db.models import QuerySet

from kernel.clock import utc_now
from shared_apps.messaging import counting, services
from shared_apps.messaging.models import DailyCount, Delivery, SimulatedLetter, Verification
from shared_apps.messaging.rules import Cap, Channel
from tenants.database.context import region_as, region_atomic

SENDERS = 4
CODES = 24


def _together(work: Callable[[], object]) -> None:
    """The same work in some threads, each with a connection of its own, released at once."""
    gate = threading.Barrier(SENDERS)

    def run(_number: int) -> None:
        try:
            with region_as("yz_region"):
                gate.wait(timeout=20)
                work()
        finally:
            for connection in connections.all():
                connection.close_kept()

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(run, range(SENDERS), timeout=60))


def _codes_that_wait() -> None:
    now = utc_now()
    for number in range(CODES):
        code = Verification.objects.create(
            user_id=number + 1, channel="sms", address=f"138000001{number + 30}", salt="s", provider="simulated",
            made_at=now, expires_at=now + timedelta(minutes=9),
        )  # fmt: skip
        Delivery.objects.create(
            number=uuid4().hex, verification=code, user_id=number + 1, tenant_code="", channel="sms", state="waiting",
            next_at=now, made_at=now,
        )  # fmt: skip


def _handed_over() -> list[int]:
    return list(SimulatedLetter.objects.values_list("times_received", flat=True))


def test_each_message_is_handed_over_once() -> None:
    with region_as("yz_region"):
        _codes_that_wait()
    _together(services.send_due)
    assert _handed_over() == [1] * CODES
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_twin_without_the_row_lock_hands_some_over_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    with region_as("yz_region"):
        _codes_that_wait()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    _together(services.send_due)
    assert sum(_handed_over()) > CODES


def test_a_cap_is_never_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(counting.PROPOSED_CAPS, Channel.SMS, Cap(10, 15))
    now, passed = utc_now(), []

    def ask() -> None:
        for user_id in (1, 2):
            for _ in range(5):
                with region_atomic():
                    if counting.count_one(channel=Channel.SMS, user_id=user_id, now=now) is None:
                        passed.append(user_id)

    _together(ask)
    assert len(passed) == DailyCount.objects.get(user_id=0).count == 15
    assert max(passed.count(1), passed.count(2)) <= 10
