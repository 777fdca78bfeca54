"""The relay: every committed row once, none lost, whatever order transactions commit in."""

from __future__ import annotations

import threading

import psycopg2.sql
import pytest
from django.db import connections

from kernel import events
from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.journal.services import record
from tenants.database.context import REGION_ALIAS, region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.database.logins import RELAY
from tenants.journaling import consumers, relay
from tenants.journaling.models import RelayCursor, RelayReceipt
from tests.database import wait_until_settled

A, B = "990001", "990002"
EVENT = "tests.relay_tried"
if "tests.relay_tried" not in events._declared:
    events.declare(events.EventType(EVENT, 1, {"note": str}))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    seen: list[tuple[str, str]] = []
    monkeypatch.setitem(consumers._handlers, EVENT, [lambda entry: seen.append((entry.tenant, entry.facts["note"]))])
    return seen


def write(tenant: str, note: str) -> None:
    with tenant_selected(tenant), tenant_atomic():
        record(actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": note}, now=utc_now())


def drain(tenant: str, *, settled: bool = True) -> int:
    if settled:
        wait_until_settled()
    return relay.drain(room=tenant, schema=f"t{tenant}", now=utc_now())


def test_rows_are_relayed_once_and_in_order(heard: list[tuple[str, str]]) -> None:
    write(A, "1")
    write(A, "2")
    write(B, "3")
    assert drain(A) == 2
    assert drain(A) == 0
    assert drain(B) == 1
    assert heard == [(A, "1"), (A, "2"), (B, "3")]


def test_an_uncommitted_row_waits_and_is_not_lost_behind_a_later_one(heard: list[tuple[str, str]]) -> None:
    """The early writer commits last: a relay by `id > last` would skip it for ever."""
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with tenant_selected(A), tenant_atomic():
            record(actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": "early"}, now=utc_now())
            opened.set()
            finish.wait(5)
        connections["tenant"].close_kept()
        connections[REGION_ALIAS].close_kept()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(5)
    write(A, "late")
    assert drain(A, settled=False) == 0, "a row behind an open older transaction is not relayed yet"
    finish.set()
    thread.join()
    assert drain(A) == 2
    assert sorted(note for _, note in heard) == ["early", "late"]


def test_a_cursor_set_back_repeats_nothing(heard: list[tuple[str, str]]) -> None:
    write(A, "1")
    drain(A)
    with region_as(RELAY):
        RelayCursor.objects.filter(room=A).update(cut_off=0)
    assert drain(A) == 0
    assert heard == [(A, "1")]


def test_batches_split_between_transactions(monkeypatch: pytest.MonkeyPatch, heard: list[tuple[str, str]]) -> None:
    monkeypatch.setattr(relay, "BATCH_ROWS", 3)
    for number in range(4):
        write(A, f"one-{number}")
    with tenant_selected(A), tenant_atomic():
        for number in range(7):
            record(
                actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": f"big-{number}"}, now=utc_now()
            )
    write(A, "last")
    assert drain(A) == 12
    assert [note for _, note in heard] == ([f"one-{n}" for n in range(4)] + [f"big-{n}" for n in range(7)] + ["last"])


def test_a_batch_is_filled_and_read_in_the_order_of_its_index(
    monkeypatch: pytest.MonkeyPatch, heard: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(relay, "BATCH_ROWS", 3)
    sizes: list[int] = []
    monkeypatch.setattr(consumers, "_batch_handlers", [lambda entries: sizes.append(len(entries))])
    for number in range(7):
        write(A, str(number))
    assert drain(A) == 7
    assert sizes == [3, 3, 1]
    with region_as(RELAY), region_atomic(), connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            psycopg2.sql.SQL("EXPLAIN " + relay._ROWS).format(table=relay.table_of(A, f"t{A}")), ["0", "99999999", 3]
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Presorted Key: xid" in plan, plan


def test_a_failing_consumer_undoes_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(entry: consumers.RelayedEntry) -> None:
        raise ValueError("consumer broken")

    monkeypatch.setitem(consumers._handlers, EVENT, [broken])
    write(A, "1")
    with pytest.raises(ValueError, match="consumer broken"):
        drain(A)
    with region_as(RELAY):
        assert RelayReceipt.objects.filter(room=A).count() == 0
    monkeypatch.setitem(consumers._handlers, EVENT, [])
    assert drain(A) == 1


def test_the_sweeper_finds_what_a_lost_wake_up_missed() -> None:
    write(B, "1")
    wait_until_settled()
    assert relay.lagging_rooms() == {B: 1}
    drain(B)
    assert relay.lagging_rooms() == {}


def test_two_relays_at_once_relay_each_row_once(heard: list[tuple[str, str]]) -> None:
    for number in range(20):
        write(A, str(number))
    counts: list[int] = []

    def run() -> None:
        counts.append(drain(A, settled=False))
        connections[REGION_ALIAS].close_kept()

    wait_until_settled()
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 20
    assert len(heard) == 20
