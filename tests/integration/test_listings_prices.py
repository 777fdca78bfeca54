"""What malls pay becomes a reference price: by the journals, over a sliding window, without naming anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.clock import utc_now
from shared_apps.listings.models import PaidPrice, ParameterValue, PriceReference
from shared_apps.listings.selectors import PriceReferenceView, price_reference
from shared_apps.listings.services.prices import count_paid, follow_paid, slide_window
from shared_apps.products.models import Product
from tenants.database.context import region_as, region_atomic, tenant_selected
from tenants.database.logins import MALL, RELAY
from tenants.journaling import relay
from tenants.registry.models import Tenant
from tests.factories import fulfilment
from tests.factories.goods import make_product
from tests.factories.orders import make_shop
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.restores import dump, restore

A, B = "990001", "990002"
PRODUCT = 4242


def pay(tenant: str, order_id: int, *prices: str, now: datetime | None = None, product: int = PRODUCT) -> None:
    lines = [
        {"position": n, "product_id": product, "product_code": "X", "offer_id": n, "price": D(price), "quantity": 3}
        for n, price in enumerate(prices, start=1)
    ]
    write_order_event(tenant, "paid", order_id=order_id, state="paid", next_post=None, now=now, lines=lines)


def counted(now: datetime | None = None) -> dict[int, PriceReferenceView]:
    for tenant in (A, B):
        relay_tenant(tenant)
    with region_as("yz_region"):
        count_paid(now=now or utc_now())
    with region_as(MALL):
        return price_reference(product_ids=[PRODUCT, PRODUCT + 1])


def test_the_middle_of_what_all_malls_paid() -> None:
    pay(A, 1, "10.00")
    pay(B, 1, "14.00")
    assert counted() == {}, "two orders: a range would say what one mall paid"
    pay(B, 2, "11.01", "20.00")
    found = counted()[PRODUCT]
    assert (found.median, found.low, found.high, found.orders) == (D("12.51"), D("10.00"), D("20.00"), 3)
    assert (found.window_to - found.window_from).days == 180


def test_a_row_read_twice_counts_once_and_an_older_event_has_no_lines() -> None:
    pay(A, 1, "10.00")
    entries: list[relay.RelayedEntry] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "handlers_of", lambda event: [entries.append])
        relay_tenant(A)
    (entry,) = entries
    first = relay.RelayedEntry(**{**_fields(entry), "version": 1, "facts": _without(entry.facts, "lines", "area_code")})
    with region_as(RELAY), region_atomic():
        assert follow_paid(entry=first) == 0
        follow_paid(entry=entry)
        follow_paid(entry=entry)
    assert PaidPrice.objects.count() == 1


def _fields(entry: relay.RelayedEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__slots__}


def _without(facts: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def test_an_order_that_is_paid_again_after_its_money_came_back_counts_once() -> None:
    for order_id in (1, 2, 3):
        pay(A, order_id, "10.00")
    assert counted()[PRODUCT].orders == 3
    write_order_event(A, "payment_returned", order_id=3, state="payment_failed")
    assert counted() == {}, "two orders are paid: too few"
    pay(A, 3, "10.00")
    found = counted()[PRODUCT]
    assert (found.orders, PaidPrice.objects.filter(is_taken_back=False).count()) == (3, 3)
    with region_as("yz_region"):
        slide_window(now=utc_now())
    assert PaidPrice.objects.filter(is_taken_back=False, product_id=PRODUCT).count() == 3


def test_prices_leave_the_window_by_the_day() -> None:
    start = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    for number in range(1, 4):
        pay(A, number, "10.00", now=start)
    pay(A, 4, "40.00", now=start + timedelta(days=100))
    assert counted(start + timedelta(days=100))[PRODUCT].high == D("40.00")
    with region_as("yz_region"):
        assert slide_window(now=start + timedelta(days=180)) == 1
        assert slide_window(now=start + timedelta(days=181)) == 0
    assert not PriceReference.objects.exists()


def test_sales_are_the_pieces_paid_for_in_the_window() -> None:
    """An invented product keeps its invented figure until more is sold."""
    start = utc_now()
    with region_as("yz_region"):
        invented = make_product(code="S-1")
        real = make_product(code="S-2")
        Product.objects.filter(pk=invented.pk).update(is_demo=True, sales=9)
        Product.objects.filter(pk=real.pk).update(is_demo=False, sales=1)
    for number in range(1, 4):
        pay(A, number, "10.00", "11.00", now=start, product=real.pk)
        pay(B, number, "10.00", now=start, product=invented.pk)
    counted()

    def sales(day: int) -> list[int]:
        with region_as("yz_region"):
            slide_window(now=start + timedelta(days=day))
            return list(
                Product.objects.filter(pk__in=[invented.pk, real.pk]).order_by("code").values_list("sales", flat=True)
            )

    assert [sales(1), sales(181)] == [[9, 18], [9, 0]]


def test_how_many_orders_it_takes_is_a_parameter() -> None:
    pay(A, 1, "10.00")
    pay(B, 1, "14.00")
    with region_as("yz_region"):
        ParameterValue.objects.create(
            name="reference_orders_min", value=2, valid_from="2026-01-01", source="测试", entered_at=utc_now(),
            entered_by_name="测试",
        )  # fmt: skip
    assert counted()[PRODUCT].orders == 2


def test_practice_leaves_no_price() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    pay(A, 1, "10.00")
    relay_tenant(A)
    assert not PaidPrice.objects.exists()


def test_a_real_payment_tells_its_lines() -> None:
    with tenant_selected(A):
        order = fulfilment.paid(make_shop(A))
    relay_tenant(A)
    paid = PaidPrice.objects.get()
    assert (paid.order_id, paid.tenant_code, paid.supplier_id) == (order.pk, A, order.supplier_id)
    assert (paid.price, paid.quantity) == (D("20.00"), 2)
    assert paid.area_code == order.area_code


def test_a_mall_reads_the_reference_and_no_paid_price() -> None:
    for statement in ("SELECT 1 FROM listings_paidprice", "DELETE FROM listings_pricereference"):
        with (
            region_as(MALL),
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("price", ["0", "-1", "'NaN'"])
def test_a_paid_price_is_money(price: str) -> None:
    pay(A, 1, "10.00")
    relay_tenant(A)
    with (
        region_as("yz_region"),
        pytest.raises(IntegrityError, match="paid_price_is_money"),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE listings_paidprice SET price = {price}")


def test_a_mall_set_back_takes_its_lost_prices_along(tmp_path: Path) -> None:
    pay(A, 1, "10.00")
    pay(B, 1, "12.00")
    pay(B, 2, "12.00")
    counted()
    early = tmp_path / "early.zip"
    dump(early)
    pay(A, 2, "99.00")
    late = tmp_path / "late.zip"
    relay_tenant(A)
    dump(late)
    assert counted()[PRODUCT].high == D("99.00")
    restore(early)
    with region_as(MALL):
        assert price_reference(product_ids=[PRODUCT])[PRODUCT].high == D("12.00")
    restore(late)
    assert counted()[PRODUCT].high == D("99.00")
    assert PaidPrice.objects.count() == 4


def twice(action: Callable[[], int]) -> tuple[int, int]:
    return action(), action()


def test_what_is_counted_is_not_counted_again() -> None:
    pay(A, 1, "10.00")
    relay_tenant(A)
    with region_as("yz_region"):
        assert twice(lambda: count_paid(now=utc_now())) == (1, 0)
