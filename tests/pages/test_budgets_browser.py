"""Budgets in a real browser: a plan is filed, what an order freezes and pays is told, a year ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.budget_system.models import SimulatedQuota
from tenant_apps.budget_system.services import send_due
from tenant_apps.budget_system.simulator import SimulatedBudgetSystem
from tenant_apps.budgets.models import BudgetLine
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.budget_pages import known_there
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.units import make_bureau_person
from tests.pages.conftest import Visit, address
from tests.pages.walks import by_menu, in_order, press


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    shop.people[Post.TIER_SUPERVISOR] = make_bureau_person(shop.tenant)
    return shop


def _told(shop: Shop, at: datetime) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        send_due(now=at, provider=SimulatedBudgetSystem(clock=lambda: at))


def test_a_plan_is_filed_and_money_moves(shop: Shop, visitor: Visit, site: str) -> None:
    line = make_line(shop.tenant, shop.unit_id, filed=False, number="JH-2026-077")
    clerk = visitor(shop.people[Post.BUYER_CLERK], tenant=shop.tenant)
    clerk.goto(address(site, "/budgets/", shop.tenant))
    in_order(clerk, "budget-lines")
    clerk.goto(address(site, f"/budgets/{line.pk}/", shop.tenant))
    press(clerk, "起草采购计划")
    clerk.fill("input[name=subject]", "教学电脑二十台")
    clerk.fill("input[name=expected_on]", "2026-12-01")
    in_order(clerk, "plan-form")
    press(clerk, "保存草稿")
    press(clerk, "提交备案")
    expect(clerk.locator("h1 .yz-state")).to_have_text("待财政局备案")
    bureau = visitor(shop.people[Post.TIER_SUPERVISOR], tenant=shop.tenant)
    bureau.goto(address(site, "/budgets/plans/?state=submitted", shop.tenant))
    in_order(bureau, "plans")
    bureau.click("td a, th a")
    bureau.fill("textarea[name=comment]", "请细化数量")
    press(bureau, "退回单位")
    expect(bureau.locator("h1 .yz-state")).to_have_text("已退回")
    clerk.reload()
    in_order(clerk, "plan-returned")
    press(clerk, "提交备案")
    bureau.reload()
    press(bureau, "计划备案")
    expect(bureau.locator("h1 .yz-state")).to_have_text("计划已备案")

    chief = visitor(shop.people[Post.UNIT_ADMINISTRATOR], tenant=shop.tenant)
    chief.goto(address(site, f"/budgets/adjustments/transfer/?line_id={line.pk}", shop.tenant))
    chief.select_option("select[name=to_line_id]", str(shop.line.pk))
    chief.fill("input[name=amount]", "500.00")
    chief.fill("input[name=reason]", "专用设备结余调剂")
    in_order(chief, "transfer-form")
    press(chief, "提交申请")
    bureau.goto(chief.url)
    in_order(bureau, "transfer")
    press(bureau, "同意并调剂")
    expect(bureau.locator("h1 .yz-state")).to_have_text("已执行")
    bureau.goto(address(site, f"/budgets/{line.pk}/", shop.tenant))
    in_order(bureau, "statement")
    bureau.goto(address(site, "/budgets/adjustments/", shop.tenant))
    in_order(bureau, "adjustments")


def test_what_an_order_freezes_and_pays_is_told_there(shop: Shop, visitor: Visit, site: str) -> None:
    """The line's quota delays, another one is refused for want of money there, a third is not entered here yet."""
    start = utc_now()
    other = make_line(shop.tenant, shop.unit_id, number="JH-2026-078")
    known_there(shop, shop.line, "ZB-2026-04")
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.paid(shop)
    known_there(shop, other, "ZB-2026-02")
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        shop.line, first = other, shop.line
        shop.place()
        SimulatedQuota.objects.create(
            number="ZB-2026-99", unit_code="001001", fiscal_year=first.fiscal_year, name="图书购置",
            functional_class="2050203", economic_class="30201", fund_source="fiscal", total=Decimal("60000.00"),
        )  # fmt: skip
        SimulatedQuota.objects.update(unit_code=BudgetLine.objects.select_related("unit").get(pk=other.pk).unit.code)
    bureau = visitor(shop.people[Post.TIER_SUPERVISOR], tenant=shop.tenant)
    by_menu(bureau, "/budgets/")
    bureau.click("nav a[href='/bureau/budget-system/']")
    expect(bureau.locator("td .yz-state").first).to_have_text("待上报")
    _told(shop, start + timedelta(minutes=1))
    bureau.reload()
    expect(bureau.locator("main")).to_contain_text("对方处理中")
    expect(bureau.locator("main")).to_contain_text("指标可用余额不足")
    in_order(bureau, "budget-reports")
    for minutes in (3, 5, 9):
        _told(shop, start + timedelta(minutes=minutes))
    press(bureau, "重新上报")
    expect(bureau.locator("main")).to_contain_text("待上报")
    _told(shop, start + timedelta(minutes=30))
    bureau.goto(address(site, "/bureau/budget-system/?state=accepted", shop.tenant))
    assert bureau.locator("tbody tr").count() == 2
    bureau.click("nav a[href='/bureau/budget-system/quotas/']")
    bureau.select_option("select[name=unit_id]", str(shop.unit_id))
    press(bureau, "对账")
    rows = {row.split()[0]: row for row in bureau.locator("tbody tr").all_inner_texts()}
    assert "一致" in rows["ZB-2026-04"]
    assert "有差异" in rows["ZB-2026-02"]
    assert "本系统未录入" in rows["ZB-2026-99"]
    in_order(bureau, "quotas")
    press(bureau, "录入缺少的指标")
    expect(bureau.locator("main")).to_contain_text("图书购置")
    expect(bureau.locator("main")).not_to_contain_text("本系统未录入")


def test_a_year_is_closed_in_the_browser(shop: Shop, visitor: Visit, site: str) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        shop.place()
    year = shop.line.fiscal_year
    bureau = visitor(shop.people[Post.TIER_SUPERVISOR], tenant=shop.tenant)
    bureau.goto(address(site, "/budgets/years/", shop.tenant))
    in_order(bureau, "fiscal-years")
    bureau.goto(address(site, f"/budgets/years/{year}/", shop.tenant))
    press(bureau, "开始年度结账")
    press(bureau, "决定")
    bureau.check("input[name=decision][value=carry]")
    bureau.fill("input[name=amount]", "1000.00")
    bureau.fill("input[name=reason]", "跨年项目")
    in_order(bureau, "carry-over")
    press(bureau, "保存决定")
    in_order(bureau, "fiscal-year")
    press(bureau, "办结年度结账")
    expect(bureau.locator("h1 .yz-state")).to_have_text("已结账")
    bureau.goto(address(site, f"/budgets/{shop.line.pk}/", shop.tenant))
    expect(bureau.locator("main")).to_contain_text("冻结资金转下年")
    in_order(bureau, "statement-closed")
