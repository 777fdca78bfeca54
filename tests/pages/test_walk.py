"""The main job in a real browser, with real web, worker, beat and relay processes, as all its people.

From a county whose mall is closed to one paid purchase and its line on the fee statement; the neighbouring county's
schema is the same to the byte before and after.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import local, utc_now
from kernel.posts import Post
from shared_apps.fees import demo as tariff
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tests.checksums import schema_checksum
from tests.factories.cast import Cast, build_cast, make_colleague
from tests.factories.goods import make_catalogue, make_offer, make_product, make_supplier
from tests.factories.training import record_practice
from tests.pages.conftest import Visit, address
from tests.pages.walks import running, sound

A = "990001"
SECONDS = 90
# What the clerk spends: three reams for 3 x 23.50, and freight once.
QUANTITY, PRICE, FREIGHT, TOTAL = 3, "23.50", "8.00", "¥78.50"
TITLE = "雪岭 A4 复印纸 70克 500张/包"


@pytest.fixture
def background(site: str) -> Iterator[None]:
    """The worker with its beat, and the relay, as `bin/up` starts them."""
    schedule = Path(os.environ.get("TMPDIR", "/tmp")) / f"yz-beat-{os.getpid()}"  # noqa: S108 - thrown away with it
    commands = [
        ["-m", "celery", "-A", "config.celery", "worker", "-B", "-c", "1", "-s", str(schedule), "-l", "warning"],
        ["-m", "config.manage", "relay"],
    ]
    with running(*commands):
        yield
    for left in schedule.parent.glob(f"{schedule.name}*"):
        left.unlink()


@pytest.fixture
def cast(room: None) -> Cast:
    """People, a supplier with one product on sale, a published tariff: nothing of it in the county itself."""
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        tariff.load(utc_now())
    make_catalogue()
    cast = build_cast(A)
    # Practice has a walk of its own: tests/pages/test_onboarding_walk.py.
    record_practice(A)
    company = cast.people[Post.SUPPLIER_ADMIN].memberships.get().organisation
    supplier = make_supplier("测试·昆仑办公用品有限公司", organisation_id=company.pk)
    paper = make_product(TITLE, brand="雪岭", code="P-WALK-01")
    make_offer(paper, supplier, price=PRICE, areas=(("650000", FREIGHT, "0.00"),))
    dear = make_product("天峰 便携式计算机 14英寸", brand="天峰", category="C-05", code="P-WALK-02")
    make_offer(dear, supplier, price="6500.00")
    return cast


def press(page: Page, name: str, *, within: str = "main") -> None:
    """Presses the one button or link of that name."""
    page.locator(f"{within} >> css=button:visible, a.btn:visible", has_text=name).first.click()
    page.wait_for_load_state()


def choose_last(page: Page, name: str) -> None:
    """The last option of a select: never the empty one."""
    options = page.locator(f"select[name={name}] option").all()
    page.select_option(f"select[name={name}]", options[-1].get_attribute("value"))


def until(page: Page, found: Callable[[], bool], what: str) -> None:
    """Loads the page again until it shows what a background process brings."""
    end = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < end, f"waited {SECONDS} s for {what}: {page.url}\n{page.inner_text('main')[:1500]}"
        page.wait_for_timeout(500)
        page.reload()


def test_from_a_closed_mall_to_a_paid_purchase(visitor: Visit, site: str, background: None, cast: Cast) -> None:
    before = schema_checksum("t990002")
    staff = cast.people[Post.REGION_SUPERVISOR]
    verify_the_threshold(visitor(staff), visitor(make_colleague(staff)), site)
    open_the_mall(visitor(cast.people[Post.TIER_SUPERVISOR], tenant=A), site)
    number = buy(visitor(cast.people[Post.BUYER_CLERK], tenant=A), site)
    approve(visitor(cast.people[Post.BUYER_APPROVER], tenant=A), site, number)
    deliver(visitor(cast.people[Post.SUPPLIER_ADMIN]), site, number)
    accept_goods(visitor(cast.people[Post.BUYER_ACCEPTOR], tenant=A), site, number)
    pay(visitor(cast.people[Post.BUYER_PAYER], tenant=A), site, number)
    close(visitor(cast.people[Post.BUYER_CLERK], tenant=A), site, number)
    read_the_statement(visitor(cast.people[Post.TIER_SUPERVISOR]), site)
    assert schema_checksum("t990002") == before


def verify_the_threshold(page: Page, other: Page, site: str) -> None:
    """One enters what the document says, another verifies it with the number typed again."""
    for code in ("R-DECENTRALISED", "R-OPEN-TENDER"):
        page.goto(address(site, "/console/rules/new/"))
        if not page.locator(f"select[name=code] option[value={code}]").count():
            continue
        page.select_option("select[name=code]", code)
        page.select_option("select[name=level]", "county")
        page.select_option("select[name=kind]", "goods")
        page.fill("input[name=amount]", "300000.00" if code == "R-DECENTRALISED" else "2000000.00")
        page.fill("input[name=valid_from]", "2026-01-01")
        page.fill("input[name=document_number]", f"测财购〔2026〕{code[2]}号")
        page.fill("input[name=document_on]", "2025-12-20")
        page.fill("textarea[name=source_text]", "县级货物类项目的限额标准（测试文本）")
        sound(page)
        press(page, "录入")
        expect(page.locator("main")).to_contain_text("须由他人对照文件核实")
        other.goto(page.url)
        other.fill("input[name=document_number]", f"测财购〔2026〕{code[2]}号")
        press(other, "核实该版本")
        confirm(other)
        expect(other.locator("main")).to_contain_text("核实时间")


def confirm(page: Page) -> None:
    """The page's own dialog, where an action asks once more."""
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button[type=submit], button.btn-primary, button.btn-danger, button.btn-success").last.click()
        page.wait_for_load_state()


