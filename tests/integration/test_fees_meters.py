"""Meters as data: whatever an app declares is counted, shown, priced and reconciled without a change of fees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import events
from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.meters import ANY_EVENT, METERS, OF_OBJECT, Counting, Meter, Source
from shared_apps.fees.checks import check_meters
from shared_apps.fees.meters import AWAITED_EVENTS, is_told, module_meter
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.selectors import month_quantities
from shared_apps.fees.selectors.statements import statement
from shared_apps.fees.services import meter_uses
from shared_apps.fees.services.reconciling import steps
from shared_apps.fees.web.tariff_form import form_context
from shared_apps.region_journal.services import record as record_in_region
from tenant_apps.journal.services import record
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.database.logins import RELAY
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.models import Tenant
from tests.factories.fees import region_staff
from tests.factories.relayed import relay_region, relay_tenant, write_order_event

A, B = "990001", "990002"
NOVEMBER = date(2026, 11, 1)
NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
TOY = "toys.sold"
if TOY not in events._declared:
    events.declare(events.EventType(TOY, 1, {"pieces": int, "is_gift": bool}))


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Meter:
    meter = Meter("toys", "玩具", "件", (Source(TOY, fact="pieces", where=(("is_gift", "false"),)),))
    monkeypatch.setitem(METERS._things, meter.code, meter)
    return meter


def tell(tenant: str, event: str, facts: dict[str, Any], *, actor: Actor = SYSTEM, at: datetime = NOON) -> None:
    with tenant_selected(tenant), tenant_atomic():
        record(actor=actor, event=event, object_type="toy", object_id=1, facts=facts, now=at)


def tell_region(event: str, facts: dict[str, Any], *, of: str = "x", at: datetime = NOON) -> None:
    with region_as("yz_region"), region_atomic():
        record_in_region(actor=SYSTEM, event=event, object_type="toy", object_id=of, facts=facts, now=at)


def quantities(tenant: str = A, month: date = NOVEMBER) -> dict[str, D]:
    with region_as("yz_region"):
        found = month_quantities(codes=[tenant], first=month, last=month).get((tenant, month), {})
    return {key: row.quantity for key, row in found.items()}


def person(user_id: int) -> Actor:
    return Actor(user_id, "某人", A)


def test_a_declared_meter_is_counted_at_once(toys: Meter) -> None:
    for pieces, is_gift in ((3, False), (4, False), (50, True)):
        tell(A, TOY, {"pieces": pieces, "is_gift": is_gift})
    relay_tenant(A)
    assert quantities() == {"toys": D(7)}
    with region_as("yz_region"):
        assert [one for step in steps(codes=[A]) for one in step.differences] == []
        found = statement(actor=region_staff(), tenant_code=A, month=NOVEMBER, now=utc_now())
    assert [(line.meter.code, line.event_count) for line in found.lines if line.event_count] == [("toys", 2)]
    assert form_context({}, {})["meters"][-1]["meter"] is toys


def test_people_who_did_anything_count_once_a_month_and_nobody_else() -> None:
    tell(A, "files.stored", FILE, actor=person(7))
    relay_tenant(A)
    for who in (7, 8, None):
        tell(A, "files.stored", FILE, actor=person(who) if who else SYSTEM)
        tell(A, "files.stored", FILE, actor=person(who) if who else SYSTEM)
    tell(A, "files.stored", FILE, actor=person(7), at=datetime(2026, 12, 3, tzinfo=UTC))
    relay_tenant(A)
    assert quantities()["active_users"] == 2
    assert quantities(month=date(2026, 12, 1))["active_users"] == 1
    assert UsageEvent.objects.filter(meter="active_users").count() == 3


FILE = {"key": f"{A}-{'0' * 40}", "kind": "pdf", "size_bytes": 5 * 10**9, "sm3": "0" * 64, "purpose": "test"}


def test_storage_modules_and_a_live_mall_are_levels() -> None:
    opened = {"on_demo_rules": True}
    first, half = datetime(2026, 11, 1, 1, tzinfo=UTC), datetime(2026, 11, 16, 1, tzinfo=UTC)
    tell(A, "policies.module_opened", {"module": "online_supermarket", **opened}, at=first)
    tell(A, "policies.went_live", {"modules": ["online_supermarket"], **opened}, at=first)
    tell(A, "policies.module_closed", {"module": "online_supermarket", "reason": "x"}, at=half)
    tell(A, "files.stored", FILE, at=datetime(2026, 11, 15, 16, tzinfo=UTC))
    state = {"name": "某县", "reason": "x"}
    tell_region("fleet.tenant_suspended", {**state, "before": "live", "after": "suspended"}, of=A, at=half)
    tell_region("fleet.tenant_archived", {**state, "before": "suspended", "after": "archived"}, of=A, at=half)
    relay_tenant(A)
    relay_region()
    november = quantities()
    assert november == {module_meter("online_supermarket"): D("0.5"), "mall_live": D("0.5"), "storage": D("2.5")}
    assert quantities(month=date(2026, 12, 1)) == {"storage": D(5)}


def test_what_the_region_tells_of_a_mall_is_that_mall_s_use() -> None:
    """Messages, and calls of programs in the hour they were made, however late they are told."""
    told = {"number": "M1", "channel": "sms"}
    for code in (A, A, B, "", "999999"):
        tell_region("messaging.delivery_sent", {**told, "tenant_code": code})
    last_hour = datetime(2026, 11, 30, 15, tzinfo=UTC)
    calls = {"tenant_code": A, "hour": last_hour, "calls": 250}
    tell_region("fees.api_hour_told", calls, at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    relay_region()
    assert quantities() == {"messages": D(2), "api_calls": D(250)}
    assert quantities(B) == {"messages": D(1)}
    assert UsageEvent.objects.exclude(room="region").count() == 0


def test_practice_malls_are_metered_by_no_journal() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    write_order_event(A, "approved", state="placed", next_post="supplier_sales")
    tell(A, "files.stored", FILE, actor=person(7))
    tell_region("messaging.delivery_sent", {"number": "M1", "channel": "sms", "tenant_code": A})
    relay_tenant(A)
    relay_region()
    assert UsageEvent.objects.count() == 0


def entries(count: int) -> Sequence[RelayedEntry]:
    facts = {"total": "12.50", "order_number": "DD1"}
    return [
        RelayedEntry(A, 1, number, NOON, "orders.approved", 1, number % 7, "某人", 1, "order", str(number), facts)
        for number in range(1, count + 1)
    ]


@pytest.fixture
def relaying() -> Iterator[None]:
    with region_as(RELAY), region_atomic():
        yield


def test_a_batch_is_one_statement_and_one_told_twice_counts_nothing(relaying: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert meter_uses(entries=entries(300)) == 600 + 7
    assert len(asked) == 1
    assert meter_uses(entries=entries(300)) == 0, "the constraint alone keeps a use single, without the receipts"


def test_texts_of_a_row_are_kept_as_they_are(relaying: None) -> None:
    """Many uses are one parameter: what quotes, backslashes and braces stand for there is none of a row's business."""
    odd = '第一中学 "甲" {a,b} c:\\d NULL'
    facts = {"total": "12.50", "order_number": odd, "unit_name": "\\"}
    meter_uses(entries=[RelayedEntry(A, 1, 1, NOON, "orders.approved", 1, 7, "某人", 1, "order", '"\\', facts)])
    kept = {use.meter: use for use in UsageEvent.objects.all()}
    assert {use.object_id for use in kept.values()} == {'"\\'}
    assert kept["order_value"].facts == kept["orders_placed"].facts == facts
    assert kept["order_value"].quantity == D("12.50")
    assert kept["active_users"].facts == {}


