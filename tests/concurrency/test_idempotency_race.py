"""The same request twice at once: one effect, and the other is told to come back. Without the key it doubles."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from kernel import events
from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.idempotency.services import run_in_tenant
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic, tenant_selected
from tenants.journaling import idempotency
from tenants.journaling.idempotency import Answer, RequestRunning

A = "990001"
EVENT = "tests.idempotency_raced"
THREADS = 8
CLIENTS = 64
if EVENT not in events._declared:
    events.declare(events.EventType(EVENT, 1, {"note": str}))


def effect(inside: threading.Barrier | None = None) -> Answer:
    with tenant_atomic():
        record(actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": "x"}, now=utc_now())
    if inside is not None:
        inside.wait(10)
    return Answer(201, '{"done": true}')


def race(body: Callable[[], Any], threads: int = THREADS) -> list[Any]:
    """Runs `body` in real threads with real connections; gives back what each returned or raised."""
    start, found = threading.Barrier(threads), []

    def run() -> None:
        start.wait(30)
        try:
            with tenant_selected(A):
                found.append(body())
        except RequestRunning as error:
            found.append(error)
        finally:
            for connection in connections.all():
                connection.close_kept()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(90)
        assert not worker.is_alive()
    return found


def effects() -> int:
    with tenant_selected(A):
        return JournalEntry.objects.filter(event=EVENT).count()


def keyed(perform: Callable[[], Answer] = effect) -> Answer:
    return run_in_tenant(user_id=1, endpoint="tests.race", key="k", hashed="0" * 64, perform=perform, now=utc_now())


def test_one_effect_whatever_comes_at_once() -> None:
    found = race(keyed)
    assert effects() == 1
    answers = [answer for answer in found if isinstance(answer, Answer)]
    assert len([answer for answer in answers if not answer.replayed]) == 1
    assert {answer.body for answer in answers} == {'{"done": true}'}
    assert all(isinstance(item, Answer | RequestRunning) for item in found)


def test_everybody_who_comes_again_is_given_the_one_answer() -> None:
    """64 clients with one key, each of them back as often as it is told to come: one effect, 63 replays."""

    def until_answered() -> Answer:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                return keyed()
            except RequestRunning:
                time.sleep(0.02)
        raise TimeoutError("the key is at work for ever")

    found = race(until_answered, threads=CLIENTS)
    assert sorted(answer.replayed for answer in found) == [False] + [True] * (CLIENTS - 1)
    assert {(answer.status, answer.body) for answer in found} == {(201, '{"done": true}')}
    assert effects() == 1


def test_while_it_runs_the_other_is_told_when_to_come_back() -> None:
    inside, leave, found = threading.Event(), threading.Event(), []

    def slow() -> Answer:
        answer = effect()
        inside.set()
        assert leave.wait(10)
        return answer

    def run() -> None:
        with tenant_selected(A):
            found.append(keyed(slow))
        for connection in connections.all():
            connection.close_kept()

    worker = threading.Thread(target=run)
    worker.start()
    assert inside.wait(10)
    with tenant_selected(A), pytest.raises(RequestRunning) as refused:
        keyed()
    assert refused.value.headers == {"Retry-After": "1"}
    leave.set()
    worker.join(10)
    with tenant_selected(A):
        assert keyed().replayed
    assert effects() == 1


def test_twin_without_a_key_doubles() -> None:
    """The effect by itself does not notice a repetition: that is what the key is for."""
    race(effect)
    assert effects() == THREADS


def test_twin_with_the_lock_and_the_row_off_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither lock nor row: every thread finds nothing kept and does the work."""
    both_inside = threading.Barrier(2)
    monkeypatch.setattr(idempotency, "_claim", lambda *_: 1)
    monkeypatch.setattr(idempotency, "_keep", lambda *_: None)
    race(lambda: keyed(lambda: effect(both_inside)), threads=2)
    assert effects() == 2


def test_twin_with_the_lock_off_the_other_is_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock the unique row still lets one through, but the other waits for it: its worker is taken."""
    monkeypatch.setattr(idempotency, "LOCKED", "%s IS NOT NULL")
    inside, leave, found = threading.Event(), threading.Event(), []

    def slow() -> Answer:
        answer = effect()
        inside.set()
        assert leave.wait(10)
        return answer

    def run(perform: Callable[[], Answer]) -> None:
        with tenant_selected(A):
            found.append(keyed(perform))
        for connection in connections.all():
            connection.close_kept()

    first = threading.Thread(target=run, args=(slow,))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=run, args=(effect,))
    second.start()
    second.join(0.5)
    assert second.is_alive()
    leave.set()
    first.join(10)
    second.join(10)
    assert sorted(answer.replayed for answer in found) == [False, True]
    assert effects() == 1


def test_twin_a_snapshot_older_than_the_answer_misses_it() -> None:
    """Why the claim is an INSERT and not a SELECT that takes the lock: its snapshot may be older than the lock."""
    with tenant_selected(A), tenant_atomic(), connections["tenant"].cursor() as cursor:
        cursor.execute("DECLARE looking CURSOR FOR SELECT count(*) FROM idempotency_idempotencykey WHERE key = 'k'")
        race(keyed, threads=1)
        cursor.execute("FETCH looking")
        assert cursor.fetchone() == (0,)
        table, values = "idempotency_idempotencykey", [1, "tests.race", "k", "0" * 64, utc_now()]
        assert idempotency._claim("tenant", table, 1, values) is None
