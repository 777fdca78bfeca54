"""The API of rulebook, policies and budgets: the same services as the pages, and bad input refused whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.accounts.models import Organisation
from shared_apps.rulebook.models import RuleVersion
from tenant_apps.budgets.models import BudgetEntry, BudgetLine, BudgetUnit
from tenant_apps.journal.models import JournalEntry
from tenant_apps.policies.models import MallModule, RuleAcknowledgement, RuleTightening, TariffAcceptance
from tenants.database.context import tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.rules import shipped_rules

A = "990001"
VERSION = {
    "code": "R-DECENTRALISED", "level": "county", "kind": "goods", "amount": "400000.00", "inclusive": True,
    "valid_from": "2026-01-01", "document_number": "新财购〔2026〕1号", "document_on": "2025-12-20",
    "source_text": "县级限额四十万元",
}  # fmt: skip
LINE = {
    "fiscal_year": 2026, "plan_number": "JH-2026-009", "plan_filed_on": "2026-01-10", "budget_item": "公用经费",
    "fund_source": "fiscal", "functional_class": "2050203", "economic_class": "30201", "total": "1000.00",
}  # fmt: skip
# What no amount, number or text field takes, whatever the endpoint.
BAD_AMOUNTS = ["0", "-1", "1e999", "NaN", "1_000", "0.001", "１００", "1" * 30, 1.005, True, None, [], {}]
BAD_BODIES = [
    b"", b"[]", b"null", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"\xff\xfe",
    b"[" * 100_000, b'{"a":' * 100 + b"1" + b"}" * 100, b'{"a": 1e999}', b'{"unknown": 1}', b"{" + b" " * 1_100_000,
]  # fmt: skip


@pytest.fixture
def region(room: None) -> Client:
    shipped_rules()
    staff = make_user(name="区厅甲")
    join(staff, make_organisation("region_finance", name="自治区财政厅（测试）"), [Post.REGION_SUPERVISOR])
    return sign_in(Client(), staff)


@pytest.fixture
def colleague(region: Client) -> Client:
    """Verifies what the other has entered."""
    staff = make_user(name="区厅丙")
    join(staff, Organisation.objects.get(kind="region_finance"), [Post.REGION_SUPERVISOR])
    return sign_in(Client(), staff)


@pytest.fixture
def bureau(room: None) -> Client:
    shipped_rules()
    supervisor = make_user(name="县局乙")
    join(supervisor, make_organisation("finance_bureau", name="县财政局", tenant_code=A), [Post.TIER_SUPERVISOR])
    return sign_in(Client(), supervisor, A)


def _post(client: Client, path: str, body: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(path, data, content_type="application/json")


def _counts() -> tuple[int, ...]:
    models = (
        BudgetUnit, BudgetLine, BudgetEntry, MallModule, RuleAcknowledgement, RuleTightening, TariffAcceptance,
        JournalEntry,
    )  # fmt: skip
    with tenant_selected(A):
        return (RuleVersion.objects.count(), *(model.objects.count() for model in models))


def test_a_threshold_is_entered_verified_and_read(region: Client, colleague: Client) -> None:
    entered = _post(region, "/api/v1/rules/enter/", VERSION)
    assert entered.status_code == 201, entered.content
    row = entered.json()
    assert (row["state"], row["verified"], row["amount"]) == ("entered", False, "400000.00")
    alone = _post(region, f"/api/v1/rules/{row['id']}/verify/", {"document_number": VERSION["document_number"]})
    assert (alone.status_code, alone.json()["code"]) == (409, "rule-version-verified-by-another")
    wrong = _post(colleague, f"/api/v1/rules/{row['id']}/verify/", {"document_number": "别的文号"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "rule-document-mismatch")
    verified = _post(colleague, f"/api/v1/rules/{row['id']}/verify/", {"document_number": VERSION["document_number"]})
    assert (verified.status_code, verified.json()["verified"]) == (200, True)
    again = _post(colleague, f"/api/v1/rules/{row['id']}/verify/", {"document_number": VERSION["document_number"]})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    listed = region.get("/api/v1/rules/?state=verified").json()
    assert [one["id"] for one in listed] == [row["id"]]
    assert region.get("/api/v1/rules/?state=odd").status_code == 400
    assert region.get("/api/v1/rules/999999999/").status_code == 404
    assert {one["year"] for one in region.get("/api/v1/calendar/").json()} == set(range(2019, 2027))
    assert [one["code"] for one in region.get("/api/v1/tenants/?q=9900").json()["malls"]] == ["990001", "990002"]


def test_an_entered_version_is_taken_back(region: Client) -> None:
    row = _post(region, "/api/v1/rules/enter/", VERSION).json()
    assert _post(region, f"/api/v1/rules/{row['id']}/withdraw/", {"reason": ""}).status_code == 400
    taken = _post(region, f"/api/v1/rules/{row['id']}/withdraw/", {"reason": "金额录错"})
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")


def test_the_bureau_configures_and_is_told_what_is_missing(bureau: Client) -> None:
    rules = bureau.get("/api/v1/bureau/rules/").json()
    (limit,) = [one for one in rules if (one["code"], one["kind"]) == ("R-DECENTRALISED", "goods")]
    assert (limit["is_demo"], limit["verified"]) == (True, False)
    told = {"code": limit["code"], "kind": limit["kind"], "version": limit["version"]}
    assert _post(bureau, "/api/v1/bureau/rules/acknowledge/", told).status_code == 201
    assert _post(bureau, "/api/v1/bureau/rules/acknowledge/", told).status_code == 409
    tight = {"code": "R-DIRECT", "kind": "goods", "amount": "50000.00", "reason": "从严"}
    assert _post(bureau, "/api/v1/bureau/rules/tighten/", tight).status_code == 201
    refused = _post(bureau, "/api/v1/bureau/rules/tighten/", {**tight, "amount": "300000.01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rule-outside-bounds")
    what_if = bureau.get("/api/v1/bureau/what-if/?amount=60000").json()
    assert [one["rule"] for one in what_if if not one["allowed"]] == ["R-DIRECT"]
    assert bureau.get("/api/v1/bureau/what-if/").status_code == 400
    back = {"code": "R-DIRECT", "kind": "goods", "reason": "恢复"}
    assert _post(bureau, "/api/v1/bureau/rules/end-tightening/", back).status_code == 204
    opened = _post(bureau, "/api/v1/bureau/modules/online_supermarket/open/", {})
    assert (opened.status_code, opened.json()["code"]) == (409, "checklist-open")
    missing = {one["key"] for one in opened.json()["facts"]["missing"]}
    assert missing == {one["key"] for one in bureau.get("/api/v1/bureau/checklist/").json() if not one["done"]}
    assert {one["state"] for one in bureau.get("/api/v1/bureau/modules/").json()} == {"closed"}


def test_units_lines_and_statements(bureau: Client) -> None:
    organisation = make_organisation("budget_unit", name="第一中学", tenant_code=A)
    unit = _post(
        bureau,
        "/api/v1/budget-units/create/",
        {"code": "001001", "name": "第一中学", "organisation_id": organisation.pk},
    )
    assert unit.status_code == 201, unit.content
    line = _post(bureau, "/api/v1/budget-lines/create/", {**LINE, "unit_id": unit.json()["id"]})
    assert (line.status_code, line.json()["available"]) == (201, "1000.00")
    path = f"/api/v1/budget-lines/{line.json()['id']}/"
    adjusted = _post(bureau, f"{path}adjust/", {"direction": "reduce", "amount": "250.50", "reason": "调减"})
    assert (adjusted.status_code, adjusted.json()["total"]) == (200, "749.50")
    short = _post(bureau, f"{path}adjust/", {"direction": "reduce", "amount": "749.51", "reason": "调减"})
    assert (short.status_code, short.json()["code"]) == (409, "budget-insufficient")
    statement = bureau.get(path).json()
    assert statement["adds_up"]
    assert [(one["kind"], one["amount"], one["total"]) for one in statement["entries"]] == [
        ("allot", "1000.00", "1000.00"),
        ("reduce", "250.50", "749.50"),
    ]
    assert len(bureau.get("/api/v1/budget-lines/?fiscal_year=2026").json()) == 1
    assert bureau.get("/api/v1/budget-lines/?unit_id=99999").status_code == 404
    assert bureau.get("/api/v1/budget-units/").json()[0]["code"] == "001001"
    assert _post(bureau, f"{path}file-plan/", {"filed_on": "2026-02-01"}).status_code == 409


def test_bad_bodies_on_every_write_endpoint_change_nothing(bureau: Client) -> None:
    unit = make_unit(A)
    line = make_line(A, unit.pk)
    before = _counts()
    paths = (
        "/api/v1/bureau/rules/acknowledge/", "/api/v1/bureau/rules/tighten/", "/api/v1/bureau/rules/end-tightening/",
        "/api/v1/bureau/tariff/accept/", "/api/v1/bureau/modules/online_supermarket/close/",
        "/api/v1/budget-units/create/", "/api/v1/budget-lines/create/", f"/api/v1/budget-lines/{line.pk}/adjust/",
        f"/api/v1/budget-lines/{line.pk}/file-plan/",
    )  # fmt: skip
    for path in paths:
        for body in BAD_BODIES:
            answer = _post(bureau, path, body)
            assert answer.status_code == 400, (path, body[:40], answer.content[:300])
            assert answer["Content-Type"] == "application/problem+json"
    stray = _post(bureau, "/api/v1/bureau/modules/online_supermarket/open/", {"force": True})
    assert stray.status_code == 400
    for amount in BAD_AMOUNTS:
        for path, body in (
            ("/api/v1/budget-lines/create/", {**LINE, "unit_id": unit.pk, "total": amount}),
            (f"/api/v1/budget-lines/{line.pk}/adjust/", {"direction": "add", "amount": amount, "reason": "x"}),
            ("/api/v1/bureau/rules/tighten/", {"code": "R-DIRECT", "kind": "goods", "amount": amount, "reason": "x"}),
        ):
            answer = _post(bureau, path, body)
            assert answer.status_code in {400, 409}, (path, amount, answer.content[:300])
    for field, value in (("unit_id", 2**63), ("fiscal_year", 10**30), ("plan_filed_on", "2026-02-29"), ("unit_id", 0)):
        answer = _post(bureau, "/api/v1/budget-lines/create/", {**LINE, "unit_id": unit.pk, field: value})
        assert answer.status_code == 400, (field, value)
    assert _counts() == before


def test_bad_bodies_of_the_region_change_nothing(region: Client) -> None:
    row = _post(region, "/api/v1/rules/enter/", VERSION).json()
    before = _counts()
    for path in ("/api/v1/rules/enter/", f"/api/v1/rules/{row['id']}/verify/", f"/api/v1/rules/{row['id']}/withdraw/"):
        for body in BAD_BODIES:
            assert _post(region, path, body).status_code == 400, (path, body[:40])
    for amount in BAD_AMOUNTS:
        assert _post(region, "/api/v1/rules/enter/", {**VERSION, "amount": amount}).status_code == 400, amount
    assert _counts() == before
    assert RuleVersion.objects.get(pk=row["id"]).state == "entered"