def open_the_mall(page: Page, site: str) -> None:
    """The bureau works its checklist; before it is done the module does not open."""
    mall = lambda path: page.goto(address(site, path, A))  # noqa: E731
    mall("/bureau/")
    sound(page)
    press(page, "上线")
    confirm(page)
    assert "尚未" in page.inner_text("body")
    mall("/bureau/")
    page.check("input[name=modules][value=online_supermarket]")
    press(page, "保存选择")

    mall("/bureau/budget-lines/new/")
    choose_last(page, "unit_id")
    year = local(utc_now()).year
    for name, value in {
        "fiscal_year": str(year), "total": "1000.00", "plan_number": f"JH{year}-001", "plan_filed_on": f"{year}-01-10",
        "budget_item": "办公用品购置", "functional_class": "2050202", "economic_class": "30201",
    }.items():  # fmt: skip
        page.fill(f"input[name={name}]", value)
    choose_last(page, "fund_source")
    press(page, "录入")

    mall("/bureau/rules/")
    sound(page)
    while page.locator("form[action$='/acknowledge/'] button").count():
        page.locator("form[action$='/acknowledge/'] button").first.click()
        page.wait_for_load_state()
    mall("/bureau/tariff/")
    press(page, "接受费率")
    confirm(page)
    mall("/bureau/shelf/")
    for box in page.locator("input[name=categories]").all():
        box.check()
    sound(page)
    press(page, "确定货架")

    mall("/bureau/")
    press(page, "上线")
    confirm(page)
    expect(page.locator("main")).to_contain_text("上线时间")


def buy(page: Page, site: str) -> str:
    """A known product in at most seven clicks from the front page; too dear a purchase is refused with its article."""
    refuse_a_dear_purchase(page, site)
    page.goto(address(site, "/", A))
    clicks = 0
    page.fill("main input[type=search]", "复印纸")
    page.press("main input[type=search]", "Enter")
    clicks += 1
    page.wait_for_load_state()
    sound(page)
    page.locator("main a", has_text=TITLE).first.click()
    clicks += 1
    page.wait_for_load_state()
    sound(page)
    page.fill("input[name=quantity]", str(QUANTITY))
    press(page, "加入")
    clicks += 1
    if not page.url.endswith("/cart/"):
        press(page, "购物车")
        clicks += 1
    sound(page)
    page.locator("main a[href^='/checkout/']").first.click()
    clicks += 1
    page.wait_for_load_state()
    page.fill("input[name=delivery_address]", "测试甲县文化路1号")
    page.fill("input[name=contact_name]", "王老师")
    page.fill("input[name=contact_phone]", "13900000000")
    sound(page)
    press(page, "提交审批")
    clicks += 1
    if page.locator("dialog[open]").count():
        confirm(page)
        clicks += 1
    page.wait_for_url("**/orders/*/")
    assert clicks <= 7
    sound(page)
    expect(page.locator("main")).to_contain_text(TOTAL)
    return page.locator("h1 code").inner_text()


