"""Receiving in a real browser where not all is well: a part is accepted, the rest goes back or is given up.

What each step says on the page is what the ledger and the journal hold, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kernel.posts import Post
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenants.database.context import tenant_selected
from tests.factories.orders import Shop, make_shop
from tests.pages.conftest import Visit
from tests.pages.walks import Party, forward, in_order, live

CLERK, SELLER, ACCEPTOR = Post.BUYER_CLERK, Post.SUPPLIER_SALES, Post.BUYER_ACCEPTOR


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = live(make_shop(price="23.50"))
    kept_world()
    return shop


@pytest.fixture
def party(kept_shop: Shop, room: None, visitor: Visit, site: str) -> Party:
    return Party(kept_shop, visitor, site)


def ship(party: Party, order_id: int, waybill: str) -> None:
    """Everything that is left to ship."""
    seller = party.at(SELLER, f"/orders/{order_id}/ship/")
    seller.fill("input[name=carrier]", "测试物流")
    seller.fill("input[name=waybill]", waybill)
    forward(seller, "发货")
    expect(seller.locator("h1 .yz-state")).to_have_text("已发货")


def met(page: Page, *standards: str) -> None:
    for name in standards:
        page.check(f"input[name={name}_met]")


def test_a_part_is_accepted_a_part_returned_and_the_rest_given_up(party: Party) -> None:
    order = party.shop.place(quantity=6)
    party.money(frozen="141.00")
    seller = party.state(SELLER, order.pk, "待供应商接单")
    forward(seller, "接单")
    ship(party, order.pk, "YD0001")
    acceptor = party.at(ACCEPTOR, f"/orders/{order.pk}/accept-goods/")
    forward(acceptor, "逐行验收")
    acceptor.fill("input[name='lines[0]accepted']", "4")
    acceptor.fill("input[name='lines[0]refused']", "2")
    acceptor.fill("input[name='lines[0]reason']", "受潮发霉")
    met(acceptor, "service", "safety")
    in_order(acceptor, "accept-part")
    forward(acceptor, "签署")
    expect(acceptor.locator("h1 .yz-state")).to_have_text("部分验收")
    party.money(frozen="141.00")

    # The supplier has the two back and has no others: both sides give the rest up.
    seller = party.state(SELLER, order.pk, "部分验收")
    expect(seller.locator("main")).to_contain_text("受潮发霉")
    forward(seller, "登记退货")
    forward(seller, "申请取消剩余部分")
    seller.fill("textarea[name=reason]", "该批次已售罄")
    forward(seller, "申请取消剩余部分")
    clerk = party.state(CLERK, order.pk, "部分验收")
    expect(clerk.locator("main")).to_contain_text("该批次已售罄")
    in_order(clerk, "rest-asked")
    forward(clerk, "同意取消剩余部分")
    expect(clerk.locator("h1 .yz-state")).to_have_text("已验收")
    expect(clerk.locator("main")).to_contain_text("¥94.00")  # 4 x 23.50
    in_order(clerk, "rest-given-up")
    party.money(frozen="94.00")
    payer = party.at(Post.BUYER_PAYER, f"/orders/{order.pk}/request-payment/")
    expect(payer.locator("main")).to_contain_text("¥94.00")
    assert party.events("order", order.pk) == [
        "orders.submitted", "orders.approved", "orders.accepted", "orders.shipped", "orders.goods_partly_accepted",
        "orders.goods_returned", "orders.rest_cancel_asked", "orders.rest_cancelled",
    ]  # fmt: skip
    with tenant_selected(party.shop.tenant):
        assert str(Order.objects.get(pk=order.pk).payable_amount) == "94.00"


def test_goods_refused_are_replaced_refused_again_and_the_order_ends(party: Party) -> None:
    order = party.shop.place(quantity=2)
    seller = party.state(SELLER, order.pk, "待供应商接单")
    forward(seller, "接单")
    for number, reason in enumerate(("外包装破损", "型号不符"), start=1):
        ship(party, order.pk, f"YD100{number}")
        acceptor = party.at(ACCEPTOR, f"/orders/{order.pk}/accept-goods/")
        forward(acceptor, "改为拒收")
        acceptor.fill("textarea[name=reason]", reason)
        met(acceptor, "service")
        if number == 1:
            in_order(acceptor, "refuse-goods")
        forward(acceptor, "签署")
        expect(acceptor.locator("h1 .yz-state")).to_have_text("验收不合格")
        seller = party.state(SELLER, order.pk, "验收不合格")
        expect(seller.locator("main")).to_contain_text(reason)
        forward(seller, "登记退货")
        expect(seller.locator("h1 .yz-state")).to_have_text("已退货")
        party.money(frozen="47.00")
    clerk = party.state(CLERK, order.pk, "已退货")
    in_order(clerk, "order-returned")
    forward(clerk, "终止")
    clerk.fill("textarea[name=reason]", "两次送货均不合格")
    forward(clerk, "终止")
    expect(clerk.locator("h1 .yz-state")).to_have_text("已终止")
    expect(clerk.locator("main form", has_text="再次采购")).to_be_visible()
    in_order(clerk, "order-terminated")
    party.money(frozen="0.00")
    found = ["orders.shipped", "orders.goods_refused", "orders.goods_returned"]
    begun = ["orders.submitted", "orders.approved", "orders.accepted"]
    assert party.events("order", order.pk) == [*begun, *found, *found, "orders.terminated"]
    with tenant_selected(party.shop.tenant):
        assert AcceptanceCertificate.objects.filter(order_id=order.pk).count() == 2
