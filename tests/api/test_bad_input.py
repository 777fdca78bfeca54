"""Bad input on every write endpoint of both hosts: a clear problem each time, and not one row more or less."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from kernel.access import Route
from kernel.api import UploadView, WriteView
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer
from shared_apps.accounts import rules as account_rules
from shared_apps.agencies.rules import registration
from shared_apps.fees.rules.months import next_month
from tests.database import admin
from tests.factories.bodies import BAD_CHARSETS, FOREIGN_TYPES, Bad, unreadable, valid_body, wrong_fields
from tests.factories.crowd import Crowd, make_crowd
from tests.matrix import rooms
from tests.rows import RowCounter, changed, moved_by
from tests.sampling import Turns

JSON = "application/json"
HOSTS = ("region", "tenant")
# What fits together where a value by class does not: by route and field.
HINTS: dict[str, dict[str, Any]] = {
    "agencies_api:make_plan": {"owner_code": ""},
    "agencies_api:record_check": {"not_applicable": ["office"]},
    "agencies_api:save_content": {"home_province": "650000", "division_code": "650102"},
    "agencies_api:report_change": {"home_province": "650000", "division_code": "650102"},
    "fees_api:enter_tariff": {
        "valid_from": next_month(local_date(utc_now()).replace(day=1)).isoformat(),
        "prices": [
            {
                "meter": "orders_placed",
                "kind": "graduated",
                "unit_price": "0",
                "allowance": "5",
                "tiers": [{"up_to": None, "price": "1"}],
                "package_size": None,
                "minimum": None,
                "cap": None,
            },
            {"meter": "messages", "kind": "per_unit", "unit_price": "1"},
        ],
        "minimum": None,
        "cap": None,
        "bundles": [{"name": "套餐", "meters": ["orders_placed", "messages"], "percent": "10"}],
    },
    "fees_api:set_budget": {"year": local_date(utc_now()).year},
    "fees_api:enter_shares": {
        "valid_from": next_month(local_date(utc_now()).replace(day=1)).isoformat(),
        "payer_code": "990001",
        "percent": "100",
    },
    "fees_api:issue_statements": {"statements": ["FY990001202607"]},
    "fees_api:dispute_line": {"uses": []},
    "fees_api:answer_dispute": {"decision": "refuse", "credit": None},
    "fees_api:record_receipt": {"payer": "990001", "amount": "1.00"},
    "fees_api:enter_period": {"value": 5, "valid_from": local_date(utc_now()).isoformat()},
    "accounts_api:create_organisation": {"kind": "supplier", "code": "QA-000001", "tenant_code": None},
    "accounts_api:invite": {"posts": []},
    "messaging_api:ask_code": {"address": "bad.input@example.com"},
    "accounts_api:change_posts": {"posts": ["supplier_sales"]},
    "access_api:choose_pairs": {"pairs": [["buyer_clerk", "buyer_approver"], ["buyer_acceptor", "buyer_payer"]]},
    "rulebook_api:enter_parameters": {
        "parameters": [{"name": "kinds", "value": "goods"}],
        "amount": None,
        "severity": "",
    },
    "supermarket_api:submit": {"mode": "direct", "area_code": "", "bargain_id": None, "papers": []},
    "supermarket_api:add_address": {"area_code": ""},
    "supermarket_api:change_address": {"area_code": "", "label": "另一处"},
    "storefront_api:shelf": {"more_areas": []},
    "invoices_api:record": {"code": "", "number": "26650000000000000001", "buyer_code": ""},
    "invoices_api:reverse": {"code": "", "number": "26650000000000000002"},
    "contracts_api:rework": {"payment_days": 30, "delivery_on": None},
    "contracts_api:sign": {"certificate": "6501000000000088"},
    "contracts_api:link_order": {"order_id": 1},
    "contracts_api:supplement": {"line": 1, "quantity": 1},
    "approvals_api:set_flow": {"unit_id": None, "from_amount": "0.00", "post": "buyer_approver", "user_ids": []},
    "approvals_api:decide": {"verdict": "approve"},
    "access_api:lend": {"last_day": local_date(utc_now()).isoformat()},
    "listings_api:open_patrol": {
        "scope": "category",
        "scope_code": "C-01",
        "due_on": local_date(utc_now()).isoformat(),
        "assignee_id": None,
    },
    "listings_api:note_finding": {"outcome": "warning", "kind": "price"},
    "listings_api:enter_parameter": {"value": "5", "valid_from": local_date(utc_now()).isoformat()},
    "listings_api:decide_reviews": {"review_ids": [1]},
    "listings_api:ending_offers": {"offer_ids": [1]},
    "scores_api:enter_formula": {
        "valid_from": local_date(utc_now()).isoformat(),
        "weight_declined": 20,
        "weight_expired": 30,
        "weight_refused": 50,
    },
    "sanctions_api:enter": {
        "party_kind": "supplier",
        "cause": "gpl77-1",
        "level": "region",
        "scope": "unknown",
        "scope_divisions": [],
        "purchase_amount": "1000.00",
        "fine_amount": "7.00",
        "last_on": "2028-06-29",
    },
    "products_api:propose": {"item_code": "A05040101", "key": "paper_size", "vat_rate": "0.13"},
    "products_api:amend": {"item_code": "A05040101", "key": "paper_size", "vat_rate": "0.13"},
    "products_api:new_profile": {"key": "paper_size", "operator": "one_of", "value": "A4"},
    "products_api:edit_profile": {"key": "paper_size", "operator": "one_of", "value": "A4"},
    "products_api:decide": {"action": "approve"},
    "classification_api:set_attributes": {"key": "width_mm", "choices": []},
    "budgets_api:decide_plan": {"decision": "return", "comment": "请细化"},
    "budgets_api:decide_transfer": {"decision": "refuse", "comment": "不同意"},
    "budgets_api:ask_transfer": {"to_line_id": 10**6},
    "budgets_api:step_year": {"action": "begin_closing"},
    "budgets_api:decide_carry_over": {"decision": "lapse"},
    "budgets_api:import_lines": {"unit_code": "001001", "plan_number": "JH-NEW-1", "quota_number": "ZB-NEW-1"},
    "budget_system_api:take_over": {"numbers": ["ZB-1"]},
    "takeover_api:map_code": {"kind": "person", "our_code": "-"},
    "budgets_api:import_units": {"organisation_code": "U990001S", "organisation_name": "测试第一小学"},
}
# Numbers that an address may hold; none of them names anything.
BAD_NUMBERS = (
    "0",
    str(2**31),
    str(2**63),
    str(10**30),
    "9" * 5000,
    "-1",
    "1e5",
    "１２",
    "%EF%BC%91",
    "1_0",
    "1.0",
    "%00",
)


@pytest.fixture(scope="module")
def signed_in(kept_world: Callable[[], None]) -> Crowd:
    crowd = make_crowd()
    for host in HOSTS:
        crowd.sign_in_for(rooms()[host], host)
    kept_world()
    return crowd


@pytest.fixture
def crowd(
    signed_in: Crowd, room: None, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Crowd:
    settings.YZ_WRITES_PER_MINUTE = 10**9
    monkeypatch.setattr(account_rules, "ANONYMOUS_WRITES_PER_MINUTE", 10**9)
    monkeypatch.setattr(registration, "OPENINGS_PER_ADDRESS", 10**9)
    monkeypatch.setattr(registration, "OPENINGS_PER_MAILBOX", 10**9)
    caplog.set_level(logging.ERROR)  # thousands of refusals, each with its line
    return signed_in.again()


@pytest.fixture
def count() -> Iterator[RowCounter]:
    with admin() as connection:
        yield RowCounter(connection)


def writes(host: str) -> list[Route]:
    """The routes that take JSON; those that take files have tests of their own (test_uploads)."""
    found = (route for route in rooms()[host] if route.pattern.startswith("api/") and "POST" in route.methods)
    return [route for route in found if not issubclass(route.callback.cls, UploadView)]


def input_of(route: Route) -> type[StrictSerializer]:
    view = route.callback.cls
    assert issubclass(view, WriteView), route.name
    return view.input_serializer or StrictSerializer


def body_of(route: Route, crowd: Crowd) -> dict[str, Any]:
    return valid_body(input_of(route)(), hints_of(route, crowd))


def hints_of(route: Route, crowd: Crowd) -> dict[str, Any]:
    return crowd.ids | HINTS.get(route.name, {})


def send(client: Client, path: str, body: bytes, content_type: str = JSON, **headers: str) -> HttpResponse:
    return client.generic("POST", path, body, content_type, headers=headers)  # type: ignore[return-value]


def problem_of(answer: HttpResponse) -> dict[str, Any]:
    """The problem of a refusal; fails when the answer is anything else."""
    assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.content[:300]!r} {_trace(answer)}"
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    problem: dict[str, Any] = json.loads(answer.content)
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert problem["title"]
    return problem


def _trace(answer: Any) -> str:
    info = getattr(answer, "exc_info", None)
    return "" if info is None else repr(info[1])[:300]


def fault_of(answer: HttpResponse, bad: Bad) -> str:
    """What is wrong with the answer to a bad body; empty when nothing is."""
    try:
        problem = problem_of(answer)
    except (AssertionError, KeyError) as error:
        return str(error)
    if answer.status_code != 400:
        return f"{answer.status_code} {problem['code']}"
    if not bad.field:
        return "" if problem["code"] == "malformed-input" else f"{problem['code']} {problem.get('errors')}"
    if problem["code"] != "invalid-input":
        return f"{problem['code']} {problem['facts']}"
    named = problem.get("errors", {})
    if any(name == bad.field or name.startswith(f"{bad.field}.") for name in named):
        return ""
    return f"names {sorted(named)}"


class Trial:
    """Sends bad bodies to the routes of a host. A few a route in turn, or all of them."""

    def __init__(self, crowd: Crowd, count: RowCounter, host: str, *, whole: bool) -> None:
        self.crowd, self.count, self.host, self.whole = crowd, count, host, whole
        self.faults: list[str] = []
        self.cases = 0

    def run(self, bodies_of: Callable[[Route], list[Bad]]) -> None:
        def tries() -> Iterator[tuple[str, Callable[[], None]]]:
            for route in writes(self.host):
                yield route.name, partial(self._try, route, bodies_of(route))

        self.faults += moved_by(self.count, tries(), each_alone=self.whole)

    def _try(self, route: Route, bodies: list[Bad]) -> None:
        client, path = self.crowd.client(route, self.host), self.crowd.path(route)
        for bad in bodies:
            self.cases += 1
            if fault := fault_of(send(client, path, bad.body), bad):
                self.faults.append(f"{route.name}: {bad.label}: {fault}")

    def passed(self, *, at_least: int) -> None:
        assert not self.faults, f"{len(self.faults)} of {self.cases} cases:\n" + "\n".join(self.faults[:60])
        assert self.cases >= at_least


def _field_of(bad: Bad) -> str:
    return bad.field


@pytest.mark.parametrize("host", HOSTS)
def test_what_cannot_be_read_is_refused(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    trial, turns = Trial(crowd, count, host, whole=whole), Turns(6, whole=whole)
    trial.run(lambda route: turns.of(unreadable(body_of(route, crowd))))
    trial.passed(at_least=(40 if whole else 6) * len(writes(host)))


@pytest.mark.parametrize("host", HOSTS)
def test_one_wrong_field_is_refused_by_name(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    """Every field of every route, each with some wrong values; with all of them in the whole run."""
    trial, turns = Trial(crowd, count, host, whole=whole), Turns(3, whole=whole)

    def bodies(route: Route) -> list[Bad]:
        found = sorted(wrong_fields(input_of(route), hints_of(route, crowd)), key=_field_of)
        return [bad for _field, bad_ones in groupby(found, key=_field_of) for bad in turns.of(bad_ones)]

    trial.run(bodies)
    trial.passed(at_least=3 * len(writes(host)))


def unmoved(count: RowCounter, host: str, check: Callable[[Route], None], *, whole: bool) -> None:
    """Runs the check on every write of the host; none of them leaves a row."""
    assert moved_by(count, ((one.name, partial(check, one)) for one in writes(host)), each_alone=whole) == []


@pytest.mark.parametrize("host", HOSTS)
def test_an_empty_body_lacks_what_is_required(crowd: Crowd, count: RowCounter, host: str) -> None:
    def check(route: Route) -> None:
        required = {name for name, field in input_of(route)().fields.items() if field.required}
        for body in (b"", b"{}") if required else ():
            problem = problem_of(send(crowd.client(route, host), crowd.path(route), body))
            assert problem["code"] == "invalid-input", (route.name, problem)
            assert required <= set(problem["errors"]), (route.name, problem)

    unmoved(count, host, check, whole=False)


@pytest.mark.parametrize("host", HOSTS)
def test_other_types_and_charsets_are_refused(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    types, charsets = Turns(2, whole=whole), Turns(1, whole=whole)

    def check(route: Route) -> None:
        client, path = crowd.client(route, host), crowd.path(route)
        body = json.dumps(body_of(route, crowd)).encode()
        for content_type in types.of(FOREIGN_TYPES):
            problem = problem_of(send(client, path, body, content_type))
            assert (problem["status"], problem["code"]) == (415, "unsupported-media-type"), (route.name, content_type)
        for charset in charsets.of(BAD_CHARSETS):
            problem = problem_of(send(client, path, body, f"{JSON}; charset={charset}"))
            assert problem["code"] == "malformed-input", (route.name, charset)

    unmoved(count, host, check, whole=whole)


@pytest.mark.parametrize("host", HOSTS)
def test_bad_numbers_in_the_address_find_nothing(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    """Read and write routes alike: the field errors come first, so the body is a right one."""
    turns = Turns(4, whole=whole)
    numbered = [one for one in rooms()[host] if one.pattern.startswith("api/") and "<int:" in one.pattern]

    def check(route: Route) -> None:
        start, _, rest = route.pattern.partition("<")
        tail = rest.partition(">")[2]
        method = route.methods[0]
        body = json.dumps(body_of(route, crowd)).encode() if method == "POST" else b""
        for number in turns.of(BAD_NUMBERS):
            if number == "0" and route.name == "scores_api:formula":
                continue  # the version that ships
            answer = crowd.client(route, host).generic(method, f"/{start}{number}{tail}", body, JSON)
            problem = problem_of(answer)  # type: ignore[arg-type]
            # A door for files asks for the kind of the body first.
            assert problem["status"] in {400, 404, 415}, (route.name, number, problem)

    assert numbered
    assert moved_by(count, ((one.name, partial(check, one)) for one in numbered), each_alone=whole) == []


BAD_KEYS = (
    "", " ", "a b", "x" * 81, "x" * 10_000, "键", "é", "a\tb", "\x00", "a\x7fb", "\u202ea", "\ud800", "a\r\nb",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_malformed_idempotency_key_is_refused(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    turns = Turns(3, whole=whole)

    def check(route: Route) -> None:
        client, path = crowd.client(route, host), crowd.path(route)
        body = json.dumps(body_of(route, crowd)).encode()
        for key in turns.of(BAD_KEYS):
            problem = problem_of(send(client, path, body, **{"Idempotency-Key": key}))
            assert problem["status"] == 400, (route.name, key)
            assert "Idempotency-Key" in problem["errors"], (route.name, key)

    unmoved(count, host, check, whole=whole)


@pytest.mark.parametrize("host", HOSTS)
def test_a_refused_body_uses_up_no_key(crowd: Crowd, count: RowCounter, host: str) -> None:
    """The same key serves for the corrected body: nothing was kept for the wrong one."""

    def check(route: Route) -> None:
        client, path = crowd.client(route, host), crowd.path(route)
        for body in (b'{"stranger": 1}', b"[]"):
            problem = problem_of(send(client, path, body, **{"Idempotency-Key": "bad-input-1"}))
            assert problem["status"] == 400, route.name

    unmoved(count, host, check, whole=False)


@pytest.mark.parametrize("host", HOSTS)
def test_the_right_body_is_a_right_one(crowd: Crowd, host: str) -> None:
    """Without this the tests above could pass for another reason: no field of the right body is refused."""
    refused = []
    for route in writes(host):
        body = json.dumps(body_of(route, crowd)).encode()
        answer = send(crowd.client(route, host), crowd.path(route), body)
        assert answer.status_code < 500, (route.name, _trace(answer))
        problem = json.loads(answer.content) if answer.status_code == 400 else {"code": ""}
        if problem["code"] in {"malformed-input", "invalid-input"}:
            refused.append(f"{route.name}: {problem.get('errors')} {body.decode()}")
    assert not refused, "\n".join(refused)


def test_codes_that_nobody_gave_are_refused_by_name(crowd: Crowd, count: RowCounter) -> None:
    """Well written, and in no catalogue: the service names the field."""
    route = next(route for route in writes("tenant") if route.name == "storefront_api:shelf")
    client, path = crowd.client(route, "tenant"), crowd.path(route)
    before = count()
    for body, field in (
        ({"categories": ["C-99"]}, "categories"),
        ({"categories": ["C-01", "none"]}, "categories"),
        ({"categories": []}, "categories"),
        ({"categories": ["C-01"], "excluded_supplier_ids": [2**62]}, "excluded_supplier_ids"),
    ):
        problem = problem_of(send(client, path, json.dumps(body).encode()))
        assert (problem["status"], list(problem["errors"])) == (400, [field]), problem
    assert not changed(before, count())


def test_every_write_is_tried() -> None:
    found = [route for host in HOSTS for route in writes(host)]
    assert len(found) >= 44
    assert all(issubclass(route.callback.cls, WriteView) for route in found)
