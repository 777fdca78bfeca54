"""An offer's life in a real browser, as supplier, central purchasing body, region staff and a buyer of a mall.

From a draft to the shelf; cheaper at once, dearer only after a review; off sale by a patrol, and back by an appeal.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.listings.models import OfferReview, PatrolTask
from shared_apps.products.models import Offer, Product
from tests.factories.goods import make_product
from tests.factories.orders import Shop, make_shop
from tests.factories.people import join, make_organisation, make_user
from tests.pages.conftest import NARROW, Visit, address
from tests.pages.walks import sound

A = "990001"
TITLE = "雪岭 最佳 A4 复印纸 70克"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def shop(room: None) -> Shop:
    return make_shop(A)


@pytest.fixture
def paper(shop: Shop) -> Product:
    return make_product(TITLE, brand="雪岭", code="P-LIST-01")


@pytest.fixture
def staff(shop: Shop) -> dict[Post, User]:
    people = {}
    kinds = {Post.CPB_OPERATOR: "central_purchasing_body", Post.REGION_SUPERVISOR: "region_finance"}
    for post, kind in kinds.items():
        people[post] = make_user(name="测试甲" if post is Post.CPB_OPERATOR else "测试乙")
        organisation = make_organisation(kind, f"{kind}-W"[:40], "测试机构", A if post is Post.CPB_OPERATOR else None)
        join(people[post], organisation, [post])
    return people


def press(page: Page, name: str) -> None:
    page.locator("main").locator("button:visible, a.btn:visible").filter(has_text=name).first.click()
    page.wait_for_load_state()


def test_from_a_draft_to_the_shelf_and_back_to_it(
    visitor: Visit, site: str, shop: Shop, paper: Product, staff: dict[Post, User], tmp_path: Path
) -> None:
    file = tmp_path / "market.pdf"
    file.write_bytes(PDF)
    seller = visitor(shop.people[Post.SUPPLIER_SALES])
    cpb, region = visitor(staff[Post.CPB_OPERATOR]), visitor(staff[Post.REGION_SUPERVISOR])
    buyer = visitor(shop.people[Post.BUYER_CLERK], tenant=A)
    offer_id = draft_and_submit(seller, site)
    nothing_on_the_shelf(buyer, site)
    approve(cpb, site)
    on_the_shelf(buyer, site, "23.50")
    lower(seller, site, offer_id)
    on_the_shelf(buyer, site, "22.00")
    ask_for_more(seller, site, offer_id)
    on_the_shelf(buyer, site, "22.00")
    patrol(cpb, site, shop, offer_id)
    nothing_on_the_shelf(buyer, site)
    appeal(seller, site, offer_id, file)
    grant(region, site)
    on_the_shelf(buyer, site, "22.00")
    assert Offer.objects.get(pk=offer_id).state == "listed"
    assert PatrolTask.objects.get().state == "closed"


def draft_and_submit(page: Page, site: str) -> int:
    page.goto(address(site, "/supplier/offers/new/"))
    page.fill("input[name=q]", "雪岭")
    press(page, "查")
    page.locator(".list-group-item", has_text=TITLE).get_by_role("link").click()
    page.fill("input[name=price]", "23.50")
    page.fill("input[name=reference_price]", "30.00")
    page.fill("input[name=delivery_days]", "3")
    page.select_option("select[name=area_code] >> nth=0", "650000")
    page.fill("input[name=area_freight] >> nth=0", "0")
    page.fill("input[name=area_surcharge] >> nth=0", "0")
    sound(page)
    press(page, "保存草稿")
    expect(page.locator("main")).to_contain_text("草稿")
    press(page, "提交审核")
    # What the machine found stands beside it, for the supplier as well.
    expect(page.locator("main")).to_contain_text("词表中的词语")
    expect(page.locator("main")).to_contain_text("广告法")
    sound(page)
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def nothing_on_the_shelf(page: Page, site: str) -> None:
    page.goto(address(site, "/products/?q=雪岭", A))
    expect(page.locator("main")).not_to_contain_text("P-LIST-01")
    assert page.locator("main", has_text=TITLE).count() == 0


def on_the_shelf(page: Page, site: str, price: str) -> None:
    page.goto(address(site, "/products/?q=雪岭", A))
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("main")).to_contain_text(price)


def approve(page: Page, site: str) -> None:
    page.goto(address(site, "/library/review/offers/"))
    expect(page.locator("main")).to_contain_text("需重点核对")
    sound(page)
    page.get_by_role("link", name=TITLE).click()
    sound(page)
    press(page, "批准")
    expect(page.locator("body")).to_contain_text("报价已上架")
    review = OfferReview.objects.get()
    assert (review.state, review.decided_by_name) == ("approved", "测试甲")


def lower(page: Page, site: str, offer_id: int) -> None:
    page.goto(address(site, f"/supplier/offers/{offer_id}/"))
    page.fill("input[name=price]", "22.00")
    press(page, "变更价格")
    expect(page.locator("body")).to_contain_text("新条款立即生效")


def ask_for_more(page: Page, site: str, offer_id: int) -> None:
    page.goto(address(site, f"/supplier/offers/{offer_id}/"))
    page.fill("input[name=price]", "26.00")
    press(page, "变更价格")
    expect(page.locator("main")).to_contain_text("申请价格")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    sound(page)
    page.set_viewport_size({"width": 1366, "height": 900})


def patrol(page: Page, site: str, shop: Shop, offer_id: int) -> None:
    page.goto(address(site, "/library/review/patrols/new/"))
    page.fill("input[name=title]", "复印纸巡检")
    page.select_option("select[name=scope]", "category")
    page.fill("input[name=scope_code]", "C-01")
    page.fill("input[name=sample]", "20")
    press(page, "抽取并开始")
    expect(page.locator("main")).to_contain_text("抽取种子")
    items = list(PatrolTask.objects.get().items.order_by("pk"))
    for item in items:
        card = page.locator("section.card", has=page.locator(f"#item_{item.pk}"))
        card.locator("summary").click()
        if item.offer_id == offer_id:
            card.locator("select[name=outcome]").select_option("freeze")
            card.locator("select[name=kind]").select_option("price")
            card.locator("input[name=note]").fill("高于同期市场价")
            sound(page)
        card.locator("button[type=submit]").click()
        # The page that comes has the outcome in place of the form.
        expect(card.locator("details")).to_have_count(0)
    page.fill("textarea[name=summary]", "冻结一件，其余正常。")
    press(page, "结束巡检")
    expect(page.locator("main")).to_contain_text("冻结一件")


def appeal(page: Page, site: str, offer_id: int, file: Path) -> None:
    page.goto(address(site, f"/supplier/offers/{offer_id}/"))
    expect(page.locator("main")).to_contain_text("高于同期市场价")
    page.fill("#appeal_reason", "附市场询价单，价格低于市场价。")
    page.set_input_files("#appeal_file", str(file))
    press(page, "提出申诉")
    expect(page.locator("main")).to_contain_text("等待决定")


def grant(page: Page, site: str) -> None:
    page.goto(address(site, "/library/review/offers/appeals/"))
    page.get_by_role("link", name=TITLE).click()
    sound(page)
    page.fill("textarea[name=decision]", "询价单属实。")
    press(page, "申诉成立")
    page.locator("dialog").get_by_role("button", name="确定").click()
    expect(page.locator("body")).to_contain_text("报价已恢复上架")
