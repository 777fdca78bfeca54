"""The consoles' pages: what they show to whom, and what a wrong form does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.fees import demo as tariff
from shared_apps.rulebook.models import RuleVersion
from shared_apps.rulebook.selectors import forget_rulebook_cache
from tenant_apps.budgets.models import BudgetEntry, BudgetLine, BudgetUnit
from tenant_apps.journal.models import JournalEntry
from tenant_apps.policies.models import MallModule, RuleAcknowledgement, RuleTightening
from tenants.database.context import region_as, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.rules import entered_threshold, shipped_rules, verified_threshold
from tests.factories.statements import counted

A = "990001"
STATEMENTS_MAX = 12
REGION = [
    "/console/malls/",
    "/console/malls/?q=测试&level=county",
    "/console/malls/?state=archived",
    "/console/calendar/",
    "/console/rules/",
    "/console/rules/?code=R-DECENTRALISED&level=county&kind=&state=",
]
BUREAU = [
    "/bureau/",
    "/bureau/rules/",
    "/bureau/tariff/",
    "/bureau/units/",
    "/bureau/what-if/",
    "/bureau/what-if/?kind=goods&amount=300000",
    "/budgets/",
]
# Codes, hosts, units of money and of data are not words.
_ALLOWED = re.compile(r"R-[A-Z-]+@\d+|R-[A-Z-]+|chinesecalendar [\d.]+|localhost|JH-[\d-]+|CSV")


@dataclass
class Offices:
    region: Client
    bureau: Client
    bureau_user: User


@pytest.fixture
def offices(room: None) -> Offices:
    forget_rulebook_cache()
    shipped_rules()
    staff, supervisor = make_user(name="区厅甲"), make_user(name="县局乙")
    join(staff, make_organisation("region_finance", name="自治区财政厅（测试）"), [Post.REGION_SUPERVISOR])
    join(supervisor, make_organisation("finance_bureau", name="县财政局", tenant_code=A), [Post.TIER_SUPERVISOR])
    return Offices(sign_in(Client(), staff), sign_in(Client(), supervisor, A), supervisor)


def _counts() -> tuple[int, ...]:
    with tenant_selected(A):
        models: tuple[Any, ...] = (
            BudgetUnit, BudgetLine, BudgetEntry, MallModule, RuleAcknowledgement, RuleTightening, JournalEntry,
        )  # fmt: skip
        return (RuleVersion.objects.count(), *(model.objects.count() for model in models))


def _main(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.search(r"<main.*</main>", html, re.DOTALL).group())  # type: ignore[union-attr]


def _latin(html: str) -> list[str]:
    without_code = re.sub(r"<(code|a) [^>]*>|<code>.*?</code>", " ", html, flags=re.DOTALL)
    return re.findall(r"[A-Za-z]{3,}", _ALLOWED.sub(" ", _main(without_code)))


def test_region_pages_open_in_chinese(offices: Offices) -> None:
    for path in REGION:
        answer = offices.region.get(path)
        assert answer.status_code == 200, path
        assert _latin(answer.content.decode()) == [], path


def test_bureau_pages_open_in_chinese_within_the_statement_budget(offices: Offices) -> None:
    unit = make_unit(A)
    make_line(A, unit.pk)
    with region_as("yz_region"):
        tariff.load(utc_now())
    for path in BUREAU:
        offices.bureau.get(path)
        with counted() as asked:
            answer = offices.bureau.get(path)
        assert answer.status_code == 200, path
        assert _latin(answer.content.decode()) == [], path
        assert len(asked) <= STATEMENTS_MAX, "\n".join([path, *asked])


def test_the_list_of_malls_and_its_export(offices: Offices) -> None:
    page = offices.region.get("/console/malls/?q=甲县").content.decode()
    assert "测试甲县" in page
    assert "测试乙县" not in page
    table = offices.region.get("/console/malls.csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in table] == ["代码", "990001", "990002"]
    assert offices.region.get("/console/malls/?level=village").status_code == 400
    assert offices.region.get("/console/malls/?color=red").status_code == 400


def test_a_threshold_is_entered_and_verified_on_its_pages(offices: Offices) -> None:
    form = {
        "code": "R-DECENTRALISED", "level": "county", "kind": "goods", "amount": "400000", "valid_from": "2026-01-01",
        "document_number": "新财购〔2026〕1号", "document_on": "2025-12-20", "source_text": "县级限额四十万元",
        "source_url": "",
    }  # fmt: skip
    answer = offices.region.post("/console/rules/new/", form)
    assert answer.status_code == 303, _main(answer.content.decode())
    row = RuleVersion.objects.get(state="entered")
    assert "等待核实" in offices.region.get("/console/rules/").content.decode()
    own = offices.region.get(f"/console/rules/{row.pk}/").content.decode()
    assert "/verify/" not in own, "who entered it is told that somebody else verifies it"
    staff = make_user(name="区厅丙")
    join(staff, Organisation.objects.get(kind="region_finance"), [Post.REGION_SUPERVISOR])
    colleague = sign_in(Client(), staff)
    wrong = colleague.post(f"/console/rules/{row.pk}/verify/", {"document_number": "新财购〔2026〕2号"})
    assert wrong.status_code == 409
    assert "文号" in wrong.content.decode()
    right = colleague.post(f"/console/rules/{row.pk}/verify/", {"document_number": row.document_number})
    assert right.status_code == 303
    row.refresh_from_db()
    assert row.state == "verified"
    shown = offices.region.get(f"/console/rules/{row.pk}/").content.decode()
    assert "县级限额四十万元" in shown
    assert "属于地方预算的政府采购项目" in shown


BAD_VERSIONS = [
    ("amount", "0"), ("amount", "-1"), ("amount", "1e999"), ("amount", "NaN"), ("amount", "1_000"), ("amount", "0.001"),
    ("amount", "３００"), ("code", "R-PLAN"), ("level", "村"), ("kind", ""), ("valid_from", "2026-02-30"),
    ("valid_from", "0000-01-01"), ("document_on", "2199-01-01"), ("document_number", ""), ("source_text", " "),
    ("source_url", "javascript:alert(1)"), ("document_number", "a\u202eb"), ("source_text", "长" * 2001),
    ("extra", "1"),
]  # fmt: skip


def test_wrong_version_forms_change_nothing(offices: Offices) -> None:
    form = {
        "code": "R-DECENTRALISED", "level": "county", "kind": "goods", "amount": "400000", "valid_from": "2026-01-01",
        "document_number": "新财购〔2026〕1号", "document_on": "2025-12-20", "source_text": "县级限额四十万元",
    }  # fmt: skip
    before = _counts()
    for field, value in BAD_VERSIONS:
        assert offices.region.post("/console/rules/new/", {**form, field: value}).status_code == 400, (field, value)
    assert _counts() == before


def test_the_bureau_acknowledges_tightens_and_sees_what_is_missing(offices: Offices) -> None:
    verified_threshold()
    bureau = offices.bureau
    with tenant_selected(A):
        assert MallModule.objects.count() == 0
    refused = bureau.post("/bureau/modules/online_supermarket/open/")
    assert refused.status_code == 409
    assert "还没有预算单位" in refused.content.decode()
    page = bureau.get("/bureau/rules/").content.decode()
    version = RuleVersion.objects.get(state="verified").version
    assert f"R-DECENTRALISED@{version}" in page
    answer = bureau.post(
        "/bureau/rules/acknowledge/", {"code": "R-DECENTRALISED", "kind": "goods", "version": str(version)}
    )
    assert answer.status_code == 303
    again = bureau.post(
        "/bureau/rules/acknowledge/", {"code": "R-DECENTRALISED", "kind": "goods", "version": str(version)}
    )
    assert again.status_code == 409
    tight = {"code": "R-DIRECT", "kind": "goods", "amount": "100000", "reason": "本县从严"}
    assert bureau.post("/bureau/rules/tighten/", {**tight, "amount": "300000.01"}).status_code == 409
    assert bureau.post("/bureau/rules/tighten/", tight).status_code == 303
    assert "¥100,000.00" in bureau.get("/bureau/rules/").content.decode()
    what_if = bureau.get("/bureau/what-if/?kind=goods&amount=150000").content.decode()
    assert "直接订购" in what_if
    ended = bureau.post("/bureau/rules/end-tightening/", {"code": "R-DIRECT", "kind": "goods", "reason": "恢复"})
    assert ended.status_code == 303
    with tenant_selected(A):
        assert not RuleTightening.objects.filter(ended_at__isnull=True).exists()


def test_units_and_lines_are_entered_on_their_pages(offices: Offices) -> None:
    organisation = make_organisation("budget_unit", name="第一中学", tenant_code=A)
    bureau = offices.bureau
    answer = bureau.post(
        "/bureau/units/new/", {"code": "001001", "name": "第一中学", "organisation_id": str(organisation.pk)}
    )
    assert answer.status_code == 303, _main(answer.content.decode())
    with tenant_selected(A):
        unit = BudgetUnit.objects.get()
    line = _line_form(unit.pk)
    assert bureau.post("/bureau/budget-lines/new/", line).status_code == 303
    assert bureau.post("/bureau/budget-lines/new/", line).status_code == 409
    with tenant_selected(A):
        row = BudgetLine.objects.get()
    page = bureau.get(f"/budgets/{row.pk}/").content.decode()
    assert "¥500,000.00" in page
    assert "计划尚未备案" in page
    assert bureau.post(f"/bureau/budget-lines/{row.pk}/file-plan/", {"filed_on": "2026-01-10"}).status_code == 303
    adjust = {"direction": "reduce", "amount": "100000", "reason": "年中调减"}
    assert bureau.post(f"/bureau/budget-lines/{row.pk}/adjust/", adjust).status_code == 303
    assert bureau.post(f"/bureau/budget-lines/{row.pk}/adjust/", {**adjust, "amount": "400000.01"}).status_code == 409
    table = bureau.get("/bureau/budget-lines.csv").content.decode("utf-8-sig")
    assert "400000.00" in table
    assert bureau.get("/budgets/99999999/").status_code == 404
    assert bureau.get("/budgets/999999999999999999999999/").status_code == 404


def _line_form(unit_id: int) -> dict[str, str]:
    return {
        "unit_id": str(unit_id), "fiscal_year": "2026", "plan_number": "JH-2026-001", "plan_filed_on": "",
        "budget_item": "公用经费", "fund_source": "fiscal", "functional_class": "2050203", "economic_class": "30201",
        "total": "500000",
    }  # fmt: skip


BAD_LINES = [
    ("total", "0"), ("total", "-1"), ("total", "1e999"), ("total", "NaN"), ("total", "1_000"), ("total", "1.001"),
    ("total", "99999999999999999"), ("fiscal_year", "0"), ("fiscal_year", "2026.0"), ("unit_id", "9223372036854775808"),
    ("unit_id", "一"), ("plan_filed_on", "2026-13-01"), ("plan_filed_on", "2199-01-01"), ("fund_source", "gold"),
    ("plan_number", "a b"), ("budget_item", ""), ("functional_class", "\u202e"), ("budget_item", "\u0000"),
    ("extra", "1"),
]  # fmt: skip


def test_wrong_line_forms_change_nothing(offices: Offices) -> None:
    unit = make_unit(A)
    before = _counts()
    for field, value in BAD_LINES:
        answer = offices.bureau.post("/bureau/budget-lines/new/", {**_line_form(unit.pk), field: value})
        assert answer.status_code == 400, (field, value)
    assert _counts() == before


WRONG_FORMS: list[tuple[str, dict[str, str], int]] = [
    ("/bureau/units/new/", {"code": "1001", "name": "x", "organisation_id": "1"}, 400),
    ("/bureau/units/new/", {"code": "001001", "name": "x", "organisation_id": "99999999"}, 400),
    ("/bureau/rules/acknowledge/", {"code": "R-DECENTRALISED", "kind": "goods", "version": "99"}, 409),
    ("/bureau/rules/acknowledge/", {"code": "R-DECENTRALISED", "kind": "*", "version": "1"}, 400),
    ("/bureau/rules/tighten/", {"code": "R-DECENTRALISED", "amount": "1", "reason": "x"}, 400),
    ("/bureau/rules/tighten/", {"code": "R-DIRECT", "kind": "goods", "amount": "1e3", "reason": "x"}, 400),
    ("/bureau/rules/tighten/", {"code": "R-DIRECT", "kind": "goods", "amount": "1", "reason": ""}, 400),
    ("/bureau/rules/tighten/", {"code": "R-COMPARE", "offers": "2", "reason": "x"}, 409),
    ("/bureau/rules/end-tightening/", {"code": "R-DIRECT", "kind": "goods", "reason": "x"}, 404),
    ("/bureau/modules/online_supermarket/close/", {"reason": "x"}, 409),
    ("/bureau/modules/reverse_auction/open/", {}, 409),
    ("/bureau/modules/nothing/open/", {}, 404),
    ("/bureau/tariff/", {"version": "0"}, 400),
    ("/bureau/budget-lines/1/adjust/", {"direction": "add", "amount": "0", "reason": "x"}, 404),
]


def test_wrong_forms_of_the_bureau_change_nothing(offices: Offices) -> None:
    before = _counts()
    for path, form, status in WRONG_FORMS:
        assert offices.bureau.post(path, form).status_code == status, (path, form)
    assert _counts() == before


def test_an_auditor_reads_and_is_offered_nothing_to_write(offices: Offices) -> None:
    entered_threshold()
    auditor = make_user(name="审计丙")
    join(auditor, make_organisation("audit", name="审计厅（测试）"), [Post.AUDITOR])
    client = sign_in(Client(), auditor)
    row = RuleVersion.objects.get(state="entered")
    page = client.get(f"/console/rules/{row.pk}/")
    assert page.status_code == 200
    assert "/verify/" not in page.content.decode()
    assert client.post(f"/console/rules/{row.pk}/verify/", {"document_number": "x"}).status_code == 403
