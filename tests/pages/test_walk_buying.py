"""Buying in a real browser where it does not go straight: split up, bargained about, declined and ordered again.

What each step says on the page is what the ledger and the journal hold, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kernel.posts import Post
from tenant_apps.bargains.models import Bargain
from tenant_apps.commitments.models import LedgerRow
from tenant_apps.orders.models import Order, OrderDecision
from tenants.database.context import tenant_selected
from tests.factories.orders import Shop, make_shop
from tests.factories.rules import verified_threshold
from tests.pages.conftest import Visit
from tests.pages.walks import Party, forward, in_order, live

CLERK, APPROVER, SELLER = Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES
# At 20.00 a piece: the sixth piece of one item reaches the limit of the year.
LIMIT = "120.00"


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = live(make_shop())
    verified_threshold(amount=LIMIT)
    kept_world()
    return shop


@pytest.fixture
def party(kept_shop: Shop, room: None, visitor: Visit, site: str) -> Party:
    return Party(kept_shop, visitor, site)


def counted_towards_the_limit(party: Party) -> Decimal:
    with tenant_selected(party.shop.tenant):
        return LedgerRow.objects.get(order_id=0, month=0, item_code="A05040101").amount


def test_a_purchase_that_is_split_up_is_refused_and_says_why(party: Party) -> None:
    first = party.shop.submit(quantity=4)
    clerk = party.into_cart(2)
    forward(clerk, "去结算")
    preview = clerk.locator("#preview")
    for words in ("该订单不予通过", "本单计入的全年累计", "超出限额", str(first.number), "¥80.00", "¥120.00"):
        expect(preview).to_contain_text(words)
    in_order(clerk, "checkout-split")
    party.fill_checkout()
    forward(clerk, "提交审批")
    refused = clerk.inner_text("main")
    for words in ("第二十八条", "R-SPLIT-DECENTRALISED", "怎样才能通过", "上传例外文件"):
        assert words in refused, refused
    clerk.locator("#preview summary", has_text="包含 1 个订单").first.click()
    expect(clerk.locator("#preview a", has_text=str(first.number)).first).to_be_visible()
    in_order(clerk, "refused-split")
    with tenant_selected(party.shop.tenant):
        assert Order.objects.count() == 1
        assert OrderDecision.objects.filter(order=None, rule="R-SPLIT-DECENTRALISED", allowed=False).exists()
    assert counted_towards_the_limit(party) == Decimal("80.00")
    party.money(frozen="0.00")

    # What is left of the year's limit may be bought: the goods are still in the cart.
    clerk = party.at(CLERK, "/cart/")
    clerk.fill("input[name=quantity]", "1")
    forward(clerk, "修改")
    forward(clerk, "去结算")
    expect(clerk.locator("#preview")).to_contain_text("该订单可以提交")
    second = party.submit()
    party.approve(second)
    party.state(CLERK, second, "待供应商接单")
    assert counted_towards_the_limit(party) == Decimal("100.00")
    party.money(frozen="20.00")


def test_a_bargain_is_struck_in_two_rounds_and_ordered_at_its_price(party: Party) -> None:
    clerk = party.into_cart(3)
    forward(clerk, "发起议价")
    clerk.locator("input[name^=price_]").fill("16.00")
    clerk.fill("textarea[name=note]", "长期合作")
    in_order(clerk, "bargain-new")
    forward(clerk, "向供应商发起议价")
    with tenant_selected(party.shop.tenant):
        bargain = Bargain.objects.get()
    path = f"/bargains/{bargain.pk}/"
    seller = party.at(SELLER, "/bargains/")
    seller.click(f"main a[href='{path}']")
    expect(seller.locator("main")).to_contain_text("长期合作")
    for answer, again in (("19.50", "17.00"), ("18.55", "")):
        seller.goto(clerk.url)
        seller.locator("input[name^=price_]").fill(answer)
        in_order(seller)
        forward(seller, "给出其他价格")
        clerk.reload()
        expect(clerk.locator("main")).to_contain_text(f"¥{answer}")
        if again:
            clerk.locator("input[name^=price_]").fill(again)
            forward(clerk, "再次提出价格")
    assert clerk.locator("input[name^=price_]").count() == 0  # both counters are used up
    forward(clerk, "同意对方的最后报价")
    expect(clerk.locator("h1 .yz-state")).to_have_text("已议定")
    in_order(clerk, "bargain-agreed")
    forward(clerk, "按议定价下单")
    order_id = party.submit()
    expect(clerk.locator("main")).to_contain_text("¥55.65")
    party.approve(order_id)
    page = party.state(SELLER, order_id, "待供应商接单")
    expect(page.locator("main")).to_contain_text("议定价格")
    party.money(frozen="55.65")  # 3 x 18.55
    assert party.events("bargain", bargain.pk) == [
        "bargains.proposed", "bargains.countered", "bargains.proposed_again", "bargains.countered", "bargains.accepted",
    ]  # fmt: skip
    with tenant_selected(party.shop.tenant):
        assert Order.objects.get(pk=order_id).total_amount == Decimal("55.65")
    party.at(CLERK, path)
    assert "按议定价下单" not in clerk.inner_text("main")
    clerk.click(f"main a[href='/orders/{order_id}/']")
    assert clerk.url.endswith(f"/orders/{order_id}/")


def test_what_a_supplier_declines_is_released_and_ordered_again(party: Party) -> None:
    clerk = party.into_cart(2)
    forward(clerk, "去结算")
    declined = party.submit()
    party.approve(declined)
    party.money(frozen="40.00")
    seller = party.state(SELLER, declined, "待供应商接单")
    forward(seller, "拒单")
    seller.fill("textarea[name=reason]", "厂家断货，下周到货")
    in_order(seller, "order-decline")
    forward(seller, "拒单")
    expect(seller.locator("h1 .yz-state")).to_have_text("供应商已拒单")
    clerk = party.state(CLERK, declined, "供应商已拒单")
    expect(clerk.locator("main")).to_contain_text("厂家断货，下周到货")
    in_order(clerk, "order-declined")
    party.money(frozen="0.00")
    assert counted_towards_the_limit(party) == Decimal("0.00")
    assert party.events("order", declined) == ["orders.submitted", "orders.approved", "orders.declined"]

    clerk = party.at(CLERK, f"/orders/{declined}/")
    forward(clerk, "再次采购")
    expect(clerk.locator("main")).to_contain_text("¥40.00")
    forward(clerk, "去结算")
    again = party.submit()
    assert again != declined
    party.approve(again)
    seller = party.state(SELLER, again, "待供应商接单")
    forward(seller, "接单")
    expect(seller.locator("h1 .yz-state")).to_have_text("供应商已接单")
    party.money(frozen="40.00")
    assert counted_towards_the_limit(party) == Decimal("40.00")
    assert party.events("order", again) == ["orders.submitted", "orders.approved", "orders.accepted"]
