"""Fulfilment and payment in a real browser: the walk by buttons, axe and page width at two sizes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings
from tests.pages.walks import by_menu
from webkit.latin import latin_words

SCREENSHOTS = os.environ.get("YZ_SCREENSHOTS", "")


@pytest.fixture
def shop() -> Shop:
    """Of a mall that is live: a supplier finds no other on the region's portal."""
    made_shop = make_shop()
    with region_as("yz_region"):
        Tenant.objects.filter(code=made_shop.tenant).update(state="live", live_at=utc_now())
    return made_shop


def bring(shop: Shop, maker: Callable[[Shop], Any]) -> Order:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        found = maker(shop)
        return found if isinstance(found, Order) else Order.objects.get(pk=found.order_id)


def confirm(page: Page) -> None:
    """Presses yes in the dialogue that stands before what cannot be undone."""
    page.click(".modal.show .btn-primary, dialog[open] .btn-primary, .modal.show .btn-danger, dialog[open] .btn-danger")


def test_supplier_acceptor_and_payer_bring_an_order_to_payment(shop: Shop, visitor: Visit, site: str) -> None:
    order = bring(shop, lambda shop: shop.place())
    seller = visitor(shop.people[Post.SUPPLIER_SALES], tenant=shop.tenant)
    by_menu(seller, "/supplier/orders/")
    seller.click("td a.btn-success")
    seller.click(f"form[action='/orders/{order.pk}/accept/'] button")
    confirm(seller)
    expect(seller.locator("h1 .yz-state")).to_have_text("供应商已接单")
    seller.click(f"a[href='/orders/{order.pk}/ship/']")
    seller.fill("input[name=carrier]", "测试物流")
    seller.fill("input[name=waybill]", "YD0001")
    seller.click("main form button[type=submit]")
    expect(seller.locator("h1 .yz-state")).to_have_text("已发货")

    acceptor = visitor(shop.people[Post.BUYER_ACCEPTOR], tenant=shop.tenant)
    by_menu(acceptor, "/acceptance/")
    acceptor.click("td a.btn-success")
    for name in made.STANDARDS:
        acceptor.check(f"input[name={name}]")
    acceptor.click("main form button[type=submit]")
    expect(acceptor.locator("h1 .yz-state")).to_have_text("已验收")

    payer = visitor(shop.people[Post.BUYER_PAYER], tenant=shop.tenant)
    by_menu(payer, "/payments/")
    payer.click("td a.btn-primary")
    payer.fill("input[name=payee_bank]", "测试银行")
    payer.fill("input[name=payee_account]", made.GOOD_ACCOUNT)
    payer.click("main form button[type=submit]")
    confirm(payer)
    expect(payer.locator("h1 .yz-state")).to_have_text("等待发送")
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    payer.reload()
    expect(payer.locator("h1 .yz-state")).to_have_text("国库已支付")


def keep(page: Page, name: str, width: int) -> None:
    if SCREENSHOTS:
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}-{width}.png"), full_page=True)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(
    shop: Shop, visitor: Visit, site: str, size: tuple[int, int]
) -> None:
    placed, accepted = bring(shop, lambda shop: shop.place()), bring(shop, made.accepted)
    shipped, due = bring(shop, made.shipped), bring(shop, made.goods_accepted)
    paid = bring(shop, made.paid)
    refused = bring(shop, lambda shop: made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "01"))
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
        certificate = AcceptanceCertificate.objects.get(order_id=paid.pk)
        instruction = PaymentInstruction.objects.get(order_id=paid.pk)
        failed = PaymentInstruction.objects.get(order_id=refused.pk)
    visits = {
        Post.SUPPLIER_SALES: {
            "supplier-orders": "/supplier/orders/",
            "supplier-orders-empty": "/supplier/orders/?tab=ended",
            "order-to-accept": f"/orders/{placed.pk}/",
            "order-decline": f"/orders/{placed.pk}/decline/",
            "order-ship": f"/orders/{accepted.pk}/ship/",
        },
        Post.BUYER_ACCEPTOR: {
            "acceptance": "/acceptance/",
            "acceptance-sign": f"/orders/{shipped.pk}/accept-goods/",
            "acceptance-refuse": f"/orders/{shipped.pk}/refuse-goods/",
            "acceptance-certificate": f"/orders/{paid.pk}/certificates/{certificate.pk}/",
            "not-possible-now": f"/orders/{paid.pk}/accept-goods/",
        },
        Post.BUYER_PAYER: {
            "payments": "/payments/",
            "payment-request": f"/orders/{due.pk}/request-payment/",
            "payment-again": f"/orders/{refused.pk}/request-payment/",
            "payment-instruction": f"/payments/{instruction.pk}/",
            "payment-refused": f"/payments/{failed.pk}/",
            "order-paid": f"/orders/{paid.pk}/",
        },
    }
    for post, paths in visits.items():
        page = visitor(shop.people[post], tenant=shop.tenant, size=size)
        for name, path in paths.items():
            page.goto(address(site, path, shop.tenant))
            assert axe_findings(page) == [], path
            assert latin_words(page.content()) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
            keep(page, name, size[0])
        page.context.close()


def test_a_form_with_errors_is_accessible(shop: Shop, visitor: Visit, site: str) -> None:
    order = bring(shop, made.shipped)
    page = visitor(shop.people[Post.BUYER_ACCEPTOR], tenant=shop.tenant)
    page.goto(address(site, f"/orders/{order.pk}/accept-goods/", shop.tenant))
    page.check("input[name=technical_met]")
    page.click("main form button[type=submit]")
    expect(page.locator(".yz-field-error")).to_have_count(2)
    assert axe_findings(page) == []
    assert page.is_checked("input[name=technical_met]")
