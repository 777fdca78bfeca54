"""A bureau's year of fees and the region's list: what is seen, set and refused, at both widths."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.actor import SYSTEM
from kernel.clock import SHANGHAI, local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.fees import demo
from shared_apps.fees.models import CostShareRule, FeeBudget
from shared_apps.fees.rules.months import next_month, previous_month
from tenant_apps.journal.services import record
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant, write_order_event
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings, page_text

A, B = "990001", "990002"
TODAY = local_date(utc_now())
YEAR = TODAY.year
SHOTS = os.environ.get("YZ_SCREENSHOTS")
MALL = f"/fees/malls/{A}/"


@dataclass
class People:
    bureau: User
    stranger: User
    region: User


@pytest.fixture(scope="module")
def kept(kept_world: Callable[[], None]) -> People:
    """A mall that opened in the middle of the last month, with orders since; the demonstration's tariff."""
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
        demo.load(utc_now())
    last = previous_month(TODAY.replace(day=1))
    opened = datetime(last.year, last.month, 16, 9, tzinfo=SHANGHAI)
    with tenant_selected(A), tenant_atomic():
        for event, facts in (
            ("policies.went_live", {"modules": ["online_supermarket"], "on_demo_rules": True}),
            ("policies.module_opened", {"module": "online_supermarket", "on_demo_rules": True}),
        ):
            record(actor=SYSTEM, event=event, object_type="mall", object_id=1, facts=facts, now=opened)
    moments = [opened + timedelta(days=day) for day in (1, 4, 9)] + [utc_now() - timedelta(minutes=5)] * 2
    for number, at in enumerate(moments, start=1):
        write_order_event(
            A, "approved", order_id=number, now=at, total=D("180000.00"), state="placed", next_post="supplier_sales"
        )
    relay_tenant(A)
    people = []
    for kind, post, tenant in (
        (OrganisationKind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A),
        (OrganisationKind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, B),
        (OrganisationKind.REGION_FINANCE, Post.REGION_SUPERVISOR, None),
    ):
        user = make_user(name="阿依古丽")
        join(user, make_organisation(kind, tenant_code=tenant), [post])
        people.append(user)
    kept_world()
    return People(*people)


def budget(**changes: str) -> dict[str, str]:
    return {"year": str(YEAR), "amount": "1000.00", "budget_reference": "2010650", **changes}


def test_a_bureau_sets_its_budget_and_changes_it(kept: People) -> None:
    client = sign_in(Client(), kept.bureau)
    assert "尚未设定预算" in page_text(client, "/fees/")
    for wrong in (budget(amount="-1"), budget(amount="1e3"), budget(budget_reference=""), budget(year="2024")):
        assert client.post(f"{MALL}budget/", wrong).status_code == 400
    assert client.post(f"/fees/malls/{B}/budget/", budget()).status_code == 404
    assert not FeeBudget.objects.exists()
    assert client.post(f"{MALL}budget/", budget()).status_code == 303
    assert client.post(f"{MALL}budget/", budget()).status_code == 409
    assert client.post(f"{MALL}budget/", budget(amount="50")).status_code == 400
    assert client.post(f"{MALL}budget/", budget(amount="50", reason="压减支出")).status_code == 303
    shown = page_text(client, "/fees/")
    assert "压减支出" in shown
    assert "预算已用完" in shown
    assert "任何功能都不会停用" in shown
    with CaptureQueriesContext(connection) as asked:
        client.get("/fees/")
    own = [one["sql"] for one in asked.captured_queries if "fees_" in one["sql"] or "registry_" in one["sql"]]
    assert len(own) <= 12
    assert FeeBudget.objects.count() == 2


def test_a_year_is_a_table_and_a_workbook(kept: People) -> None:
    client = sign_in(Client(), kept.bureau)
    table = client.get(f"{MALL}table.csv?year={YEAR}").content.decode()
    assert len(table.strip().splitlines()) == 25
    assert client.get(f"{MALL}workbook.xlsx").content[:2] == b"PK"
    region = sign_in(Client(), kept.region)
    assert A in region.get("/fees/table.csv?q=甲").content.decode()
    assert B not in region.get("/fees/table.csv?q=甲").content.decode()
    assert region.get("/fees/workbook.xlsx").content[:2] == b"PK"


