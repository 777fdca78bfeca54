"""Buying and approving in a real browser: how many clicks, and what the person sees."""

from __future__ import annotations

from kernel.posts import Post
from tenant_apps.orders.models import Order
from tenants.database.context import tenant_selected
from tests.factories.orders import make_line, make_shop
from tests.pages.conftest import NARROW, Visit, address, axe_findings


def test_a_clerk_buys_in_seven_clicks_and_an_approver_decides_in_two(visitor: Visit, site: str) -> None:
    shop = make_shop()
    shop.submit()  # the clerk's address is known from the order before
    product = shop.offer.product
    clerk = visitor(shop.people[Post.BUYER_CLERK], tenant=shop.tenant)
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        clerk.locator(selector).first.click()
        clerk.wait_for_load_state()
        clicks += 1

    clerk.goto(address(site, "/", shop.tenant))
    search = "form[action='/products/'] input:is([type=search], [type=text])"
    clerk.locator(search).first.fill(product.title)
    click("form[action='/products/'] button[type=submit]")
    click(f"main a[href^='/products/{product.code}/']")
    click("form.sf-add button[type=submit]")
    click("a[href^='/cart/']")
    click(f"a[href^='/checkout/{shop.supplier.pk}/']")
    assert clerk.input_value("#id_delivery_address") == "测试县文化路1号"
    click("main form[data-confirm] button.btn-primary[type=submit]")
    click("dialog button.btn-primary")
    clerk.wait_for_url("**/orders/*/")
    assert clicks <= 7
    assert "已提交审批" in clerk.inner_text("body")

    approver = visitor(shop.people[Post.BUYER_APPROVER], tenant=shop.tenant, size=NARROW)
    approver.goto(address(site, "/approvals/", shop.tenant))
    approver.locator("main form[data-confirm] button").first.click()
    approver.locator("dialog button.btn-primary").first.click()
    approver.wait_for_selector("text=已同意订单")
    with tenant_selected(shop.tenant):
        assert Order.objects.filter(state="placed").count() == 1


def test_the_rules_answer_while_the_form_is_filled_in(visitor: Visit, site: str) -> None:
    shop = make_shop()
    make_line(shop.tenant, shop.unit_id, filed=False)
    shop.fill_cart()
    page = visitor(shop.people[Post.BUYER_CLERK], tenant=shop.tenant)
    page.goto(address(site, f"/checkout/{shop.supplier.pk}/", shop.tenant))
    amounts = page.locator("input[name^=amount_]")
    assert "该订单可以提交" in page.inner_text("#preview")
    amounts.nth(0).fill("")
    amounts.nth(1).fill("40.00")
    amounts.nth(1).blur()
    page.wait_for_selector("#preview >> text=该订单不予通过")
    assert axe_findings(page) == []
