"""A statement's way on its pages and in the API: issued, disputed, answered, confirmed, paid; files; who sees what."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.spreadsheets import write
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.fees.models import FeeReceipt, FeeStatement
from shared_apps.fees.receipt_table import COLUMNS
from shared_apps.fees.rules.lifecycles import DISPUTE_LIFECYCLE, STATEMENT_LIFECYCLE
from shared_apps.fees.services.statements import close_month
from shared_apps.inbox.models import InboxItem
from tenants.database.context import region_as
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.fees import A, B, issued_july, make_tariff, moment, relayed_until, used
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.rules import shipped_rules
from webkit.latin import latin_words

ONE = f"/fees/statements/{A}/2026-07/"
API = f"/api/v1/fees/statements/{A}/2026-07/"
STATEMENTS_MAX = 12


@pytest.fixture(scope="module")
def people(kept_world: Callable[[], None]) -> dict[str, User]:
    shipped_rules()
    make_tariff()
    issued_july(A, B)
    found = {}
    for name, kind, post, tenant in (
        ("bureau", Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A),
        ("stranger", Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, B),
        ("region", Kind.REGION_FINANCE, Post.REGION_SUPERVISOR, None),
    ):
        found[name] = make_user(name="阿依古丽")
        join(found[name], make_organisation(kind, name="测试财政局", tenant_code=tenant), [post])
    kept_world()
    return found


@pytest.fixture
def clients(people: dict[str, User]) -> dict[str, Client]:
    return {name: sign_in(Client(HTTP_HOST="localhost"), user) for name, user in people.items()}


def state() -> str:
    return FeeStatement.objects.get(tenant_code=A).state


def send(client: Client, path: str, expected: int, **body: Any) -> Any:
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == expected, answer.content.decode()
    return answer.json() if answer.content else None


def page(client: Client, path: str, expected: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == expected, answer.content.decode()[:500]
    return str(answer.content.decode())


def post(client: Client, path: str, expected: int = 303, **form: Any) -> str:
    answer = client.post(path, form)
    assert answer.status_code == expected, answer.content.decode()[-3000:]
    return str(answer.content.decode())


def test_the_readme_shows_the_lifecycles_as_they_are() -> None:
    from pathlib import Path

    import shared_apps.fees

    text = (Path(shared_apps.fees.__file__).parent / "README.md").read_text("utf-8")
    assert STATEMENT_LIFECYCLE.mermaid() in text
    assert DISPUTE_LIFECYCLE.mermaid() in text


def test_a_statement_is_disputed_answered_confirmed_and_paid_on_its_pages(clients: dict[str, Client]) -> None:
    bureau, region = clients["bureau"], clients["region"]
    shown = page(bureau, ONE)
    assert "一单重复计量" in shown
    assert FeeStatement.objects.get(tenant_code=A).seal in shown
    assert "金额分毫不差" not in shown
    assert "金额分毫不差" in page(bureau, f"{ONE}?check=1")
    dispute = FeeStatement.objects.get(tenant_code=A).disputes.get()
    post(bureau, f"{ONE}confirm/", 409)
    post(region, f"/fees/disputes/{dispute.pk}/answer/", 409, decision="uphold", answer="属实", credit="4.01")
    post(region, f"/fees/disputes/{dispute.pk}/answer/", decision="uphold", answer="属实", credit="1.00")
    assert "属实" in page(bureau, ONE)
    post(bureau, f"{ONE}lines/1/dispute/", 409, reason="又一处")  # the period is over
    post(bureau, f"{ONE}confirm/")
    form = {"payer": A, "receipt_number": "PJ-1", "paid_on": "2026-08-06", "budget_reference": "指标1"}
    post(region, f"{ONE}receipts/", 409, amount="99.00", **form)
    post(region, f"{ONE}receipts/", amount=str(FeeStatement.objects.get(tenant_code=A).total), **form)
    assert state() == "settled"
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    steps = InboxItem.objects.filter(object_type__in=("fee_statement", "fee_dispute")).order_by("id")
    mine = [one.step for one in steps if one.tenant_code == A]
    assert mine == [
        "fee_statement_issued",
        "fee_statement_disputed",
        "fee_statement_answered",
        "fee_statement_confirmed",
    ]
    assert [one.state for one in steps if one.object_id == str(dispute.pk)] == ["done", "done"]


def test_a_statement_goes_its_way_in_the_api(clients: dict[str, Client]) -> None:
    bureau, region = clients["bureau"], clients["region"]
    listed = region.get("/api/v1/fees/statements/", {"month": "2026-07"}).json()
    assert (listed["count"], [row["tenant_code"] for row in listed["statements"]]) == (2, [A, B])
    found = bureau.get(f"{API}stored/").json()
    assert [(line["item"], line["event_count"]) for line in found["lines"]] == [
        ("orders_placed", 3),
        ("order_value", 1),
    ]
    check = bureau.get(f"{API}check/").json()
    assert (check["agrees"], check["uses"], check["seal"]) == (True, 4, found["statement"]["seal"])
    uses = bureau.get(f"{API}lines/1/").json()
    assert uses["count"] == len(uses["uses"]) == 3
    (dispute,) = found["disputes"]
    assert send(bureau, f"/api/v1/fees/disputes/{dispute['id']}/withdraw/", 200)["state"] == "withdrawn"
    assert send(bureau, f"{API}confirm/", 200)["state"] == "confirmed"
    receipt = {"payer": A, "receipt_number": "PJ-1", "paid_on": "2026-08-06", "budget_reference": "指标1"}
    assert send(region, f"{API}receipts/", 201, amount="1.00", **receipt)["amount"] == "1.00"
    assert send(region, f"{API}receipts/", 409, amount="1.00", **receipt)["code"] == "receipt-exists"
    rows = [(FeeStatement.objects.get(tenant_code=A).number, A, "PJ-2", "1.00", "2026-08-06", "指标1")]
    table = SimpleUploadedFile("r.xlsx", write(title="r", columns=COLUMNS, rows=rows))
    imported = region.post("/api/v1/fees/receipts/import/", {"file": table}).json()
    assert ([row["row"] for row in imported["recorded"]], imported["errors"]) == ([2], [])
    send(region, "/api/v1/fees/statements/issue/", 404, statements=["FY0"])
    assert send(region, "/api/v1/fees/statements/close/", 200, month="2026-08")["metered"] == []
    send(region, "/api/v1/fees/statements/close/", 409, month=f"{local_date(utc_now()):%Y-%m}")
    send(region, "/api/v1/fees/periods/enter/", 400, name="payment_days", value=0, valid_from="2030-01-01", source="x")
    send(region, "/api/v1/fees/periods/enter/", 204, name="payment_days", value=9, valid_from="2030-01-01", source="x")
    assert {row["is_proposal"] for row in bureau.get("/api/v1/fees/periods/").json()} == {True}, "not before its day"


def test_strangers_find_nothing(clients: dict[str, Client]) -> None:
    stranger = clients["stranger"]
    for path in ("", "statement.pdf", "workbook.xlsx", "table.csv", "lines/1/", "lines/1/table.csv"):
        page(stranger, f"{ONE}{path}", 404)
    assert A not in page(stranger, "/fees/statements/")
    dispute = FeeStatement.objects.get(tenant_code=A).disputes.get()
    post(stranger, f"/fees/disputes/{dispute.pk}/withdraw/", 404)
    assert state() == "disputed"


def test_lists_and_lines_filter_and_are_saved_as_files(clients: dict[str, Client]) -> None:
    region = clients["region"]
    assert page(region, "/fees/statements/?state=settled").count("<tr>") == 0
    assert "测试供应商" in page(region, f"{ONE}lines/1/?q=测试供应商")
    assert "没有符合条件的事件" in page(region, f"{ONE}lines/1/?q=没有")
    assert page(region, f"{ONE}lines/1/table.csv").count("\n") == 4
    assert page(region, f"{ONE}table.csv").count("\n") == 5
    assert page(region, "/fees/statements/table.csv").count("\n") == 3
    book = load_workbook(io.BytesIO(region.get(f"{ONE}workbook.xlsx").content))
    assert [sheet.max_row for sheet in book] == [6, 5]
    assert region.get(f"{ONE}statement.pdf").content.startswith(b"%PDF")


def test_receipts_by_table_are_shown_before_they_are_recorded(clients: dict[str, Client]) -> None:
    region, number = clients["region"], FeeStatement.objects.get(tenant_code=A).number
    rows = [(number, A, "PJ-1", "1.00", "2026-08-06", "指标1"), (number, A, "PJ-1", "1.00", "2026-08-06", "指标1")]
    table = SimpleUploadedFile("r.xlsx", write(title="r", columns=COLUMNS, rows=rows))
    answer = region.post("/fees/receipts/", {"file": table})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    assert FeeReceipt.objects.count() == 0
    key = answer.content.decode().partition('name="key" value="')[2].partition('"')[0]
    post(region, "/fees/receipts/record/", 200, key=key)
    assert FeeReceipt.objects.get().receipt_number == "PJ-1"


def test_pages_read_a_constant_number_of_statements(clients: dict[str, Client]) -> None:
    paths = (ONE, "/fees/statements/", f"{ONE}lines/1/", "/fees/periods/", f"{API}stored/")
    client = clients["region"]

    def figures() -> list[int]:
        found = []
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connections["default"]) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    before = figures()
    now = datetime(2026, 9, 5, tzinfo=UTC)
    for tenant in (A, B):
        for _ in range(5):
            used("orders_placed", moment(date(2026, 8, 3)), tenant=tenant)
    relayed_until(now)
    with region_as("yz_region"):
        close_month(actor=SYSTEM, month=date(2026, 8, 1), now=now)
    assert FeeStatement.objects.count() == 4
    assert figures() == before
    # Who asks is five of them.
    assert max(before) <= STATEMENTS_MAX + 5, before


def test_pages_are_chinese(clients: dict[str, Client]) -> None:
    for path in (ONE, "/fees/statements/", f"{ONE}lines/1/", "/fees/periods/", "/fees/receipts/"):
        assert not latin_words(page(clients["region"], path)), path
