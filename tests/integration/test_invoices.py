"""Invoices of accepted goods: held against the order, verified, refused, reversed; and payment that waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.invoices import needing, services
from tenant_apps.invoices.models import Invoice, RedInvoice
from tenant_apps.invoices.rules import INVOICE_LIFECYCLE
from tenant_apps.invoices.simulator import SimulatedVerifier
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.invoices import NUMBER, as_written, record, verify
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.relayed import relay_tenant
from tests.factories.rules import bureau_of
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_the_diagram_of_the_readme_is_the_table() -> None:
    readme = Path(__file__).resolve().parents[2] / "tenant_apps/invoices/README.md"
    assert f"```mermaid\n{INVOICE_LIFECYCLE.mermaid()}```" in readme.read_text(encoding="utf-8")


def test_verified_invoices_of_the_whole_sum_move_the_order_on(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    first = record(shop, order, net="20.00", tax="2.60")
    assert (first.state, state(order)) == ("recorded", "goods_accepted")
    with pytest.raises(InvalidInput) as beyond:
        record(shop, order, number=NUMBER + "10", net="17.41", tax="0.00")
    assert list(beyond.value.errors) == ["net"]
    second = record(shop, order, number=NUMBER + "10", net="15.40", tax="2.00")
    assert verify() == services.Verified(verified=2)
    assert state(order) == "invoiced"
    assert set(Invoice.objects.values_list("state", flat=True)) == {"verified"}
    events = JournalEntry.objects.filter(event__startswith="invoices.").order_by("id").values_list("event", flat=True)
    assert list(events) == ["invoices.recorded", "invoices.recorded", "invoices.verified", "invoices.verified"]
    assert JournalEntry.objects.filter(event="orders.invoiced").count() == 1
    with pytest.raises(WrongState):
        record(shop, order, number=NUMBER + "11", net="0.01", tax="0.00")
    relay_tenant(shop.tenant)
    assert made.requested(shop, order=order).amount == first.total + second.total


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "1234567890123456789"}, "number"),
        ({"number": "12345678"}, "number"),
        ({"code": "123456789012", "number": NUMBER + "00"}, "number"),
        ({"issued_on": local_date(utc_now()) + timedelta(days=1)}, "issued_on"),
        ({"seller_name": "别的公司"}, "seller_name"),
        ({"seller_code": "91650102DEM000014J"}, "seller_code"),
        ({"buyer_name": "测试第二小学"}, "buyer_name"),
        ({"net": Decimal("40.01")}, "net"),
    ],
)
def test_an_invoice_is_held_against_its_order(shop: Shop, changes: dict[str, Any], field: str) -> None:
    order = made.goods_accepted(shop)
    with pytest.raises(InvalidInput) as refused:
        services.record_invoice(
            actor=shop.seller, order_id=order.pk, now=utc_now(), **{**as_written(shop, order), **changes}
        )
    assert list(refused.value.errors) == [field]
    assert Invoice.objects.count() == 0


def test_a_number_counts_once_unless_it_was_refused(shop: Shop) -> None:
    first, second = made.goods_accepted(shop), made.goods_accepted(shop)
    record(shop, first, number=NUMBER + "01")
    with pytest.raises(services.InvoiceKnown):
        record(shop, second, number=NUMBER + "01")
    assert verify() == services.Verified(refused=1)
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.state_reason != "", invoice.next_due_at) == ("refused", True, None)
    assert record(shop, second, number=NUMBER + "01").state == "recorded"


def test_what_is_not_found_yet_is_asked_again(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    record(shop, order, number=NUMBER + "02")
    start = utc_now() + timedelta(seconds=1)
    moment, rounds = start, 0
    while state(order) == "goods_accepted":
        services.verify_due(now=moment, provider=SimulatedVerifier(clock=lambda moment=moment: moment))
        moment, rounds = moment + timedelta(minutes=1), rounds + 1
        assert rounds < 30
    assert moment - start > timedelta(minutes=10)
    assert Invoice.objects.get().attempts < 8


def test_a_verifier_that_is_away_is_asked_again(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    record(shop, order, number=NUMBER + "03")
    assert verify() == services.Verified(waiting=1)
    assert Invoice.objects.get().last_error
    assert verify(minutes=5) == services.Verified(verified=1)
    assert state(order) == "invoiced"


def test_a_red_letter_invoice_takes_one_back(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    invoice = record(shop, order)
    with pytest.raises(WrongState):
        reverse(shop, invoice)
    verify()
    with pytest.raises(services.InvoiceKnown):
        reverse(shop, invoice, number=NUMBER + "00")
    with pytest.raises((NotPermitted, NotFound)):
        reverse(shop, invoice, actor=shop.clerk)
    reverse(shop, invoice)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.state_reason, state(order)) == ("reversed", "开错税率", "goods_accepted")
    assert RedInvoice.objects.get().invoice_id == invoice.pk
    assert record(shop, order, number=NUMBER + "12").state == "recorded"
    verify()
    relay_tenant(shop.tenant)
    made.requested(shop, order=order)
    with pytest.raises(WrongState):
        reverse(shop, Invoice.objects.latest("id"), number=NUMBER + "98")


def reverse(shop: Shop, invoice: Invoice, *, number: str = NUMBER + "99", actor: Any = None) -> Invoice:
    return services.reverse_invoice(
        actor=actor or shop.seller,
        invoice_id=invoice.pk,
        number=number,
        issued_on=local_date(utc_now()),
        reason="开错税率",
        now=utc_now(),
    )


def test_payment_waits_for_invoices_where_the_mall_says_so(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    assert not needing.is_needed()
    with pytest.raises(NotPermitted):
        needing.decide(actor=shop.clerk, needed=True, reason="否", now=utc_now())
    needing.decide(actor=bureau_of(shop.tenant), needed=True, reason="会议纪要第3号", now=utc_now())
    with pytest.raises(needing.InvoiceNeeded):
        made.requested(shop, order=order)
    record(shop, order)
    verify()
    relay_tenant(shop.tenant)
    assert made.requested(shop, order=order).amount == Decimal("40.00")


def test_supplier_and_buyer_see_it_on_pages_and_over_the_api(shop: Shop) -> None:
    order = made.goods_accepted(shop)
    seller, payer = (
        sign_in(Client(), shop.people[post], shop.tenant) for post in (Post.SUPPLIER_SALES, Post.BUYER_PAYER)
    )
    path = f"/orders/{order.pk}/invoices/new/"
    assert f'href="{path}"' in seller.get(f"/orders/{order.pk}/").content.decode()
    page = seller.get(path).content.decode()
    assert ("测试第一小学" in page, latin_words(page)) == (True, [])
    form = {name: str(value) for name, value in as_written(shop, order).items()}
    wrong = seller.post(path, form | {"buyer_name": "测试第二小学"})
    assert (wrong.status_code, "测试第一小学" in wrong.content.decode()) == (400, True)
    with counted() as statements:
        assert seller.post(path, form).status_code == 303
    assert len(statements) <= 12, statements
    assert seller.post(path, form).status_code == 400
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        verify()
        key = Invoice.objects.get().pk
    html = payer.get(f"/orders/{order.pk}/").content.decode()
    assert (NUMBER + "00" in html, "查验相符" in html, latin_words(html)) == (True, True, [])
    listed = payer.get("/invoices/").content.decode()
    assert (NUMBER + "00" in listed, latin_words(listed)) == (True, [])
    assert NUMBER in payer.get("/invoices/export.csv").content.decode()
    assert payer.get("/api/v1/invoices/?state=verified").json()["invoices"][0]["number"] == NUMBER + "00"
    back = seller.get(f"/invoices/{key}/reverse/").content.decode()
    assert latin_words(back) == []
    body = {"number": NUMBER + "97", "issued_on": str(local_date(utc_now())), "reason": "开错"}
    answer = seller.post(f"/api/v1/invoices/{key}/reverse/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "reversed")
    other = make_shop("990002")
    stranger = sign_in(Client(), other.people[Post.SUPPLIER_SALES], other.tenant)
    assert stranger.get(f"/invoices/{key}/reverse/").status_code == 404
    assert stranger.get("/api/v1/invoices/").json()["invoices"] == []