def test_a_stranger_and_practice(kept: People) -> None:
    stranger = sign_in(Client(), kept.stranger)
    for path in (MALL, f"{MALL}subscription/", f"{MALL}shares/", f"{MALL}table.csv", f"{MALL}workbook.xlsx"):
        assert stranger.get(path).status_code == 404
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    client = sign_in(Client(), kept.bureau)
    assert "练习卖场不计量" in page_text(client, MALL)
    for far in (YEAR + 2, YEAR - 11):
        assert client.get(f"{MALL}?year={far}").status_code == 404
        assert client.get(f"{MALL}subscription/?year={far}").status_code == 404
    assert client.get(f"{MALL}?year=9999").status_code == 400
    assert client.post(f"{MALL}budget/", budget()).status_code == 409
    region = sign_in(Client(), kept.region)
    assert "测试甲县" not in page_text(region, "/fees/")


def test_region_staff_enter_and_take_back_a_rule_of_shares(kept: People) -> None:
    client = sign_in(Client(), kept.region)
    # Of the region's host, whichever mall is shown.
    assert "测试甲县" not in page_text(client, f"{MALL}shares/").split("<main")[0].split("</head>")[1]
    first = next_month(TODAY.replace(day=1)).isoformat()
    form = {
        "valid_from": first,
        "document_number": "新财购〔二〇二六〕9号",
        f"percent-{A}": "70",
        "percent-region": "30",
    }
    for wrong in ({"percent-region": "20"}, {"valid_from": "2026-02-02"}, {f"percent-{B}": "10", f"percent-{A}": "60"}):
        assert client.post(f"{MALL}shares/enter/", form | wrong).status_code == 400
    assert client.post(f"{MALL}shares/enter/", form).status_code == 303
    assert client.post(f"{MALL}shares/enter/", form).status_code == 409
    rule = CostShareRule.objects.get()
    assert "70%" in page_text(client, f"{MALL}shares/").replace(" ", "")
    bureau = sign_in(Client(), kept.bureau)
    assert "撤回" not in page_text(bureau, f"{MALL}shares/")
    assert bureau.post(f"/fees/shares/{rule.pk}/withdraw/", {"reason": "x"}).status_code == 403
    assert client.post(f"/fees/shares/{rule.pk}/withdraw/", {"reason": ""}).status_code == 400
    assert client.post(f"/fees/shares/{rule.pk}/withdraw/", {"reason": "录入有误"}).status_code == 303
    assert client.post(f"/fees/shares/{rule.pk}/withdraw/", {"reason": "录入有误"}).status_code == 409
    assert "录入有误" in page_text(client, f"{MALL}shares/")


def test_programs_read_and_set_the_same(kept: People) -> None:
    client = sign_in(Client(), kept.bureau)
    answer = client.post(
        f"/api/v1/fees/malls/{A}/budget/",
        {"year": YEAR, "amount": "300.00", "budget_reference": "2010650"},
        content_type="application/json",
        headers={"Idempotency-Key": "budget-of-a-year-1"},
    )
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    year = client.get(f"/api/v1/fees/malls/{A}/").json()
    assert (year["budget"]["amount"], len(year["months"])) == ("300.00", 12)
    assert D(year["forecast"]) >= D(year["used"]) > 0
    assert client.get(f"/api/v1/fees/malls/{A}/subscription/").json()["modules"][0]["meter"] == (
        "module_online_supermarket"
    )
    assert client.get(f"/api/v1/fees/malls/{B}/").status_code == 404
    groups = sign_in(Client(), kept.region).get("/api/v1/fees/overview/").json()["groups"]
    assert [row["tenant_code"] for group in groups for row in group["malls"]] == [A, B]


PAGES = {
    "bureau": ["/fees/", f"/fees/?year={YEAR + 1}", f"{MALL}subscription/", f"{MALL}shares/"],
    "region": ["/fees/", f"/fees/?year={YEAR}&look=overdue", MALL, f"{MALL}shares/"],
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("who", list(PAGES))
def test_pages(visitor: Visit, site: str, kept: People, who: str, size: tuple[int, int]) -> None:
    client = sign_in(Client(), kept.bureau)
    assert client.post(f"{MALL}budget/", budget(amount="450.00")).status_code == 303
    page = visitor(getattr(kept, who), size=size)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for number, path in enumerate(PAGES[who]):
        page.goto(address(site, path))
        page.wait_for_load_state("networkidle")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{who}-{number}-{size[0]}.png", full_page=True)
        assert axe_findings(page) == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), path
    assert problems == []
