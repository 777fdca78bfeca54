"""Rows written and read without instances, against the ORM as the plain reference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.forms.models import model_to_dict

from kernel.clock import utc_now
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.database.models import WrongTenant
from tenants.database.rows import Columns, create_row, insert_rows, update_rows
from tests.factories.orders import Shop, make_shop
from tests.factories.statements import counted

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def decision(rule: str, **changes: Any) -> dict[str, Any]:
    return {
        "occasion": "submit",
        "unit_id": 1,
        "asked_by_id": 2,
        "asked_by_name": "测试甲",
        "decided_at": AT,
        "fingerprint": "f" * 64,
        "rule": rule,
        "rule_version": 1,
        "allowed": True,
        "is_demo": False,
        "content": {"文": ["“'\\%s\"", None, 1, {"a": "b"}]},
        **changes,
    }


def stored(row: Any) -> dict[str, Any]:
    row.refresh_from_db()
    return {name: value for name, value in model_to_dict(row).items() if name not in {"id", "xid"}}


def test_a_row_is_what_the_orm_would_have_written(shop: Shop) -> None:
    rows = [decision("R-1"), decision("R-2", allowed=False)]
    with counted() as statements:
        made = insert_rows(OrderDecision, rows)
    assert len(statements) == 1
    plain = [OrderDecision.objects.create(**row) for row in rows]
    for (key,), reference in zip(made, plain, strict=True):
        assert stored(OrderDecision.objects.get(pk=key)) == stored(reference)


def test_the_database_fills_in_what_it_is_to(shop: Shop) -> None:
    entry = {
        "epoch": 1,
        "at": AT,
        "event": "orders.closed",
        "event_version": 1,
        "object_type": "order",
        "object_id": "7",
        "facts": {"a": 1},
    }
    with tenant_atomic():
        ((key, xid),) = insert_rows(JournalEntry, [entry], returning=("id", "xid"))
        reference = JournalEntry.objects.create(**entry)
    assert int(xid) == reference.xid
    written = JournalEntry.objects.get(pk=key)
    assert stored(written) == stored(reference)
    # Left out: NULL where the column may be, empty where it is a text.
    assert (written.actor_id, written.actor_name) == (None, "")


def test_an_instance_is_made_with_what_the_database_worked_out(shop: Shop) -> None:
    reference = shop.submit()
    reference.refresh_from_db()
    names = [field.attname for field in Order._meta.concrete_fields if not (field.primary_key or field.generated)]
    made = create_row(Order, **{name: getattr(reference, name) for name in names})
    assert made.pk > reference.pk
    assert str(made.number) == f"{made.number_stem}{made.pk % 1_000_000:06}"
    assert stored(made) == stored(reference)
    # It belongs to this tenant from now on, as a row that was read here.
    with tenant_selected("990002"), pytest.raises(WrongTenant):
        made.save()


def test_a_mistake_of_ours_is_found_before_the_database(shop: Shop) -> None:
    without = decision("R-1")
    del without["decided_at"]
    with pytest.raises(KeyError, match="decided_at"):
        insert_rows(OrderDecision, [without])
    with pytest.raises(KeyError, match="surprise"):
        insert_rows(OrderDecision, [decision("R-1", surprise=1)])
    with pytest.raises(KeyError, match="surprise"):
        update_rows(Order, {"surprise": 1}, where={"id": 1})
    assert insert_rows(OrderDecision, []) == []
    assert OrderDecision.objects.count() == 0


def test_constraints_and_grants_are_the_same(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="orderdecision_approval_has_order"), tenant_atomic():
        insert_rows(OrderDecision, [decision("R-1", occasion="approve")])
    insert_rows(OrderDecision, [decision("R-1")])
    with pytest.raises(Exception, match="permission denied"), tenant_atomic():
        update_rows(OrderDecision, {"allowed": False}, where={"rule": "R-1"})


def test_only_the_rows_that_equal_everything_asked_are_changed(shop: Shop) -> None:
    order = shop.submit()
    now = utc_now()
    assert update_rows(Order, {"note": "新", "changed_at": now}, where={"id": order.pk, "version": 2}) == 0
    assert update_rows(Order, {"note": "新", "changed_at": now}, where={"id": order.pk, "version": 1}) == 1
    order.refresh_from_db()
    assert (order.note, order.changed_at) == ("新", now)


def test_columns_make_the_instance_that_the_orm_reads(shop: Shop) -> None:
    order = shop.submit()
    compared = [{"offer_id": 1, "title": "纸", "price": "1.00"}]
    Order.objects.filter(pk=order.pk).update(compared=compared)
    columns = Columns(Order, "o")
    with connections["tenant"].cursor() as cursor:
        cursor.execute(f"SELECT {columns.sql} FROM orders_order o WHERE id = %s", [order.pk])
        found = columns.instance(cursor.fetchone())
    reference = Order.objects.get(pk=order.pk)
    assert found.compared == compared
    assert found.total_amount == Decimal("40.00")
    assert {name: found.__dict__[name] for name in columns.names} == {
        name: reference.__dict__[name] for name in columns.names
    }
    with tenant_selected("990002"), pytest.raises(WrongTenant):
        found.save()