def test_meters_of_modules_to_come_are_known_and_told_by_nobody() -> None:
    assert {meter.code for meter in METERS.values() if not is_told(meter)} == {"inquiries", "auctions", "draws"}
    assert check_meters(None) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        (Source("toys.lost"), "yz.E010"),
        (Source(TOY, fact="price"), "yz.E011"),
        (Source(TOY, fact="is_gift"), "yz.E011"),
        (Source(TOY, where=(("colour", "red"),)), "yz.E011"),
        (Source(TOY, tenant_fact="tenant_code"), "yz.E011"),
        (Source(ANY_EVENT), "yz.E010"),
        (Source(TOY, tenant_fact=OF_OBJECT, fact="pieces"), None),
        (Source(min(AWAITED_EVENTS)), None),
    ],
)
def test_a_meter_that_could_never_count_is_refused(
    monkeypatch: pytest.MonkeyPatch, source: Source, wrong: str | None
) -> None:
    monkeypatch.setitem(METERS._things, "tried", Meter("tried", "x", "x", (source,), counting=Counting.SUM))
    assert [found.id for found in check_meters(None)] == ([wrong] if wrong else [])


def test_the_day_of_metering_does_not_matter() -> None:
    """`at` is the journal row's: relayed weeks later it is still November's."""
    write_order_event(A, "approved", now=NOON, state="placed", next_post="supplier_sales", total=D("5.00"))
    relay_tenant(A)
    assert utc_now() > NOON
    assert quantities() == {"orders_placed": D(1), "order_value": D(5)}
