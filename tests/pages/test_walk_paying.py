"""Paying late in a real browser: overdue with interest, refused by the treasury, delayed by it, paid at last.

A real worker tells the treasury and the budget-management system; only the clock is moved. What each step says on the
page is what the ledger, the journal and the other side's book hold, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.budget_system import services as reports
from tenant_apps.budget_system.models import SimulatedQuotaEntry
from tenant_apps.budget_system.simulator import SimulatedBudgetSystem
from tenant_apps.orders.models import Order
from tenant_apps.payments import services as payments
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.payments.simulator import SimulatedTreasury
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.budget_pages import known_there
from tests.factories.orders import Shop, make_shop
from tests.factories.units import make_bureau_person
from tests.pages.conftest import Visit
from tests.pages.walks import Party, forward, in_order, live, running

PAYER, SELLER, BUREAU = Post.BUYER_PAYER, Post.SUPPLIER_SALES, Post.TIER_SUPERVISOR
REFUSED, DELAYED = f"{made.GOOD_ACCOUNT[:-2]}01", f"{made.GOOD_ACCOUNT[:-2]}02"
# Accepted forty days ago and due within thirty: 4,000.00 x 0.05 % x 10.
INTEREST = "¥20.00"
# Its first answer is lost: what is told is told again, and entered once.
QUOTA = "ZB-2026-06"
SECONDS = 30


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = live(make_shop(price="2000.00"))
    shop.people[BUREAU] = make_bureau_person(shop.tenant)
    known_there(shop, shop.line, QUOTA)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.goods_accepted(shop)
        with connections["tenant"].cursor() as cursor:
            cursor.execute("UPDATE orders_order SET goods_accepted_at = goods_accepted_at - interval '40 days'")
    kept_world()
    return shop


@pytest.fixture
def party(kept_shop: Shop, room: None, visitor: Visit, site: str) -> Iterator[Party]:
    with running(["-m", "celery", "-A", "config.celery", "worker", "-c", "1", "-l", "warning"]):
        yield Party(kept_shop, visitor, site)


def until(page: Page, words: str) -> None:
    """Loads the page again until it says what the worker brings."""
    end = utc_now() + timedelta(seconds=SECONDS)
    while words not in page.inner_text("main"):
        assert utc_now() < end, f"waited {SECONDS} s for {words}: {page.inner_text('main')[:1500]}"
        page.wait_for_timeout(250)
        page.reload()


def time_passes(party: Party, minutes: int) -> None:
    """The clock is moved, ours and that of the other two: they are asked what has become of it."""
    moment = utc_now() + timedelta(minutes=minutes)
    with tenant_selected(party.shop.tenant), region_as("yz_mall"):
        payments.poll_due(now=moment, provider=SimulatedTreasury(clock=lambda: moment))
        reports.send_due(now=moment, provider=SimulatedBudgetSystem(clock=lambda: moment))


def request_payment(party: Party, order_id: int, account: str) -> Page:
    payer = party.at(PAYER, f"/orders/{order_id}/request-payment/")
    payer.fill("input[name=payee_bank]", "测试银行甲县支行")
    payer.fill("input[name=payee_account]", account)
    in_order(payer, f"request-payment-{account[-2:]}")
    forward(payer, "申请支付")
    until(payer, "国库处理中")
    expect(payer.locator("h1 .yz-state")).to_have_text("国库处理中")
    return payer


def test_an_overdue_payment_is_refused_delayed_and_paid_with_its_interest(party: Party) -> None:
    with tenant_selected(party.shop.tenant):
        order = Order.objects.get()
    for post in (SELLER, BUREAU):
        page = party.at(post, "/payments/due/")
        for words in (str(order.number), "已逾期 10 天", INTEREST):
            expect(page.locator("main")).to_contain_text(words)
        in_order(page, f"payments-due-{post}")
    party.money(frozen="4000.00")

    payer = party.at(PAYER, "/payments/")
    expect(payer.locator("main")).to_contain_text("已逾期 10 天")
    payer = request_payment(party, order.pk, REFUSED)
    time_passes(party, 1)
    payer.reload()
    expect(payer.locator("h1 .yz-state")).to_have_text("国库已退回")
    expect(payer.locator("main")).to_contain_text("户名与账号不符")
    in_order(payer, "payment-refused")
    refused = urlsplit(payer.url).path
    payer = party.state(PAYER, order.pk, "支付未成功")
    expect(payer.locator("main")).to_contain_text("户名与账号不符")
    party.money(frozen="4000.00")

    payer = party.at(PAYER, refused)
    forward(payer, "重新申请支付")
    payer = request_payment(party, order.pk, DELAYED)
    time_passes(party, 5)
    payer.reload()
    expect(payer.locator("h1 .yz-state")).to_have_text("国库处理中")
    party.money(frozen="4000.00")
    time_passes(party, 11)
    payer.reload()
    expect(payer.locator("h1 .yz-state")).to_have_text("国库已支付")
    party.money(frozen="0.00", spent="4000.00")
    for post in (PAYER, SELLER, BUREAU):
        page = party.state(post, order.pk, "已支付")
        expect(page.locator("main")).to_contain_text("逾期支付")
        expect(page.locator("main")).to_contain_text(INTEREST)
    in_order(page, "order-paid-late")
    page = party.at(SELLER, "/payments/due/?tab=late")
    expect(page.locator("main")).to_contain_text(str(order.number))
    told_there(party, order)

    events = party.events("order", order.pk)
    assert events[-6:] == [
        "orders.payment_requested", "orders.payment_sent", "orders.payment_refused",
        "orders.payment_requested", "orders.payment_sent", "orders.paid",
    ]  # fmt: skip
    with tenant_selected(party.shop.tenant):
        states = PaymentInstruction.objects.order_by("id").values_list("state", "amount")
        assert list(states) == [("refused", Decimal("4000.00")), ("confirmed", Decimal("4000.00"))]


def told_there(party: Party, order: Order) -> None:
    """The freeze and the payment are in the other system's book once each, though each was told twice."""
    time_passes(party, 20)
    time_passes(party, 40)
    bureau = party.at(BUREAU, "/bureau/budget-system/?state=accepted")
    expect(bureau.locator("tbody tr")).to_have_count(2)
    expect(bureau.locator("main")).to_contain_text(str(order.number))
    in_order(bureau, "budget-reports-told")
    bureau.click("nav a[href='/bureau/budget-system/quotas/']")
    bureau.select_option("select[name=unit_id]", str(party.shop.unit_id))
    forward(bureau, "对账")
    row = bureau.locator("tbody tr", has_text=QUOTA)
    expect(row).to_contain_text("一致")
    expect(row).to_contain_text("¥4,000.00")
    with tenant_selected(party.shop.tenant):
        book = SimulatedQuotaEntry.objects.order_by("id").values_list("kind", "amount", "times_received")
        assert list(book) == [("freeze", Decimal("4000.00"), 2), ("spend", Decimal("4000.00"), 2)]
