"""A bureau's fees in a browser, as people walk: budget, forecast, a disputed line, its credit, settlement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest
from playwright.sync_api import Page

from kernel.actor import SYSTEM
from kernel.clock import SHANGHAI, local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.fees import demo
from shared_apps.fees.models import FeeBudget, FeeStatement
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.terms import Price, PriceKind, Tariff
from shared_apps.fees.services import enter_tariff
from shared_apps.region_journal.models import RegionJournalEntry
from tenant_apps.journal.services import record
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.fees import region_staff, relayed_until
from tests.factories.people import join, make_organisation, make_user
from tests.factories.relayed import relay_tenant, write_order_event
from tests.factories.rules import shipped_rules
from tests.pages.conftest import Visit, address, axe_findings

A = "990001"


@pytest.fixture
def months(room: None) -> tuple[date, date]:
    """A mall live for two closed months and this one, with orders in each; the demonstration's tariff and a draft."""
    shipped_rules()
    this = local_date(utc_now()).replace(day=1)
    last = previous_month(this)
    first = previous_month(last)
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
        demo.load(utc_now())
        price = Price("orders_placed", PriceKind.PER_UNIT, D("5.0000"), D(0))
        enter_tariff(
            actor=region_staff(), name="草案", valid_from=next_month(next_month(this)), document_number="草案1号",
            terms=Tariff((price,)), notice_days=0, now=utc_now(),
        )  # fmt: skip
    opened = datetime(first.year, first.month, 1, 9, tzinfo=SHANGHAI)
    with tenant_selected(A), tenant_atomic():
        went_live = {"modules": ["online_supermarket"], "on_demo_rules": True}
        record(actor=SYSTEM, event="policies.went_live", object_type="mall", object_id=A, facts=went_live, now=opened)
    moments = [opened + timedelta(days=day) for day in (1, 3, 5)]
    moments += [datetime(last.year, last.month, 9, 9, tzinfo=SHANGHAI), utc_now() - timedelta(minutes=5)]
    for number, at in enumerate(moments, start=1):
        write_order_event(
            A, "approved", order_id=number, now=at, total=D("90000.00"), state="placed", next_post="supplier_sales",
            order_number=f"DD{A}{number:014}",
        )  # fmt: skip
    relay_tenant(A)
    relayed_until(utc_now())
    return first, last


@pytest.fixture
def open_page(visitor: Visit, months: object) -> Callable[[OrganisationKind, Post, str | None], Page]:
    def opened(kind: OrganisationKind, post: Post, tenant: str | None) -> Page:
        user = make_user(name="阿依古丽")
        join(user, make_organisation(kind, tenant_code=tenant), [post])
        return visitor(user)

    return opened


def press(page: Page, form: str, button: str) -> None:
    """Sends the form of that address; the page that comes tells of no problem."""
    found = page.locator(f"form[action*='{form}'][method=post]").first
    asks = found.get_attribute("data-confirm")
    with page.expect_navigation():
        found.locator(f"button:has-text('{button}')").first.click()
        if asks:
            page.locator("dialog[open] button.btn-primary, dialog[open] button.btn-danger").first.click()
    assert page.locator("#problem-alert").count() == 0, page.locator("#problem-alert").inner_text()


def close_and_issue(region: Page, site: str, month: date) -> None:
    region.goto(address(site, "/fees/statements/"))
    region.fill("#close_month", f"{month:%Y-%m}")
    press(region, "/fees/statements/close/", "")
    press(region, "/fees/statements/issue/", "")
    assert "已发出" in region.inner_text("h1")


def test_a_bureau_budgets_disputes_is_credited_and_settles(
    open_page: Callable[..., Page], site: str, months: tuple[date, date]
) -> None:
    first, last = months
    bureau = open_page(OrganisationKind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A)
    region = open_page(OrganisationKind.REGION_FINANCE, Post.REGION_SUPERVISOR, None)

    # The bureau sets its budget and sees the forecast against it.
    bureau.goto(address(site, "/fees/"))
    assert "尚未设定预算" in bureau.inner_text("main")
    bureau.fill("input[name=amount]", "5000")
    bureau.fill("input[name=budget_reference]", "2010650-演示")
    press(bureau, "/budget/", "保存预算")
    assert FeeBudget.objects.get().amount == D("5000.00")
    assert "全年预测" in bureau.inner_text("main")
    assert "¥5,000.00" in bureau.inner_text("main")
    assert bureau.locator("svg[role=img]").count() == 1

    # A month is over: the region closes and issues it; the bureau opens a line and disputes one event.
    close_and_issue(region, site, first)
    statement = f"/fees/statements/{A}/{first:%Y-%m}/"
    bureau.goto(address(site, statement))
    bureau.click("main th a:has-text('订单')")
    bureau.locator("input[name=uses]").first.check()
    bureau.fill("textarea[name=reason]", "该订单重复计量")
    press(bureau, "/dispute/", "")
    assert FeeStatement.objects.get().state == "disputed"

    # The region upholds it; the next statement takes the credit off.
    region.goto(address(site, statement))
    region.select_option("select[name=decision]", "uphold")
    region.fill("input[name=credit]", "2.00")
    region.fill("textarea[name=answer]", "核对属实，予以抵减")
    press(region, "/answer/", "")
    close_and_issue(region, site, last)
    bureau.goto(address(site, f"/fees/statements/{A}/{last:%Y-%m}/"))
    assert "¥-2.00" in bureau.inner_text("main").replace("−", "-").replace("-¥", "¥-")
    assert axe_findings(bureau) == []

    # Nothing is open any more: the bureau confirms, pays, and the region enters the receipt.
    bureau.goto(address(site, statement))
    press(bureau, "/confirm/", "")
    total = FeeStatement.objects.get(month=first).total
    region.goto(address(site, statement))
    region.fill("input[name=receipt_number]", "PJ-000001")
    region.fill("#receipt_amount", str(total))
    region.fill("input[name=budget_reference]", "2010650-演示")
    press(region, "/receipts/", "")
    assert FeeStatement.objects.get(month=first).state == "settled"
    bureau.goto(address(site, "/fees/"))
    assert "已结清" in bureau.inner_text("main")
    told = list(
        RegionJournalEntry.objects.filter(event__startswith="fees.").order_by("id").values_list("event", flat=True)
    )
    wanted = ["budget_set", "statement_issued", "statement_issued", "statement_confirmed", "statement_settled"]
    assert [one for one in told if one.removeprefix("fees.") in wanted] == [f"fees.{one}" for one in wanted]

    # Region staff read all malls, and what a draft would change.
    region.goto(address(site, "/fees/"))
    assert "测试甲县" in region.inner_text("main")
    region.goto(address(site, "/fees/tariffs/compare/"))
    offered = region.locator("select[name=new] option").all_inner_texts()
    region.select_option("select[name=new]", label=next(one for one in offered if "草案" in one))
    with region.expect_navigation():
        region.click("form[action*='/compare/'] button[type=submit]")
    assert "测试甲县" in region.inner_text("main")
    assert axe_findings(region) == []
