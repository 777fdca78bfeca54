"""A supplier's orders in all malls, brought along by the journals: what waits, what is owed, how it delivered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from kernel.actor import Actor, Belonging, HeldPost
from kernel.clock import SHANGHAI, utc_now
from kernel.posts import Post
from shared_apps.workbench import services
from shared_apps.workbench.models import SupplierOrder
from shared_apps.workbench.rules import Tab, lateness, percent
from shared_apps.workbench.selectors import work, work_to_export
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL, RELAY
from tenants.journaling import relay
from tenants.registry.models import Tenant
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.relayed import SUPPLIER, relay_tenant, write_interest_event, write_order_event
from tests.factories.statements import counted
from webkit.latin import latin_words

A, B = "990001", "990002"
NOW = utc_now()


def seller(organisation: int = SUPPLIER) -> Actor:
    belongs = (Belonging(organisation, "机构", "supplier", "X", None),)
    return Actor(1, "测试", None, belongs, (HeldPost(Post.SUPPLIER_SALES, organisation),))


def tell(tenant: str, order_id: int, *steps: tuple[str, str, dict[str, Any]], **changes: Any) -> None:
    for name, state, more in steps:
        number = f"DD{tenant}20261123{order_id:06}"
        write_order_event(tenant, name, order_id=order_id, state=state, order_number=number, **{**changes, **more})


def placed(tenant: str, order_id: int, **changes: Any) -> None:
    due = {"due_at": NOW + timedelta(days=2)}
    tell(tenant, order_id, ("submitted", "pending_approval", {}), ("approved", "placed", due), **changes)


def delivered(tenant: str, order_id: int, *, promised: date, at: datetime, late_from: datetime | None) -> None:
    placed(tenant, order_id)
    tell(
        tenant,
        order_id,
        ("accepted", "accepted", {"promised_on": promised}),
        ("shipped", "shipped", {}),
        ("goods_accepted", "goods_accepted", {"due_at": late_from, "now": at}),
    )


def relayed() -> None:
    for tenant in (A, B):
        relay_tenant(tenant)


def test_rows_follow_their_orders_in_every_mall() -> None:
    tell(A, 1, ("submitted", "pending_approval", {}))
    placed(A, 2)
    placed(B, 1)
    tell(B, 1, ("accepted", "accepted", {"promised_on": date(2026, 12, 1)}))
    placed(A, 3, supplier_organisation_id=SUPPLIER + 1)
    relayed()
    assert SupplierOrder.objects.count() == 3  # the one that waits for approval is not its supplier's yet
    found = work(actor=seller(), tab="to_accept", now=NOW)
    assert [(row.tenant_code, row.order_id) for row in found.rows] == [(A, 2)]
    assert {tab: found.sums[tab].orders for tab in Tab} == {
        "to_accept": 1, "to_ship": 1, "to_invoice": 0, "to_be_paid": 0, "overdue": 0, "paid_late": 0,
    }  # fmt: skip
    row = work(actor=seller(), tab="to_ship", now=NOW).rows[0]
    assert (row.tenant_code, row.promised_on, row.tenant_name != "") == (B, date(2026, 12, 1), True)
    assert work(actor=seller(999), tab="to_accept", now=NOW).rows == []


def test_what_is_owed_and_late_with_its_interest() -> None:
    today = datetime.combine(NOW.astimezone(SHANGHAI).date(), datetime.min.time(), tzinfo=SHANGHAI)
    delivered(A, 1, promised=date(2030, 1, 1), at=NOW, late_from=today - timedelta(days=9))
    delivered(B, 1, promised=date(2030, 1, 1), at=NOW, late_from=today + timedelta(days=5))
    relayed()
    overdue = work(actor=seller(), tab="overdue", now=NOW)
    assert [(row.tenant_code, row.late.days, row.late.interest) for row in overdue.rows] == [(A, 10, D("6.17"))]
    assert overdue.sums["overdue"].amount == D("1234.50")
    both = work(actor=seller(), tab="to_be_paid", now=NOW)
    assert [row.tenant_code for row in both.rows] == [A, B]
    assert [row.tenant_code for row in work(actor=seller(), tab="to_be_paid", now=NOW, tenant=B).rows] == [B]
    tell(A, 1, ("paid", "paid", {"next_post": None}))
    relayed()
    assert work(actor=seller(), tab="overdue", now=NOW).rows == []
    late = work(actor=seller(), tab="paid_late", now=NOW).rows
    assert [(row.late.interest, row.interest_paid, row.interest_left) for row in late] == [(D("6.17"), 0, D("6.17"))]
    write_interest_event(A, 1, "paid", paid="6.17")
    relayed()
    late = work(actor=seller(), tab="paid_late", now=NOW + timedelta(days=5)).rows
    assert [(row.late.days, row.interest_paid, row.interest_left) for row in late] == [(10, D("6.17"), 0)]
    write_interest_event(A, 1, "failed", paid="0.00")
    relayed()
    assert work(actor=seller(), tab="paid_late", now=NOW).rows[0].interest_left == D("6.17")
    # Money that came back is owed again, by the same clock.
    tell(A, 1, ("payment_returned", "payment_failed", {}))
    relayed()
    assert [row.late.days for row in work(actor=seller(), tab="overdue", now=NOW).rows] == [10]


def test_deliveries_are_measured_by_the_promised_day_and_cost_no_statement_more() -> None:
    day = date(2026, 11, 20)
    noon = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
    delivered(A, 1, promised=day, at=noon, late_from=None)
    delivered(A, 2, promised=day, at=noon + timedelta(days=3), late_from=None)
    delivered(A, 3, promised=day, at=noon - timedelta(days=800), late_from=None)
    relayed()
    with counted() as few:
        work(actor=seller(), tab="to_invoice", now=NOW)
    delivered(B, 1, promised=day, at=noon - timedelta(days=2), late_from=None)
    relayed()
    with counted() as statements:
        found = work(actor=seller(), tab="to_invoice", now=NOW)
    assert len(statements) == len(few) == 4
    assert [(row.delivered, row.on_time, row.late) for row in found.deliveries] == [(2, 1, 1), (1, 1, 0)]
    assert found.deliveries[0].late_days == 3
    whole = found.all_deliveries
    assert (whole.delivered, whole.on_time, whole.percent_on_time) == (3, 2, D("66.7"))
    assert len(list(work_to_export(actor=seller(), tab="to_invoice", now=NOW))) == 4


def test_an_older_event_relayed_late_changes_nothing_but_its_day() -> None:
    delivered(A, 1, promised=date(2026, 12, 1), at=NOW, late_from=NOW)
    entries: list[relay.RelayedEntry] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "handlers_of", lambda event: [entries.append])
        relay_tenant(A)
    with region_as(RELAY), region_atomic():
        for entry in reversed(entries):
            services.follow_order(entry=entry)
    row = SupplierOrder.objects.get()
    assert (row.state, row.promised_on, row.placed_at is None) == ("goods_accepted", date(2026, 12, 1), False)


def test_practice_leaves_nothing_and_no_mall_reads_it() -> None:
    Tenant.objects.filter(code=B).update(kind="practice")
    placed(B, 1)
    relayed()
    assert not SupplierOrder.objects.exists()
    with (
        region_as(MALL),
        pytest.raises(DatabaseError, match="permission denied"),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM workbench_supplierorder")


@pytest.mark.parametrize(("part", "whole", "share"), [(0, 0, None), (0, 3, "0.0"), (2, 3, "66.7"), (1, 8, "12.5")])
def test_shares(part: int, whole: int, share: str | None) -> None:
    assert percent(part, whole) == (None if share is None else D(share))


def test_the_first_late_moment_is_the_first_late_day() -> None:
    moment = datetime(2026, 11, 20, tzinfo=SHANGHAI)
    assert lateness(late_from=moment, amount=D("40"), now=moment - timedelta(seconds=1)).days == 0
    assert lateness(late_from=moment, amount=D("40"), now=moment).days == 1
    assert lateness(late_from=None, amount=D("40"), now=moment).interest == 0


def test_the_page_the_export_and_the_api() -> None:
    with region_as("yz_region"):
        firm = make_organisation("supplier", "91650100TEST0000AA", "测试供应商甲", None)
        person = make_user(name="测试丙")
        join(person, firm, [Post.SUPPLIER_SALES])
    placed(A, 1, supplier_organisation_id=firm.pk)
    delivered(B, 1, promised=date(2026, 11, 20), at=NOW, late_from=NOW - timedelta(days=3))
    SupplierOrder.objects.update(supplier_organisation_id=firm.pk)
    relayed()
    SupplierOrder.objects.update(supplier_organisation_id=firm.pk)
    client = sign_in(Client(), person)
    for path in ("", "?tab=overdue", "?tab=to_ship", "?search=没有", f"?tab=overdue&tenant={B}"):
        client.get(f"/supplier/work/{path}")
        with counted() as statements:
            answer = client.get(f"/supplier/work/{path}")
        html = answer.content.decode()
        assert answer.status_code == 200, html
        assert latin_words(html) == [], path
        assert len(statements) <= 12
    assert f'action="/malls/{A}/enter/"' in client.get("/supplier/work/").content.decode()
    for query in ("tab=perhaps", "after=0", "unknown=1", "tenant=%00"):
        assert client.get(f"/supplier/work/?{query}").status_code == 400
    table = client.get("/supplier/work/export.csv?tab=overdue").content.decode("utf-8-sig")
    assert "逾期天数" in table
    told = client.get("/api/v1/supplier/work/?tab=overdue").json()
    assert [row["tenant_code"] for row in told["rows"]] == [B]
    assert told["sums"]["to_accept"]["orders"] == 1
