"""One invoice at two malls: refused when it is recorded, paid at most once, told to both payers, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connections

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import DomainError
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import ItemState, next_path
from shared_apps.invoice_numbers.models import NumberUse
from shared_apps.invoice_numbers.restoring import rebuild
from shared_apps.invoice_numbers.selectors import used_elsewhere
from tenant_apps.invoices import elsewhere, services
from tenant_apps.invoices.models import Invoice
from tenant_apps.orders.models import Order
from tenants.database.context import REGION_ALIAS, owner_of, region_as, region_atomic, tenant_selected
from tenants.database.logins import MALL
from tenants.journaling.restoring import RestoredJournal
from tests.database import admin
from tests.factories import fulfilment as made
from tests.factories.invoices import NUMBER, record, verify
from tests.factories.orders import Shop, make_shop
from tests.factories.relayed import relay_tenant
from webkit.latin import latin_words

A, B = "990001", "990002"
Shops = dict[str, tuple[Shop, Order]]


@pytest.fixture(scope="module")
def kept_shops(kept_world: Callable[[], None]) -> Shops:
    """Two malls, in each an order whose goods are accepted; both journals are relayed."""
    shops: Shops = {}
    for code in (A, B):
        shop = make_shop(code)
        with tenant_selected(code), region_as(MALL):
            shops[code] = shop, made.goods_accepted(shop)
        relay_tenant(code)
    kept_world()
    return shops


@pytest.fixture
def shops(kept_shops: Shops, room: None) -> Shops:
    return kept_shops


def write(shops: Shops, code: str, **changes: str) -> Invoice:
    shop, order = shops[code]
    with tenant_selected(code), region_as(MALL):
        return record(shop, order, **changes)


def pay(shops: Shops, code: str) -> str:
    """`paid`, or why not."""
    shop, order = shops[code]
    with tenant_selected(code), region_as(MALL):
        try:
            made.requested(shop, order=order)
        except DomainError as refusal:
            return refusal.code
    return "paid"


def take_back(shops: Shops, code: str, invoice: Invoice) -> None:
    with tenant_selected(code), region_as(MALL):
        assert verify().verified == 1
        services.reverse_invoice(
            actor=shops[code][0].seller, invoice_id=invoice.pk, number=NUMBER + "77", issued_on=local_date(utc_now()),
            reason="开错单位", now=utc_now(),
        )  # fmt: skip


def payers_to_do() -> list[str]:
    rows = InboxItem.objects.filter(kind="invoice", state=ItemState.OPEN)
    return sorted(row.tenant_code for row in rows)


def test_a_number_of_another_mall_is_not_recorded_until_it_is_free_again(shops: Shops) -> None:
    first = write(shops, A)
    relay_tenant(A)
    with pytest.raises(elsewhere.InvoiceElsewhere) as refusal:
        write(shops, B)
    assert (latin_words(str(refusal.value)), refusal.value.facts) == ([], {})
    assert write(shops, B, number=NUMBER + "10").state == "recorded"
    assert pay(shops, A) == "paid"

    # What the region holds of it is the digest alone.
    assert NumberUse.objects.get().fingerprint == first.fingerprint
    relay_tenant(B)
    assert pay(shops, B) == "paid"


def test_of_two_recorded_at_once_neither_is_paid_before_one_is_taken_back(shops: Shops) -> None:
    first = write(shops, A)
    write(shops, B)
    assert (pay(shops, A), pay(shops, B)) == ("invoice-not-compared", "invoice-not-compared")
    relay_tenant(A)
    assert payers_to_do() == []
    relay_tenant(B)
    assert payers_to_do() == [A, B]
    item = InboxItem.objects.get(tenant_code=A, kind="invoice")
    shop, order = shops[A]
    assert (item.audience_post, item.unit_id, item.facts) == (
        "buyer_payer", shop.unit_id, {"order_number": str(order.number)},
    )  # fmt: skip
    assert next_path(kind=item.kind, object_id=item.object_id) == f"/orders/{order.pk}/"
    assert PostHeld.objects.filter(tenant_code=A, unit_id=shop.unit_id, post=Post.BUYER_PAYER).exists()
    assert (pay(shops, A), pay(shops, B)) == ("invoice-elsewhere", "invoice-elsewhere")

    take_back(shops, A, first)
    relay_tenant(A)
    assert payers_to_do() == []
    assert pay(shops, B) == "paid"


def test_of_two_malls_that_record_and_pay_at_once_at_most_one_pays(shops: Shops) -> None:
    for code in (A, B):
        write(shops, code)
    said: dict[str, str] = {}
    start = threading.Barrier(2, timeout=30)

    def follow(code: str) -> None:
        try:
            start.wait()
            relay_tenant(code)
            said[code] = pay(shops, code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=follow, args=(code,)) for code in (A, B)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(said) == [A, B]
    assert list(said.values()).count("paid") <= 1
    assert set(said.values()) <= {"paid", "invoice-elsewhere"}
    assert payers_to_do() == [A, B], "the later relay finds both"


def test_a_mall_learns_yes_or_no_and_nothing_else(shops: Shops) -> None:
    mark = write(shops, A).fingerprint
    relay_tenant(A)
    with region_as(MALL):
        assert used_elsewhere(fingerprints=[mark], tenant_code=B) is True
        assert used_elsewhere(fingerprints=[mark], tenant_code=A) is False
        assert used_elsewhere(fingerprints=["0" * 64], tenant_code=B) is None
        assert used_elsewhere(fingerprints=[], tenant_code=B) is False
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT * FROM invoice_numbers_elsewhere(%s::text[], %s)", [[mark], B])
            assert (len(cursor.description), cursor.fetchall()) == (1, [(True,)])
        with pytest.raises(DatabaseError, match="permission denied"):
            NumberUse.objects.count()
    with pytest.raises(ValueError, match="at most"):
        used_elsewhere(fingerprints=[f"{n:064x}" for n in range(201)], tenant_code=B)
    with (
        tenant_selected(B),
        connections["tenant"].cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
    ):
        cursor.execute("SELECT public.invoice_numbers_elsewhere(%s::text[], %s)", [[mark], B])


def test_a_mall_that_is_set_back_leaves_no_number(shops: Shops) -> None:
    for code in (A, B):
        write(shops, code)
    relay_tenant(A)
    relay_tenant(B)
    assert payers_to_do() == [A, B]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM t{B}.journal_journalentry WHERE event = 'invoices.recorded'")
    with owner_of("public", alias=REGION_ALIAS), region_atomic():
        rebuild(RestoredJournal(room=B, schema=f"t{B}", epoch=2, now=utc_now(), lost=1))
    assert list(NumberUse.objects.values_list("tenant_code", flat=True)) == [A]
    assert payers_to_do() == []
    assert pay(shops, A) == "paid"