def refuse_a_dear_purchase(page: Page, site: str) -> None:
    page.goto(address(site, "/products/P-WALK-02/", A))
    page.fill("input[name=quantity]", "50")
    press(page, "加入")
    page.goto(address(site, "/cart/", A))
    page.locator("main a[href^='/checkout/']").first.click()
    page.wait_for_load_state()
    page.fill("input[name=delivery_address]", "测试甲县文化路1号")
    page.fill("input[name=contact_name]", "王老师")
    page.fill("input[name=contact_phone]", "13900000000")
    page.locator("input[name^=amount_]").first.fill("325000.00")
    press(page, "提交审批")
    confirm(page)
    text = page.inner_text("main")
    assert "不予通过" in text or "不通过" in text or "不允许" in text, text
    assert "第八条" in text, text
    assert "R-DECENTRALISED" in text, text
    sound(page)
    page.goto(address(site, "/cart/", A))
    press(page, "移除")


def approve(page: Page, site: str, number: str) -> None:
    """Two clicks from the inbox."""
    page.goto(address(site, "/approvals/", A))
    sound(page)
    expect(page.locator("main")).to_contain_text(number)
    page.locator("tr", has_text=number).locator("form button").first.click()
    confirm(page)
    page.wait_for_load_state()
    page.goto(address(site, "/budgets/", A))
    expect(page.locator("main")).to_contain_text(TOTAL)
    sound(page)


def deliver(page: Page, site: str, number: str) -> None:
    """The supplier finds the order in the inbox of the whole region and crosses over."""
    page.goto(address(site, "/inbox/"))
    until(page, lambda: number in page.inner_text("main"), "the order in the supplier's inbox")
    sound(page)
    page.locator("main li, main tr", has_text=number).locator("form button").first.click()
    page.wait_for_url(f"**//{A}.localhost**/orders/*/")
    press(page, "接单")
    confirm(page)
    page.goto(address(site, "/supplier/orders/?tab=to_ship", A))
    sound(page)
    page.locator("tr", has_text=number).locator("a[href$='/ship/']").first.click()
    page.wait_for_load_state()
    page.fill("input[name=carrier]", "邮政快递")
    page.fill("input[name=waybill]", "EMS990001")
    sound(page)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    confirm(page)


def accept_goods(page: Page, site: str, number: str) -> None:
    page.goto(address(site, "/acceptance/", A))
    sound(page)
    page.locator("tr", has_text=number).locator("a[href$='/accept-goods/']").first.click()
    page.wait_for_load_state()
    for name in ("technical_met", "service_met", "safety_met"):
        page.check(f"input[name={name}]")
    sound(page)
    page.locator("main form button.btn-success").click()
    page.wait_for_load_state()
    confirm(page)


def pay(page: Page, site: str, number: str) -> None:
    """The treasury confirms by itself after a while: the worker asks, nobody presses a button."""
    page.goto(address(site, "/payments/", A))
    sound(page)
    page.locator("tr", has_text=number).locator("a[href$='/request-payment/']").first.click()
    page.wait_for_load_state()
    page.fill("input[name=payee_bank]", "测试银行甲县支行")
    page.fill("input[name=payee_account]", "6500000000000010")
    sound(page)
    press(page, "申请支付")
    confirm(page)
    page.goto(address(site, "/payments/?tab=paid", A))
    until(page, lambda: number in page.inner_text("main"), "the treasury's confirmation")
    sound(page)


def close(page: Page, site: str, number: str) -> None:
    page.goto(address(site, "/orders/", A))
    page.locator("main a", has_text=number).first.click()
    page.wait_for_load_state()
    press(page, "办结")
    confirm(page)
    expect(page.locator("h1, main").first).to_contain_text("已办结")
    sound(page)


def read_the_statement(page: Page, site: str) -> None:
    """The month's statement lists the events it sums, to the cent: one order placed, and its value."""
    month = f"{local(utc_now()):%Y-%m}"
    page.goto(address(site, f"/fees/statements/{A}/{month}/"))
    until(page, lambda: "78.50" in page.content(), "the usage events of the order")
    sound(page)
    # One order, the first two are free; 78.50 yuan of value, under the free thousand.
    assert Decimal(PRICE) * QUANTITY + Decimal(FREIGHT) == Decimal("78.50")
