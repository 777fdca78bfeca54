"""Portal, inbox, fees and supervision in a real browser, at both widths: no axe finding, no sideways scrolling."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.fees import demo
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.factories.people import join, make_organisation, make_user
from tests.factories.relayed import relay_tenant, write_order_event
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings

A, B = "990001", "990002"
MONTH = f"{local_date(utc_now()):%Y-%m}"
PAGES = {
    "supplier": ["/", "/inbox/", "/inbox/?state=done", "/inbox/?kind=rule"],
    "bureau": [
        "/",
        "/inbox/",
        "/fees/",
        f"/fees/statements/{A}/{MONTH}/",
        f"/fees/statements/{A}/2025-01/",
        "/supervision/",
    ],
    "region": ["/", "/fees/", "/supervision/", "/supervision/?year=2019"],
    "public": ["/", "/?q=测试", "/?q=没有这个"],
}
SHOTS = os.environ.get("YZ_SCREENSHOTS")


@pytest.fixture
def people() -> dict[str, User | None]:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
        demo.load(utc_now())
    found: dict[str, User | None] = {"public": None}
    for name, kind, post, tenant in (
        ("supplier", Kind.SUPPLIER, Post.SUPPLIER_SALES, None),
        ("bureau", Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A),
        ("region", Kind.REGION_FINANCE, Post.REGION_SUPERVISOR, None),
    ):
        organisation = make_organisation(kind, name="天山办公用品有限公司（测试）", tenant_code=tenant)
        found[name] = user = make_user(name="阿依古丽")
        join(user, organisation, [post])
        if name == "supplier":
            orders(organisation.pk)
    return found


def orders(organisation: int) -> None:
    dues = (utc_now() - timedelta(hours=3), utc_now() + timedelta(hours=5), utc_now() + timedelta(days=2), None)
    for number, (due, total) in enumerate(zip(dues, ("12345.60", "980.00", "400000.00", "7.50"), strict=True), start=1):
        for tenant in (A, B):
            write_order_event(
                tenant, "approved", order_id=number, state="placed", next_post="supplier_sales", total=D(total),
                due_at=due,
                supplier_organisation_id=organisation, supplier_name="天山办公用品有限公司（测试）",
                order_number=f"DD{tenant}20261123{number:06}", unit_name="测试甲县第一中学",
            )  # fmt: skip
    write_order_event(
        A, "accepted", order_id=4, state="accepted", next_post="supplier_sales", supplier_organisation_id=organisation
    )
    relay_tenant(A)
    relay_tenant(B)


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("who", list(PAGES))
def test_pages(visitor: Visit, site: str, people: dict[str, User | None], who: str, size: tuple[int, int]) -> None:
    page = visitor(people[who], size=size)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for number, path in enumerate(PAGES[who]):
        page.goto(address(site, path))
        page.wait_for_load_state("networkidle")
        if SHOTS:
            page.evaluate("document.querySelectorAll('details.card').forEach(d => d.open = true)")
            page.screenshot(path=Path(SHOTS) / f"{who}-{number}-{size[0]}.png", full_page=True)
        assert axe_findings(page) == [], path
        assert not sideways(page), path
    assert problems == []


def test_the_row_crosses_over_to_the_mall(visitor: Visit, site: str, people: dict[str, User | None]) -> None:
    page = visitor(people["supplier"])
    page.goto(address(site, f"/inbox/?tenant={A}"))
    page.click("#inbox-list form.yz-action button >> nth=0")
    page.wait_for_url("**//990001.localhost**/orders/**")
